import type { Decision, Review, ReviewDecision } from "../../shop/decide-review.ts"
import { formatRupiah } from "../../shop/money.ts"
import {
  type DeskTexts,
  type ReviewOutcome,
  type ReviewRefusal,
  refundAdvised,
  waysToDecide,
} from "./desk-texts.ts"
import { evidenceOf } from "./id-evidence.ts"
import { whatHappened } from "./id-money.ts"
import { statusNames } from "./id-orders.ts"
import { join, oneLine, type Wording } from "./wording.ts"

type ReviewTexts = Pick<
  DeskTexts,
  | "noReviews"
  | "reviewList"
  | "review"
  | "reviewNotFound"
  | "reviewDecided"
  | "reviewDecidedBefore"
  | "reviewNotDecided"
>

export const decisions: Readonly<Record<ReviewDecision, string>> = {
  credited: "masuk saldo pelanggan",
  settled: "dijadikan pembayaran",
  taken: "ditarik kembali, dan dibukukan begitu",
  made: "pengembaliannya berhasil",
  not_made: "pengembaliannya gagal",
  dismissed: "diabaikan",
}

const providers = { midtrans: "Midtrans", static_qris: "QRIS statis", demo: "demo" } as const

export function reviews(wording: Wording): ReviewTexts {
  const { command, time } = wording
  return {
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
        review.provider !== null && `Penyedia: ${providerName(review.provider)}`,
        review.reference !== null && `Referensi: ${review.reference}`,
        review.orderCode !== null &&
          `Pesanan: ${review.orderCode}, ${statusNames[review.orderStatus ?? "paid"]}`,
        review.number !== null && `Pelanggan: ${review.number}`,
        ...evidenceOf(review, wording),
        refundStanding(review),
        review.decision !== null
          ? `Sudah diputuskan: ${decisions[review.decision]}, ` +
              `${review.decidedAt ? time(review.decidedAt) : ""}, ${decider(review)}: ` +
              oneLine(review.decidedReason ?? "", 200)
          : join("Putuskan dengan:", ...(ways ?? waysOf(review, wording))),
      ),
    reviewNotFound: ({ id }) => `Tidak ada #${id}. Lihat semuanya: ${command("review")}`,
    reviewDecided: (outcome) => `#${outcome.id} selesai: ${whatBecame(outcome)}`,
    reviewDecidedBefore: ({ id }) =>
      `#${id} sudah diputuskan sebelumnya dan tetap begitu. Lihat: ${command("review")} ${id}`,
    reviewNotDecided: (refusal) => `${whyNotDecided(refusal)} Belum ada yang diputuskan.`,
  }
}

/** What a person is about to decide, with whom or what they named for it. */
export function decisionMeant(decision: Decision): string {
  const sum = "amount" in decision && decision.amount ? formatRupiah(decision.amount) : "uangnya"
  switch (decision.kind) {
    case "credited":
      return `${sum} masuk saldo pelanggan ${oneLine(decision.number, 40)}`
    case "settled":
      return `${sum} dijadikan pembayaran ${decision.payment}`
    case "taken":
      return `${sum} ${decisions.taken}`
    default:
      return decisions[decision.kind]
  }
}

export function waysOf(review: Review, { command }: Wording): readonly string[] {
  const { id, amount, orderCode, number } = review
  const named = amount === null ? " JUMLAH" : ""
  const words: Readonly<Record<ReviewDecision, string>> = {
    credited: `saldo ${number ?? "NOMOR"}${named}`,
    settled: `pesanan ${orderCode ?? "KODE"}${named}`,
    taken: "ditarik JUMLAH",
    made: "berhasil",
    not_made: "gagal",
    dismissed: "abaikan",
  }
  const advised = refundAdvised(review)
  return [
    ...(advised === undefined ? [] : [`${command("refund")} ${orderCode} ${advised} saldo alasan`]),
    ...waysToDecide(review).map((way) => `${command("review")} ${id} ${words[way]} alasan`),
  ]
}

export function refundStanding({ kind, refund }: Review): string | undefined {
  if (kind !== "refund_failed" || !refund) return undefined
  if (refund.state === "requested")
    return "Penyedia belum memastikannya. Cek di sana: kalau uangnya kembali pilih berhasil, kalau tidak pilih gagal."
  if (refund.state === "done") return "Sejak itu sudah dipastikan berhasil."
  return refund.since > 0
    ? `Sejak itu sudah dikembalikan dengan cara lain: ${formatRupiah(refund.since)}`
    : undefined
}

export function providerName(provider: string): string {
  return Object.hasOwn(providers, provider) ? providers[provider as keyof typeof providers] : provider
}

export function decider({ decidedBy }: Review): string {
  return decidedBy === "shell" ? "lewat perintah lapak" : `oleh ${decidedBy ?? "?"}`
}

export function whatBecame({ decision, amount, settlement, reversal }: ReviewOutcome): string {
  const money = amount === null ? "uangnya" : formatRupiah(amount)
  switch (decision) {
    case "credited":
      return `${money} masuk saldo pelanggan, dan pelanggan diberi tahu.`
    case "settled":
      return settlement?.kind === "settled"
        ? `${money} ${settledAs(settlement.resolution)}, dan pelanggan diberi tahu.`
        : `${money} sudah dibukukan sebelumnya, tidak ada yang berubah.`
    case "taken":
      return reversal?.kind === "reversed"
        ? `${formatRupiah(reversal.amount)} dibukukan sebagai ditarik kembali, dan pelanggan diberi tahu.`
        : `${money} sudah dibukukan sebelumnya, tidak ada yang berubah.`
    case "made":
      return `pengembalian ${money} dibukukan berhasil, dan pelanggan diberi tahu.`
    case "not_made":
      return join(
        `pengembalian ${money} dibukukan gagal, dan pelanggan diberi tahu.`,
        "Uangnya masih di toko, dan bisa dikembalikan ke saldo pelanggan.",
      )
    case "dismissed":
      return "diabaikan, tidak ada uang yang dipindahkan."
  }
}

function settledAs(resolution: string): string {
  switch (resolution) {
    case "goods":
    case "late_goods":
      return "dijadikan pembayaran, dan barangnya diberikan"
    case "balance":
      return "masuk saldo pelanggan sebagai isi saldo"
    case "late_balance":
      return "masuk saldo pelanggan, karena barangnya sudah tidak ada"
    case "underpaid_balance":
      return "masuk saldo pelanggan, karena kurang dari harga pesanannya"
    default:
      return "masuk saldo pelanggan, karena pesanannya sudah lunas sebelumnya"
  }
}

export function whyNotDecided(refusal: ReviewRefusal): string {
  switch (refusal.kind) {
    case "no_money":
      return "Di sini tidak ada uang yang bisa dibagikan: hanya bisa diabaikan, setelah diurus dengan cara lain."
    case "amount_missing":
      return "Di sini jumlahnya belum diketahui: sebutkan jumlahnya juga."
    case "other_amount":
      return `Jumlahnya sudah jelas ${formatRupiah(refusal.amount)}, jadi tidak bisa jumlah lain.`
    case "no_reversal":
      return "Ini bukan tentang uang yang ditarik kembali tanpa disebut jumlahnya."
    case "more_than_came":
      return `Yang masuk ${formatRupiah(refusal.came)}, jadi tidak bisa lebih banyak yang ditarik kembali.`
    case "no_refund":
      return "Ini bukan tentang pengembalian yang belum pasti."
    case "refund_waits":
      return "Pengembalian ini belum pasti: putuskan apakah berhasil atau gagal, atau tunggu penyedianya."
    case "refund_ended":
      return `Pengembalian ini sudah ${refusal.state === "done" ? "berhasil" : "gagal"}: tinggal diabaikan.`
    case "unknown_customer":
      return "Pelanggan dengan nomor itu tidak ada."
    case "unknown_payment":
      return "Tidak ada pembayaran untuk kode itu."
    case "other_provider":
      return "Pembayaran itu lewat penyedia lain, jadi tidak mungkin uang ini."
  }
}
