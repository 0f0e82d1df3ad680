import type { Language, PaymentResolution, PaymentState } from "./dependencies.ts"

export type OutcomeWords = Readonly<{ title: string; note: string }>

export type PaymentTexts = Readonly<{
  title: string
  payTo: string
  shop: string
  demo: string
  demoExplained: string
  order: string
  /** Stands where an order would. */
  topUp: string
  purpose: string
  amount: string
  asked: string
  received: string
  toBalance: string
  backToBalance: string
  sentBack: string
  takenBack: string
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
  outcomes: Readonly<Record<Exclude<PaymentState, "pending"> | "topUpCancelled", OutcomeWords>>
  /** Of money that came. `partLeft`: it was enough, but a part of it had gone back already. */
  results: Readonly<
    Record<
      PaymentResolution | "partLeft" | "sentBack" | "backToBalance" | "partTaken" | "takenBack",
      OutcomeWords
    >
  >
  foot: string
}>

const indonesian: PaymentTexts = {
  title: "Pembayaran",
  payTo: "Bayar ke",
  shop: "Toko",
  demo: "DEMO",
  demoExplained: "ini pembayaran pura-pura, jangan kirim uang sungguhan.",
  order: "Pesanan",
  topUp: "Isi saldo",
  purpose: "Untuk",
  amount: "Jumlah",
  asked: "Diminta",
  received: "Diterima",
  toBalance: "Masuk saldo",
  backToBalance: "Kembali ke saldo",
  sentBack: "Dikembalikan",
  takenBack: "Ditarik bank",
  exactAmount: ({ amount, extra }) =>
    `Bayar tepat ${amount}, jangan dibulatkan: sudah termasuk kode unik ${extra}, yang masuk ke saldo Kakak.`,
  qrFor: "Kode QR untuk membayar",
  left: "Sisa waktu",
  timeOver: "Waktu habis, sedang diperiksa…",
  steps: [
    "Pindai QR ini dengan aplikasi bank atau dompet digital apa pun.",
    "Memakai HP yang sama? Simpan QR, lalu buka dari galeri di aplikasi pembayaran Kakak.",
  ],
  stepsOnPage: [
    "Buka halaman Midtrans, lalu pilih cara bayar: QRIS atau cara lain yang ada di sana.",
    "Ikuti petunjuknya sampai selesai. Setelah itu halaman ini memberi tahu kalau uangnya sudah masuk.",
  ],
  openPage: "Bayar di halaman Midtrans",
  download: "Simpan QR",
  payDemo: "Bayar (demo)",
  outcomes: {
    paid: { title: "Pembayaran diterima", note: "Terima kasih! Silakan kembali ke chat." },
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
    topUpCancelled: {
      title: "Isi saldo dibatalkan",
      note: "Tidak ada yang ditagih. Isi lagi lewat chat kapan saja.",
    },
    failed: { title: "Pembayaran gagal", note: "Tidak ada yang ditagih. Coba lagi lewat chat." },
  },
  results: {
    goods: {
      title: "Pembayaran diterima",
      note: "Terima kasih! Kembali ke chat untuk melihat pesanan Kakak.",
    },
    late_goods: {
      title: "Pembayaran diterima",
      note: "Masuknya setelah pesanan ditutup, tetapi barangnya masih ada. Kembali ke chat untuk melihatnya.",
    },
    late_balance: {
      title: "Uangnya masuk saldo",
      note:
        "Masuknya setelah pesanan ditutup, dan barangnya sudah tidak tersedia dengan harga itu. " +
        "Pilih yang lain lewat chat.",
    },
    balance: { title: "Saldo bertambah", note: "Terima kasih! Kembali ke chat untuk mulai belanja." },
    already_paid_balance: {
      title: "Uangnya masuk saldo",
      note: "Pesanan ini sudah dibayar sebelumnya, jadi uangnya menjadi saldo Kakak.",
    },
    underpaid_balance: {
      title: "Pembayarannya kurang",
      note: "Pesanannya tidak dilanjutkan, dan uangnya menjadi saldo Kakak. Pesan lagi lewat chat.",
    },
    partLeft: {
      title: "Uangnya masuk saldo",
      note: "Sebagian pembayarannya ditarik lagi, jadi pesanannya tidak dilanjutkan. Pesan lagi lewat chat.",
    },
    sentBack: {
      title: "Dana sudah dikembalikan",
      note: "Sampai terlihat di rekening atau aplikasi Kakak bisa perlu beberapa hari kerja.",
    },
    backToBalance: {
      title: "Dana sudah dikembalikan",
      note: "Uang pesanan ini ada di saldo Kakak. Pilih yang lain lewat chat.",
    },
    partTaken: {
      title: "Sebagian ditarik kembali",
      note: "Bank atau aplikasi pembayaran menarik sebagian. Ada yang tidak cocok? Silakan hubungi penjual.",
    },
    takenBack: {
      title: "Pembayaran ditarik kembali",
      note: "Bank atau aplikasi pembayaran menariknya. Ada yang tidak cocok? Silakan hubungi penjual.",
    },
  },
  foot: "Halaman ini berubah sendiri setelah Kakak membayar.",
}

const english: PaymentTexts = {
  title: "Payment",
  payTo: "Pay to",
  shop: "Shop",
  demo: "DEMO",
  demoExplained: "this is a pretended payment, do not send real money.",
  order: "Order",
  topUp: "Top-up",
  purpose: "For",
  amount: "Amount",
  asked: "Asked for",
  received: "Received",
  toBalance: "To your balance",
  backToBalance: "Back to your balance",
  sentBack: "Sent back",
  takenBack: "Taken by the bank",
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
    paid: { title: "Payment received", note: "Thank you! Please go back to the chat." },
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
    topUpCancelled: {
      title: "Top-up cancelled",
      note: "Nothing was charged. Top up again in the chat whenever you like.",
    },
    failed: { title: "Payment failed", note: "Nothing was charged. Please try again in the chat." },
  },
  results: {
    goods: { title: "Payment received", note: "Thank you! Go back to the chat to see your order." },
    late_goods: {
      title: "Payment received",
      note: "It came after the order was closed, but the goods are still there. See the chat.",
    },
    late_balance: {
      title: "Now in your balance",
      note:
        "It came after the order was closed, and the goods are no longer to be had at that price. " +
        "Choose another in the chat.",
    },
    balance: { title: "Balance topped up", note: "Thank you! Go back to the chat and start shopping." },
    already_paid_balance: {
      title: "Now in your balance",
      note: "This order was paid before, so this money was added to your balance.",
    },
    underpaid_balance: {
      title: "Too little was paid",
      note: "The order does not go on, and the money is in your balance. Order again in the chat.",
    },
    partLeft: {
      title: "Now in your balance",
      note: "A part of the payment was taken back, so the order does not go on. Order again in the chat.",
    },
    sentBack: {
      title: "Your money went back",
      note: "It may take some working days until your bank or app shows it.",
    },
    backToBalance: {
      title: "Your money went back",
      note: "The money of this order is in your balance. Choose another in the chat.",
    },
    partTaken: {
      title: "A part was taken back",
      note: "Your bank or payment app took a part back. Does something not fit? Please write to the seller.",
    },
    takenBack: {
      title: "Payment taken back",
      note: "Your bank or payment app took it back. Does something not fit? Please write to the seller.",
    },
  },
  foot: "This page changes by itself once you have paid.",
}

export const paymentTexts: Readonly<Record<Language, PaymentTexts>> = { id: indonesian, en: english }
