import { formatRupiah } from "../../shop/money.ts"
import type { ReviewNotice } from "./desk-texts.ts"
import { paidFor } from "./en-paying.ts"
import type { MoneyTexts } from "./money-texts.ts"
import { join, type Wording } from "./wording.ts"

export function money({ command }: Wording): MoneyTexts {
  return {
    surplusToBalance: ({ surplus }) =>
      `The ${formatRupiah(surplus)} paid beyond the price is in your balance. See: ${command("balance")}`,
    paidTwice: ({ orderCode, amount, balance }) =>
      join(
        `Another payment of ${formatRupiah(amount)} came for order ${orderCode}, which was paid already.`,
        `The money was added to your balance. Balance now: *${formatRupiah(balance)}*`,
      ),
    underpaid: ({ orderCode, asked, amount, balance }) =>
      join(
        `A payment of ${formatRupiah(amount)} came for order ${orderCode}.`,
        `${formatRupiah(asked)} was asked for, so the order does not go on.`,
        `The money was added to your balance. Balance now: *${formatRupiah(balance)}*`,
        `Order again: ${command("catalogue")}`,
      ),
    paymentReversed: ({ orderCode, amount, reversal, fromBalance, balance }) =>
      join(
        `The payment of ${formatRupiah(amount)} for ${paidFor(orderCode)} ` +
          (reversal === "refund"
            ? "was sent back the way it was paid."
            : "was taken back by the bank or the payment app."),
        fromBalance > 0 &&
          `${formatRupiah(fromBalance)} was taken from your balance. Balance now: *${formatRupiah(balance)}*`,
        `Does something not fit? Please write to the seller: ${command("person")}`,
      ),
    reviewRaised: ({ reviewId, ...notice }) =>
      join(
        `*To be decided (#${reviewId})*`,
        whatHappened(notice),
        `Look: lapak reviews ${reviewId}, or reply ${command("review")} ${reviewId}`,
      ),
    reviewCredited: ({ amount, balance }) =>
      join(
        `The seller has looked at a payment of ${formatRupiah(amount)} and added it to your balance ✅`,
        `Balance now: *${formatRupiah(balance)}*`,
      ),
    orderRefunded: ({ orderCode, amount, destination, balance }) =>
      destination === "saldo"
        ? join(
            `${formatRupiah(amount)} of order ${orderCode} went back to your balance ✅`,
            `Balance now: *${formatRupiah(balance)}*`,
          )
        : join(
            `${formatRupiah(amount)} of order ${orderCode} went back the way it was paid ✅`,
            "It may take some working days until your bank or app shows it.",
          ),
    refundRequested: ({ orderCode, amount }) =>
      join(
        `${formatRupiah(amount)} of order ${orderCode} is on its way back, the way it was paid.`,
        "We tell you here once it is done.",
      ),
    refundFailed: ({ orderCode, amount }) =>
      join(
        `${formatRupiah(amount)} of order ${orderCode} could not be sent back the way it was paid so far.`,
        "The seller knows and will settle it. There is nothing you need to do.",
      ),
  }
}

export function whatHappened({ reviewKind, amount, orderCode }: Omit<ReviewNotice, "reviewId">): string {
  const money = amount === null ? "Money" : formatRupiah(amount)
  const formatted = amount === null ? "money" : formatRupiah(amount)
  const order = orderCode ? ` of order ${orderCode}` : ""
  switch (reviewKind) {
    case "unknown_payment":
      return `${money} came for an order that this shop does not know.`
    case "reversal":
      return `${money}${order} was taken back by the bank or the payment provider.`
    case "reversal_amount":
      return `A part of the payment${order} was taken back; how much is not told. Look at the provider.`
    case "refund_failed":
      return `The refund of ${formatted}${order} through the provider has not worked.`
    case "unmatched_payment":
      return `${money} came that fits no payment asked for.`
    case "warranty":
      return `A warranty${order} has to be looked at.`
  }
}
