import type { ChargeOutcome, ChargeReference, ChargeRequest } from "../payment-provider.ts"
import { cancel } from "./cancel.ts"
import { doubt, lookUp, type Midtrans, wordForCode } from "./look-up.ts"
import type { Answer, ChargeParameter } from "./midtrans-calls.ts"
import { describeItem, expiryMinutes } from "./offer.ts"
import { isSafeReference, readTransaction, type Transaction } from "./transaction.ts"

/** What QRIS allows in one payment, in rupiah. */
const amountLimits = { min: 1, max: 10_000_000 } as const

/** Errors after which the charge may stand nevertheless: a time-out, one already made, one being made. */
const undecidedCodes: readonly number[] = [406, 408, 409]

/** A charge that stands, but whose code can't be read as text: nobody can pay it yet. */
type WithoutCode = Readonly<{ kind: "without_code" }>

/**
 * Makes the charge, once per reference. Any doubt is put to the status API before answering.
 *
 * The address of a code's picture, which is all that some acquirers give, is not taken for the code: a bank's
 * app can't pay it. Such a charge is cancelled, so that the customer hears of it instead of waiting.
 */
export async function charge(request: ChargeRequest, midtrans: Midtrans): Promise<ChargeOutcome> {
  const { reference, amount } = request
  if (!isSafeReference(reference)) return { kind: "refused", reason: "unsafe reference" }
  if (amount < amountLimits.min || amount > amountLimits.max)
    return { kind: "refused", reason: "amount outside of what QRIS allows" }
  const parameter = chargeParameter(request, midtrans.clock())
  const first = readAnswer(await midtrans.calls.charge(parameter), request, midtrans)
  if (first.kind !== "unknown" && first.kind !== "without_code") return first
  const found = await askForCharge(request, midtrans)
  if (found.kind !== "without_code") return found
  if (first.kind === "without_code") return giveUp(reference, midtrans)
  return readOnceMore(parameter, request, midtrans)
}

/** The same request under the same idempotency key is answered from memory, code included. */
async function readOnceMore(
  parameter: ChargeParameter,
  request: ChargeRequest,
  midtrans: Midtrans,
): Promise<ChargeOutcome> {
  const again = readAnswer(await midtrans.calls.charge(parameter), request, midtrans)
  if (again.kind === "charged") return again
  return { kind: "unknown", reason: "charge stands without its code", isAnswered: true }
}

async function giveUp(reference: ChargeReference, midtrans: Midtrans): Promise<ChargeOutcome> {
  const ended = await cancel(reference, midtrans)
  return { kind: ended ? "refused" : "unknown", reason: "provider gave no code" }
}

function chargeParameter(request: ChargeRequest, now: Date): ChargeParameter {
  return {
    payment_type: "qris",
    transaction_details: { order_id: request.reference, gross_amount: request.amount },
    custom_expiry: { expiry_duration: expiryMinutes(request, now), unit: "minute" },
    ...describeItem(request),
  }
}

function readAnswer(answer: Answer, request: ChargeRequest, { log }: Midtrans): ChargeOutcome | WithoutCode {
  const { reference } = request
  if (answer.kind === "failed" && answer.code < 500 && !undecidedCodes.includes(answer.code))
    return refuse(reference, answer.code, log)
  if (answer.kind !== "answered") return doubt("charge", reference, answer, log)
  const reading = readTransaction(answer.body, reference)
  if (reading.kind !== "read") return doubt("charge", reference, reading, log)
  return outcomeOf(reading.transaction, request)
}

async function askForCharge(
  request: ChargeRequest,
  midtrans: Midtrans,
): Promise<ChargeOutcome | WithoutCode> {
  const found = await lookUp(request.reference, midtrans)
  if (found.kind === "not_found") return { kind: "unknown", reason: "charge not found yet" }
  return found.kind === "unknown" ? found : outcomeOf(found.transaction, request)
}

function outcomeOf(transaction: Transaction, request: ChargeRequest): ChargeOutcome | WithoutCode {
  const { state, amount, qrString, transactionId } = transaction
  if (amount !== request.amount) return { kind: "refused", reason: "reference used for another amount" }
  if (state === "denied" || state === "expired" || state === "cancelled")
    return { kind: "refused", reason: `charge is ${state}` }
  if (state !== "pending") return { kind: "unknown", reason: `charge is already ${state}`, isAnswered: true }
  if (qrString === undefined) return { kind: "without_code" }
  return { kind: "charged", qrString, transactionId, expiresAt: transaction.expiresAt ?? request.expiresAt }
}

function refuse(reference: ChargeReference, code: number, log: Midtrans["log"]): ChargeOutcome {
  const reason = wordForCode(code)
  log.warn("midtrans refused a charge", { operation: "charge", reference, reason, status: code })
  return { kind: "refused", reason }
}
