import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { CancelledOrder } from "../database/orders.ts"
import {
  findOrder,
  listOrders,
  type OrderDetails,
  type OrderSummary,
  resendGoods as resendInDatabase,
} from "../database/past-orders.ts"
import type { UserId } from "./ids.ts"
import type { OrderStatus } from "./order-states.ts"
import { answerEnvelope, handOver, type Shop } from "./shop.ts"

export type { CancelledOrder, OrderDetails, OrderSummary }

export type ResendOutcome =
  | Readonly<{ kind: "answered"; next: ClaimedMessage | undefined }>
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "nothing_to_resend"; orderCode: string; status: OrderStatus }>

const pageSize = 5

/** The named order of a customer, or the latest. */
export function trackOrder(shop: Shop, userId: UserId, orderCode: string | undefined) {
  return findOrder(shop.database, userId, orderCode)
}

/** A page of a customer's orders, newest first; a page beyond the last is the last. */
export async function listPastOrders(shop: Shop, userId: UserId, page: number) {
  const listed = await listOrders(shop.database, userId, { page, pageSize })
  if (listed.orders.length > 0 || page === 1) return { ...listed, page }
  const { pages } = await listOrders(shop.database, userId, { page: 1, pageSize })
  return { ...(await listOrders(shop.database, userId, { page: pages, pageSize })), page: pages }
}

/** Promises the goods of an order once more; the same units, never new ones. */
export async function resendGoods(
  shop: Shop,
  message: ClaimedMessage,
  orderCode: string,
): Promise<ResendOutcome> {
  const resent = await resendInDatabase(shop.database, message, { serves: shop.serves(), orderCode })
  if (resent) {
    const { words, units, promise, next } = resent
    handOver(shop, [[promise, answerEnvelope(message, promise, { kind: "goods", data: words, units })]])
    return { kind: "answered", next }
  }
  const order = await findOrder(shop.database, message.userId, orderCode)
  if (!order) return { kind: "not_found" }
  return { kind: "nothing_to_resend", orderCode, status: order.status }
}
