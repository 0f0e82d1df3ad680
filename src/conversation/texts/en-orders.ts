import { formatRupiah } from "../../shop/money.ts"
import { journey, whereTo } from "./en-delivery.ts"
import {
  by,
  demoElsewhere,
  ended,
  exactDeposit,
  exactTotal,
  howToPay,
  paidFor,
  paidLine,
  topUp,
  whyOnline,
} from "./en-paying.ts"
import { whereToPay } from "./en-refusals.ts"
import { discountLine } from "./en-vouchers.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import type { HistoryPage, OrderStatus, OrderTexts, PaidBy } from "./texts.ts"
import { join, oneLine, orderLines, unitBlock, type Wording } from "./wording.ts"

const demoMark = "DEMO – not real money"

export const statusNames: Readonly<Record<OrderStatus, string>> = {
  awaiting_payment: "waiting for payment",
  paid: "paid",
  delivered: "delivered",
  packing: "being packed",
  shipped: "on its way",
  completed: "completed",
  expired: "out of time",
  cancelled: "cancelled",
  refunded: "refunded",
}

export const methodNames: Readonly<Record<PaidBy, string>> = {
  saldo: "balance",
  qris: "QRIS",
  online: "online",
}

export function orders(wording: Wording): OrderTexts {
  const { command, time } = wording
  return {
    demoMark,
    demo,
    goods: (order) =>
      join(
        order.resent ? `*Order ${order.orderCode}, sent again*` : `*Order ${order.orderCode} is complete* ✅`,
        orderLines(order.lines, discountLine(order)),
        paidLine(order),
        "",
        "Here it is:",
        unitBlock(order.units),
        "",
        `Keep it safe. Need it again? ${command("resend")} ${order.orderCode}`,
      ),
    physicalPaid: (order) =>
      join(
        `*Order ${order.orderCode} is paid* ✅`,
        orderLines(order.lines, discountLine(order)),
        paidLine(order),
        "",
        ...(order.isAskedWhere ? [] : whereTo(order, wording)),
        hasAddress(order.delivery) && "It will be packed and sent soon.",
        `Follow it: ${command("status")} ${order.orderCode}`,
      ),
    paymentRequest: (request) => {
      const text = join(
        `*Pay ${formatRupiah(request.total)} ${by(request)}*`,
        `Order ${request.orderCode}`,
        request.lines && request.lines.length > 0 && orderLines(request.lines, discountLine(request)),
        whyOnline(request),
        "",
        howToPay(request),
        exactTotal(request),
        "",
        `Valid until ${time(request.expiresAt)}. Once it is paid, your order goes ahead by itself.`,
        `Changed your mind? ${command("cancel")}`,
        request.canPretend && `Pretend to pay: ${command("pay_demo")}`,
      )
      return request.isDemo ? demo(text) : text
    },
    paymentUnavailable: ({ orderCode }) =>
      join(
        "Sorry, online payment is having trouble right now.",
        `${orderCode ? `Order ${orderCode}` : "The order"} does not go ahead and nothing was charged.`,
        `Try again in a few minutes, or pay from your balance: ${command("buy")} CODE saldo`,
      ),
    depositUnavailable: () =>
      join(
        "Sorry, an online payment can't be made right now. Nothing was charged.",
        `Please try again in a few minutes: ${command("deposit")} 50000`,
      ),
    qrisNotOffered: () =>
      join(
        "This shop does not take QRIS yet. Nothing was charged.",
        `Purchases are paid from the balance: ${command("buy")} CODE saldo`,
        topUp({ ...wording, offersQris: false }),
      ),
    noFreeAmount: () =>
      join(
        "Sorry, too many people are paying this amount right now. Nothing was charged.",
        `Try again later, choose another amount, or pay from your balance: ${command("buy")} CODE saldo`,
      ),
    depositRequest: (request) => {
      const text = join(
        `*Top up ${formatRupiah(request.amount)} ${by(request)}*`,
        `Balance now: ${formatRupiah(request.balance)}`,
        "",
        howToPay(request),
        exactDeposit(request),
        "",
        `Valid until ${time(request.expiresAt)}. Once it is paid, your balance grows by itself.`,
        `Changed your mind? ${command("cancel")}`,
        request.canPretend && `Pretend to pay: ${command("pay_demo")}`,
      )
      return request.isDemo ? demo(text) : text
    },
    depositPaid: ({ amount, balance }) =>
      join(
        `${formatRupiah(amount)} was added to your balance ✅`,
        `Balance now: *${formatRupiah(balance)}*`,
        `Start shopping: ${command("catalogue")}`,
      ),
    orderStatus: (order) =>
      join(
        `Order *${order.orderCode}*: ${statusNames[order.status]}`,
        orderLines(order.lines, discountLine(order)),
        `Total ${formatRupiah(order.total)}, payment: ${methodNames[order.method]}`,
        `Made ${time(order.createdAt)}`,
        ...journey(order, wording),
        ...(order.status === "awaiting_payment"
          ? [
              order.exactAmount !== undefined && `Pay exactly *${formatRupiah(order.exactAmount)}*`,
              order.expiresAt && `Pay before ${time(order.expiresAt)}`,
              whereToPay(order.payUrl),
              `Changed your mind? ${command("cancel")} ${order.orderCode}`,
            ]
          : []),
        order.returned ? `Went back: ${formatRupiah(order.returned)}` : undefined,
        order.returning ? `On its way back: ${formatRupiah(order.returning)}` : undefined,
        order.status === "delivered" && `Get the goods once more: ${command("resend")} ${order.orderCode}`,
        (order.status === "expired" || order.status === "cancelled") &&
          `Order again? ${command("catalogue")}`,
      ),
    noOrders: () => `You have no orders yet. See the products: ${command("catalogue")}`,
    orderNotFound: ({ orderCode }) =>
      `There is no order ${orderCode} among yours. Find its code in ${command("history")}`,
    history: (page) =>
      join(
        `*Past orders* (page ${page.page} of ${page.pages})`,
        "",
        pastOrders(page.orders, wording),
        page.page < page.pages && `\nNext page: ${command("history")} ${page.page + 1}`,
      ),
    cancelled: ({ orderCode }) =>
      `Order ${orderCode} is cancelled, nothing was charged. Choose another? ${command("catalogue")}`,
    depositCancelled: () =>
      `The top-up is cancelled. Nothing was charged. Top up again: ${command("deposit")} 50000`,
    nothingToCancel: () => `No order is waiting for payment. See past orders: ${command("history")}`,
    cannotCancel: ({ orderCode, status }) =>
      join(
        `Order ${orderCode} can't be cancelled: ${statusNames[status]}.`,
        `More about it: ${command("status")} ${orderCode}`,
      ),
    demoPaid: () => "The demo payment was received ✅",
    demoElsewhere: () => demoElsewhere,
    nothingToPay: () => `Nothing is waiting for payment. Start shopping: ${command("catalogue")}`,
    nothingToResend: ({ orderCode, status }) =>
      join(
        `Order ${orderCode} has no goods to send again: ${statusNames[status]}.`,
        `More about it: ${command("status")} ${orderCode}`,
      ),
    expired: ({ orderCode }) =>
      join(
        `The time to pay for order ${orderCode} is over, so it is closed. Nothing was charged.`,
        `Order again? ${command("catalogue")}`,
        "If you have paid already, don't worry: the money is not lost and we will tell you soon.",
      ),
    latePaymentGoods: ({ orderCode, endedAs }) =>
      join(
        `The payment for order ${orderCode} came after ${ended(endedAs)}.`,
        "The goods are still there, so here they come.",
      ),
    latePaymentToBalance: ({ orderCode, amount, balance, endedAs }) =>
      join(
        `The payment for order ${orderCode} came after ${ended(endedAs)}, ` +
          "and the goods are no longer to be had at that price.",
        `${formatRupiah(amount)} was added to your balance. Balance now: *${formatRupiah(balance)}*`,
        `Choose another: ${command("catalogue")}`,
      ),
    paymentReview: ({ orderCode, amount, received }) =>
      join(
        `${formatRupiah(received)} arrived for ${paidFor(orderCode)}.`,
        `That is not the amount asked for (${formatRupiah(amount)}), so the seller is looking at it.`,
        "There is nothing more to pay, and the money is not lost.",
      ),
  }
}

function demo(text: string): string {
  return text.startsWith(demoMark) ? text : `${demoMark}\n\n${text}`
}

/** A page of past orders, a few lines each. */
export function pastOrders(orders: HistoryPage["orders"], { command, time }: Wording): string {
  return orders
    .map((order) =>
      join(
        `*${order.orderCode}* ${oneLine(order.summary)}`,
        `${formatRupiah(order.total)}, ${statusNames[order.status]}, ${time(order.at)}`,
        order.status === "delivered" && `Get it once more: ${command("resend")} ${order.orderCode}`,
      ),
    )
    .join("\n")
}
