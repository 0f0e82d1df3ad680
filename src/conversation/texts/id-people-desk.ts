import { formatRupiah, rupiah } from "../../shop/money.ts"
import { type PeopleCommand, type PeopleProblem, pauseHours } from "../desk/people.ts"
import { yesOrNo } from "./id-desk.ts"
import { describePeople, roleNames } from "./id-people-outcomes.ts"
import { addressOf, chatLink, named, type PeopleDeskTexts, type PeoplePreview } from "./people-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const forms: Readonly<Record<PeopleCommand, string>> = {
  pause: "jeda 081234567890 12",
  resume: "lanjutkan 081234567890",
  queue: "antre",
  customer: "pelanggan 081234567890",
  credit: "kredit 081234567890 50000 bonus ulang tahun",
  debit: "debit 081234567890 50000 salah kirim saldo",
  block: "blokir 081234567890 menipu",
  unblock: "bukablokir 081234567890",
  role: "peran 081234567890 reseller",
  team: "tim",
}

const problems: Readonly<Record<PeopleProblem["kind"], string>> = {
  missing_number: "Nomor pelanggannya belum ada.",
  number_unreadable: "Nomornya tidak terbaca. Tulis lengkap, atau paling sedikit 4 angka terakhirnya.",
  number_unclear: "Nomornya bisa dibaca dengan lebih dari satu cara. Tulis nomornya tanpa spasi.",
  missing_amount: "Jumlahnya belum ada.",
  amount_not_a_number: "Jumlahnya tidak terbaca. Tulis angka saja, misalnya 50000 atau 50rb.",
  missing_reason: "Alasannya belum ada. Alasan hanya untuk catatan toko.",
  reason_too_long: "Alasannya terlalu panjang, paling banyak 200 huruf.",
  hours_invalid: `Lamanya ${pauseHours.min} sampai ${pauseHours.max} jam, angka bulat.`,
  role_unknown: "Perannya pelanggan, reseller, atau admin.",
  too_many_words: "Ada kata yang berlebih.",
}

export function peopleDesk(wording: Wording): PeopleDeskTexts {
  const { command, desk, time } = wording
  const form = (name: PeopleCommand) => desk(forms[name])
  return {
    peopleHelp: () =>
      join(
        `${form("customer")}: semua tentang satu pelanggan; 4 angka terakhir nomornya cukup`,
        `${form("credit")}: tambah saldo`,
        `${form("debit")}: kurangi saldo`,
        `${form("queue")}: siapa yang menunggu dibalas orang`,
        `${form("pause")}: bot diam 12 jam di chat itu`,
        `${form("resume")}: bot menjawab lagi di chat itu`,
        `${form("block")}: tidak bisa belanja lagi`,
        `${form("unblock")}: boleh belanja lagi`,
        `${form("role")}: jadikan pelanggan, reseller, atau admin`,
        `${form("team")}: pemilik dan admin toko`,
      ),
    peopleProblem: ({ command: name, problem }) => join(problems[problem.kind], `Contoh: ${form(name)}`),
    peoplePreview: (preview) => join(previewed(preview), yesOrNo),
    peopleOutcome: (outcome) => describePeople(outcome, wording),
    personComes: ({ until }) =>
      join(
        "Baik, Kak. Penjual diberi tahu, dan orangnya akan membalas di chat ini 🙏",
        `Silakan tulis keperluan Kakak. Bot diam dulu di sini, paling lama sampai ${time(until)}.`,
        "Pesanan yang sudah dibayar tetap terkirim.",
        `Mau dibantu bot lagi? Balas ${command("bot")}`,
      ),
    personNowhere: () =>
      `Maaf Kak, di toko ini belum ada orang yang bisa dihubungi lewat bot. Bot tetap menjawab: ${command("menu")}`,
    botAnswers: () => `Bot kembali menjawab di chat ini, Kak. Untuk mulai, balas ${command("menu")}`,
    personIsYou: () => `Di toko ini operatornya Kakak sendiri. Siapa yang menunggu dibalas: ${form("queue")}`,
    personWanted: ({ customerName, since, ...person }) =>
      join(
        `*${oneLine(customerName, 40) || "Pelanggan"} minta dibalas orang*`,
        `Nomor: ${addressOf(person)}, sejak ${time(new Date(since))}`,
        `Balas dari WhatsApp toko di chatnya${chatLink(person) ? `: ${chatLink(person)}` : "."}`,
        `Bot diam di sana. Kalau sudah selesai: ${desk("lanjutkan")} ${addressOf(person)}`,
      ),
    balanceAdjusted: ({ amount, balance }) =>
      join(
        amount > 0
          ? `Penjual menambahkan ${formatRupiah(amount)} ke saldo Kakak ✅`
          : `Penjual mengurangi saldo Kakak sebesar ${formatRupiah(rupiah(-amount))}.`,
        `Saldo sekarang: *${formatRupiah(balance)}*`,
        amount <= 0 && `Ada yang tidak sesuai? Bicara dengan penjual: ${command("person")}`,
      ),
  }
}

function previewed(preview: PeoplePreview): string {
  const who = named(preview.person)
  switch (preview.kind) {
    case "adjust": {
      const { amount, balance, reason } = preview
      return join(
        amount > 0
          ? `*Tambah saldo ${formatRupiah(amount)}* untuk ${who}`
          : `*Kurangi saldo ${formatRupiah(rupiah(-amount))}* dari ${who}`,
        `Saldonya ${formatRupiah(balance)} menjadi ${formatRupiah(rupiah(balance + amount))}.`,
        `Alasan, hanya untuk catatan toko: ${oneLine(reason, 200)}`,
      )
    }
    case "block":
      return join(
        `*Blokir ${who}*: tidak bisa belanja dan memakai perintah lagi.`,
        preview.orderCode && `Pesanannya ${preview.orderCode} yang belum dibayar ikut dibatalkan.`,
        `Alasan, hanya untuk catatan toko: ${oneLine(preview.reason, 200)}`,
      )
    case "unblock":
      return `*Buka blokir ${who}*: boleh belanja lagi.`
    case "role":
      return join(
        `*Ubah peran ${who}* dari ${roleNames[preview.before]} menjadi ${roleNames[preview.role]}.`,
        preview.role === "admin" &&
          "Admin bisa mengubah produk, stok, voucher, dan saldo, mengurus pesanan dan pengembalian dananya, dan memblokir pelanggan.",
      )
  }
}
