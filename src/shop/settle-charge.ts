import { DatabaseUnavailable } from "../database/connect.ts"
import { noteTransaction } from "../database/payment-transactions.ts"
import { raiseReview } from "../database/reviews.ts"
import {
  endReversedPayment,
  type ReversalKind,
  recordReversal,
  type Settled,
  settlePayment,
} from "../database/settlements.ts"
import type {
  ChargeReference,
  ChargeState,
  PaymentProvider,
  StatusOutcome,
} from "../payments/payment-provider.ts"
import { type Answer, askCharge } from "./ask-charge.ts"
import type { Rupiah } from "./money.ts"
import { giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

/**
 * What a charge turned out to be. `undecided` (the provider did not answer) and `unreadable` (it did, but
 * not so that it settles anything) are to be asked again; everything else is final for now.
 */
export type SettleOutcome =
  | "settled"
  | "already_settled"
  | "not_paid"
  | "reversed"
  /** All that went back is booked, or explained by our own refunds. */
  | "already_reversed"
  | "undecided"
  | "unreadable"
  | "unknown_payment"
  /** Money for an order this shop never made, about which a person decided. */
  | "decided_by_person"

/** Of several transactions of one charge, the first of these is what is said of the charge. */
const weightiest = [
  "undecided",
  "unreadable",
  "reversed",
  "settled",
  "already_reversed",
  "already_settled",
  "decided_by_person",
  "not_paid",
  "unknown_payment",
] as const satisfies readonly SettleOutcome[]

type KnownStatus = Extract<StatusOutcome, { kind: "known" }>

/** How money goes back, by the state that says so; the first four are said only of money that had come. */
const reversalKinds = {
  refunded: { kind: "refund", afterPaidOnly: true },
  partially_refunded: { kind: "refund", afterPaidOnly: true },
  charged_back: { kind: "chargeback", afterPaidOnly: true },
  partially_charged_back: { kind: "chargeback", afterPaidOnly: true },
  denied: { kind: "denial", afterPaidOnly: false },
  cancelled: { kind: "denial", afterPaidOnly: false },
} as const satisfies Partial<Record<ChargeState, { kind: ReversalKind; afterPaidOnly: boolean }>>

/**
 * Asks the provider about one charge, with all of its transactions, and books what it says came or went back.
 * `named` is a transaction that somebody claims to be of it. Each effect happens once, whatever is asked how
 * often and in which order.
 */
export async function settleCharge(
  shop: Shop,
  provider: PaymentProvider,
  reference: ChargeReference,
  named?: string | null,
): Promise<SettleOutcome> {
  const answers = await askCharge(shop, provider, reference, named)
  return await settleAnswers(shop, provider, { reference, answers })
}

/** The same with answers that were just given. */
export async function settleAnswers(
  shop: Shop,
  provider: PaymentProvider,
  { reference, answers }: { reference: ChargeReference; answers: readonly Answer[] },
): Promise<SettleOutcome> {
  const outcomes: SettleOutcome[] = []
  for (const { status } of answers) {
    outcomes.push(await settleAnswer(shop, provider, status))
    // Afterwards, so that what is final is asked for no more only once it is booked.
    if (status.kind === "known" && provider.statusOfTransaction)
      await noteTransaction(shop.database, { reference, provider: provider.name }, status)
  }
  return weightiestOf(outcomes)
}

export function weightiestOf(outcomes: readonly SettleOutcome[]): SettleOutcome {
  return weightiest.find((outcome) => outcomes.includes(outcome)) ?? "unknown_payment"
}

async function settleAnswer(
  shop: Shop,
  provider: PaymentProvider,
  status: StatusOutcome,
): Promise<SettleOutcome> {
  if (status.kind === "unknown") {
    shop.log.warn("a charge's state could not be asked", { reason: status.reason })
    return status.isAnswered ? "unreadable" : "undecided"
  }
  if (status.kind === "not_found") return "unknown_payment"
  const { state } = status
  // What is paid does not expire: such a word about money that came is taken for a stale one.
  if (state === "pending" || state === "expired") return "not_paid"
  if (state === "paid") return await settle(shop, status, { onlyBalance: false })
  return await reverse(shop, provider.name, { ...status, state })
}

async function settle(
  shop: Shop,
  { reference, amount, transactionId }: KnownStatus,
  { onlyBalance }: { onlyBalance: boolean },
): Promise<SettleOutcome> {
  const settlement = await settlePayment(shop.database, ownerOf(shop), {
    serves: [],
    reference,
    amount,
    transactionId,
    allowEqual: shop.lateGoods === "equal",
    onlyBalance,
  })
  shop.events.payment(settlement.kind)
  if (settlement.kind === "settled") await followSettlement(shop, settlement, amount)
  if (settlement.kind === "unknown_payment")
    shop.log.error("the provider reports a payment this shop never asked for", { reference })
  return settlement.kind
}

/** What follows outside PostgreSQL once money is booked: counters, cache, figures, word of odd amounts. */
export async function followSettlement(shop: Shop, settled: Settled, amount: Rupiah): Promise<void> {
  shop.promised()
  const { resolution, taken, freed, userId, asked, isSecond } = settled
  if (resolution === "goods" || resolution === "late_goods") shop.events.funnel("paid")
  for (const { code, quantity } of taken) await shop.gate.adjustStock(code, -quantity)
  await giveBack(shop, freed)
  await shop.gate.cache.forget({ kind: "balance", userId })
  if (amount === asked && !isSecond) return
  shop.events.payment(isSecond ? "paid_twice" : amount > asked ? "overpaid" : "underpaid")
  shop.log.warn("money came that is not what was asked for", { outcome: resolution })
}

/**
 * An end other than paid takes back only what was booked of this very transaction. Money that came and went
 * in part before the shop heard of it is booked both ways; in full, it leaves nothing to book.
 */
async function reverse(
  shop: Shop,
  providerName: string,
  status: KnownStatus & Readonly<{ state: keyof typeof reversalKinds }>,
): Promise<SettleOutcome> {
  const { reference, transactionId, amount } = status
  const { kind: reversal, afterPaidOnly } = reversalKinds[status.state]
  // An unpaid end of a paid transaction says that all of it went back, whatever it says of refunds.
  const reversedTotal = afterPaidOnly ? status.refundedAmount : amount
  if (reversedTotal === undefined) {
    const isNew = await review(shop, {
      key: `reversal_amount:${providerName}:${reference}:${transactionId}`,
      kind: "reversal_amount",
      provider: providerName,
      evidence: { reference, transactionId, reversal, paid: amount },
    })
    return isNew ? "reversed" : "already_reversed"
  }
  const given = { reference, transactionId, reversal, reversedTotal }
  const booked = await bookReversal(shop, given)
  if (booked !== "not_received") return booked
  if (!afterPaidOnly) return "not_paid"
  if (reversedTotal >= amount) {
    await giveBack(shop, await endReversedPayment(shop.database, reference))
    return "reversed"
  }
  await settle(shop, status, { onlyBalance: true })
  return (await bookReversal(shop, given)) === "reversed" ? "reversed" : "already_settled"
}

async function bookReversal(
  shop: Shop,
  given: { reference: ChargeReference; transactionId: string; reversal: ReversalKind; reversedTotal: Rupiah },
): Promise<"reversed" | "already_reversed" | "not_received"> {
  const outcome = await recordReversal(shop.database, ownerOf(shop), { serves: [], ...given })
  if (outcome.kind === "not_received" || outcome.kind === "unknown_payment") return "not_received"
  if (outcome.kind === "explained") return "already_reversed"
  shop.events.payment("reversed")
  shop.log.error("money that came was taken back at the provider", { reason: given.reversal })
  shop.promised()
  await giveBack(shop, outcome.freed)
  await shop.gate.cache.forget({ kind: "balance", userId: outcome.userId })
  return "reversed"
}

/** Puts something on the review list and says so; false when it was there before. */
export async function review(shop: Shop, given: Parameters<typeof raiseReview>[1]): Promise<boolean> {
  if ((await raiseReview(shop.database, given)) === undefined) return false
  shop.log.error("something waits for a person's decision: see lapak reviews", { reason: given.kind })
  shop.promised()
  return true
}

function ownerOf(shop: Shop) {
  const owner = shop.owner()
  if (owner === undefined) throw new DatabaseUnavailable("no process number")
  return owner
}
