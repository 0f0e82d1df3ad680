import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { eventually } from "../support/eventually.ts"
import { openStall, type Stall } from "../support/stall.ts"

const crowd = 200
const units = 17
const price = 10_000
const soldOut = textsFor("id").soldOut({ code: "KOPI", name: "Voucher KOPI", left: 0, wanted: 1 })

test("200 customers want 17 units at the same moment: 17 are sold, each once, and 183 are refused kindly", async () => {
  await using stall = await openStall()
  const { url } = await stall.open()
  await sellToCrowd(stall, url)
})

test("the same holds without any Redis", async () => {
  await using stall = await openStall({ environment: { REDIS_URL: "unix:/nowhere/redis.sock" } })
  const { url } = await stall.open()
  await sellToCrowd(stall, url)
})

test("the same holds while Redis is flushed, killed and started again in the middle", async () => {
  await using stall = await openStall()
  const { url } = await stall.open()
  const { redis, peer } = stall
  const disturbance = async () => {
    await eventually("the first replies", () => peer.messages().length >= 3)
    await redis.command("FLUSHALL")
    await eventually("more replies", () => peer.messages().length >= 10)
    await redis.signal("SIGKILL")
    await redis.start()
  }
  await Promise.all([sellToCrowd(stall, url), disturbance()])
})

async function sellToCrowd(stall: Stall, url: string): Promise<void> {
  const { peer, sql } = stall
  const payloads = await stall.sell({ code: "KOPI", price, units })
  const customers = await stall.welcome(crowd, price)
  const asked = await Promise.all(customers.map((number) => peer.tell(url, number, ".buy KOPI 1")))
  await Promise.all(asked.map(peer.replyTo))
  await stall.atRest()

  const replies = peer.messages()
  expect(replies).toHaveLength(crowd)
  const refusals = replies.filter(({ text }) => text === soldOut)
  const deliveries = replies.filter(({ text }) => payloads.some((payload) => text.includes(payload)))
  expect(refusals).toHaveLength(crowd - units)
  expect(deliveries).toHaveLength(units)
  const delivered = deliveries.flatMap(({ text }) => payloads.filter((payload) => text.includes(payload)))
  expect(delivered.toSorted()).toEqual(payloads.toSorted())
  expect(new Set(deliveries.map(({ to }) => to)).size).toBe(units)

  const [orders] = await sql<{ count: number; total: number }[]>`
    select count(*)::integer as count, sum(total)::bigint as total from orders where status = 'delivered'
  `
  expect(orders).toEqual({ count: units, total: units * price })
  const [left] = await sql<{ balances: number }[]>`select sum(balance)::bigint as balances from users`
  expect(left?.balances).toBe((crowd - units) * price)
  expect(await stall.freeUnits()).toBe(0)
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
}
