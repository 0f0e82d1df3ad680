import type { Review } from "../../shop/decide-review.ts"
import { formatRupiah, rupiah } from "../../shop/money.ts"
import type { Refund } from "../../shop/refund-order.ts"
import { canMove, type DeskTexts, type RefundRefusal, type ReviewRefusal } from "./desk-texts.ts"
import { describeEvidence } from "./evidence.ts"
import { whatHappened } from "./id-money.ts"
import { statusNames } from "./id-orders.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const decisions = {
  credited: "masuk saldo pelanggan",
  settled: "dijadikan pembayaran",
  dismissed: "diabaikan",
} as const

export function desk({ command, time }: Wording): DeskTexts {
  const waysToDecide = ({ id, kind, amount }: Review): readonly string[] => {
    const way = (words: string) => `${command("review")} ${id} ${words} alasan`
    return canMove({ kind, amount })
      ? [way("saldo NOMOR"), way("pesanan KODE"), way("abaikan")]
      : [way("abaikan")]
  }
  const refundAgain = ({ orderCode, amount, destination }: Refund) =>
    `${command("refund")} ${orderCode} ${amount} ${destination} --lagi alasan`
  return {
    refundMade,
    refundedBefore: ({ again, ...refund }) =>
      join(
        `Belum dikembalikan lagi: ${formatRupiah(refund.amount)} dari pesanan ${refund.orderCode} ` +
          `sudah pernah dikembalikan ${destinationOf(refund)} pada ${time(new Date(refund.at))}.`,
        refund.state === "requested" && "Penyedia pembayaran belum memastikannya dan masih ditanya.",
        refund.left >= refund.amount && `Kalau memang mau sekali lagi: ${again ?? refundAgain(refund)}`,
        leftOver(refund),
      ),
    refundRefused: (refusal) => `${whyNotRefunded(refusal)} Tidak ada yang dikembalikan.`,
    noReviews: () => "Tidak ada yang perlu diputuskan ✅",
    reviewList: ({ reviews, hasMore }) =>
      join(
        "*Perlu diputuskan*",
        ...reviews.map(
          ({ id, at, kind, amount, orderCode }) =>
            `#${id} (${time(at)}): ${whatHappened({ reviewKind: kind, amount, orderCode })}`,
        ),
        hasMore && "Masih ada lagi yang lebih baru.",
        `Lihat satu: ${command("review")} ${reviews[0]?.id ?? 1}`,
      ),
    review: ({ ways, ...review }) =>
      join(
        `#${review.id} (${time(review.at)})`,
        whatHappened({ reviewKind: review.kind, ...review }),
        review.amount !== null && `Jumlah: ${formatRupiah(review.amount)}`,
        review.provider !== null && `Penyedia: ${review.provider}`,
        review.reference !== null && `Referensi: ${review.reference}`,
        review.orderCode !== null &&
          `Pesanan: ${review.orderCode}, ${statusNames[review.orderStatus ?? "paid"]}`,
        review.number !== null && `Pelanggan: ${review.number}`,
        ...describeEvidence(review.evidence, {
          fromSale: "Diambil dari penjualan",
          fromBalance: "Diambil dari saldo pelanggan",
          lost: "Tidak tergantikan (rugi)",
          paid: "Yang dulu dibayar",
        }),
        review.decision !== null
          ? `Sudah diputuskan: ${decisions[review.decision]}, ` +
              `${review.decidedAt ? time(review.decidedAt) : ""}, oleh ${review.decidedBy ?? "?"}: ` +
              oneLine(review.decidedReason ?? "", 200)
          : join("Putuskan dengan:", ...(ways ?? waysToDecide(review))),
      ),
    reviewNotFound: ({ id }) => `Tidak ada #${id}. Lihat semuanya: ${command("review")}`,
    reviewDecided: ({ id, amount, decision }) => {
      const money = amount === null ? "uangnya" : formatRupiah(amount)
      if (decision === "settled")
        return `#${id} selesai: ${money} dijadikan pembayaran, dan pelanggan diberi tahu hasilnya.`
      return decision === "credited"
        ? `#${id} selesai: ${money} masuk saldo pelanggan, dan pelanggan diberi tahu.`
        : `#${id} selesai: diabaikan, tidak ada uang yang dipindahkan.`
    },
    reviewDecidedBefore: ({ id }) =>
      `#${id} sudah diputuskan sebelumnya dan tetap begitu. Lihat: ${command("review")} ${id}`,
    reviewNotDecided: (refusal) => `${whyNotDecided(refusal)} Belum ada yang diputuskan.`,
  }
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
        `${what} tidak bisa dikembalikan lewat penyedia pembayaran: ${refund.failure ?? "ditolak"}.`,
        "Uangnya masih di toko. Bisa dikembalikan ke saldo pelanggan dengan perintah yang sama, tujuan saldo.",
      )
  }
}

function destinationOf({ destination }: Refund): string {
  return destination === "saldo" ? "ke saldo pelanggan" : "lewat cara bayarnya"
}

function leftOver({ left }: Refund): string {
  return left > 0
    ? `Masih bisa dikembalikan: ${formatRupiah(left)}`
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

function whyNotDecided(refusal: ReviewRefusal): string {
  switch (refusal.kind) {
    case "no_money":
      return "Di sini tidak ada uang yang bisa dibagikan: hanya bisa diabaikan, setelah diurus dengan cara lain."
    case "unknown_customer":
      return "Pelanggan dengan nomor itu tidak ada."
    case "unknown_payment":
      return "Tidak ada pembayaran untuk kode itu."
    case "other_provider":
      return "Pembayaran itu lewat penyedia lain, jadi tidak mungkin uang ini."
  }
}
