import { formatRupiah, rupiah } from "../../shop/money.ts"

const linesMax = 12
const valueMax = 120

type Noted = string | number | boolean

/** What is said of something noted, by its name; an empty text where it is said elsewhere. */
export type EvidenceWords = Readonly<Record<string, (value: Noted) => string>>

/**
 * What is known of a review besides, a line each. What no words are given for stands under the name it was
 * noted by, so that nothing is kept from whoever decides.
 */
export function describeEvidence(
  evidence: Readonly<Record<string, unknown>>,
  words: EvidenceWords,
): readonly string[] {
  return Object.entries(evidence)
    .flatMap(([name, value]) => {
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return []
      const say = Object.hasOwn(words, name) ? words[name] : undefined
      return say ? say(value) : `${name}: ${shown(value)}`
    })
    .filter((line) => line !== "")
    .slice(0, linesMax)
}

/** What stands for something noted, or is said of it where no words are known for it. */
export function wordFor(words: Readonly<Record<string, string>>, value: Noted): string | undefined {
  return Object.hasOwn(words, String(value)) ? words[String(value)] : undefined
}

/** To be copied, so nothing but line breaks and the like is taken out of it. */
export function shown(value: Noted): string {
  const line = [...String(value).replace(/[\p{Cc}\p{Z}]+/gu, " ")]
  return line.length > valueMax ? `${line.slice(0, valueMax - 1).join("")}…` : line.join("")
}

/** An amount that was noted; as it is where it is none. */
export function moneyOf(value: unknown): string {
  return Number.isSafeInteger(value) ? formatRupiah(rupiah(Number(value))) : shown(String(value))
}

/** Amounts noted side by side: `10000, 20000`. */
export function amountsOf(value: Noted): string {
  return String(value)
    .split(", ")
    .map((amount) => moneyOf(/^[0-9]{1,15}$/.test(amount) ? Number(amount) : amount))
    .join(", ")
}

/** What a sale, a balance and nobody gave when money was taken back, as the ledger has it. */
export function lossOf(evidence: Readonly<Record<string, unknown>>) {
  const amount = (name: string) => (Number.isSafeInteger(evidence[name]) ? Number(evidence[name]) : 0)
  const isRefund = evidence.reversal === "refund"
  return {
    lessRevenue: rupiah(isRefund ? amount("fromSale") : 0),
    fromBalance: rupiah(amount("fromBalance")),
    /** What was taken from us is lost, the sale's money too; the goods are gone. */
    lost: rupiah(amount("lost") + (isRefund ? 0 : amount("fromSale"))),
  }
}
