import { saysIncoming, saysMoney } from "./words-of-money.ts"

/** Why what a notification says is for a person to judge. */
export type Doubt = "no_amount" | "several_amounts" | "unreadable_amount" | "not_incoming"

export type MoneyReading =
  /** Exactly one amount of whole rupiah, which is said to have come in, and nothing that says otherwise. */
  | Readonly<{ kind: "clear"; amount: number }>
  /** `isIncoming`: it is said to have come in, so that only the amount is in doubt. */
  | Readonly<{ kind: "doubtful"; doubt: Doubt; amounts: readonly number[]; isIncoming: boolean }>
  /** No figure, and no word of money. */
  | Readonly<{ kind: "no_money" }>

const digits_max = 12

const named = /(?<![\p{L}\d])(?:rp|idr)\.?\s*([0-9][0-9.,]*)(.?)/giu
const trailing = /(?<![\p{L}\d.,])([0-9][0-9.,]*)\s*(?:idr|rupiah)(?![\p{L}\d])/giu
/** A figure in groups of thousands without a currency: it may be the amount that is meant. */
const grouped = /(?<![\d.,])[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{2})?(?![\d])/g
/** `Rp 15 rb`, `Rp 1,5 juta`, `Rp 15.***`: what is written is not all of it. */
const shortened =
  /(?<![\p{L}\d])(?:rp|idr)\.?\s*[0-9][0-9.,]*\s*(?:(?:rb|ribu|k|jt|juta|m|miliar)(?!\p{L})|[*•%])/iu

/**
 * Reads how much money a notification says came in. Only what has one meaning is believed: one amount, in an
 * Indonesian notation (`Rp 15.037`, `Rp15.037,00`, `IDR 15,037.00`), a word of money that came, and none of
 * money that goes or waits.
 */
export function readMoney(title: string, text: string): MoneyReading {
  const words = `${title}\n${text}`.normalize("NFKC")
  const read = [...words.matchAll(named), ...words.matchAll(trailing)].map(([, figure = "", next = ""]) =>
    /\p{L}/u.test(next) ? undefined : readFigure(figure),
  )
  const loose = [...words.matchAll(grouped)].map(([figure]) => readFigure(figure))
  const amounts = [...new Set([...read, ...loose])].filter((amount) => amount !== undefined && amount > 0)
  const known = amounts.flatMap((amount) => amount ?? [])
  const isIncoming = saysIncoming(words)
  const doubtful = (doubt: Doubt): MoneyReading => ({ kind: "doubtful", doubt, amounts: known, isIncoming })
  if (read.includes(undefined) || shortened.test(words)) return doubtful("unreadable_amount")
  const [amount] = known
  if (amount === undefined) return saysMoney(words) ? doubtful("no_amount") : { kind: "no_money" }
  if (known.length > 1) return doubtful("several_amounts")
  if (!read.includes(amount)) return doubtful("no_amount")
  return isIncoming ? { kind: "clear", amount } : doubtful("not_incoming")
}

/** Undefined when it is not whole rupiah, or can be read in two ways. */
function readFigure(written: string): number | undefined {
  const figure = written.replace(/[.,]+$/, "")
  const whole = [
    /^([0-9]+)(?:[.,]00)?$/,
    /^([0-9]{1,3}(?:\.[0-9]{3})+)(?:,00)?$/,
    /^([0-9]{1,3}(?:,[0-9]{3})+)(?:\.00)?$/,
  ]
    .map((notation) => notation.exec(figure)?.[1])
    .find((found) => found !== undefined)
  const digits = whole?.replace(/[.,]/g, "")
  return digits === undefined || digits.length > digits_max ? undefined : Number(digits)
}
