import * as v from "valibot"
import { type Rupiah, rupiah } from "../../shop/money.ts"
import type { ChargeReference, ChargeState } from "../payment-provider.ts"

/** A transaction as Midtrans tells it in the answers of charge and status. */
export type Transaction = Readonly<{
  reference: ChargeReference
  transactionId: string
  state: ChargeState
  amount: Rupiah
  /** In all so far; undefined when a part went back and it is not told which. */
  refundedAmount: Rupiah | undefined
  refunds: readonly MadeRefund[]
  qrString: string | undefined
  expiresAt: Date | undefined
}>

export type MadeRefund = Readonly<{ key: string | undefined; amount: Rupiah | undefined }>

export type TransactionReading =
  | Readonly<{ kind: "read"; transaction: Transaction }>
  /** `isOfAnother`: it is a transaction, of another order. */
  | Readonly<{ kind: "unreadable"; reason: string; isOfAnother?: true }>

const transactionIdPattern = /^[A-Za-z0-9-]{1,64}$/

const refundsSchema = v.array(
  v.object({ refund_key: v.nullish(v.string()), refund_amount: v.nullish(v.string()) }),
)

/** Lenient to fields that are not named here: Midtrans adds some without notice. */
const transactionSchema = v.object({
  status_code: v.string(),
  order_id: v.string(),
  transaction_id: v.pipe(v.string(), v.regex(transactionIdPattern)),
  transaction_status: v.string(),
  gross_amount: v.string(),
  currency: v.nullish(v.string()),
  fraud_status: v.nullish(v.string()),
  qr_string: v.nullish(v.pipe(v.string(), v.maxLength(1024))),
  expiry_time: v.nullish(v.string()),
  refund_amount: v.nullish(v.string()),
  refunds: v.nullish(refundsSchema),
})

type TransactionAnswer = v.InferOutput<typeof transactionSchema>

const states: Readonly<Record<string, ChargeState>> = {
  pending: "pending",
  authorize: "pending",
  settlement: "paid",
  capture: "paid",
  deny: "denied",
  failure: "denied",
  expire: "expired",
  cancel: "cancelled",
  refund: "refunded",
  partial_refund: "partially_refunded",
  chargeback: "charged_back",
  partial_chargeback: "partially_charged_back",
}

/** True of ids that stay one segment of a path; the client puts them into URLs as they are. */
export function isSafeReference(text: string): text is ChargeReference {
  return /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,49}$/.test(text)
}

/** True of what can be the id of a transaction; it stays one segment of a path as well. */
export function isTransactionId(text: string): boolean {
  return transactionIdPattern.test(text)
}

/**
 * Reads an answer about `reference`; anything that is not exactly understood is unreadable, never guessed.
 */
export function readTransaction(body: unknown, reference: ChargeReference): TransactionReading {
  const parsed = v.safeParse(transactionSchema, body)
  if (!parsed.success) return unreadable("unexpected answer")
  const answer = parsed.output
  if (answer.order_id !== reference)
    return { kind: "unreadable", reason: "answer is about another order", isOfAnother: true }
  const amount = readGrossAmount(answer.gross_amount)
  if (amount === undefined) return unreadable("amount is not whole rupiah")
  if (answer.currency != null && answer.currency.toUpperCase() !== "IDR")
    return unreadable("foreign currency")
  const state = readState(answer)
  if (state === undefined) return unreadable("unexpected state")
  const refunds = readRefunds(answer)
  const transaction = {
    reference,
    transactionId: answer.transaction_id,
    state,
    amount,
    refundedAmount: refundedOf(state, amount, { told: readAmount(answer.refund_amount ?? ""), refunds }),
    refunds,
    qrString: answer.qr_string || undefined,
    expiresAt: readJakartaTime(answer.expiry_time),
  }
  return { kind: "read", transaction }
}

/** What a charge is over: as `readAmount`, and never nothing. */
export function readGrossAmount(text: string): Rupiah | undefined {
  const amount = readAmount(text)
  return amount === 0 ? undefined : amount
}

/** `"10000.00"` is 10000; a fraction, a sign, a separator or any other way of writing is undefined. */
function readAmount(text: string): Rupiah | undefined {
  const whole = /^(0|[1-9][0-9]{0,14})\.00$/.exec(text)?.[1]
  return whole === undefined ? undefined : rupiah(Number(whole))
}

/**
 * Letter case differs between the acquirers. Money is there only with 200 and without a suspicion of fraud.
 */
function readState(answer: TransactionAnswer): ChargeState | undefined {
  const name = answer.transaction_status.toLowerCase()
  const state = Object.hasOwn(states, name) ? states[name] : undefined
  if (state !== "paid") return state
  if (answer.status_code !== "200") return undefined
  const fraud = answer.fraud_status?.toLowerCase() ?? "accept"
  if (fraud === "accept") return "paid"
  if (fraud === "challenge") return "pending"
  return fraud === "deny" ? "denied" : undefined
}

function readRefunds({ refunds }: TransactionAnswer): readonly MadeRefund[] {
  return (refunds ?? []).map(({ refund_key, refund_amount }) => ({
    key: refund_key ?? undefined,
    amount: readAmount(refund_amount ?? ""),
  }))
}

/**
 * The list of refunds names each of them, so it goes before the sum in `refund_amount`; it does not hold what
 * a bank took back by a chargeback.
 */
function refundedOf(
  state: ChargeState,
  amount: Rupiah,
  { told, refunds }: { told: Rupiah | undefined; refunds: readonly MadeRefund[] },
): Rupiah | undefined {
  if (state === "refunded" || state === "charged_back" || state === "denied") return amount
  if (state === "pending" || state === "expired" || state === "cancelled") return rupiah(0)
  const listed = sumOf(refunds)
  if (state === "paid") return refunds.length > 0 ? listed : (told ?? rupiah(0))
  const isListed = state === "partially_refunded" && refunds.length > 0
  const refunded = isListed ? listed : told
  if (refunded === undefined || refunded > amount) return undefined
  if (state === "partially_charged_back" && refunded <= (listed ?? amount)) return undefined
  return refunded
}

/** Undefined when one of them can't be read. */
function sumOf(refunds: readonly MadeRefund[]): Rupiah | undefined {
  let sum = 0
  for (const { amount } of refunds) {
    if (amount === undefined) return undefined
    sum += amount
  }
  return rupiah(sum)
}

/** `2026-01-31 13:45:00`, always in Jakarta's time (UTC+7, no summer time). */
function readJakartaTime(text: string | null | undefined): Date | undefined {
  if (text == null || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined
  const time = new Date(`${text.replace(" ", "T")}+07:00`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** How Midtrans writes a time: `2026-01-31 13:45:00`, in Jakarta's. */
export function jakartaTime(time: Date): string {
  return new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 19).replace("T", " ")
}

function unreadable(reason: string): TransactionReading {
  return { kind: "unreadable", reason }
}
