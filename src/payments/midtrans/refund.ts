import * as v from "valibot"
import type { RefundOutcome, RefundRequest } from "../payment-provider.ts"
import { doubt, lookUp, type Midtrans, wordForCode } from "./look-up.ts"
import type { Answer } from "./midtrans-calls.ts"
import { isSafeReference, readTransaction } from "./transaction.ts"

/** Not in the state for it (412), or more than is left to pay back (414). */
const refusedCodes: readonly number[] = [412, 414]

/** Nothing was paid back, and the same request may do so later: also once the key is a right one again. */
const laterCodes: readonly number[] = [401, 403, 408, 409, 429]

const keyUsedCode = 406

const reasonLengthMax = 255

const refundAnswer = v.object({
  status_code: v.literal("200"),
  transaction_status: v.pipe(v.string(), v.toLowerCase(), v.picklist(["refund", "partial_refund"])),
  refund_key: v.string(),
})

/**
 * Pays back under a key that Midtrans takes once. Whatever else is answered, the status is looked up: a
 * refund under this key that is listed there was made, by this request or by one whose answer got lost.
 * Never assumed: a key that is said to be used and is not listed stays unknown, and so does a refusal by
 * anybody but Midtrans, or while the status is silent.
 */
export async function refund(request: RefundRequest, midtrans: Midtrans): Promise<RefundOutcome> {
  const { reference, refundKey, amount, reason } = request
  if (!isSafeReference(reference)) return { kind: "refused", reason: "unsafe reference" }
  if (!/^[A-Za-z0-9_-]{1,50}$/.test(refundKey)) return { kind: "refused", reason: "unsafe refund key" }
  if (!Number.isSafeInteger(amount) || amount < 1)
    return { kind: "refused", reason: "amount is not whole rupiah" }
  const parameter = { refund_key: refundKey, amount, reason: reason.slice(0, reasonLengthMax) }
  const said = readAnswer(await midtrans.calls.refund(reference, parameter), request, midtrans)
  if (said.kind === "refunded") return said
  return await findRefund(request, said, midtrans)
}

function readAnswer(answer: Answer, request: RefundRequest, { log }: Midtrans): RefundOutcome {
  const { reference } = request
  if (answer.kind === "answered") {
    const reading = readTransaction(answer.body, reference)
    if (reading.kind !== "read") return doubt("refund", reference, reading, log)
    if (isOurRefund(answer.body, request.refundKey)) return { kind: "refunded" }
    return { kind: "unknown", reason: "refund is not confirmed", isAnswered: true }
  }
  if (answer.kind === "no_answer" || answer.code >= 500 || !answer.fromMidtrans)
    return doubt("refund", reference, answer, log)
  const { code } = answer
  if (code === keyUsedCode || laterCodes.includes(code))
    return { kind: "unknown", reason: wordForCode(code), isAnswered: true }
  const reason = refusedCodes.includes(code) ? wordForRefusal(code) : wordForCode(code)
  log.warn("midtrans refused a refund", { operation: "refund", reference, reason, status: code })
  return { kind: "refused", reason }
}

function isOurRefund(body: unknown, refundKey: string): boolean {
  const parsed = v.safeParse(refundAnswer, body)
  return parsed.success && parsed.output.refund_key === refundKey
}

async function findRefund(
  request: RefundRequest,
  said: Exclude<RefundOutcome, { kind: "refunded" }>,
  midtrans: Midtrans,
): Promise<RefundOutcome> {
  const found = await lookUp(request.reference, midtrans)
  if (found.kind === "known") {
    const made = found.transaction.refunds.find(({ key }) => key === request.refundKey)
    if (made?.amount === request.amount) return { kind: "refunded" }
    if (made) return { kind: "refused", reason: "refund key used for another amount" }
  }
  if (said.kind === "unknown") return said
  return found.kind === "unknown" ? found : said
}

function wordForRefusal(code: number): string {
  return code === 414 ? "amount is more than is left to refund" : "charge can't be refunded in its state"
}
