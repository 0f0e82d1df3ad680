import type { ClaimedMessage } from "../database/inbox.ts"
import { type CancelledOrder, cancelOrder as cancelInDatabase } from "../database/orders.ts"
import { endAtProvider, giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

/** Cancels the customer's unpaid order and frees at once what it held. Idempotent. */
export async function cancelOrder(
  shop: Shop,
  message: ClaimedMessage,
  orderCode: string | undefined,
): Promise<CancelledOrder> {
  const cancelled = await cancelInDatabase(shop.database, message.userId, orderCode)
  if (cancelled.kind === "cancelled") {
    await giveBack(shop, cancelled.goods)
    if (cancelled.payment) await endAtProvider(shop, cancelled.payment)
  }
  return cancelled
}
