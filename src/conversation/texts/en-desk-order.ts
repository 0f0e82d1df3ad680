import { formatRupiah } from "../../shop/money.ts"
import type { DeskOrder } from "../../shop/orders-desk.ts"
import { carriedBy, stepsMade, whereTo } from "./en-delivery.ts"
import { statusNames } from "./en-orders.ts"
import { hasAddress } from "./fulfilment-texts.ts"
import { join, oneLine, orderLines, type Wording } from "./wording.ts"

const methodNames = { saldo: "balance", qris: "QRIS", online: "online" } as const

const refundStates = { requested: "not confirmed", done: "done", failed: "failed" } as const

/** Everything an operator needs of one order. */
export function deskOrder(order: DeskOrder, wording: Wording): string {
  const { time, desk } = wording
  const { orderCode, status, payment, discount } = order
  return join(
    `Order *${orderCode}*: ${statusNames[status]}`,
    `Customer: ${order.number ?? "number not known yet"}${order.name ? ` (${oneLine(order.name, 40)})` : ""}`,
    orderLines(order.lines),
    discount ? `Discount ${formatRupiah(discount)}` : undefined,
    `Total ${formatRupiah(order.total)}, payment: ${methodNames[order.method]}`,
    payment ? `Payment ${payment.reference} by ${payment.provider}: ${payment.state}` : undefined,
    `Made ${time(order.createdAt)}`,
    order.expiresAt && status === "awaiting_payment" ? `Valid until ${time(order.expiresAt)}` : undefined,
    ...stepsMade(order, wording),
    ...(order.kind === "physical" ? sentTo(order, wording) : []),
    order.endedAt && isUnpaid(status) ? `Ended ${time(order.endedAt)}` : undefined,
    order.returned > 0 && `Refunded: ${formatRupiah(order.returned)}`,
    order.returning > 0 && `Being refunded: ${formatRupiah(order.returning)}`,
    ...order.refunds.map(
      ({ amount, state, destination, at }) =>
        `- ${formatRupiah(amount)} to the ${destination === "saldo" ? "balance" : "payment provider"}, ` +
        `${refundStates[state]}, ${time(at)}`,
    ),
    ...whatToDo(order).map(([label, word, words]) => `${label}: ${desk(word)} ${orderCode}${words}`),
  )
}

function isUnpaid(status: DeskOrder["status"]): boolean {
  return status === "expired" || status === "cancelled"
}

function sentTo(order: DeskOrder, wording: Wording): readonly string[] {
  if (!hasAddress(order.delivery)) return ["There is no address to send it to yet."]
  return [...whereTo(order, wording), ...carriedBy(order.delivery)]
}

function whatToDo({
  kind,
  status,
}: DeskOrder): ReadonlyArray<readonly [label: string, word: string, words: string]> {
  if (kind === "digital") return status === "delivered" ? [["Send again", "resendorder", ""]] : []
  if (status === "paid") return [["Next", "pack", ""]]
  if (status === "packing") return [["Next", "ship", " COURIER NUMBER"]]
  return status === "shipped" ? [["Next", "complete", ""]] : []
}
