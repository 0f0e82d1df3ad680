import { isUnavailable } from "../database/connect.ts"
import type { Job } from "../operations/schedule.ts"
import { lookForAlerts, summariseDay, tellOperators } from "./alert-operators.ts"
import { keepBroadcasting } from "./send-broadcast.ts"
import type { Shop } from "./shop.ts"

/** What the shop says by itself; each is safe to be done by several processes at once. */
export function watchJobs(shop: Shop, watchRedis: () => Promise<void>): Job[] {
  const job = (name: string, intervalMs: number, run: () => Promise<unknown>): Job => {
    return { name, intervalMs, run, isExpected: isUnavailable }
  }
  return [
    job("keep_broadcasting", 1_000, () => keepBroadcasting(shop)),
    job("tell_operators", 2_000, () => tellOperators(shop)),
    job("watch_redis", 10_000, watchRedis),
    job("look_for_alerts", 30_000, () => lookForAlerts(shop)),
    job("summarise_day", 30_000, () => summariseDay(shop)),
  ]
}
