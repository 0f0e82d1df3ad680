import { formatRupiah } from "../../shop/money.ts"
import type { SalesFigures } from "../../shop/orders-desk.ts"
import { type OrdersCommand, type OrdersProblem, parcelLimits } from "../desk/orders.ts"
import { deskOrder } from "./en-desk-order.ts"
import { orderSteps } from "./en-order-steps.ts"
import { statusNames } from "./en-orders.ts"
import type { OrdersDeskTexts } from "./orders-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const forms: Readonly<Record<OrdersCommand, readonly [word: string, example: string]>> = {
  sales: ["sales", "week"],
  find: ["find", "081234567890"],
  show: ["show", "LPK-7K2M9Q3"],
  to_ship: ["toship", ""],
  pack: ["pack", "LPK-7K2M9Q3"],
  ship: ["ship", "LPK-7K2M9Q3 JNE JP1234567890"],
  complete: ["complete", "LPK-7K2M9Q3"],
  resend: ["resendorder", "LPK-7K2M9Q3"],
}

const problems: Readonly<Record<OrdersProblem["kind"], string>> = {
  missing_order_code: "The order's code is missing.",
  malformed_order_code: "The order's code could not be read.",
  unknown_period: "Say day, week or month.",
  missing_text: "What to look for is missing: an order code, a customer's number, or a product code.",
  text_too_short: "That is too short: at least 3 letters or digits.",
  missing_parcel: "The courier and the tracking number are missing.",
  courier_malformed: "The courier's name could not be read. Use letters and digits.",
  courier_too_long: `The courier's name is too long: at most ${parcelLimits.courier} characters.`,
  tracking_malformed: "The tracking number could not be read. Write it without spaces; it has a digit.",
  tracking_too_long: `The tracking number is too long: at most ${parcelLimits.tracking} characters.`,
  too_many_words: "There is a word too many.",
}

/** As many as are looked for at most. */
const foundMax = 10

const periods = { day: "today", week: "this week", month: "this month" } as const

export function ordersDesk(wording: Wording): OrdersDeskTexts {
  const form = (name: OrdersCommand) => wording.desk(forms[name].join(" ").trimEnd())
  return {
    ordersHelp: () =>
      join(
        `${form("sales")}: what was sold; of today without another word`,
        `${form("find")}: find orders by a customer's number, an order code, or a product code`,
        `${form("show")}: everything about one order`,
        `${form("to_ship")}: what is to be packed or shipped`,
        `${form("pack")}: the order is being packed`,
        `${form("ship")}: it is on its way, with courier and tracking number; again to correct them`,
        `${form("complete")}: it has arrived`,
        `${form("resend")}: send its digital goods to the customer again`,
      ),
    ordersProblem: ({ command, kind }) =>
      join(problems[kind], "Nothing was changed.", `Example: ${form(command)}`),
    sales: (figures) => sales(figures, wording),
    ordersFound: (found) => ordersFound(found, wording),
    deskOrder: (order) => deskOrder(order, wording),
    unshipped: (list) => unshipped(list, wording),
    ...orderSteps(wording),
  }
}

function sales(figures: SalesFigures, { time }: Wording): string {
  const { period, since, orders, revenue, refunded, top } = figures
  return join(
    `*Sales ${periods[period]}*`,
    `Since ${time(since)}`,
    "",
    orders === 0
      ? "No order was paid yet."
      : `${orders} paid ${orders === 1 ? "order" : "orders"}, ${formatRupiah(revenue)}`,
    refunded > 0 && `Refunded: ${formatRupiah(refunded)}`,
    ...(top.length > 0 ? ["", "Sold most:"] : []),
    ...top.map(
      ({ code, name, quantity, amount }, place) =>
        `${place + 1}. ${oneLine(name)} (${code}): ${quantity} sold, ${formatRupiah(amount)}`,
    ),
  )
}

function ordersFound(
  { orders }: Parameters<OrdersDeskTexts["ordersFound"]>[0],
  { time, desk }: Wording,
): string {
  const [newest] = orders
  if (!newest)
    return join(
      "No order fits that.",
      "Try an order code, the end of a customer's number, or a product code.",
    )
  return join(
    `*Orders that fit* (${orders.length === foundMax ? `the newest ${foundMax}` : orders.length})`,
    ...orders.flatMap((order) => [
      "",
      `*${order.orderCode}* ${statusNames[order.status]}`,
      `${oneLine(order.summary)}, ${formatRupiah(order.total)}`,
      `${order.number ?? "number not known yet"}, ${time(order.at)}`,
    ]),
    "",
    `More about it: ${desk("show")} ${newest.orderCode}`,
  )
}

function unshipped(
  { orders, count }: Parameters<OrdersDeskTexts["unshipped"]>[0],
  { time, desk }: Wording,
): string {
  if (orders.length === 0) return "Nothing is to be packed or shipped ✅"
  return join(
    `*To be shipped* (${count} ${count === 1 ? "order" : "orders"}, the oldest first)`,
    ...orders.flatMap((order) => [
      "",
      `*${order.orderCode}* ${statusNames[order.status]}${order.hasAddress ? "" : ", no address yet"}`,
      `${oneLine(order.summary)}, paid ${time(order.paidAt)}`,
    ]),
    ...(count > orders.length ? ["", `… and ${count - orders.length} more`] : []),
    "",
    `Address and contents: ${desk("show")} CODE`,
    `Packed: ${desk("pack")} CODE`,
    `Shipped: ${desk("ship")} CODE COURIER NUMBER`,
  )
}
