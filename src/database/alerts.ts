import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"

/** Raises that a stock fell to its level, and that it is over. Idempotent, as are the others. */
export async function watchStock(database: Database, at: Date): Promise<void> {
  const { sql } = database
  await database.ask("watch_stock", () => sql`select watch_stock(${at})`)
}

/** Raises that large orders were paid in the last hour. */
export async function watchOrders(
  database: Database,
  given: { at: Date; largeOrder: Rupiah },
): Promise<void> {
  const { sql } = database
  await database.ask("watch_orders", () => sql`select watch_orders(${given.at}, ${given.largeOrder})`)
}

/** Raises that messages are stuck, given up, unanswered or failing, and that it is over. */
export async function watchMessages(database: Database, at: Date): Promise<void> {
  const { sql } = database
  await database.ask("watch_messages", () => sql`select watch_messages(${at})`)
}

/** Says whether Redis is away: told once, and again when it is away anew an hour later or more. */
export async function noteRedis(database: Database, given: { isAway: boolean; at: Date }): Promise<void> {
  const { sql } = database
  await database.ask(
    "note_trouble",
    () => sql`select note_trouble('redis_away', ${given.isAway}, '{}', ${given.at})`,
  )
}

/**
 * Promises operators word of what was raised: trouble always, the rest when it is `calm` to hear of now, in
 * one message. Returns how many messages that is.
 */
export async function tellAlerts(database: Database, given: { at: Date; calm: boolean }): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "tell_alerts",
    () => sql<{ told: number }[]>`select tell_alerts(${given.at}, ${given.calm}) as told`,
  )
  return rows[0]?.told ?? 0
}

/** Forgets what operators and customers were told long ago. */
export async function forgetOldNotices(database: Database, at: Date): Promise<void> {
  const { sql } = database
  await database.ask("forget_old_notices", () => sql`select forget_old_notices(${at})`)
}
