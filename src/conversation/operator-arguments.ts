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
])

/** ORDER [AMOUNT] [saldo|provider] [--lagi] REASON. A number behind the order is always the amount. */
export function readRefund([codeWord, ...words]: readonly string[]): Reading {
  if (codeWord === undefined) return { reason: { kind: "missing_order_code" } }
  const orderCode = readCode(codeWord)
  if (orderCode === undefined) return { reason: { kind: "malformed_order_code" } }
  const money = takeAmount(words)
  if ("reason" in money) return money
  const destination = destinations.get((money.rest[0] ?? "").toLowerCase())
  const afterDestination = money.rest.slice(destination ? 1 : 0)
  const again = /^[-\u2013\u2014]{1,2}(?:lagi|again)$/i.test(afterDestination[0] ?? "")
  const said = takeReason(afterDestination.slice(again ? 1 : 0))
  if (typeof said !== "string") return { reason: said }
  return {
    kind: "refund",
    orderCode,
    ...(money.amount !== undefined && { amount: money.amount }),
    destination: destination ?? "saldo",
    again,
    reason: said,
  }
}

/** [NUMBER [saldo CUSTOMER | pesanan ORDER | abaikan] REASON]. */
export function readReview([numberWord, ...words]: readonly string[]): Reading {
  if (numberWord === undefined) return { kind: "review" }
  const [, digits] = /^#?([0-9]{1,9})$/.exec(numberWord) ?? []
  if (digits === undefined) return { reason: { kind: "malformed_review" } }
  const id = Number(digits) as ReviewId
  const [verbWord, ...rest] = words
  if (verbWord === undefined) return { kind: "review", id }
  const verb = verbs.get(verbWord.toLowerCase())
  if (verb === undefined) return { reason: { kind: "malformed_review" } }
  const target = verb === "dismissed" ? "" : (rest[0] ?? "")
  const decision = decisionOf(verb, target)
  if (!decision) return { reason: { kind: "malformed_review" } }
  const said = takeReason(verb === "dismissed" ? rest : rest.slice(1))
  return typeof said === "string"
    ? { kind: "review", id, decision: { decision, reason: said } }
    : { reason: said }
}

function decisionOf(kind: Decision["kind"], target: string): Decision | undefined {
  if (kind === "dismissed") return { kind }
  if (kind === "credited") return /[0-9]/.test(target) ? { kind, number: target } : undefined
  const payment = readCode(target)
  return payment === undefined ? undefined : { kind, payment }
}

/**
 * An amount may go over several words (`Rp 10 rb`). What begins like one and can't be read is asked again:
 * taken for the reason, it would give everything back.
 */
function takeAmount(
  words: readonly string[],
): { amount?: Rupiah; rest: readonly string[] } | { reason: InvalidReason } {
  for (const length of [3, 2, 1]) {
    const amount = words.length < length ? undefined : amountOf(words.slice(0, length).join(" "))
    if (amount === undefined) continue
    const { min, max } = refundLimits
    if (amount < min || amount > max) return { reason: { kind: "amount_not_a_number" } }
    return { amount: rupiah(amount), rest: words.slice(length) }
  }
  if (/^(?:[+-]?[0-9]|rp)/i.test(words[0] ?? "")) return { reason: { kind: "amount_not_a_number" } }
  return { rest: words }
}

function takeReason(words: readonly string[]): string | InvalidReason {
  const reason = words.join(" ")
  if (reason === "") return { kind: "missing_reason" }
  return [...reason].length > reasonLimit ? { kind: "reason_too_long", max: reasonLimit } : reason
}
