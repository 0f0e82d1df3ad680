import type { Language } from "./dependencies.ts"

type Situation = Readonly<{ title: string; note: string }>

export type WhatsAppTexts = Readonly<{
  otherLanguage: Readonly<{ code: Language; label: string }>
  pair: Situation
  loggedOut: Situation
  /** WhatsApp's code for what went wrong last, where it is known. */
  connecting: (problemCode: number | undefined) => Situation
  open: Situation
  /** Connected, but nothing is sent until then; with WhatsApp's code for why, where it is known. */
  paused: (time: string, code: number | undefined) => Situation
  replaced: Situation & Readonly<{ button: string }>
  stopped: Situation & Readonly<{ steps: readonly string[]; button: string }>
  off: Situation & Readonly<{ steps: readonly string[] }>
  scan: Readonly<{
    title: string
    waiting: string
    unreachable: string
    tooOld: string
    alt: string
    steps: readonly string[]
  }>
  code: Readonly<{
    title: string
    note: string
    label: string
    placeholder: string
    ask: string
    askAgain: string
    waiting: (phone: string) => string
    shown: (phone: string) => string
    steps: readonly string[]
    badNumber: string
  }>
  number: string
  tryFirst: (number: string) => string
  writeMenu: string
  foot: string
}>

const tooOldInIndonesian =
  "WhatsApp meminta versi WhatsApp Web yang lebih baru. Bila tetap begini, isi WHATSAPP_VERSION di berkas .env, " +
  "lalu jalankan lapak lagi; README menjelaskan di mana nomornya."

const tooOldInEnglish =
  "WhatsApp asks for a newer version of WhatsApp Web. If this stays, set WHATSAPP_VERSION in the file .env and " +
  "start the stall again; the README says where to look for the number."

const indonesian: WhatsAppTexts = {
  otherLanguage: { code: "en", label: "English" },
  pair: {
    title: "Hubungkan WhatsApp",
    note: "Sekali saja. Sesudah ini lapak membalas pelanggan lewat nomor toko.",
  },
  loggedOut: {
    title: "Hubungkan lagi",
    note: "Lapak dikeluarkan dari Perangkat tertaut. Pesanan, saldo, dan stok tidak ada yang hilang; hubungkan lagi seperti pertama kali.",
  },
  connecting: (problemCode) => ({
    title: "Menyambung ke WhatsApp…",
    note:
      problemCode === 405
        ? tooOldInIndonesian
        : "Sebentar, ya. Pesan pelanggan menunggu dan dibalas begitu tersambung.",
  }),
  open: { title: "WhatsApp terhubung", note: "Lapak sudah bisa dipakai belanja." },
  paused: (time, code) => ({
    title: "Pengiriman dijeda",
    note: `Sampai ${time} tidak ada yang dikirim, supaya nomor tidak diblokir: ${pauseInIndonesian(code)} Pesan menunggu dan dikirim sesudahnya.`,
  }),
  replaced: {
    title: "Dipakai di tempat lain",
    note: "Program lain memakai akun WhatsApp ini, jadi lapak menjauh dulu. Tutup program itu, lalu sambungkan lagi di sini.",
    button: "Sambungkan lagi di sini",
  },
  stopped: {
    title: "WhatsApp menolak akun ini",
    note: "Lapak berhenti mencoba supaya tidak memperburuk keadaan. Pesanan dan saldo aman.",
    steps: [
      "Buka WhatsApp di HP toko dan baca pesannya: mungkin akun sedang ditinjau atau diblokir.",
      "Ikuti petunjuk di sana sampai WhatsApp di HP bisa dipakai lagi.",
      "Lalu sambungkan lagi di sini.",
    ],
    button: "Sambungkan lagi",
  },
  off: {
    title: "WhatsApp belum dinyalakan",
    note: "Lapak ini belum memakai WhatsApp.",
    steps: [
      "Tulis *WHATSAPP=on* di berkas .env, di folder tempat lapak dijalankan.",
      "Tutup lapak, lalu jalankan lagi: *lapak serve*",
      "Buka lagi halaman ini, dan pindai kodenya.",
    ],
  },
  scan: {
    title: "Pindai dengan HP toko",
    waiting: "QR sedang diambil dari WhatsApp…",
    unreachable: "WhatsApp belum bisa dihubungi. Periksa internet server; dicoba lagi sendiri.",
    tooOld: tooOldInIndonesian,
    alt: "Kode QR untuk menautkan WhatsApp",
    steps: [
      "Buka WhatsApp di HP toko.",
      "Android: ketuk *⋮* di kanan atas, lalu *Perangkat tertaut*. iPhone: *Pengaturan*, lalu *Perangkat Tertaut*.",
      "Ketuk *Tautkan perangkat*, lalu arahkan kamera ke QR ini.",
    ],
  },
  code: {
    title: "Cuma punya satu HP?",
    note: "Minta kode, lalu ketik di WhatsApp. Tidak perlu kamera.",
    label: "Nomor WhatsApp toko",
    placeholder: "0812 3456 7890",
    ask: "Minta kode",
    askAgain: "Minta kode baru",
    waiting: (phone) => `Meminta kode untuk +${phone}…`,
    shown: (phone) => `Kode untuk +${phone}`,
    steps: [
      "Buka WhatsApp. Android: *⋮*, lalu *Perangkat tertaut*. iPhone: *Pengaturan*, lalu *Perangkat Tertaut*.",
      "Ketuk *Tautkan perangkat*, lalu *Tautkan dengan nomor telepon saja*.",
      "Ketik kode di atas. Kalau kedaluwarsa, minta yang baru.",
    ],
    badNumber: "Nomor ini belum benar. Tulis seperti 0812 3456 7890 atau +62 812 3456 7890.",
  },
  number: "Nomor toko",
  tryFirst: (number) => `Coba dulu: dari HP lain, kirim .menu ke ${number}.`,
  writeMenu: "Kirim .menu",
  foot: "Halaman ini berubah sendiri.",
}

const english: WhatsAppTexts = {
  otherLanguage: { code: "id", label: "Bahasa Indonesia" },
  pair: {
    title: "Connect WhatsApp",
    note: "Only once. From then on the stall answers customers from your shop's number.",
  },
  loggedOut: {
    title: "Connect again",
    note: "Lapak was removed from the linked devices. No order, balance or stock is lost; connect again as you did the first time.",
  },
  connecting: (problemCode) => ({
    title: "Connecting to WhatsApp…",
    note:
      problemCode === 405
        ? tooOldInEnglish
        : "One moment. Customers' messages wait and are answered as soon as it is connected.",
  }),
  open: { title: "WhatsApp is connected", note: "The stall is open for customers." },
  paused: (time, code) => ({
    title: "Sending is paused",
    note: `Nothing is sent until ${time}, so that the number is not banned: ${pauseInEnglish(code)} Messages wait and are sent afterwards.`,
  }),
  replaced: {
    title: "In use elsewhere",
    note: "Another program uses this WhatsApp account, so the stall keeps away. Close that program, then connect again here.",
    button: "Connect here again",
  },
  stopped: {
    title: "WhatsApp refuses this account",
    note: "The stall has stopped trying, so that it does not make things worse. Orders and balances are safe.",
    steps: [
      "Open WhatsApp on the shop's phone and read what it says: the account may be under review or banned.",
      "Follow what it asks until WhatsApp works on the phone again.",
      "Then connect again here.",
    ],
    button: "Connect again",
  },
  off: {
    title: "WhatsApp is not turned on",
    note: "This stall does not use WhatsApp yet.",
    steps: [
      "Write *WHATSAPP=on* into the file .env, in the folder where lapak is started.",
      "Close the stall and start it again: *lapak serve*",
      "Open this page again and scan its QR.",
    ],
  },
  scan: {
    title: "Scan with the shop's phone",
    waiting: "Fetching the QR from WhatsApp…",
    unreachable: "WhatsApp cannot be reached. Check the server's internet; it is tried again by itself.",
    tooOld: tooOldInEnglish,
    alt: "QR code to link WhatsApp",
    steps: [
      "Open WhatsApp on the shop's phone.",
      "Android: tap *⋮* at the top right, then *Linked devices*. iPhone: *Settings*, then *Linked Devices*.",
      "Tap *Link a device* and point the camera at this QR.",
    ],
  },
  code: {
    title: "Only one phone?",
    note: "Ask for a code and type it into WhatsApp. No camera is needed.",
    label: "The shop's WhatsApp number",
    placeholder: "0812 3456 7890",
    ask: "Give me a code",
    askAgain: "Give me a new code",
    waiting: (phone) => `Asking for a code for +${phone}…`,
    shown: (phone) => `Code for +${phone}`,
    steps: [
      "Open WhatsApp. Android: *⋮*, then *Linked devices*. iPhone: *Settings*, then *Linked Devices*.",
      "Tap *Link a device*, then *Link with phone number instead*.",
      "Type the code above. When it has expired, ask for a new one.",
    ],
    badNumber: "This is not a phone number yet. Write it like 0812 3456 7890 or +62 812 3456 7890.",
  },
  number: "The shop's number",
  tryFirst: (number) => `Try it: from another phone, write .menu to ${number}.`,
  writeMenu: "Write .menu",
  foot: "This page changes by itself.",
}

function pauseInIndonesian(code: number | undefined): string {
  if (code === 463) return "WhatsApp memperingatkan soal pesan ke orang yang belum pernah menulis (463)."
  if (code === 429) return "WhatsApp memperingatkan soal terlalu banyak pesan (429)."
  return "WhatsApp memberi peringatan."
}

function pauseInEnglish(code: number | undefined): string {
  if (code === 463) return "WhatsApp warned of messages to people who did not write first (463)."
  if (code === 429) return "WhatsApp warned of too many messages (429)."
  return "WhatsApp gave a warning."
}

export const whatsappTexts: Readonly<Record<Language, WhatsAppTexts>> = { id: indonesian, en: english }
