import { expirePayments } from "../database/payments.ts"
import { giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

const batchSize = 50

/**
 * Ends orders and top-ups whose time is over: their goods are free in both places and their customers are
 * told; `closeCharges` ends them at the provider. Idempotent; several processes may do it at once.
 */
export async function expireOrders(shop: Shop): Promise<number> {
  const owner = shop.owner()
  if (owner === undefined) return 0
  const expired = await expirePayments(shop.database, owner, { serves: [], limit: batchSize })
  if (expired.length > 0) shop.promised()
  for (const goods of expired) await giveBack(shop, goods)
  return expired.length
}
