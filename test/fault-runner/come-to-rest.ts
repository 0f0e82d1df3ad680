import { pause } from "../../src/operations/pause.ts"
import type { Scene } from "./open-scene.ts"
import { products } from "./open-scene.ts"
import { makeAllDue } from "./pass-time.ts"

type OpenWork = Readonly<Record<string, number>>

const lookEveryMs = 250
/** At least, because the provider's breaker alone rests for ten seconds; a long run leaves more behind. */
const leastPatienceMs = 120_000

/**
 * Lets everything get done that is still to be done, with all faults over. Returns what was left when
 * patience ended; nothing, when all came to rest.
 */
export async function comeToRest(scene: Scene, given: { durationMs: number }): Promise<readonly string[]> {
  const patienceMs = Math.max(leastPatienceMs, 3 * given.durationMs)
  const patience = new AbortController()
  await Promise.race([scene.gateway.allTaken(), pause(patienceMs, patience.signal)])
  patience.abort()
  await scene.road.clear()
  let left: readonly string[] = []
  let noted = ""
  const endsAt = performance.now() + patienceMs
  do {
    await makeAllDue(scene)
    await pause(lookEveryMs, new AbortController().signal)
    left = Object.entries(await openWork(scene)).flatMap(([what, count]) =>
      count === 0 ? [] : [`${what}: ${count}`],
    )
    if (left.join() !== noted) scene.note(`still open: ${left.join(", ") || "nothing"}`)
    noted = left.join()
  } while (left.length > 0 && performance.now() < endsAt)
  return left
}

async function openWork(scene: Scene): Promise<OpenWork> {
  const { ask, stall, midtrans } = scene
  // One that Midtrans never heard of may still be on its way there, for all the shop knows: it stays open.
  const made = midtrans.transactions().map(({ orderId }) => orderId)
  const [row] = await ask(
    () => stall.sql<OpenWork[]>`
      select
        (select count(*)::integer from inbox where state in ('waiting', 'working')) as "messages in",
        (select count(*)::integer from outbox where state in ('waiting', 'sending')) as "messages out",
        (select count(*)::integer from orders where status in ('awaiting_payment', 'paid')) as "open orders",
        (select count(*)::integer from payments where state in ('requested', 'pending')) as "open charges",
        (select count(*)::integer from refunds where state = 'requested') as "open refunds",
        (select count(*)::integer from payments
          where state in ('failed', 'expired', 'cancelled')
            and closed_at is null
            and reference = any (${made}::text[])) as "charges to close",
        (select count(*)::integer from payment_events
          where id not in (select event_id from payment_event_outcomes)) as "notifications to work"
    `,
  )
  const paid = made.filter((reference) => scene.bank.paidFor(reference).amount > 0)
  const [known] = await ask(
    () => stall.sql<{ count: number }[]>`
      select count(*)::integer as count
        from payments
       where state = 'paid'
         and reference = any (${paid}::text[])
    `,
  )
  return {
    ...row,
    "paid charges unknown to the shop": paid.length - (known?.count ?? 0),
    "counters that differ": await differingCounters(scene),
  }
}

/** A counter that is still to be loaded differs from nothing. */
async function differingCounters({ ask, stall }: Scene): Promise<number> {
  let differing = 0
  for (const { code } of products) {
    const [free] = await ask(
      () => stall.sql<{ count: number }[]>`
        select count(*)::integer as count
          from stock_units
          join products on products.id = stock_units.product_id
         where products.code = ${code}
           and stock_units.state = 'available'
      `,
    )
    const counted = await stall.redis.command("GET", `{lapak}:stock:${code}`)
    if (typeof counted === "string" && Number(counted) !== free?.count) differing += 1
  }
  return differing
}
