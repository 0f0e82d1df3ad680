import { forgetOldNotices, raiseAlerts, tellAlerts } from "../database/alerts.ts"
import { writeDailySummary } from "../database/daily-summary.ts"
import { readHouseSettings } from "./house.ts"
import { hourIn, isQuiet } from "./quiet-hours.ts"
import type { Shop } from "./shop.ts"

/** Looks at stock, orders and messages for what operators should hear of. To be called every half minute. */
export async function lookForAlerts({ database, clock }: Shop): Promise<void> {
  const at = clock()
  const { largeOrder } = await readHouseSettings(database)
  await raiseAlerts(database, { at, largeOrder })
  await forgetOldNotices(database, at)
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
  const outcome = await writeDailySummary(database, { at, zone, hour, hold })
  if (outcome === "told") promised()
}
