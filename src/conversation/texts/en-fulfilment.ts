import { carriedBy, whereTo } from "./en-delivery.ts"
import { statusNames } from "./en-orders.ts"
import type { FulfilmentTexts } from "./fulfilment-texts.ts"
import { receiptBlock } from "./receipt-block.ts"
import { join, oneLine, orderLines, type Wording } from "./wording.ts"

const paidBy = { saldo: "Balance", qris: "QRIS", online: "Online" } as const

/** More are not read on a phone. */
const namedMax = 10

export function fulfilment(wording: Wording): FulfilmentTexts {
  const { command, desk, time, typed } = wording
  return {
    orderPacking: (order) =>
      join(
        `Order *${order.orderCode}* is being packed 📦`,
        orderLines(order.lines),
        ...whereTo(order, wording),
        "Once it is on its way we tell you its tracking number.",
      ),
    orderShipped: (order) =>
      join(
        order.isCorrected
          ? `A correction to the shipment of order *${order.orderCode}*. Right is:`
          : `Order *${order.orderCode}* is on its way 🚚`,
        ...carriedBy(order.delivery),
        ...whereTo(order, wording),
        `Tell us when it has arrived: ${command("received")} ${order.orderCode}`,
      ),
    orderCompleted: ({ orderCode }) =>
      join(
        `Order *${orderCode}* is complete ✅ Thank you for your purchase.`,
        `It has not arrived, or something is wrong? Please contact the seller: ${command("person")}`,
        `Its receipt: ${command("receipt")} ${orderCode}`,
      ),
    addressWanted: (order) =>
      join(
        `Order *${order.orderCode}* is ready to be sent, but its address is not complete 🙏`,
        orderLines(order.lines),
        `Tell us the recipient and the address here: ${typed("address")} ${order.orderCode}`,
      ),
    orderReceived: (outcome) => received(outcome, wording),
    receipt: (order) =>
      join(
        `*Receipt of order ${order.orderCode}*`,
        receiptFigures(order, wording),
        order.note ? oneLine(order.note, 200) : undefined,
        order.deliveredAt ? `Delivered ${time(order.deliveredAt)}` : undefined,
        ...(order.kind === "physical" ? [...whereTo(order, wording), ...carriedBy(order.delivery)] : []),
        order.status === "delivered" && `Have it sent again: ${command("resend")} ${order.orderCode}`,
      ),
    noReceipt: (refusal) => {
      if (refusal.kind === "not_paid")
        return join(
          `Order ${refusal.orderCode} has no receipt: ${statusNames[refusal.status]}.`,
          `More about it: ${command("status")} ${refusal.orderCode}`,
        )
      return refusal.asked === undefined
        ? `No order is paid yet. Start here: ${command("catalogue")}`
        : notInHistory(refusal.asked, wording)
    },
    ordersToPack: ({ orders }) =>
      join(
        orders.length === 1
          ? "*An order is to be packed* 📦"
          : `*${orders.length} orders are to be packed* 📦`,
        ...orders
          .slice(0, namedMax)
          .flatMap(({ orderCode, lines, hasAddress: isKnown }) => [
            "",
            `*${orderCode}*${isKnown ? "" : " (no address yet)"}`,
            ...lines.map(({ quantity, name }) => `${quantity} × ${oneLine(name)}`),
          ]),
        ...(orders.length > namedMax ? ["", `… and ${orders.length - namedMax} more`] : []),
        "",
        `Mark it: ${desk("pack")} ${orders[0]?.orderCode ?? "ORDER"}`,
        `All that wait: ${desk("toship")}`,
      ),
  }
}

/** The figures of a receipt, in monospace. */
export function receiptFigures(order: Parameters<FulfilmentTexts["receipt"]>[0], { time }: Wording): string {
  return receiptBlock({
    ...order,
    heading: [oneLine(order.shopName), time(order.paidAt)],
    words: {
      discount: "Discount",
      total: "Total",
      returned: "Refunded",
      returning: "Being refunded",
    },
    footing: [
      ["Payment", paidBy[order.method]],
      ["Status", statusNames[order.status]],
    ],
  })
}

function received(outcome: Parameters<FulfilmentTexts["orderReceived"]>[0], wording: Wording): string {
  const { command, time } = wording
  switch (outcome.kind) {
    case "received":
      return join(
        `Order *${outcome.orderCode}* is complete ✅ Thank you for telling us.`,
        `Something is wrong with it? Please contact the seller: ${command("person")}`,
        `Buy again: ${command("catalogue")}`,
      )
    case "received_before":
      return `Order ${outcome.orderCode} is complete since ${time(outcome.at)}. Thank you!`
    case "nothing_shipped":
      return `No order of yours is on its way. See your orders: ${command("history")}`
    case "which":
      return join(
        "Several orders are on their way. Which one arrived?",
        ...outcome.orderCodes.map((orderCode) => `${command("received")} ${orderCode}`),
      )
    case "not_shipped":
      return join(
        outcome.orderKind === "digital"
          ? `Order ${outcome.orderCode} is a digital one, so there is nothing to confirm.`
          : `Order ${outcome.orderCode} is not on its way: ${statusNames[outcome.status]}.`,
        `More about it: ${command("status")} ${outcome.orderCode}`,
      )
    case "not_found":
      return notInHistory(outcome.asked ?? "", wording)
  }
}

function notInHistory(orderCode: string, { command }: Wording): string {
  return `Order ${orderCode} is not in your history. Check its code in ${command("history")}`
}
