import { expirePayments } from "../database/payments.ts"
import { endAtProvider, giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

const batchSize = 50

/**
 * Ends orders and top-ups whose time is over: their goods are free in both places, their customers are told,
 * and the provider is asked to end the charge. Idempotent; several processes may do it at once.
 */
export async function expireOrders(shop: Shop): Promise<number> {
  const owner = shop.owner()
  if (owner === undefined) return 0
  const expired = await expirePayments(shop.database, owner, { serves: [], limit: batchSize })
  if (expired.length > 0) shop.promised()
  for (const { goods } of expired) await giveBack(shop, goods)
  for (const { payment } of expired) {
    if (payment) await endAtProvider(shop, payment)
  }
  return expired.length
}
