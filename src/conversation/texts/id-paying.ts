import { formatRupiah, type Rupiah } from "../../shop/money.ts"
import type { DepositRequest, EndedAs, PaidBy, PaidOrder, PaymentRequest } from "./texts.ts"
import { join, type Wording } from "./wording.ts"

/** How a balance is filled. */
export function topUp({ command, offersQris }: Wording, amount = 50_000): string {
  return offersQris
    ? `Isi saldo: ${command("deposit")} ${amount}`
    : `Isi saldo lewat penjual: ${command("person")}`
}

export const demoElsewhere = "Pembayaran pura-pura hanya bisa diselesaikan di komputer toko."

const paidBy: Readonly<Record<PaidBy, string>> = {
  saldo: "dibayar dari saldo",
  qris: "dibayar lewat QRIS",
  online: "dibayar online",
}

/** What money was for: an order, or a top-up. */
export function paidFor(orderCode: string | null | undefined): string {
  return orderCode ? `pesanan ${orderCode}` : "isi saldo"
}

export function ended(endedAs: EndedAs | undefined): string {
  if (endedAs === "expired") return "batas waktunya"
  return endedAs === "cancelled" ? "pesanannya dibatalkan" : "pesanannya ditutup"
}

export function paidLine({ total, method, balanceAfter }: PaidOrder): string {
  const rest = balanceAfter === undefined ? "" : ` Sisa saldo: ${formatRupiah(balanceAfter)}`
  return `Total ${formatRupiah(total)}, ${paidBy[method]}.${rest}`
}

export function by({ redirectUrl }: PaymentRequest | DepositRequest): string {
  return redirectUrl === undefined ? "lewat QRIS" : "secara online"
}

export function howToPay({ payUrl, redirectUrl, isDemo }: PaymentRequest | DepositRequest): string {
  if (redirectUrl !== undefined)
    return join(
      "Buka halaman pembayaran ini, lalu pilih cara bayarnya:",
      redirectUrl,
      "Bisa lewat QRIS atau cara lain yang ada di sana, misalnya transfer bank atau dompet digital.",
    )
  if (payUrl !== undefined) return join("Pindai QR-nya, atau buka:", payUrl)
  if (isDemo) return demoElsewhere
  return join(
    "Pindai QR-nya dengan aplikasi bank atau dompet digital apa pun.",
    "Memakai HP ini juga? Simpan gambarnya, lalu buka dari galeri di aplikasi pembayaran Kakak.",
  )
}

export function exactTotal({ total, uniqueExtra }: PaymentRequest): string | false {
  return exactly(total, uniqueExtra, "kembali sebagai saldo")
}

export function exactDeposit({ amount, uniqueExtra }: DepositRequest): string | false {
  return exactly(amount, uniqueExtra, "ikut masuk saldo")
}

function exactly(amount: Rupiah, extra: Rupiah | undefined, becomes: string): string | false {
  return (
    extra !== undefined &&
    join(
      `Jumlahnya harus tepat *${formatRupiah(amount)}*, jangan dibulatkan: ` +
        `sudah termasuk kode unik ${formatRupiah(extra)}, yang ${becomes}.`,
      "Kalau aplikasinya meminta jumlah, ketik angka itu.",
    )
  )
}

export function whyOnline({ why, balance, redirectUrl }: PaymentRequest): string {
  if (redirectUrl !== undefined)
    return why === "balance_short"
      ? `Cara bayar: online, karena saldo Kakak (${formatRupiah(balance)}) belum cukup.`
      : "Cara bayar: online, QRIS atau cara lain sesuai pilihan Kakak."
  if (why === "chosen") return "Cara bayar: QRIS, sesuai pilihan Kakak."
  if (why === "only_method") return "Cara bayar: QRIS."
  return `Cara bayar: QRIS, karena saldo Kakak (${formatRupiah(balance)}) belum cukup.`
}
