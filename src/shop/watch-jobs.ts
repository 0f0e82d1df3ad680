import { forgetOldNotices, watchMessages, watchStock } from "../database/alerts.ts"
import { isAway } from "../database/connect.ts"
import type { Job } from "../operations/schedule.ts"
import { summariseDay, tellOperators, watchLargeOrders } from "./alert-operators.ts"
import { keepBroadcasting } from "./send-broadcast.ts"
import type { Shop } from "./shop.ts"

/**
 * What the shop says by itself. Each is a job of its own, so that one that fails silences no other, and safe
 * to be done by several processes at once.
 */
export function watchJobs(shop: Shop, watchRedis: () => Promise<void>): Job[] {
  const { database, clock } = shop
  const job = (name: string, intervalMs: number, run: () => Promise<unknown>): Job => {
    return { name, intervalMs, run, isExpected: isAway }
  }
  return [
    job("keep_broadcasting", 1_000, () => keepBroadcasting(shop)),
    job("tell_operators", 2_000, () => tellOperators(shop)),
    job("watch_redis", 10_000, watchRedis),
    job("watch_stock", 30_000, () => watchStock(database, clock())),
    job("watch_orders", 30_000, () => watchLargeOrders(shop)),
    job("watch_messages", 30_000, () => watchMessages(database, clock())),
    job("forget_old_notices", 600_000, () => forgetOldNotices(database, clock())),
    job("summarise_day", 30_000, () => summariseDay(shop)),
  ]
}
