import { formatRupiah, type Rupiah } from "../../shop/money.ts"
import { journey, whereTo } from "./en-delivery.ts"
import { whereToPay } from "./en-refusals.ts"
import { discountLine } from "./en-vouchers.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import type {
  DepositRequest,
  EndedAs,
  OrderStatus,
  OrderTexts,
  PaidBy,
  PaidOrder,
  PaymentRequest,
} from "./texts.ts"
import { join, oneLine, orderLines, unitBlock, type Wording } from "./wording.ts"

const demoMark = "DEMO – not real money"
const demoElsewhere = "A pretended payment is finished on the shop's own machine."

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

const methodNames: Readonly<Record<PaidBy, string>> = {
  saldo: "balance",
  qris: "QRIS",
  online: "online",
}

const paidBy: Readonly<Record<PaidBy, string>> = {
  saldo: "paid from your balance",
  qris: "paid by QRIS",
  online: "paid online",
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
        ...whereTo(order, wording),
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
        exactly(request.total, request.uniqueExtra, "comes back as balance"),
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
        "To top up your balance, please contact the seller.",
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
        exactly(request.amount, request.uniqueExtra, "is added to your balance, too"),
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
        ...page.orders.map((order) =>
          join(
            `*${order.orderCode}* ${oneLine(order.summary)}`,
            `${formatRupiah(order.total)}, ${statusNames[order.status]}, ${time(order.at)}`,
            order.status === "delivered" && `Get it once more: ${command("resend")} ${order.orderCode}`,
          ),
        ),
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
        `${formatRupiah(received)} arrived for ${orderCode ? `order ${orderCode}` : "your top-up"}.`,
        `That is not the amount asked for (${formatRupiah(amount)}), so the seller is looking at it.`,
        "There is nothing more to pay, and the money is not lost.",
      ),
  }
}

function demo(text: string): string {
  return text.startsWith(demoMark) ? text : `${demoMark}\n\n${text}`
}

function ended(endedAs: EndedAs | undefined): string {
  if (endedAs === "expired") return "its time"
  return endedAs === "cancelled" ? "it was cancelled" : "it was closed"
}

function paidLine({ total, method, balanceAfter }: PaidOrder): string {
  const rest = balanceAfter === undefined ? "" : ` Balance left: ${formatRupiah(balanceAfter)}`
  return `Total ${formatRupiah(total)}, ${paidBy[method]}.${rest}`
}

function by({ redirectUrl }: PaymentRequest | DepositRequest): string {
  return redirectUrl === undefined ? "by QRIS" : "online"
}

function howToPay({ payUrl, redirectUrl, isDemo }: PaymentRequest | DepositRequest): string {
  if (redirectUrl !== undefined)
    return join(
      "Open this payment page, then choose how to pay:",
      redirectUrl,
      "QRIS works, and so does what else is offered there, such as bank transfer or an e-wallet.",
    )
  if (payUrl !== undefined) return join("Scan the QR, or open:", payUrl)
  if (isDemo) return demoElsewhere
  return join(
    "Scan the QR with any bank or e-wallet app.",
    "On this very phone? Save the picture, then open it from the gallery in your payment app.",
  )
}

function exactly(amount: Rupiah, extra: Rupiah | undefined, becomes: string): string | false {
  return (
    extra !== undefined &&
    join(
      `It has to be exactly *${formatRupiah(amount)}*, not a round sum: ` +
        `it includes a unique code of ${formatRupiah(extra)}, which ${becomes}.`,
      "If your app asks for the amount, type that one.",
    )
  )
}

function whyOnline({ why, balance, redirectUrl }: PaymentRequest): string {
  if (redirectUrl !== undefined)
    return why === "balance_short"
      ? `Payment: online, because your balance (${formatRupiah(balance)}) is not enough.`
      : "Payment: online, by QRIS or another way you choose."
  if (why === "chosen") return "Payment: QRIS, as you chose."
  if (why === "only_method") return "Payment: QRIS."
  return `Payment: QRIS, because your balance (${formatRupiah(balance)}) is not enough.`
}
