import { type Rupiah, rupiah } from "../shop/money.ts"
import { asciiDigits } from "./digits.ts"
import type { Command, Intent, InvalidReason, Language, PaymentMethod } from "./intent.ts"
import { categoryLimit, depositLimits, pageLimits, quantityLimits } from "./limits.ts"
import { readRefund, readReview } from "./operator-arguments.ts"
import { amountOf, type Reading, readCode } from "./read-words.ts"
import { readRestock, readVoucher } from "./voucher-arguments.ts"

const methods: ReadonlyMap<string, PaymentMethod> = new Map([
  ["saldo", "saldo"],
  ["balance", "saldo"],
  ["qris", "qris"],
  ["qr", "qris"],
])

const otherMethods = new Set(
  "gopay dana ovo shopeepay linkaja bca bni bri mandiri transfer bank va cod cash tunai kartu paypal".split(
    " ",
  ),
)

const languages: ReadonlyMap<string, Language> = new Map([
  ["id", "id"],
  ["indonesia", "id"],
  ["indonesian", "id"],
  ["en", "en"],
  ["english", "en"],
  ["inggris", "en"],
])

/** Reads what follows a command's word. Commands that take nothing ignore what follows. */
export function readArguments(command: Command, words: readonly string[]): Intent {
  const read = readers[command](words)
  return "kind" in read ? read : { kind: "invalid", command, reason: read.reason }
}

const readers: Readonly<Record<Command, (words: readonly string[]) => Reading>> = {
  menu: () => ({ kind: "menu" }),
  help: () => ({ kind: "help" }),
  catalogue: readCatalogue,
  categories: () => ({ kind: "categories" }),
  detail: readDetail,
  buy: readBuy,
  balance: () => ({ kind: "balance" }),
  deposit: readDeposit,
  status: (words) => readOrder(words, (orderCode) => ({ kind: "status", ...orderCode })),
  history: readHistory,
  cancel: (words) => readOrder(words, (orderCode) => ({ kind: "cancel", ...orderCode })),
  language: readLanguage,
  pay_demo: () => ({ kind: "pay_demo" }),
  resend: readResend,
  warranty: readWarranty,
  address: (words) => readOrder(words, (orderCode) => ({ kind: "address", ...orderCode })),
  voucher: readVoucher,
  restock: readRestock,
  receipt: (words) => readOrder(words, (orderCode) => ({ kind: "receipt", ...orderCode })),
  received: readReceived,
  stop_broadcasts: () => ({ kind: "stop_broadcasts" }),
  start_broadcasts: () => ({ kind: "start_broadcasts" }),
  person: () => ({ kind: "person" }),
  bot: () => ({ kind: "bot" }),
  refund: readRefund,
  review: readReview,
}

function readCatalogue(words: readonly string[]): Reading {
  const last = words.at(-1) ?? ""
  const endsInPage = looksNumeric(last)
  const page = endsInPage ? readPage(last) : 1
  if (page === undefined) return { reason: { kind: "page_invalid" } }
  const category = (endsInPage ? words.slice(0, -1) : words).join(" ").slice(0, categoryLimit).toWellFormed()
  return category === "" ? { kind: "catalogue", page } : { kind: "catalogue", category, page }
}

function readDetail(words: readonly string[]): Reading {
  if (words.length === 0) return { reason: { kind: "missing_code" } }
  const code = readCode(words.join(" "))
  return code === undefined ? { reason: { kind: "malformed_code" } } : { kind: "detail", code }
}

function readBuy([codeWord, ...rest]: readonly string[]): Reading {
  if (codeWord === undefined) return { kind: "order" }
  const code = readCode(codeWord)
  if (code === undefined) return { reason: { kind: "malformed_code" } }
  let quantity: number | undefined
  let method: PaymentMethod | undefined
  for (const word of rest) {
    const named = methods.get(word.toLowerCase())
    if (named ? method !== undefined : quantity !== undefined && method !== undefined)
      return { reason: { kind: "too_many_words" } }
    if (named) {
      method = named
      continue
    }
    if (quantity !== undefined || otherMethods.has(word.toLowerCase()))
      return { reason: { kind: "unknown_method" } }
    const read = readQuantity(word)
    if (typeof read !== "number") return { reason: read }
    quantity = read
  }
  return { kind: "buy", code, quantity: quantity ?? 1, ...(method && { method }) }
}

function readDeposit(words: readonly string[]): Reading {
  if (words.length === 0) return { reason: { kind: "missing_amount" } }
  const amount = readAmount(words.join(" "))
  return typeof amount === "number" ? { kind: "deposit", amount } : { reason: amount }
}

function readOrder(words: readonly string[], intent: (orderCode: { orderCode?: string }) => Intent): Reading {
  if (words.length === 0) return intent({})
  const orderCode = readCode(words.join(" "))
  return orderCode === undefined ? { reason: { kind: "malformed_order_code" } } : intent({ orderCode })
}

function readHistory(words: readonly string[]): Reading {
  if (words.length === 0) return { kind: "history", page: 1 }
  const page = readPage(words.join(" "))
  return page === undefined ? { reason: { kind: "page_invalid" } } : { kind: "history", page }
}

function readResend(words: readonly string[]): Reading {
  if (words.length === 0) return { reason: { kind: "missing_order_code" } }
  const orderCode = readCode(words.join(" "))
  return orderCode === undefined
    ? { reason: { kind: "malformed_order_code" } }
    : { kind: "resend", orderCode }
}

/** `.terima kasih` is a thank-you, whatever follows it. */
function readReceived(words: readonly string[]): Reading {
  if (/^(?:kasih|ksh)$/i.test(words[0] ?? "")) return { kind: "thanks" }
  return readOrder(words, (orderCode) => ({ kind: "received", ...orderCode }))
}

function readWarranty([codeWord, placeWord, ...rest]: readonly string[]): Reading {
  if (codeWord === undefined) return { reason: { kind: "missing_order_code" } }
  const orderCode = readCode(codeWord)
  if (orderCode === undefined) return { reason: { kind: "malformed_order_code" } }
  if (placeWord === undefined) return { kind: "warranty", orderCode }
  if (rest.length > 0) return { reason: { kind: "too_many_words" } }
  const place = readQuantity(placeWord.replace(/^#/, ""))
  return typeof place === "number"
    ? { kind: "warranty", orderCode, place }
    : { reason: { kind: "place_invalid" } }
}

function readLanguage(words: readonly string[]): Reading {
  if (words.length === 0) return { kind: "language" }
  const language = languages.get(words.join(" ").toLowerCase())
  return language ? { kind: "language", language } : { reason: { kind: "unknown_language" } }
}

/** Digits only, of any script: with money behind it, `1e9` or `②` is asked again rather than guessed. */
function readQuantity(said: string): number | InvalidReason {
  const word = /^\p{Nd}+$/u.test(said) ? asciiDigits(said) : said
  if (/^[+-]?[0-9]+[.,][0-9]+$/.test(word)) return { kind: "quantity_not_whole" }
  if (!/^[+-]?[0-9]+$/.test(word)) return { kind: "quantity_not_a_number" }
  const quantity = Number(word)
  const { min, max } = quantityLimits
  return quantity >= min && quantity <= max ? quantity : { kind: "quantity_out_of_range", min, max }
}

function readAmount(text: string): Rupiah | InvalidReason {
  const amount = amountOf(text)
  if (amount === undefined) return { kind: "amount_not_a_number" }
  const { min, max } = depositLimits
  return amount >= min && amount <= max ? rupiah(amount) : { kind: "amount_out_of_range", min, max }
}

function looksNumeric(word: string): boolean {
  return /^[+-]?[0-9]+(?:[.,][0-9]+)?$/.test(word)
}

function readPage(word: string): number | undefined {
  if (!/^[0-9]{1,9}$/.test(word)) return undefined
  const page = Number(word)
  return page >= pageLimits.min && page <= pageLimits.max ? page : undefined
}
