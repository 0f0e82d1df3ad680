import type { StepRefusal } from "../../shop/fulfil-order.ts"
import type { OrderStatus } from "../../shop/order-states.ts"
import { addressLines, carriedBy } from "./en-delivery.ts"
import { statusNames } from "./en-orders.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import type { OrderStepTexts } from "./orders-desk-texts.ts"
import { join, type Wording } from "./wording.ts"

type Sent = Parameters<OrderStepTexts["orderSent"]>[0]

/** What is done next to an order in each state. */
const nextSteps: Partial<Readonly<Record<OrderStatus, readonly [word: string, words: string]>>> = {
  paid: ["pack", ""],
  packing: ["ship", " COURIER NUMBER"],
  shipped: ["complete", ""],
}

export function orderSteps(wording: Wording): OrderStepTexts {
  const { time, desk } = wording
  const before = (what: string, at: Date) => `${what} since ${time(at)}. Nobody is told again.`
  return {
    orderPacked: ({ orderCode, ...outcome }) => {
      if (outcome.kind === "moved")
        return join(
          `Order ${orderCode} is being packed. The customer is told.`,
          ...addressLines(outcome.delivery),
          !hasAddress(outcome.delivery) && "It has no address yet; the customer is asked for it.",
          `Once it is on its way: ${desk("ship")} ${orderCode} COURIER NUMBER`,
        )
      if (outcome.kind === "moved_before") return before(`Order ${orderCode} is being packed`, outcome.at)
      return refused(orderCode, outcome, wording)
    },
    orderSent: (outcome) => sent(outcome, wording, before),
    orderEnded: ({ orderCode, ...outcome }) => {
      if (outcome.kind === "moved") return `Order ${orderCode} is complete ✅ The customer is told.`
      if (outcome.kind === "moved_before") return before(`Order ${orderCode} is complete`, outcome.at)
      return refused(orderCode, outcome, wording)
    },
    noSuchOrder: () => noSuchOrder(wording),
    goodsResent: ({ orderCode, ...outcome }) => {
      switch (outcome.kind) {
        case "resent":
          return `The goods of order ${orderCode} go to the customer once more, the very same.`
        case "being_sent":
          return `The goods of order ${orderCode} still wait to be sent, so they are not sent twice.`
        case "unknown_order":
          return noSuchOrder(wording)
        case "nothing_to_resend":
          return outcome.orderKind === "physical"
            ? `Order ${orderCode} is a physical one, which no chat can send.`
            : `Order ${orderCode} has no goods to send again: ${statusNames[outcome.status]}.`
      }
    },
  }
}

function sent(
  { orderCode, ...outcome }: Sent,
  wording: Wording,
  before: (what: string, at: Date) => string,
): string {
  const { desk } = wording
  switch (outcome.kind) {
    case "moved":
    case "corrected":
      return join(
        outcome.kind === "moved"
          ? `Order ${orderCode} is on its way. The customer is told.`
          : `The shipment of order ${orderCode} is corrected. The customer is told.`,
        ...carriedBy(outcome.delivery),
        `A slip? Send the command again. It arrived? ${desk("complete")} ${orderCode}`,
      )
    case "moved_before":
      return join(before(`Order ${orderCode} is on its way`, outcome.at), ...carriedBy(outcome.delivery))
    case "no_address":
      return join(
        `Order ${orderCode} can't be shipped yet: its recipient and address are not complete.`,
        outcome.isAskedNow
          ? "The customer was asked for them just now."
          : "The customer was asked for them less than a day ago.",
        `Look again later: ${desk("toship")}`,
      )
    default:
      return refused(orderCode, outcome, wording)
  }
}

function refused(orderCode: string, refusal: StepRefusal, wording: Wording): string {
  const { desk } = wording
  switch (refusal.kind) {
    case "unknown_order":
      return noSuchOrder(wording)
    case "not_physical":
      return `Order ${orderCode} is a digital one, which is not packed or shipped.`
    case "money_goes_back":
      return join(
        `The money of order ${orderCode} is on its way back, so do not send its goods.`,
        `More about it: ${desk("show")} ${orderCode}`,
      )
    case "wrong_status": {
      const [word, words] = nextSteps[refusal.status] ?? ["show", ""]
      return join(
        `Nothing was changed. Order ${orderCode}: ${statusNames[refusal.status]}.`,
        `${nextSteps[refusal.status] ? "Next" : "More about it"}: ${desk(word)} ${orderCode}${words}`,
      )
    }
  }
}

/** What was typed is not repeated: it may be goods. */
function noSuchOrder({ desk }: Wording): string {
  return join("There is no order with that code.", `Find it: ${desk("find")} 081234567890`)
}
