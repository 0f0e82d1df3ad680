import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import {
  type AskedForRestock,
  askForRestock as askInDatabase,
  endRestockAlert as endInDatabase,
  listRestockAlerts as listInDatabase,
  type RestockAlert,
  tellRestocked as tellInDatabase,
} from "../database/restock-alerts.ts"
import type { Shop } from "./shop.ts"

export type { AskedForRestock, RestockAlert }

/** Of one customer. */
const openMax = 10
/** Waiting to be sent at a time: what is sold out meanwhile is then not told to many. */
const underwayMax = 20
/** After this long, what is still there is told to others of those who wait. */
const waveSeconds = 30 * 60

/** Notes that a customer wants to hear when a product is back. */
export function askForRestock(
  statements: Statements,
  { userId }: ClaimedMessage,
  code: string,
): Promise<AskedForRestock> {
  return askInDatabase(statements, { userId, code, openMax })
}

/** What a customer waits for, the longest first. */
export function listRestockAlerts(
  statements: Statements,
  { userId }: ClaimedMessage,
): Promise<readonly RestockAlert[]> {
  return listInDatabase(statements, userId)
}

/** False when the customer did not wait for it. */
export function endRestockAlert(
  statements: Statements,
  { userId }: ClaimedMessage,
  code: string,
): Promise<boolean> {
  return endInDatabase(statements, { userId, code })
}

/**
 * Tells those who wait for what is there again, a few at a time, and each once. Idempotent; several processes
 * may do it at once.
 */
export async function tellRestocked(shop: Shop): Promise<void> {
  const told = await tellInDatabase(shop.database, { channels: shop.serves(), underwayMax, waveSeconds })
  if (told.length === 0) return
  // Whoever comes for it at once must not meet a counter that has not heard of it yet.
  for (const { code } of told) await shop.gate.forgetStock(code)
  shop.promised()
}
