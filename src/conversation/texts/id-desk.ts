import { formatRupiah, rupiah } from "../../shop/money.ts"
import type { Refund, RefundDestination } from "../../shop/refund-order.ts"
import type { DeskTexts, RefundRefusal } from "./desk-texts.ts"
import { whyItFailed } from "./id-evidence.ts"
import { statusNames } from "./id-orders.ts"
import { decisionMeant, reviews } from "./id-reviews.ts"
import { named } from "./people-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export const yesOrNo = "Balas *ya* untuk melanjutkan, atau *batal*."

export function desk(wording: Wording): DeskTexts {
  const { command, time } = wording
  return {
    refundMade,
    refundedBefore: ({ wanted, again, ...refund }) =>
      join(
        `Belum dikembalikan lagi: ${formatRupiah(refund.amount)} dari pesanan ${refund.orderCode} ` +
          (refund.state === "requested"
            ? `sudah diminta ${destinationOf(refund)} pada ${time(new Date(refund.at))}, dan belum pasti.`
            : `sudah pernah dikembalikan ${destinationOf(refund)} pada ${time(new Date(refund.at))}.`),
        refund.state === "requested" && "Penyedia pembayaran masih ditanya terus sampai jelas.",
        refund.left >= refund.amount &&
          `Kalau memang mau sekali lagi: ${again ?? refundAgain(refund, wanted, wording)}`,
        leftOver(refund),
      ),
    refundRefused: (refusal) => `${whyNotRefunded(refusal)} Tidak ada yang dikembalikan.`,
    confirmRefund: ({ orderCode, amount, isAll, customer, destination, reason }) =>
      join(
        `Kembalikan ${formatRupiah(amount)}${isAll ? " (semua yang tersisa)" : ""} dari pesanan ${orderCode} ` +
          `milik ${named(customer)}, ${destinationOf({ destination })}?`,
        `Alasan: ${oneLine(reason, 200)}`,
        yesOrNo,
      ),
    confirmDecision: ({ id, decision, reason }) =>
      join(
        `Putuskan tinjauan #${id}: ${decisionMeant(decision)}?`,
        `Alasan: ${oneLine(reason, 200)}`,
        "Keputusan tidak bisa diubah lagi.",
        yesOrNo,
      ),
    confirmationDropped: () => "Baik, tidak jadi. Tidak ada yang diubah.",
    confirmationChanged: () =>
      "Keadaannya sudah berubah sejak ditanya, jadi belum ada yang dijalankan. Sekarang:",
    confirmationLapsed: () => "Perintah yang tadi tidak berlaku lagi, jadi tidak ada yang dijalankan.",
    confirmationUnclear: () => join("Belum ada yang dijalankan.", yesOrNo),
    ...reviews(wording),
    ownerHelp: () =>
      join(
        `${command("refund")} PESANAN 10000 saldo alasan: kembalikan sebagian ke saldo pelanggan`,
        `${command("refund")} PESANAN semua provider alasan: kembalikan semua lewat penyedia pembayaran`,
        `${command("review")}: yang perlu diputuskan, misalnya uang yang belum jelas punya siapa`,
      ),
  }
}

export function refundAgain(
  { orderCode, amount }: Pick<Refund, "orderCode" | "amount">,
  wanted: RefundDestination,
  { command }: Wording,
): string {
  return `${command("refund")} ${orderCode} ${amount} ${wanted} --lagi alasan`
}

function refundMade(refund: Refund): string {
  const what = `${formatRupiah(refund.amount)} dari pesanan ${refund.orderCode}`
  switch (refund.state) {
    case "done":
      return join(
        `${what} sudah dikembalikan ${destinationOf(refund)} ✅ Pelanggan diberi tahu.`,
        refund.destination === "saldo" && `Saldo pelanggan sekarang: ${formatRupiah(refund.balance)}`,
        leftOver(refund),
      )
    case "requested":
      return join(
        `${what} sedang dikembalikan lewat penyedia pembayaran, yang belum memastikannya.`,
        "Penyedia ditanya terus sampai jelas; pelanggan diberi tahu begitu berhasil.",
        leftOver(refund),
      )
    case "failed":
      return join(
        `${what} tidak bisa dikembalikan lewat penyedia pembayaran: ${whyItFailed(refund.failure ?? "provider refused")}.`,
        "Uangnya masih di toko. Bisa dikembalikan ke saldo pelanggan dengan perintah yang sama, tujuan saldo.",
      )
  }
}

export function destinationOf({ destination }: Pick<Refund, "destination">): string {
  return destination === "saldo" ? "ke saldo pelanggan" : "lewat cara bayarnya"
}

export function leftOver({ left }: Readonly<{ left: number }>): string {
  return left > 0
    ? `Masih bisa dikembalikan: ${formatRupiah(rupiah(left))}`
    : "Tidak ada lagi yang bisa dikembalikan dari pesanan ini."
}

function whyNotRefunded(refusal: RefundRefusal & Readonly<{ orderCode: string }>): string {
  const { orderCode } = refusal
  switch (refusal.kind) {
    case "unknown_order":
      return `Pesanan ${orderCode} tidak ada.`
    case "not_paid":
      return `Pesanan ${orderCode} belum dibayar (${statusNames[refusal.status]}).`
    case "nothing_left":
      return `Dana pesanan ${orderCode} sudah kembali semuanya.`
    case "more_than_left":
      return `Dari pesanan ${orderCode} paling banyak ${formatRupiah(refusal.left)} yang bisa dikembalikan.`
    case "paid_from_balance":
      return `Pesanan ${orderCode} dibayar dari saldo, jadi dananya kembali ke saldo.`
    case "provider_cannot":
      return `Pesanan ${orderCode} dibayar lewat QRIS statis, yang tidak bisa mengembalikan: pilih saldo.`
    case "provider_away":
      return `Penyedia pembayaran pesanan ${orderCode} (${refusal.provider}) tidak terpasang: pilih saldo.`
    case "provider_holds_less":
      return (
        `Lewat penyedia pembayaran paling banyak ${formatRupiah(rupiah(Math.max(0, refusal.holds)))} ` +
        `dari pesanan ${orderCode}; sisanya lewat saldo.`
      )
  }
}
