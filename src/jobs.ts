import { isAway } from "./database/connect.ts"
import { forgetOldErrors } from "./database/errors.ts"
import { countFigures } from "./database/figures.ts"
import { forgetOldMessages, recoverAbandoned } from "./database/inbox.ts"
import { forgetOldNonces } from "./database/static-payments.ts"
import { forgetOldSent } from "./database/whatsapp-sent.ts"
import type { Inbox } from "./inbox/inbox.ts"
import type { Job } from "./operations/schedule.ts"
import type { Outbox } from "./outbox/outbox.ts"
import { askForRefunds } from "./shop/ask-for-refunds.ts"
import { endIdleConversations } from "./shop/end-idle-conversations.ts"
import { expireOrders } from "./shop/expire-orders.ts"
import { announceOrdersToPack, completeShipments } from "./shop/fulfil-order.ts"
import { reconcilePayments } from "./shop/reconcile-payments.ts"
import { tellRestocked } from "./shop/restock-alerts.ts"
import type { Shop } from "./shop/shop.ts"
import { watchJobs } from "./shop/watch-jobs.ts"
import { workOpenEvents } from "./shop/work-payment-events.ts"

/** What is woken when something was left for it. */
type Awake = Readonly<{ inbox: Inbox; outbox: Outbox }>

/** What has to be looked after again and again; each is safe to be done by several processes at once. */
export function shopJobs(
  shop: Shop,
  parts: Awake & Readonly<{ house: { refresh: () => Promise<unknown> }; watchRedis: () => Promise<void> }>,
): Job[] {
  const { database, gate } = shop
  return [
    recovery(shop, parts),
    job("expire_orders", 1_000, () => expireOrders(shop)),
    job("work_open_events", 5_000, () => workOpenEvents(shop)),
    job("reconcile_payments", 2_000, () => reconcilePayments(shop)),
    job("ask_for_refunds", 5_000, () => askForRefunds(shop)),
    job("refresh_house", 5_000, () => parts.house.refresh()),
    job("end_idle_conversations", 2_000, () => endIdleConversations(shop)),
    job("tell_restocked", 2_000, () => tellRestocked(shop)),
    job("announce_orders_to_pack", 2_000, () => announceOrdersToPack(shop)),
    job("complete_shipments", 60_000, () => completeShipments(shop)),
    job("expire_holds", 5_000, () => gate.expireHolds()),
    job("reconcile_stock", 30_000, () => gate.reconcile()),
    job("forget_old_messages", 600_000, () => forgetOldMessages(database, { ageDays: 30, limit: 10_000 })),
    job("forget_old_nonces", 600_000, () => forgetOldNonces(database, { ageHours: 24, limit: 10_000 })),
    job("forget_old_sent", 600_000, () => forgetOldSent(database, { ageDays: 30, limit: 10_000 })),
    job("forget_old_errors", 600_000, () => forgetOldErrors(database, { ageDays: 90, limit: 10_000 })),
    job("count_figures", 15_000, () => countFigures(database)),
    ...watchJobs(shop, parts.watchRedis),
  ]
}

/** Gives what dead processes held to the living. */
export function recovery({ database, log }: Shop, { inbox, outbox }: Awake): Job {
  return job("recover_abandoned", 1_000, async () => {
    const given = await recoverAbandoned(database)
    if (given.inbox + given.outbox === 0) return
    log.info("took over what a process left behind", { count: given.inbox + given.outbox })
    inbox.wake()
    outbox.wake()
  })
}

function job(name: string, intervalMs: number, run: () => Promise<unknown>): Job {
  return { name, intervalMs, run, isExpected: isAway }
}
