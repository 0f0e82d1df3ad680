import type { ClaimedMessage } from "../database/claimed-message.ts"
import { type CancelledOrder, cancelOrder as cancelInDatabase } from "../database/orders.ts"
import { giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

/**
 * Cancels the customer's unpaid order, or open top-up, and frees at once what it held. Its charge is ended at
 * the provider by `closeCharges`.
 */
export async function cancelOrder(
  shop: Shop,
  message: ClaimedMessage,
  orderCode: string | undefined,
): Promise<CancelledOrder> {
  const cancelled = await cancelInDatabase(shop.database, message.userId, orderCode)
  if (cancelled.kind === "cancelled") await giveBack(shop, cancelled.goods)
  return cancelled
}
