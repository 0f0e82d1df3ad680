import type { Log } from "../../operations/log.ts"
import type { ChargeReference, Unknown } from "../payment-provider.ts"
import type { Answer, MidtransCalls } from "./midtrans-calls.ts"
import { isSafeReference, isTransactionId, readTransaction, type Transaction } from "./transaction.ts"

/** What every use of Midtrans needs at hand. */
export type Midtrans = Readonly<{ calls: MidtransCalls; log: Log; clock: () => Date }>

export type LookUpOutcome =
  | Readonly<{ kind: "known"; transaction: Transaction }>
  | Readonly<{ kind: "not_found" }>
  | Unknown

/**
 * Asks Midtrans for the latest transaction of an order, or for one of its transactions, which is "not found"
 * when it is another order's. Only Midtrans' own 404 is "not found": one of a proxy says nothing.
 */
export async function lookUp(
  reference: ChargeReference,
  midtrans: Midtrans,
  transactionId?: string,
): Promise<LookUpOutcome> {
  if (!isSafeReference(reference)) return { kind: "unknown", reason: "unsafe reference" }
  if (transactionId !== undefined && !isTransactionId(transactionId)) return { kind: "not_found" }
  const answer = await midtrans.calls.status(transactionId ?? reference)
  if (answer.kind === "failed" && answer.code === 404 && answer.fromMidtrans) return { kind: "not_found" }
  if (answer.kind !== "answered") return doubt("status", reference, answer, midtrans.log)
  const reading = readTransaction(answer.body, reference)
  if (reading.kind === "read") return { kind: "known", transaction: reading.transaction }
  if (reading.isOfAnother && transactionId !== undefined) return { kind: "not_found" }
  return doubt("status", reference, reading, midtrans.log)
}

/** Writes down why an answer settles nothing, in our own words only, and returns it as the outcome. */
export function doubt(
  operation: "charge" | "status" | "refund",
  reference: ChargeReference,
  cause: Exclude<Answer, { kind: "answered" }> | Readonly<{ kind: "unreadable"; reason: string }>,
  log: Log,
): Unknown {
  const reason = wordFor(cause)
  const code = cause.kind === "failed" ? { status: cause.code } : {}
  log.warn("midtrans did not settle the question", { operation, reference, reason, ...code })
  return { kind: "unknown", reason, ...(cause.kind === "unreadable" && { isAnswered: true }) }
}

function wordFor(cause: Parameters<typeof doubt>[2]): string {
  if (cause.kind === "unreadable") return cause.reason
  if (cause.kind === "no_answer") return "no answer"
  return wordForCode(cause.code)
}

export function wordForCode(code: number): string {
  if (code === 401) return "server key not accepted"
  if (code === 429) return "too many requests"
  if (code === 406) return "reference already used"
  return code >= 500 ? "provider is failing" : "provider refused"
}
