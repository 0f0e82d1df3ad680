import type { Review } from "../../shop/decide-review.ts"
import { formatRupiah, rupiah } from "../../shop/money.ts"
import { statusNames } from "./en-orders.ts"
import {
  amountsOf,
  describeEvidence,
  type EvidenceWords,
  lossOf,
  moneyOf,
  shown,
  wordFor,
} from "./evidence.ts"
import type { Wording } from "./wording.ts"

const causes: Readonly<Record<string, string>> = {
  no_such_amount: "No payment was asked for with that amount.",
  paid_before: "What was asked for is paid; the same money came again.",
  late: "What was asked for had ended when the money came.",
  several_payments: "More than one payment was asked for with that amount.",
  too_early: "The money came before it was asked for.",
  above_maximum: "The amount is above what is matched without a person.",
  no_amount: "The notification names no amount.",
  several_amounts: "The notification names more than one amount.",
  unreadable_amount: "The amount in the notification can't be read.",
  not_incoming: "The words of the notification leave open whether money came in.",
  undecided: "The provider was silent for too long: look at the payment there.",
  unreadable: "The provider's answer can't be read: look at the payment there.",
  behind: "The provider never bore its notification out: look at the payment there.",
  other_amount: "What came is not the amount that was asked for.",
}

const reversals: Readonly<Record<string, string>> = {
  refund: "sent back in the provider's panel, not by Lapak (refund)",
  chargeback: "taken back by the payer's bank or app (chargeback)",
  denial: "denied by the provider after it was said to be paid (denial)",
}

const resolutions: Readonly<Record<string, string>> = {
  goods: "it brought the goods",
  late_goods: "it brought the goods, though late",
  balance: "it topped up the balance",
  late_balance: "it went to the balance, because it was late",
  already_paid_balance: "it went to the balance, because the order was paid already",
  underpaid_balance: "it went to the balance, because it was too little",
}

/** Why a provider did not send money back. */
export function whyItFailed(reason: string): string {
  return shown(reason)
}

function inWords(state: unknown): string {
  return shown(String(state).replaceAll("_", " "))
}

const silent = () => ""

/** What was noted of something to be decided, a plain sentence each. */
export function evidenceOf({ evidence, kind }: Review, { time }: Wording): readonly string[] {
  const asTime = (text: string) => (Number.isNaN(Date.parse(text)) ? shown(text) : time(new Date(text)))
  const words: EvidenceWords = {
    reference: silent,
    purpose: (value) => (value === "deposit" ? "It was a top-up." : ""),
    fromSale: silent,
    fromBalance: silent,
    lost: silent,
    refundKey: silent,
    refund: silent,
    claimsMax: silent,
    why: (value) => wordFor(causes, value) ?? `Why: ${shown(value)}`,
    transactionId: (value) => `The provider's transaction: ${shown(value)}`,
    reversal: (value) => `The money was ${wordFor(reversals, value) ?? shown(value)}.`,
    state: (value) => `The provider says: ${inWords(value)}.`,
    claimedState: (value) => `The notification says: ${inWords(value)}.`,
    reviewId: (value) => `About the same money: #${shown(value)}`,
    resolution: (value) => `When it was paid, ${wordFor(resolutions, value) ?? shown(value)}.`,
    orderStatus: (value) => `The order was then: ${wordFor(statusNames, value) ?? shown(value)}.`,
    paid: (value) => `Paid before: ${moneyOf(value)}`,
    asked: (value) => `Asked for: ${moneyOf(value)}`,
    reason: (value) => `Why: ${whyItFailed(String(value))}.`,
    package: (value) => `Notification of the app: ${shown(value)}`,
    postedAt: (value) => `Shown on the phone: ${asTime(String(value))}`,
    eventId: (value) => `The notification itself: lapak payments show ${shown(value)}`,
    amounts: (value) => `Amounts it names: ${amountsOf(value)}`,
    candidates: (value) => `Maybe for: ${shown(value)}`,
    product: (value) => `Product: ${shown(value)}`,
    unit: (value) => `Item ${shown(value)} of the order`,
    batch: (value) => `Of the stock's batch: ${shown(value)}`,
    claimsIn30Days: (value) =>
      `${shown(value)} claims in 30 days; up to ${shown(String(evidence.claimsMax))} need nobody.`,
  }
  return [
    ...describeEvidence(evidence, words),
    ...(kind === "reversal" && "lost" in evidence ? losses(evidence) : []),
  ]
}

function losses(evidence: Review["evidence"]): readonly string[] {
  const { lessRevenue, fromBalance, lost } = lossOf(evidence)
  return [
    ...(lessRevenue > 0 ? [`Less revenue: ${formatRupiah(lessRevenue)}`] : []),
    ...(fromBalance > 0 ? [`Taken from the customer's balance: ${formatRupiah(fromBalance)}`] : []),
    `Loss: ${formatRupiah(rupiah(lost))}`,
  ]
}
