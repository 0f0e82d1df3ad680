import type { Decision } from "../shop/decide-review.ts"
import type { ReviewId } from "../shop/ids.ts"
import { type Rupiah, rupiah } from "../shop/money.ts"
import type { InvalidReason } from "./intent.ts"
import { reasonLimit, refundLimits } from "./limits.ts"
import { amountOf, type Reading, readCode } from "./read-words.ts"

const destinations: ReadonlyMap<string, "saldo" | "provider"> = new Map([
  ["saldo", "saldo"],
  ["balance", "saldo"],
  ["provider", "provider"],
  ["penyedia", "provider"],
])

const verbs: ReadonlyMap<string, Decision["kind"]> = new Map([
  ["saldo", "credited"],
  ["balance", "credited"],
  ["pesanan", "settled"],
  ["order", "settled"],
  ["abaikan", "dismissed"],
  ["dismiss", "dismissed"],
  ["ditarik", "taken"],
  ["took", "taken"],
  ["berhasil", "made"],
  ["made", "made"],
  ["gagal", "not_made"],
  ["failed", "not_made"],
])

const everything = new Set(["semua", "semuanya", "all"])

type Extent = { amount?: Rupiah; isAll: boolean; destination?: "saldo" | "provider"; again: boolean }

/**
 * ORDER, then how much (AMOUNT, or `semua`), saldo|provider and --lagi in any order, then REASON. Everything
 * is given back only where that is said: what was meant for an amount and isn't read as one must never do it.
 */
export function readRefund([codeWord, ...words]: readonly string[]): Reading {
  if (codeWord === undefined) return { reason: { kind: "missing_order_code" } }
  const orderCode = readCode(codeWord)
  if (orderCode === undefined) return { reason: { kind: "malformed_order_code" } }
  const read = readExtent(words)
  if ("reason" in read) return read
  const { amount, isAll, destination, again } = read.extent
  if ((amount === undefined) !== isAll || read.isMoneyLeft)
    return { reason: { kind: "refund_how_much", orderCode } }
  const said = takeReason(read.rest)
  if (typeof said !== "string") return { reason: said }
  return {
    kind: "refund",
    orderCode,
    ...(amount !== undefined && { amount }),
    destination: destination ?? "saldo",
    again,
    reason: said,
  }
}

function readExtent(
  words: readonly string[],
): { extent: Extent; rest: readonly string[]; isMoneyLeft: boolean } | { reason: InvalidReason } {
  const extent: Extent = { isAll: false, again: false }
  let rest = words
  for (;;) {
    const [word = ""] = rest
    const destination = destinations.get(word.toLowerCase())
    if (destination && !extent.destination) extent.destination = destination
    else if (/^[-\u2013\u2014]{1,2}(?:lagi|again)$/i.test(word)) extent.again = true
    else if (everything.has(word.toLowerCase()) && !extent.isAll) extent.isAll = true
    else if (extent.amount === undefined && isLikeMoney(word)) {
      const money = takeAmount(rest)
      if ("reason" in money) return money
      extent.amount = money.amount
      rest = money.rest
      continue
    } else return { extent, rest, isMoneyLeft: isLikeMoney(word) }
    rest = rest.slice(1)
  }
}

/**
 * [NUMBER [DECISION REASON]], where DECISION is saldo CUSTOMER [AMOUNT], pesanan ORDER [AMOUNT], ditarik
 * AMOUNT, berhasil, gagal or abaikan.
 */
export function readReview([numberWord, ...words]: readonly string[]): Reading {
  if (numberWord === undefined) return { kind: "review" }
  const [, digits] = /^#?([0-9]{1,9})$/.exec(numberWord) ?? []
  if (digits === undefined) return { reason: { kind: "malformed_review" } }
  const id = Number(digits) as ReviewId
  const [verbWord, ...rest] = words
  if (verbWord === undefined) return { kind: "review", id }
  const verb = verbs.get(verbWord.toLowerCase())
  const read = verb && readDecision(verb, rest)
  if (!read) return { reason: { kind: "malformed_review" } }
  if ("reason" in read) return read
  if (read.hasAmount && isLikeMoney(read.rest[0] ?? "")) return { reason: { kind: "amount_not_a_number" } }
  const said = takeReason(read.rest)
  return typeof said === "string"
    ? { kind: "review", id, decision: { decision: read.decision, reason: said } }
    : { reason: said }
}

type ReadDecision = Readonly<{ decision: Decision; rest: readonly string[]; hasAmount: boolean }>

function readDecision(
  kind: Decision["kind"],
  words: readonly string[],
): ReadDecision | { reason: InvalidReason } | undefined {
  if (kind === "dismissed" || kind === "made" || kind === "not_made")
    return { decision: { kind }, rest: words, hasAmount: false }
  if (kind === "taken") {
    const money = takeAmount(words)
    if ("reason" in money) return money
    return { decision: { kind, amount: money.amount }, rest: money.rest, hasAmount: true }
  }
  const target = words[0] ?? ""
  const decision = decisionOf(kind, target)
  if (!decision || !isLikeMoney(words[1] ?? ""))
    return decision && { decision, rest: words.slice(1), hasAmount: false }
  const money = takeAmount(words.slice(1))
  if ("reason" in money) return money
  return { decision: { ...decision, amount: money.amount }, rest: money.rest, hasAmount: true }
}

function decisionOf(kind: "credited" | "settled", target: string) {
  if (kind === "credited") return /[0-9]/.test(target) ? { kind, number: target } : undefined
  const payment = readCode(target)
  return payment === undefined ? undefined : { kind, payment }
}

/** Begins with a number, or names rupiah, whatever stands before it: `(5000)`, `+5`, `IDR 5000`. */
function isLikeMoney(word: string): boolean {
  return /^[^\p{L}\p{N}]*(?:\p{N}|(?:rp|idr)(?!\p{L}))/iu.test(word)
}

/** An amount may go over several words (`Rp 10 rb`). */
export function takeAmount(
  words: readonly string[],
): { amount: Rupiah; rest: readonly string[] } | { reason: InvalidReason } {
  for (const length of [3, 2, 1]) {
    const amount = words.length < length ? undefined : amountOf(words.slice(0, length).join(" "))
    if (amount === undefined) continue
    const { min, max } = refundLimits
    if (amount < min || amount > max) break
    return { amount: rupiah(amount), rest: words.slice(length) }
  }
  return { reason: { kind: "amount_not_a_number" } }
}

export function takeReason(words: readonly string[]): string | InvalidReason {
  const reason = words.join(" ")
  if (reason === "") return { kind: "missing_reason" }
  return [...reason].length > reasonLimit ? { kind: "reason_too_long", max: reasonLimit } : reason
}
