import { formatRupiah, rupiah } from "../../shop/money.ts"
import type { Refund, RefundDestination } from "../../shop/refund-order.ts"
import type { DeskTexts, RefundRefusal } from "./desk-texts.ts"
import { whyItFailed } from "./en-evidence.ts"
import { statusNames } from "./en-orders.ts"
import { decisionMeant, reviews } from "./en-reviews.ts"
import { named } from "./people-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export const yesOrNo = "Answer *yes* to go on, or *cancel*."

export function desk(wording: Wording): DeskTexts {
  const { command, time } = wording
  return {
    refundMade,
    refundedBefore: ({ wanted, again, ...refund }) =>
      join(
        `Not refunded again: ${formatRupiah(refund.amount)} of order ${refund.orderCode} ` +
          (refund.state === "requested"
            ? `was asked for on ${time(new Date(refund.at))}, and is not confirmed yet.`
            : `went back ${destinationOf(refund)} already, asked for on ${time(new Date(refund.at))}.`),
        refund.state === "requested" && "A running shop asks the provider until it is certain.",
        refund.left >= refund.amount &&
          `If it is meant once more: ${again ?? refundAgain(refund, wanted, wording)}`,
        leftOver(refund),
      ),
    refundRefused: (refusal) => `${whyNotRefunded(refusal)} Nothing was refunded.`,
    confirmRefund: ({ orderCode, amount, isAll, customer, destination, reason }) =>
      join(
        `Give back ${formatRupiah(amount)}${isAll ? " (all that is left)" : ""} of order ${orderCode} ` +
          `of ${named(customer)}, ${destinationOf({ destination })}?`,
        `Reason: ${oneLine(reason, 200)}`,
        yesOrNo,
      ),
    confirmDecision: ({ id, decision, reason }) =>
      join(
        `Decide review #${id}: ${decisionMeant(decision)}?`,
        `Reason: ${oneLine(reason, 200)}`,
        "A decision can't be changed later.",
        yesOrNo,
      ),
    confirmationDropped: () => "All right, it was not done. Nothing was changed.",
    confirmationChanged: () => "Things have changed since you were asked, so nothing was done yet. Now:",
    confirmationLapsed: () => "That command is not valid any more, so nothing was done.",
    confirmationUnclear: () => join("Nothing has been done yet.", yesOrNo),
    ...reviews(wording),
    ownerHelp: () =>
      join(
        `${command("refund")} ORDER 10000 saldo reason: give a part back to the customer's balance`,
        `${command("refund")} ORDER all provider reason: give all of it back through the provider`,
        `${command("review")}: what waits for a decision, like money of nobody`,
      ),
  }
}

export function refundAgain(
  { orderCode, amount }: Pick<Refund, "orderCode" | "amount">,
  wanted: RefundDestination,
  { command }: Wording,
): string {
  return `${command("refund")} ${orderCode} ${amount} ${wanted} --again reason`
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
        `${what} could not go back through the provider: ${whyItFailed(refund.failure ?? "refused")}.`,
        "The money is still the shop's. The same command with saldo gives it to the customer's balance.",
      )
  }
}

export function destinationOf({ destination }: Pick<Refund, "destination">): string {
  return destination === "saldo" ? "to the customer's balance" : "the way it was paid"
}

export function leftOver({ left }: Readonly<{ left: number }>): string {
  return left > 0
    ? `Left to refund: ${formatRupiah(rupiah(left))}`
    : "Nothing is left to refund of this order."
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
