import { formatRupiah } from "../../shop/money.ts"
import type { Command, Language } from "../intent.ts"
import type { OrderLine } from "./texts.ts"

/** What the texts of a language need to know of the shop. */
export type Wording = Readonly<{
  /** The command as it is typed, with the shop's prefix: `.produk`. */
  command(name: Command): string
  /** Any other word as it is typed behind the prefix. */
  typed(word: string): string
  /** An operator's command likewise, with what follows it. */
  desk(words: string): string
  /** A moment in the shop's zone: `21 Nov 2025 14.05 WIB`. */
  time(at: Date): string
  /** Without QRIS, only the seller can add to a balance. */
  offersQris: boolean
}>

/** What a shop's texts are written for; a shop offers QRIS where nothing else is said. */
export type Manner = Readonly<{ prefix: string; zone: string; offersQris?: boolean | undefined }>

const commandWords: Readonly<Record<Command, Readonly<Record<Language, string>>>> = {
  menu: { id: "menu", en: "menu" },
  help: { id: "bantuan", en: "help" },
  catalogue: { id: "produk", en: "products" },
  categories: { id: "kategori", en: "categories" },
  detail: { id: "detail", en: "detail" },
  buy: { id: "buy", en: "buy" },
  balance: { id: "saldo", en: "balance" },
  deposit: { id: "deposit", en: "deposit" },
  status: { id: "status", en: "status" },
  history: { id: "riwayat", en: "history" },
  cancel: { id: "batal", en: "cancel" },
  language: { id: "bahasa", en: "language" },
  pay_demo: { id: "bayar", en: "pay" },
  resend: { id: "kirim", en: "resend" },
  warranty: { id: "garansi", en: "warranty" },
  address: { id: "alamat", en: "address" },
  voucher: { id: "voucher", en: "voucher" },
  restock: { id: "kabari", en: "notify" },
  receipt: { id: "struk", en: "receipt" },
  received: { id: "terima", en: "received" },
  stop_broadcasts: { id: "berhenti", en: "stop" },
  start_broadcasts: { id: "mulai", en: "subscribe" },
  person: { id: "cs", en: "cs" },
  bot: { id: "lanjut", en: "resume" },
  refund: { id: "refund", en: "refund" },
  review: { id: "tinjau", en: "review" },
}

const zoneNames: ReadonlyMap<string, string> = new Map([
  ["Asia/Jakarta", "WIB"],
  ["Asia/Pontianak", "WIB"],
  ["Asia/Makassar", "WITA"],
  ["Asia/Jayapura", "WIT"],
])

const months: Readonly<Record<Language, readonly string[]>> = {
  id: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}

/** Throws a RangeError when the zone does not exist. */
export function makeWording(language: Language, { prefix, zone, offersQris = true }: Manner): Wording {
  return {
    offersQris,
    command: (name) => `${prefix}${commandWords[name][language]}`,
    typed: (word) => `${prefix}${word}`,
    desk: (words) => `${prefix}${words}`,
    time: timeFormat(language, zone),
  }
}

/** A moment in the shop's zone. For many moments, take the `time` of a wording instead. */
export function formatTime(at: Date, language: Language, zone = "Asia/Jakarta"): string {
  return timeFormat(language, zone)(at)
}

/** Not empty, in one line. */
export function join(...lines: readonly (string | false | undefined)[]): string {
  return lines.filter((line) => line !== false && line !== undefined).join("\n")
}

/** A name from outside in one short line, without what WhatsApp would take for formatting. */
export function oneLine(text: string, maxCharacters = 80): string {
  const line = text
    .toWellFormed()
    .replace(/[*_~`\p{Cc}\p{Z}]+/gu, " ")
    .trim()
  const characters = [...line]
  return characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join("")}…` : line
}

const listedMax = 300

/** What grows with the shop is cut, so that a message stays one that WhatsApp takes. */
export function cut(list: readonly string[]): readonly string[] {
  return list.length > listedMax ? [...list.slice(0, listedMax), "…"] : list
}

/** Categories in one line. */
export function categoryNames(names: readonly string[]): string {
  return cut(names.map((name) => oneLine(name, 40))).join(", ")
}

/** A product as it is spoken of: by its name where that is known, and always by what is typed for it. */
export function nameWithCode({ code, name }: Readonly<{ code: string; name?: string | undefined }>): string {
  return name ? `${oneLine(name)} (${code})` : code
}

/** What was bought, a line each; `below` is what comes off it. */
export function orderLines(lines: readonly OrderLine[], below?: string | undefined): string {
  const bought = lines.map((line) => `${line.quantity} × ${oneLine(line.name)}: ${formatRupiah(line.amount)}`)
  return [...bought, ...(below === undefined ? [] : [below])].join("\n")
}

/** One unit a line, as it is stored; monospace, so that no `*` or `_` in it is taken for formatting. */
export function unitBlock(units: readonly string[]): string {
  const block = units.join("\n")
  return block.includes("`") ? block : `\`\`\`\n${block}\n\`\`\``
}

/** The last minute of what ends at an instant: a day's end is said as 23.59, not as the next day's 00.00. */
export function lastMoment(endsAt: string): Date {
  return new Date(new Date(endsAt).getTime() - 60_000)
}

export function isAfter(one: string, other: string): boolean {
  return new Date(one) > new Date(other)
}

function timeFormat(language: Language, zone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
  const separator = language === "id" ? "." : ":"
  return (at) => {
    const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ""
    const month = months[language][Number(part("month")) - 1] ?? ""
    const clock = `${part("hour")}${separator}${part("minute")}`
    return `${Number(part("day"))} ${month} ${part("year")} ${clock} ${zoneNames.get(zone) ?? `(${zone})`}`
  }
}
