import { tellAlerts, watchOrders } from "../database/alerts.ts"
import { writeDailySummary } from "../database/daily-summary.ts"
import { readHouseSettings } from "./house.ts"
import { hourIn, isQuiet, lateHours } from "./quiet-hours.ts"
import type { Shop } from "./shop.ts"

/** Looks for large orders that operators should hear of. To be called at least every hour. */
export async function watchLargeOrders({ database, clock }: Shop): Promise<void> {
  const { largeOrder } = await readHouseSettings(database)
  await watchOrders(database, { at: clock(), largeOrder })
}

/** Tells operators what was raised; what is not urgent waits for the end of the quiet hours. */
export async function tellOperators({ database, clock, promised }: Shop): Promise<void> {
  const at = clock()
  const { zone, quietHours } = await readHouseSettings(database)
  const told = await tellAlerts(database, { at, calm: !isQuiet(hourIn(zone, at), quietHours) })
  if (told > 0) promised()
}

/**
 * Tells the owners how the day was, once. One that comes late, because the shop was down, waits for the end
 * of the quiet hours.
 */
export async function summariseDay({ database, clock, promised }: Shop): Promise<void> {
  const at = clock()
  const { zone, quietHours, summaryHour: hour } = await readHouseSettings(database)
  if (hour === null) return
  const hold = isQuiet(hourIn(zone, at), quietHours) && !isQuiet(hour, quietHours)
  const given = { at, zone, hour, lateHours: lateHours(hour, quietHours), hold }
  const outcome = await writeDailySummary(database, given)
  if (outcome === "told") promised()
}
