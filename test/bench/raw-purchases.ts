import { connectTo, type Sql } from "../../src/database/connect.ts"
import { claimProcess } from "../../src/database/process-claim.ts"
import type { Foundation } from "../../src/foundation.ts"
import { type Latency, latencyOf, round } from "./quantiles.ts"

export type RawPurchases = Latency &
  Readonly<{
    perSecond: number
    purchases: number
    seconds: number
    errors: number
    ranOut: boolean
    clientCpuSeconds: number
  }>

type Order = Readonly<{
  name: string
  atOnce: number
  connections: number
  firstNumber: number
  customers: number
  codes: readonly string[]
  durationMs: number
}>

const channel = "bench"

/**
 * Drives the purchase's SQL and nothing else: `place_order` through postgres.js, each call for a message of a
 * customer of its own that was stored and claimed beforehand. What PostgreSQL and the driver can do here.
 */
export async function measureRawPurchases(foundation: Foundation, order: Order): Promise<RawPurchases> {
  const { address, config, database, log } = foundation
  const claim = await claimProcess(address, database, log)
  const sql = connectTo(address, config.shop, order.connections)
  const owner = claim.current()
  if (owner === undefined) throw new Error("there is no process number")
  try {
    const messages = await claimedMessages(sql, order, owner)
    return await drive(sql, order, owner, messages)
  } finally {
    await clearAway(sql, owner)
    await sql.end()
    await claim.close()
  }
}

async function claimedMessages(sql: Sql, order: Order, owner: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    insert into inbox (channel, message_id, user_id, text, state, claimed_by, attempts)
    select ${channel}, ${order.name} || '-' || users.id, users.id, '.buy', 'working', ${owner}, 1
      from users
     where number::bigint >= ${order.firstNumber}
       and number::bigint < ${order.firstNumber + order.customers}
     order by users.id
    returning id
  `
  return rows.map(({ id }) => id)
}

async function drive(
  sql: Sql,
  order: Order,
  owner: number,
  messages: readonly number[],
): Promise<RawPurchases> {
  const durationsMs: number[] = []
  let errors = 0
  let next = 0
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const endsAt = startedAt + order.durationMs
  const slot = async () => {
    while (performance.now() < endsAt) {
      const place = next
      const inboxId = messages[place]
      if (inboxId === undefined) return
      next += 1
      const began = performance.now()
      const rows = await sql<{ placed: { kind: string } }[]>`
        select place_order(
          ${inboxId}, ${owner}, ${[channel]}::text[], ${order.codes[place % order.codes.length] ?? ""}, 1,
          'auto', ${`${order.name}-${place}`}, 'demo', ${`${order.name}-${place}`}, 900, null, null
        ) as placed
      `
      durationsMs.push(performance.now() - began)
      if (rows[0]?.placed.kind !== "paid") errors += 1
    }
  }
  await Promise.all(Array.from({ length: order.atOnce }, slot))
  const seconds = (performance.now() - startedAt) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  return {
    perSecond: Math.round(durationsMs.length / seconds),
    purchases: durationsMs.length,
    seconds: round(seconds),
    ...latencyOf(durationsMs),
    errors,
    ranOut: next >= messages.length,
    clientCpuSeconds: round((cpu.user + cpu.system) / 1_000_000),
  }
}

/** What was prepared and not used would be found by the shop again and again. */
async function clearAway(sql: Sql, owner: number): Promise<void> {
  await sql`update inbox set state = 'refused', claimed_by = null where state = 'working' and claimed_by = ${owner}`
  await sql`select mark_sent(${owner}, array(select id from outbox where state = 'sending' and claimed_by = ${owner}))`
}
