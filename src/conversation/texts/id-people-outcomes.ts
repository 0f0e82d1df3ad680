import { formatRupiah, rupiah } from "../../shop/money.ts"
import { addressOf, chatLink, named, type PeopleOutcome } from "./people-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export const roleNames = {
  customer: "pelanggan",
  reseller: "reseller",
  admin: "admin",
  owner: "pemilik",
} as const

type Described<Kind extends PeopleOutcome["kind"]> = Extract<PeopleOutcome, { kind: Kind }>

/** What became of a command about people, in Indonesian. */
export function describePeople(outcome: PeopleOutcome, wording: Wording): string {
  const { desk, time } = wording
  switch (outcome.kind) {
    case "nobody":
      return join(
        "Tidak ada pelanggan dengan nomor itu. Tidak ada yang diubah.",
        "Seseorang menjadi pelanggan begitu mengirim pesan pertamanya ke toko.",
      )
    case "several":
      return join(
        "Ada beberapa pelanggan yang nomornya berakhir begitu. Tulis nomor lengkapnya:",
        ...outcome.people.map(named),
        outcome.hasMore && "… dan masih ada lagi",
      )
    case "queue":
      return queueOf(outcome, wording)
    case "card":
      return cardOf(outcome, wording)
    case "paused":
      return join(
        `Bot diam di chat ${named(outcome.person)} sampai ${time(outcome.until)}.`,
        "Barang dan kabar pembayaran tetap terkirim.",
        `Bot menjawab lagi: ${desk("lanjutkan")} ${addressOf(outcome.person)}`,
      )
    case "pause_refused":
      return `${named(outcome.person)} operator toko. Di chat operator bot tetap menjawab.`
    case "resumed":
      return `Bot menjawab lagi di chat ${named(outcome.person)} ✅`
    case "was_not_paused":
      return `Bot memang sedang menjawab di chat ${named(outcome.person)}.`
    case "team":
      return teamOf(outcome, wording)
    default:
      return describeChange(outcome, wording)
  }
}

type Change = Exclude<
  PeopleOutcome,
  {
    kind:
      | ("nobody" | "several" | "queue" | "card" | "team")
      | ("paused" | "pause_refused" | "resumed" | "was_not_paused")
  }
>

function describeChange(outcome: Change, { desk }: Wording): string {
  switch (outcome.kind) {
    case "adjusted":
      return join(
        outcome.amount > 0
          ? `${formatRupiah(outcome.amount)} ditambahkan ke saldo ${named(outcome.person)} ✅`
          : `${formatRupiah(rupiah(-outcome.amount))} diambil dari saldo ${named(outcome.person)} ✅`,
        `Saldonya sekarang ${formatRupiah(outcome.balance)}. Pelanggan diberi tahu.`,
      )
    case "balance_short":
      return join(
        `Saldo ${named(outcome.person)} hanya ${formatRupiah(outcome.balance)}.`,
        `${formatRupiah(rupiah(-outcome.amount))} tidak bisa diambil. Tidak ada yang diubah.`,
      )
    case "blocked":
      return join(
        `${named(outcome.person)} diblokir ✅`,
        outcome.orderCode !== null &&
          `Pesanannya ${outcome.orderCode} dibatalkan, dan barangnya bisa dijual lagi.`,
        `Buka lagi: ${desk("bukablokir")} ${addressOf(outcome.person)}`,
      )
    case "blocked_before":
      return `${named(outcome.person)} memang sudah diblokir.`
    case "unblocked":
      return `${named(outcome.person)} tidak diblokir lagi ✅`
    case "was_not_blocked":
      return `${named(outcome.person)} memang tidak diblokir.`
    case "block_refused":
      return refusals[outcome.why]
    case "role_changed":
      return join(
        `${named(outcome.person)} sekarang ${roleNames[outcome.role]} ✅`,
        outcome.role === "admin" && `Menu untuk admin: ${desk("admin")}`,
        outcome.role === "reseller" && "Harga reseller berlaku mulai pembelian berikutnya.",
      )
    case "role_same":
      return `${named(outcome.person)} memang sudah ${roleNames[outcome.role]}.`
    case "role_refused":
      return "Peran pemilik toko tidak bisa diubah di sini. Pemilik ditentukan oleh OWNER_NUMBERS."
  }
}

const refusals: Readonly<Record<Described<"block_refused">["why"], string>> = {
  self: "Nomor sendiri tidak bisa diblokir.",
  owner: "Pemilik toko tidak bisa diblokir. Pemilik ditentukan oleh OWNER_NUMBERS.",
  admin: "Admin hanya bisa diblokir atau dibuka lagi oleh pemilik toko.",
}

function queueOf({ chats, hasMore }: Described<"queue">, { desk, time }: Wording): string {
  if (chats.length === 0) return "Tidak ada yang menunggu dibalas orang. Bot menjawab di semua chat."
  return join(
    "*Chat yang dipegang orang*",
    ...chats.map((chat) =>
      chat.waitsSince
        ? `${named(chat)}: menunggu sejak ${time(chat.waitsSince)}`
        : `${named(chat)}: bot diam sampai ${time(chat.quietUntil)}`,
    ),
    hasMore && "… dan masih ada lagi",
    `Bot menjawab lagi: ${desk("lanjutkan")} NOMOR`,
  )
}

function teamOf({ people }: Described<"team">, { desk }: Wording): string {
  return join(
    "*Tim toko*",
    ...people.map(
      (person) => `${named(person)}: ${roleNames[person.role]}${person.isBlocked ? ", diblokir" : ""}`,
    ),
    `Pemilik menambah admin: ${desk("peran")} NOMOR admin`,
  )
}

function cardOf({ card }: Described<"card">, { time }: Wording): string {
  const { orders, unpaid } = card
  return join(
    `*${oneLine(card.name, 40) || "Tanpa nama"}* (${addressOf(card)})`,
    `Saldo: ${formatRupiah(card.balance)}`,
    `Peran: ${roleNames[card.role]}`,
    `Bahasa: ${card.language === "id" ? "Indonesia" : "Inggris"}`,
    `Pesanan terbayar: ${orders.count}, seluruhnya ${formatRupiah(orders.total)}`,
    unpaid &&
      `Belum dibayar: ${unpaid.orderCode}, ${formatRupiah(unpaid.total)}, sampai ${time(unpaid.expiresAt)}`,
    card.blockedAt && `Diblokir sejak ${time(card.blockedAt)}`,
    card.waitsSince && `Menunggu dibalas orang sejak ${time(card.waitsSince)}`,
    card.quietUntil && `Bot diam di chatnya sampai ${time(card.quietUntil)}`,
    card.lastSeenAt ? `Terakhir menulis: ${time(card.lastSeenAt)}` : "Tidak menulis dalam 30 hari terakhir",
    `Pelanggan sejak ${time(card.knownSince)}`,
    chatLink(card) && `Chatnya: ${chatLink(card)}`,
  )
}
