import { mayOperate, type Role } from "../shop/customer.ts"
import type { Command, OperatorCommand } from "./intent.ts"
import { normalWord } from "./normal-words.ts"
import { slipsBetween } from "./slips.ts"

type Words = Readonly<{
  /** Understood with the prefix and without it. */
  plain: readonly string[]
  /** Understood only with the prefix: without it they are everyday words. */
  prefixed: readonly string[]
}>

const vocabulary: Readonly<Record<Exclude<Command, OperatorCommand>, Words>> = {
  menu: { plain: ["menu", "start", "mulai"], prefixed: ["home", "beranda"] },
  help: { plain: ["help", "bantuan"], prefixed: ["bantu", "tolong", "cara", "?"] },
  catalogue: {
    plain: ["produk", "katalog", "product", "products", "catalog", "catalogue"],
    prefixed: ["list", "daftar", "stok", "stock", "shop"],
  },
  categories: { plain: ["kategori", "categories"], prefixed: ["category"] },
  detail: { plain: ["detail"], prefixed: ["details", "info", "lihat"] },
  buy: { plain: ["buy", "beli", "order", "pesan"], prefixed: [] },
  balance: { plain: ["saldo", "balance"], prefixed: [] },
  deposit: { plain: ["deposit", "topup"], prefixed: ["depo", "isi"] },
  status: { plain: ["status"], prefixed: ["cek", "lacak", "track"] },
  history: { plain: ["riwayat", "history"], prefixed: ["pesanan", "orders"] },
  cancel: { plain: ["batal", "cancel"], prefixed: ["batalkan"] },
  language: { plain: ["bahasa", "language"], prefixed: ["lang"] },
  pay_demo: { plain: ["bayar"], prefixed: ["pay"] },
  resend: { plain: [], prefixed: ["kirim", "resend"] },
  warranty: { plain: ["garansi", "warranty"], prefixed: ["klaim", "claim"] },
  address: { plain: [], prefixed: ["alamat", "address"] },
  // A word that names products too: without the prefix somebody may be looking for one.
  voucher: { plain: [], prefixed: ["voucher", "kupon", "coupon", "promo"] },
  restock: { plain: ["kabari", "notify"], prefixed: [] },
  receipt: { plain: ["struk", "receipt"], prefixed: ["nota", "kuitansi"] },
  received: { plain: [], prefixed: ["terima", "diterima", "received"] },
  stop_broadcasts: { plain: [], prefixed: ["berhenti", "stop", "unsubscribe"] },
  // Behind the menu, which "mulai" alone means.
  start_broadcasts: { plain: [], prefixed: ["mulai", "langganan", "subscribe"] },
  person: { plain: ["cs"], prefixed: ["human", "orang", "penjual"] },
  bot: { plain: [], prefixed: ["lanjut", "lanjutkan", "resume", "continue"] },
}

/** Always with the prefix, and never hinted at. */
export const operatorWords: ReadonlyMap<
  string,
  Readonly<{ command: OperatorCommand; least: "admin" | "owner" }>
> = new Map([
  ["refund", { command: "refund", least: "admin" }],
  ["tinjau", { command: "review", least: "owner" }],
  ["review", { command: "review", least: "owner" }],
  ["reviews", { command: "review", least: "owner" }],
])

const phrases: ReadonlyMap<string, Command> = new Map([
  // Alone and without a prefix, as one is used to; never guessed at.
  ["stop", "stop_broadcasts"],
  ["berhenti", "stop_broadcasts"],
  ["unsubscribe", "stop_broadcasts"],
  ["lihat produk", "catalogue"],
  ["daftar produk", "catalogue"],
  ["isi saldo", "deposit"],
  ["top up", "deposit"],
  ["cek saldo", "balance"],
  ["cek status", "status"],
  ["status pesanan", "status"],
  ["riwayat pesanan", "history"],
  ["batalkan pesanan", "cancel"],
  ["klaim garansi", "warranty"],
  ["riwayat kirim", "resend"],
  ["history resend", "resend"],
  ["pesan sekarang", "buy"],
  ["mau pesan", "buy"],
  ["mau beli", "buy"],
  ["mau order", "buy"],
  ["ubah alamat", "address"],
  ["change address", "address"],
])

/** The main menu's items in their order: answering `1` means the first. */
export const menuItems = ["buy", "catalogue", "balance", "deposit", "status", "history", "help"] as const

const entries = Object.entries(vocabulary) as [Command, Words][]

const plainWords: ReadonlyMap<string, Command> = new Map(
  entries.flatMap(([command, words]) => words.plain.map((word) => [word, command] as const)),
)

const allWords: ReadonlyMap<string, Command> = new Map(
  entries.flatMap(([command, words]) =>
    [...words.plain, ...words.prefixed].map((word) => [word, command] as const),
  ),
)

/**
 * The command at the start of a message, and the words that follow it. The words come in any letter case;
 * `role`: of who writes, as operators have commands of their own.
 */
export function findCommand(
  words: readonly string[],
  { prefixed, role = "customer" }: { prefixed: boolean; role?: Role },
): { command: Command; rest: readonly string[] } | undefined {
  const known = prefixed ? allWords : plainWords
  const phrase = phrases.get(words.slice(0, 2).map(normalWord).join(" "))
  if (phrase) return { command: phrase, rest: words.slice(2) }
  const first = words[0] ?? ""
  const forOperator = prefixed ? operatorCommand(normalWord(first), role) : undefined
  const command = forOperator ?? known.get(first) ?? known.get(normalWord(first))
  return command && { command, rest: words.slice(1) }
}

function operatorCommand(word: string, role: Role): OperatorCommand | undefined {
  const found = operatorWords.get(word)
  return found && mayOperate(role, found.least) ? found.command : undefined
}

/** The command whose word is a slip or two away, for a hint. */
export function nearestCommand(word: string, { prefixed }: { prefixed: boolean }): Command | undefined {
  const known = prefixed ? allWords : plainWords
  const nearest = nearestWord(word, [...known.keys()], { prefixed })
  return nearest && known.get(nearest.word)
}

/** The customers' word that is nearest to what stands behind a prefix. */
export function nearestOwnWord(word: string): NearWord | undefined {
  return nearestWord(word, [...allWords.keys()], { prefixed: true })
}

type NearWord = Readonly<{ word: string; slips: number }>

/** The first of the words that are the fewest slips away, if those are few enough to be slips. */
export function nearestWord(
  word: string,
  known: readonly string[],
  { prefixed }: { prefixed: boolean },
): NearWord | undefined {
  const wanted = normalWord(word)
  if (wanted.length > 16) return undefined
  let nearest: NearWord | undefined
  for (const candidate of known) {
    const slips = slipsBetween(wanted, candidate)
    const least = nearest?.slips ?? allowedSlips(wanted, prefixed) + 1
    if (slips < least && slips < candidate.length - 1) nearest = { word: candidate, slips }
  }
  return nearest
}

function allowedSlips(word: string, prefixed: boolean): number {
  if (!prefixed) return word.length >= 4 ? 1 : 0
  return word.length >= 5 ? 2 : 1
}
