import type { Review } from "../../shop/decide-review.ts"
import { formatRupiah, rupiah } from "../../shop/money.ts"
import {
  amountsOf,
  describeEvidence,
  type EvidenceWords,
  lossOf,
  moneyOf,
  shown,
  wordFor,
} from "./evidence.ts"
import { statusNames } from "./id-orders.ts"
import type { Wording } from "./wording.ts"

const causes: Readonly<Record<string, string>> = {
  no_such_amount: "Tidak ada tagihan dengan nominal itu.",
  paid_before: "Tagihannya sudah dibayar; uang yang sama masuk lagi.",
  late: "Tagihannya sudah berakhir waktu uangnya masuk.",
  several_payments: "Lebih dari satu tagihan bernominal itu.",
  too_early: "Uangnya masuk sebelum tagihannya dibuat.",
  above_maximum: "Nominalnya di atas batas yang dicocokkan otomatis.",
  no_amount: "Pemberitahuannya tidak menyebut nominal.",
  several_amounts: "Pemberitahuannya menyebut lebih dari satu nominal.",
  unreadable_amount: "Nominal di pemberitahuannya tidak terbaca.",
  not_incoming: "Dari kata-katanya belum jelas apakah uang ini masuk.",
  undecided: "Penyedia terlalu lama tidak menjawab: cek pembayarannya di sana.",
  unreadable: "Jawaban penyedia tidak terbaca: cek pembayarannya di sana.",
  behind: "Penyedia tidak pernah membenarkan pemberitahuannya: cek pembayarannya di sana.",
  other_amount: "Yang datang bukan nominal yang diminta.",
}

const reversals: Readonly<Record<string, string>> = {
  refund: "dikembalikan di panel penyedia, bukan lewat Lapak (refund)",
  chargeback: "ditarik bank atau aplikasi pembayar (chargeback)",
  denial: "dibatalkan penyedia setelah dinyatakan lunas (denial)",
}

const states: Readonly<Record<string, string>> = {
  pending: "belum dibayar",
  paid: "sudah dibayar",
  settlement: "sudah dibayar",
  capture: "sudah dibayar",
  denied: "ditolak",
  deny: "ditolak",
  expired: "lewat batas waktu",
  expire: "lewat batas waktu",
  cancelled: "dibatalkan",
  cancel: "dibatalkan",
  refunded: "dikembalikan",
  refund: "dikembalikan",
  partially_refunded: "dikembalikan sebagian",
  partial_refund: "dikembalikan sebagian",
  charged_back: "ditarik bank",
  chargeback: "ditarik bank",
  partially_charged_back: "ditarik bank sebagian",
  partial_chargeback: "ditarik bank sebagian",
}

const resolutions: Readonly<Record<string, string>> = {
  goods: "barangnya diberikan",
  late_goods: "barangnya diberikan, meskipun terlambat",
  balance: "jadi isi saldo",
  late_balance: "masuk saldo karena terlambat",
  already_paid_balance: "masuk saldo karena pesanannya sudah lunas",
  underpaid_balance: "masuk saldo karena kurang",
}

const failures: Readonly<Record<string, string>> = {
  "charge can't be refunded in its state": "pembayaran ini tidak bisa dikembalikan dalam keadaannya sekarang",
  "amount is more than is left to refund": "nominalnya lebih dari yang tersisa di penyedia",
  "provider refused": "ditolak penyedia",
  "server key not accepted": "kunci server tidak diterima penyedia",
  "too many requests": "terlalu banyak permintaan ke penyedia",
  "provider is failing": "penyedia sedang gangguan",
  "provider does not answer": "penyedia tidak menjawab",
  "no answer in time": "penyedia tidak menjawab",
  "could not be worked": "tidak bisa diproses; sebabnya di log",
  "refund is not confirmed": "penyedia belum memastikannya",
  "reference already used": "penyedia pernah menerima permintaan ini, dan belum memastikan hasilnya",
  "refund key used for another amount": "pengembalian ini dikenal penyedia dengan nominal lain",
  "money can't be sent back through a static QRIS code": "QRIS statis tidak bisa mengembalikan uang",
  "not made, as a person saw": "tidak jadi, menurut yang memeriksanya",
}

/** Why a provider did not send money back; its own words where there are no better ones. */
export function whyItFailed(reason: string): string {
  return wordFor(failures, reason) ?? `kata penyedia: ${shown(reason)}`
}

const silent = () => ""

/** What was noted of something to be decided, a plain sentence each. */
export function evidenceOf({ evidence, kind }: Review, { time }: Wording): readonly string[] {
  const asTime = (text: string) => (Number.isNaN(Date.parse(text)) ? shown(text) : time(new Date(text)))
  const words: EvidenceWords = {
    reference: silent,
    purpose: (value) => (value === "deposit" ? "Itu isi saldo." : ""),
    fromSale: silent,
    fromBalance: silent,
    lost: silent,
    refundKey: silent,
    refund: silent,
    claimsMax: silent,
    why: (value) => wordFor(causes, value) ?? `Sebabnya: ${shown(value)}`,
    transactionId: (value) => `Nomor transaksi di penyedia: ${shown(value)}`,
    reversal: (value) => `Uangnya ${wordFor(reversals, value) ?? shown(value)}.`,
    state: (value) => `Kata penyedia: ${wordFor(states, value) ?? shown(value)}.`,
    claimedState: (value) => `Kata pemberitahuannya: ${wordFor(states, value) ?? shown(value)}.`,
    reviewId: (value) => `Tentang uang yang sama: #${shown(value)}`,
    resolution: (value) => `Dulu pembayarannya: ${wordFor(resolutions, value) ?? shown(value)}.`,
    orderStatus: (value) => `Waktu itu pesanannya ${wordFor(statusNames, value) ?? shown(value)}.`,
    paid: (value) => `Yang dulu dibayar: ${moneyOf(value)}`,
    asked: (value) => `Yang diminta: ${moneyOf(value)}`,
    reason: (value) => `Sebabnya: ${whyItFailed(String(value))}.`,
    package: (value) => `Pemberitahuan dari aplikasi: ${shown(value)}`,
    postedAt: (value) => `Muncul di HP: ${asTime(String(value))}`,
    eventId: (value) => `Isi pemberitahuannya: lapak payments show ${shown(value)}`,
    amounts: (value) => `Nominal yang disebut: ${amountsOf(value)}`,
    candidates: (value) => `Mungkin untuk: ${shown(value)}`,
    product: (value) => `Produk: ${shown(value)}`,
    unit: (value) => `Barang ke-${shown(value)}`,
    batch: (value) => `Dari kiriman stok: ${shown(value)}`,
    claimsIn30Days: (value) =>
      `Sudah ${shown(value)} klaim dalam 30 hari; otomatis hanya sampai ${shown(String(evidence.claimsMax))}.`,
  }
  return [
    ...describeEvidence(evidence, words),
    ...(kind === "reversal" && "lost" in evidence ? losses(evidence) : []),
  ]
}

function losses(evidence: Review["evidence"]): readonly string[] {
  const { lessRevenue, fromBalance, lost } = lossOf(evidence)
  return [
    ...(lessRevenue > 0 ? [`Mengurangi pendapatan: ${formatRupiah(lessRevenue)}`] : []),
    ...(fromBalance > 0 ? [`Diambil dari saldo pelanggan: ${formatRupiah(fromBalance)}`] : []),
    `Rugi: ${formatRupiah(rupiah(lost))}`,
  ]
}
