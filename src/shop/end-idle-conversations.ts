import { endIdleConversations as endInDatabase } from "../database/guided-orders.ts"
import type { Shop } from "./shop.ts"

const batchSize = 50

/**
 * Ends conversations whose customers were silent for half an hour, with a kind word. Idempotent; several
 * processes may do it at once.
 */
export async function endIdleConversations(shop: Shop): Promise<void> {
  const owner = shop.owner()
  if (owner === undefined) return
  const ended = await endInDatabase(shop.database, owner, batchSize)
  if (ended > 0) shop.promised()
}
