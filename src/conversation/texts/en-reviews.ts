import type { Decision, Review, ReviewDecision } from "../../shop/decide-review.ts"
import { formatRupiah } from "../../shop/money.ts"
import {
  type DeskTexts,
  type ReviewOutcome,
  type ReviewRefusal,
  refundAdvised,
  waysToDecide,
} from "./desk-texts.ts"
import { evidenceOf } from "./en-evidence.ts"
import { whatHappened } from "./en-money.ts"
import { statusNames } from "./en-orders.ts"
import { join, oneLine, type Wording } from "./wording.ts"

type ReviewTexts = Pick<
  DeskTexts,
  | "noReviews"
  | "reviewList"
  | "review"
  | "reviewNotFound"
  | "reviewDecided"
  | "reviewDecidedBefore"
  | "reviewNotDecided"
>

export const decisions: Readonly<Record<ReviewDecision, string>> = {
  credited: "added to the customer's balance",
  settled: "taken as a payment",
  taken: "taken back, and booked so",
  made: "the refund was made",
  not_made: "the refund was not made",
  dismissed: "dismissed",
}

const providers = { midtrans: "Midtrans", static_qris: "static QRIS", demo: "demo" } as const

export function reviews(wording: Wording): ReviewTexts {
  const { command, time } = wording
  return {
    noReviews: () => "Nothing waits for a decision ✅",
    reviewList: ({ reviews, hasMore }) =>
      join(
        "*To be decided*",
        ...reviews.map(
          ({ id, at, kind, amount, orderCode }) =>
            `#${id} (${time(at)}): ${whatHappened({ reviewKind: kind, amount, orderCode })}`,
        ),
        hasMore && "There are newer ones besides.",
        `See one: ${command("review")} ${reviews[0]?.id ?? 1}`,
      ),
    review: ({ ways, ...review }) =>
      join(
        `#${review.id} (${time(review.at)})`,
        whatHappened({ reviewKind: review.kind, ...review }),
        review.amount !== null && `Amount: ${formatRupiah(review.amount)}`,
        review.provider !== null && `Provider: ${providerName(review.provider)}`,
        review.reference !== null && `Reference: ${review.reference}`,
        review.orderCode !== null &&
          `Order: ${review.orderCode}, ${statusNames[review.orderStatus ?? "paid"]}`,
        review.number !== null && `Customer: ${review.number}`,
        ...evidenceOf(review, wording),
        refundStanding(review),
        review.decision !== null
          ? `Decided: ${decisions[review.decision]}, ` +
              `${review.decidedAt ? time(review.decidedAt) : ""}, ${decider(review)}: ` +
              oneLine(review.decidedReason ?? "", 200)
          : join("Decide with:", ...(ways ?? waysOf(review, wording))),
      ),
    reviewNotFound: ({ id }) => `There is no #${id}. See all of them: ${command("review")}`,
    reviewDecided: (outcome) => `#${outcome.id} is settled: ${whatBecame(outcome)}`,
    reviewDecidedBefore: ({ id }) =>
      `#${id} was decided before, and stays so. See: ${command("review")} ${id}`,
    reviewNotDecided: (refusal) => `${whyNotDecided(refusal)} Nothing was decided.`,
  }
}

/** What a person is about to decide, with whom or what they named for it. */
export function decisionMeant(decision: Decision): string {
  const sum = "amount" in decision && decision.amount ? formatRupiah(decision.amount) : "the money"
  switch (decision.kind) {
    case "credited":
      return `${sum} added to the balance of customer ${oneLine(decision.number, 40)}`
    case "settled":
      return `${sum} taken as a payment for ${decision.payment}`
    case "taken":
      return `${sum} ${decisions.taken}`
    default:
      return decisions[decision.kind]
  }
}

export function waysOf(review: Review, { command }: Wording): readonly string[] {
  const { id, amount, orderCode, number } = review
  const named = amount === null ? " AMOUNT" : ""
  const words: Readonly<Record<ReviewDecision, string>> = {
    credited: `balance ${number ?? "NUMBER"}${named}`,
    settled: `order ${orderCode ?? "CODE"}${named}`,
    taken: "took AMOUNT",
    made: "made",
    not_made: "failed",
    dismissed: "dismiss",
  }
  const advised = refundAdvised(review)
  return [
    ...(advised === undefined ? [] : [`${command("refund")} ${orderCode} ${advised} saldo reason`]),
    ...waysToDecide(review).map((way) => `${command("review")} ${id} ${words[way]} reason`),
  ]
}

export function refundStanding({ kind, refund }: Review): string | undefined {
  if (kind !== "refund_failed" || !refund) return undefined
  if (refund.state === "requested")
    return "The provider has not confirmed it. Look there: it was made, or it was not."
  if (refund.state === "done") return "It was confirmed since."
  return refund.since > 0 ? `Refunded since in another way: ${formatRupiah(refund.since)}` : undefined
}

export function providerName(provider: string): string {
  return Object.hasOwn(providers, provider) ? providers[provider as keyof typeof providers] : provider
}

export function decider({ decidedBy }: Review): string {
  return decidedBy === "shell" ? "at the shell" : `by ${decidedBy ?? "?"}`
}

export function whatBecame({ decision, amount, settlement, reversal }: ReviewOutcome): string {
  const money = amount === null ? "the money" : formatRupiah(amount)
  switch (decision) {
    case "credited":
      return `${money} went to the customer's balance, and the customer is told.`
    case "settled":
      return settlement?.kind === "settled"
        ? `${money} ${settledAs(settlement.resolution)}, and the customer is told.`
        : `${money} was booked before, and nothing changed.`
    case "taken":
      return reversal?.kind === "reversed"
        ? `${formatRupiah(reversal.amount)} is booked as taken back, and the customer is told.`
        : `${money} was accounted for before, and nothing changed.`
    case "made":
      return `the refund of ${money} is booked as made, and the customer is told.`
    case "not_made":
      return join(
        `the refund of ${money} is booked as failed, and the customer is told.`,
        "The money is still the shop's, and can go to the customer's balance.",
      )
    case "dismissed":
      return "no money was moved."
  }
}

function settledAs(resolution: string): string {
  switch (resolution) {
    case "goods":
    case "late_goods":
      return "was taken as the payment, and brought the goods"
    case "balance":
      return "went to the customer's balance as a top-up"
    case "late_balance":
      return "went to the customer's balance, because the goods are gone"
    case "underpaid_balance":
      return "went to the customer's balance, because it is less than the price of the order"
    default:
      return "went to the customer's balance, because the order was paid before"
  }
}

export function whyNotDecided(refusal: ReviewRefusal): string {
  switch (refusal.kind) {
    case "no_money":
      return "There is no money here to give: it can only be dismissed, once it is settled in another way."
    case "amount_missing":
      return "How much it is is not known here: name the amount, too."
    case "other_amount":
      return `The amount is known to be ${formatRupiah(refusal.amount)}, so it can't be another one.`
    case "no_reversal":
      return "This is not about money that was taken back without a word of how much."
    case "more_than_came":
      return `${formatRupiah(refusal.came)} came, so no more than that can have been taken back.`
    case "no_refund":
      return "This is not about a refund that is uncertain."
    case "refund_waits":
      return "This refund is not certain yet: say whether it was made or not, or wait for the provider."
    case "refund_ended":
      return `That refund ${refusal.state === "done" ? "was made" : "failed"} already: dismiss this.`
    case "unknown_customer":
      return "There is no customer with that number."
    case "unknown_payment":
      return "There is no payment by that code."
    case "other_provider":
      return "That payment was made through another provider, so this can't be its money."
  }
}
