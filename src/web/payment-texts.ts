import type { Language, PaymentState } from "./dependencies.ts"

export type PaymentTexts = Readonly<{
  title: string
  payTo: string
  shop: string
  demo: string
  demoExplained: string
  order: string
  amount: string
  /** Where the amount is what the payment is known by. */
  exactAmount: (given: { amount: string; extra: string }) => string
  qrFor: string
  left: string
  timeOver: string
  steps: readonly [string, string]
  stepsOnPage: readonly [string, string]
  openPage: string
  download: string
  payDemo: string
  outcomes: Readonly<Record<Exclude<PaymentState, "pending">, { title: string; note: string }>>
  foot: string
}>

const indonesian: PaymentTexts = {
  title: "Pembayaran",
  payTo: "Bayar ke",
  shop: "Toko",
  demo: "DEMO",
  demoExplained: "ini pembayaran pura-pura, jangan kirim uang sungguhan.",
  order: "Pesanan",
  amount: "Jumlah",
  exactAmount: ({ amount, extra }) =>
    `Bayar tepat ${amount}, jangan dibulatkan: sudah termasuk kode unik ${extra}, yang masuk ke saldomu.`,
  qrFor: "Kode QR untuk membayar",
  left: "Sisa waktu",
  timeOver: "Waktu habis, sedang diperiksa…",
  steps: [
    "Pindai QR ini dengan aplikasi bank atau dompet digital apa pun.",
    "Memakai HP yang sama? Simpan QR, lalu buka dari galeri di aplikasi pembayaranmu.",
  ],
  stepsOnPage: [
    "Buka halaman Midtrans, lalu pilih cara bayar: QRIS atau cara lain yang ada di sana.",
    "Ikuti petunjuknya sampai selesai. Setelah itu halaman ini memberi tahu kalau uangnya sudah masuk.",
  ],
  openPage: "Bayar di halaman Midtrans",
  download: "Simpan QR",
  payDemo: "Bayar (demo)",
  outcomes: {
    paid: { title: "Pembayaran diterima", note: "Terima kasih! Kembali ke chat untuk melihat pesananmu." },
    review: {
      title: "Pembayaran sedang diperiksa",
      note: "Uang sudah masuk, tetapi jumlahnya berbeda. Toko sedang memeriksanya; tidak perlu bayar lagi.",
    },
    expired: {
      title: "Waktu pembayaran habis",
      note: "Tidak ada yang ditagih. Pesan lagi lewat chat kapan saja.",
    },
    cancelled: {
      title: "Pesanan dibatalkan",
      note: "Tidak ada yang ditagih. Pesan lagi lewat chat kapan saja.",
    },
    failed: { title: "Pembayaran gagal", note: "Tidak ada yang ditagih. Coba pesan lagi lewat chat." },
  },
  foot: "Halaman ini berubah sendiri setelah kamu membayar.",
}

const english: PaymentTexts = {
  title: "Payment",
  payTo: "Pay to",
  shop: "Shop",
  demo: "DEMO",
  demoExplained: "this is a pretended payment, do not send real money.",
  order: "Order",
  amount: "Amount",
  exactAmount: ({ amount, extra }) =>
    `Pay exactly ${amount}, not a round sum: it includes a unique code of ${extra}, which becomes your balance.`,
  qrFor: "QR code to pay",
  left: "Time left",
  timeOver: "Time is over, checking…",
  steps: [
    "Scan this QR with any bank or e-wallet app that takes QRIS.",
    "On the same phone? Save the QR, then open it from the gallery in your payment app.",
  ],
  stepsOnPage: [
    "Open Midtrans' page and choose how to pay: QRIS or what else is offered there.",
    "Follow it to the end. This page then tells you when the money has arrived.",
  ],
  openPage: "Pay on Midtrans' page",
  download: "Save QR",
  payDemo: "Pay (demo)",
  outcomes: {
    paid: { title: "Payment received", note: "Thank you! Go back to the chat to see your order." },
    review: {
      title: "Payment being checked",
      note: "Money arrived, but of another amount. The shop is looking at it; there is nothing more to pay.",
    },
    expired: {
      title: "Out of time",
      note: "Nothing was charged. Order again in the chat whenever you like.",
    },
    cancelled: {
      title: "Order cancelled",
      note: "Nothing was charged. Order again in the chat whenever you like.",
    },
    failed: { title: "Payment failed", note: "Nothing was charged. Please order again in the chat." },
  },
  foot: "This page changes by itself once you have paid.",
}

export const paymentTexts: Readonly<Record<Language, PaymentTexts>> = { id: indonesian, en: english }
