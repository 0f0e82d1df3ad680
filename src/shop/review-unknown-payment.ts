import { findUnknownPayment, type UnknownPayment } from "../database/unknown-payments.ts"
import type { PaymentProvider, StatusOutcome } from "../payments/payment-provider.ts"
import type { Answer } from "./ask-charge.ts"
import { rupiah } from "./money.ts"
import { review, type SettleOutcome, weightiestOf } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

type KnownStatus = Extract<StatusOutcome, { kind: "known" }>

/**
 * Money for an order this shop never made: a person finds out whose it is, once per transaction, and looks
 * again when it goes back after that.
 */
export async function reviewUnknownPayment(
  shop: Shop,
  provider: PaymentProvider,
  answers: readonly Answer[],
): Promise<SettleOutcome> {
  const outcomes: SettleOutcome[] = []
  for (const { status } of answers) {
    if (status.kind === "unknown") outcomes.push(status.isAnswered ? "unreadable" : "undecided")
    else if (status.kind === "known") outcomes.push(await look(shop, provider, status))
  }
  return weightiestOf(outcomes)
}

async function look(shop: Shop, provider: PaymentProvider, status: KnownStatus): Promise<SettleOutcome> {
  const { reference, transactionId, state, amount, refundedAmount } = status
  if (state === "pending" || state === "expired") return "unknown_payment"
  const key = `unknown_payment:${provider.name}:${reference}:${transactionId}`
  const before = await findUnknownPayment(shop.database, key)
  const returned = state === "paid" ? 0 : state === "cancelled" ? amount : refundedAmount
  if (before) {
    if (returned !== 0 && before.decision !== "dismissed")
      return await reviewReturn(shop, provider, { ...status, before, returned })
    return before.decision === null ? "unknown_payment" : "decided_by_person"
  }
  const kept = returned === undefined ? undefined : rupiah(amount - returned)
  if (kept === 0) return "unknown_payment"
  const evidence = { reference, transactionId, state }
  await review(shop, { key, kind: "unknown_payment", provider: provider.name, amount: kept, evidence })
  return "unknown_payment"
}

/** What a person gave to somebody, or was asked to, is taken back by the bank or the provider. */
async function reviewReturn(
  shop: Shop,
  provider: PaymentProvider,
  given: KnownStatus & {
    before: UnknownPayment
    returned: number | undefined
  },
): Promise<SettleOutcome> {
  const { reference, transactionId, state, returned, before } = given
  const isNew = await review(shop, {
    key: `unknown_reversal:${provider.name}:${reference}:${transactionId}:${returned ?? "in part"}`,
    kind: "reversal",
    provider: provider.name,
    userId: before.userId ?? undefined,
    amount: returned === undefined ? undefined : rupiah(returned),
    evidence: { reference, transactionId, reversal: reversalOf(state), reviewId: before.reviewId },
  })
  return isNew ? "reversed" : "already_reversed"
}

function reversalOf(state: KnownStatus["state"]): "refund" | "chargeback" | "denial" {
  if (state === "refunded" || state === "partially_refunded") return "refund"
  return state === "denied" || state === "cancelled" ? "denial" : "chargeback"
}
