import type { Review } from "../../shop/decide-review.ts"
import { formatRupiah, rupiah } from "../../shop/money.ts"
import type { Refund } from "../../shop/refund-order.ts"
import { canMove, type DeskTexts, type RefundRefusal, type ReviewRefusal } from "./desk-texts.ts"
import { whatHappened } from "./en-money.ts"
import { statusNames } from "./en-orders.ts"
import { describeEvidence } from "./evidence.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const decisions = {
  credited: "added to the customer's balance",
  settled: "taken as a payment",
  dismissed: "dismissed",
} as const

export function desk({ command, time }: Wording): DeskTexts {
  const waysToDecide = ({ id, kind, amount }: Review): readonly string[] => {
    const way = (words: string) => `${command("review")} ${id} ${words} reason`
    return canMove({ kind, amount })
      ? [way("balance NUMBER"), way("order CODE"), way("dismiss")]
      : [way("dismiss")]
  }
  const refundAgain = ({ orderCode, amount, destination }: Refund) =>
    `${command("refund")} ${orderCode} ${amount} ${destination} --again reason`
  return {
    refundMade,
    refundedBefore: ({ again, ...refund }) =>
      join(
        `Not refunded again: ${formatRupiah(refund.amount)} of order ${refund.orderCode} went back ` +
          `${destinationOf(refund)} already, asked for on ${time(new Date(refund.at))}.`,
        refund.state === "requested" && "The provider has not confirmed it yet and is still being asked.",
        refund.left >= refund.amount && `If it is meant once more: ${again ?? refundAgain(refund)}`,
        leftOver(refund),
      ),
    refundRefused: (refusal) => `${whyNotRefunded(refusal)} Nothing was refunded.`,
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
        review.provider !== null && `Provider: ${review.provider}`,
        review.reference !== null && `Reference: ${review.reference}`,
        review.orderCode !== null &&
          `Order: ${review.orderCode}, ${statusNames[review.orderStatus ?? "paid"]}`,
        review.number !== null && `Customer: ${review.number}`,
        ...describeEvidence(review.evidence, {
          fromSale: "Taken from the sale",
          fromBalance: "Taken from the customer's balance",
          lost: "Lost",
          paid: "Paid before",
        }),
        review.decision !== null
          ? `Decided: ${decisions[review.decision]}, ` +
              `${review.decidedAt ? time(review.decidedAt) : ""}, by ${review.decidedBy ?? "?"}: ` +
              oneLine(review.decidedReason ?? "", 200)
          : join("Decide with:", ...(ways ?? waysToDecide(review))),
      ),
    reviewNotFound: ({ id }) => `There is no #${id}. See all of them: ${command("review")}`,
    reviewDecided: ({ id, amount, decision }) => {
      const money = amount === null ? "the money" : formatRupiah(amount)
      if (decision === "settled")
        return `#${id} is settled: ${money} was taken as the payment, and the customer is told.`
      return decision === "credited"
        ? `#${id} is settled: ${money} went to the customer's balance, and the customer is told.`
        : `#${id} is dismissed: no money was moved.`
    },
    reviewDecidedBefore: ({ id }) =>
      `#${id} was decided before, and stays so. See: ${command("review")} ${id}`,
    reviewNotDecided: (refusal) => `${whyNotDecided(refusal)} Nothing was decided.`,
  }
}

function refundMade(refund: Refund): string {
  const what = `${formatRupiah(refund.amount)} of order ${refund.orderCode}`
  switch (refund.state) {
    case "done":
      return join(
        `${what} went back ${destinationOf(refund)} ✅ The customer is told.`,
        refund.destination === "saldo" && `The customer's balance now: ${formatRupiah(refund.balance)}`,
        leftOver(refund),
      )
    case "requested":
      return join(
        `${what} is on its way back through the provider, which has not confirmed it yet.`,
        "A running shop asks until it is certain; the customer is told once it is done.",
        leftOver(refund),
      )
    case "failed":
      return join(
        `${what} could not go back through the provider: ${refund.failure ?? "refused"}.`,
        "The money is still the shop's. The same command with saldo gives it to the customer's balance.",
      )
  }
}

function destinationOf({ destination }: Refund): string {
  return destination === "saldo" ? "to the customer's balance" : "the way it was paid"
}

function leftOver({ left }: Refund): string {
  return left > 0 ? `Left to refund: ${formatRupiah(left)}` : "Nothing is left to refund of this order."
}

function whyNotRefunded(refusal: RefundRefusal & Readonly<{ orderCode: string }>): string {
  const { orderCode } = refusal
  switch (refusal.kind) {
    case "unknown_order":
      return `There is no order ${orderCode}.`
    case "not_paid":
      return `Order ${orderCode} is not paid (${statusNames[refusal.status]}).`
    case "nothing_left":
      return `All money of order ${orderCode} went back already.`
    case "more_than_left":
      return `Of order ${orderCode} at most ${formatRupiah(refusal.left)} can be refunded.`
    case "paid_from_balance":
      return `Order ${orderCode} was paid from the balance, so its money goes back to saldo.`
    case "provider_cannot":
      return `Order ${orderCode} was paid by static QRIS, which can't send money back: refund it to saldo.`
    case "provider_away":
      return `The provider of order ${orderCode} (${refusal.provider}) is not set up: refund it to saldo.`
    case "provider_holds_less":
      return (
        `Through the provider at most ${formatRupiah(rupiah(Math.max(0, refusal.holds)))} of order ` +
        `${orderCode} can go back; the rest goes to saldo.`
      )
  }
}

function whyNotDecided(refusal: ReviewRefusal): string {
  switch (refusal.kind) {
    case "no_money":
      return "There is no money here to give: it can only be dismissed, once it is settled in another way."
    case "unknown_customer":
      return "There is no customer with that number."
    case "unknown_payment":
      return "There is no payment by that code."
    case "other_provider":
      return "That payment was made through another provider, so this can't be its money."
  }
}
