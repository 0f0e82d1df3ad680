import { formatRupiah } from "../../shop/money.ts"
import type { ReviewNotice } from "./desk-texts.ts"
import { paidFor } from "./id-paying.ts"
import type { MoneyTexts } from "./money-texts.ts"
import { join, type Wording } from "./wording.ts"

export function money({ command }: Wording): MoneyTexts {
  return {
    surplusToBalance: ({ surplus }) =>
      `Kelebihan bayar ${formatRupiah(surplus)} sudah masuk saldo. Cek: ${command("balance")}`,
    paidTwice: ({ orderCode, amount, balance }) =>
      join(
        `Pembayaran ${formatRupiah(amount)} untuk pesanan ${orderCode} masuk lagi, padahal sudah lunas.`,
        `Uangnya dimasukkan ke saldo. Saldo sekarang: *${formatRupiah(balance)}*`,
      ),
    underpaid: ({ orderCode, asked, amount, balance }) =>
      join(
        `Pembayaran ${formatRupiah(amount)} untuk pesanan ${orderCode} sudah masuk.`,
        `Yang diminta ${formatRupiah(asked)}, jadi pesanannya tidak dilanjutkan.`,
        `Uangnya dimasukkan ke saldo. Saldo sekarang: *${formatRupiah(balance)}*`,
        `Pesan lagi: ${command("catalogue")}`,
      ),
    paymentReversed: ({ orderCode, amount, reversal, fromBalance, balance }) =>
      join(
        `${reversal === "refund" ? "Dana" : "Pembayaran"} ${formatRupiah(amount)} untuk ` +
          `${paidFor(orderCode)} ` +
          (reversal === "refund"
            ? "dikembalikan lewat cara bayarnya."
            : "ditarik kembali oleh bank atau aplikasi pembayaran."),
        fromBalance > 0 &&
          `Saldo dikurangi ${formatRupiah(fromBalance)}. Saldo sekarang: *${formatRupiah(balance)}*`,
        `Ada yang tidak cocok? Silakan hubungi penjual: ${command("person")}`,
      ),
    reviewRaised: ({ reviewId, ...notice }) =>
      join(
        `*Perlu diputuskan (#${reviewId})*`,
        whatHappened(notice),
        `Lihat: lapak reviews ${reviewId}, atau balas ${command("review")} ${reviewId}`,
      ),
    reviewCredited: ({ amount, balance }) =>
      join(
        `Uang ${formatRupiah(amount)} yang tadinya belum jelas sudah diperiksa penjual dan masuk saldo ✅`,
        `Saldo sekarang: *${formatRupiah(balance)}*`,
      ),
    orderRefunded: ({ orderCode, amount, destination, balance }) =>
      destination === "saldo"
        ? join(
            `Dana ${formatRupiah(amount)} dari pesanan ${orderCode} sudah dikembalikan ke saldo Kakak ✅`,
            `Saldo sekarang: *${formatRupiah(balance)}*`,
          )
        : join(
            `Dana ${formatRupiah(amount)} dari pesanan ${orderCode} sudah dikembalikan lewat cara bayarnya ✅`,
            "Sampai terlihat di rekening atau aplikasi Kakak bisa perlu beberapa hari kerja.",
          ),
    refundRequested: ({ orderCode, amount }) =>
      join(
        `Dana ${formatRupiah(amount)} dari pesanan ${orderCode} sedang dikembalikan lewat cara bayarnya.`,
        "Begitu berhasil, Kakak kami kabari di sini.",
      ),
    refundFailed: ({ orderCode, amount }) =>
      join(
        `Dana ${formatRupiah(amount)} dari pesanan ${orderCode} belum berhasil dikembalikan lewat cara bayarnya.`,
        "Penjual sudah diberi tahu dan akan menyelesaikannya. Kakak tidak perlu berbuat apa-apa.",
      ),
  }
}

export function whatHappened({ reviewKind, amount, orderCode }: Omit<ReviewNotice, "reviewId">): string {
  const money = amount === null ? "Uang" : `Uang ${formatRupiah(amount)}`
  const formatted = amount === null ? "uang" : formatRupiah(amount)
  const order = orderCode ? ` pesanan ${orderCode}` : ""
  switch (reviewKind) {
    case "unknown_payment":
      return `${money} masuk untuk pesanan yang tidak dikenal toko ini.`
    case "reversal":
      return `${money}${order} ditarik kembali oleh bank atau penyedia pembayaran.`
    case "reversal_amount":
      return `Sebagian pembayaran${order} ditarik kembali; jumlahnya tidak disebut. Cek di penyedia pembayaran.`
    case "refund_failed":
      return `Pengembalian ${formatted}${order} lewat penyedia pembayaran belum berhasil.`
    case "unmatched_payment":
      return `${money} masuk, tetapi tidak cocok dengan satu pun tagihan.`
    case "warranty":
      return `Garansi${order} perlu dilihat.`
  }
}
