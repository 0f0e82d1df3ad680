import type { Language } from "./dependencies.ts"

export type TryTexts = Readonly<{
  title: string
  online: string
  typing: string
  reconnecting: string
  restart: string
  restartQuestion: string
  otherLanguage: Readonly<{ code: Language; label: string }>
  explained: string
  today: string
  yesterday: string
  inputLabel: string
  placeholder: string
  send: string
  sending: string
  sent: string
  answered: string
  notSent: string
  again: string
  tooMuch: string
  picture: string
  you: string
  chipsLabel: string
  chips: readonly string[]
  messages: string
}>

const indonesian: TryTexts = {
  title: "Coba Lapak",
  online: "online",
  typing: "sedang mengetik…",
  reconnecting: "menyambung lagi…",
  restart: "Mulai baru",
  restartQuestion: "Mulai lagi sebagai pelanggan baru? Percakapan ini akan dikosongkan.",
  otherLanguage: { code: "en", label: "English" },
  explained:
    "Ini percobaan di komputer ini saja: Kakak berperan sebagai pelanggan, lapak menjawab seperti di WhatsApp. Ketuk saran di bawah atau tulis sendiri.",
  today: "Hari ini",
  yesterday: "Kemarin",
  inputLabel: "Tulis pesan",
  placeholder: "Ketik pesan",
  send: "Kirim",
  sending: "mengirim",
  sent: "terkirim",
  answered: "dijawab",
  notSent: "Belum terkirim.",
  again: "Coba lagi",
  tooMuch: "Lapak sedang sibuk, coba lagi sebentar.",
  picture: "Gambar dari lapak",
  you: "Kakak",
  chipsLabel: "Saran pesan",
  chips: ["halo", ".produk", ".saldo", ".deposit 50000", ".status", ".riwayat"],
  messages: "Percakapan",
}

const english: TryTexts = {
  title: "Try Lapak",
  online: "online",
  typing: "typing…",
  reconnecting: "reconnecting…",
  restart: "Start over",
  restartQuestion: "Start again as a new customer? This conversation will be emptied.",
  otherLanguage: { code: "id", label: "Indonesia" },
  explained:
    "This is a trial on this computer only: you are the customer, the stall answers as it does on WhatsApp. Tap a suggestion below or write your own.",
  today: "Today",
  yesterday: "Yesterday",
  inputLabel: "Write a message",
  placeholder: "Type a message",
  send: "Send",
  sending: "sending",
  sent: "sent",
  answered: "answered",
  notSent: "Not sent yet.",
  again: "Try again",
  tooMuch: "The stall is busy, try again in a moment.",
  picture: "Picture from the stall",
  you: "You",
  chipsLabel: "Suggested messages",
  chips: ["hello", ".bahasa en", ".produk", ".saldo", ".deposit 50000", ".status"],
  messages: "Conversation",
}

export const tryTexts: Readonly<Record<Language, TryTexts>> = { id: indonesian, en: english }
