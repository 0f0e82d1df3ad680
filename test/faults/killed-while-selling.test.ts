import { expect, test } from "bun:test"
import { endServers, holdLock, untilBlocked } from "../support/database-locks.ts"
import { eventually } from "../support/eventually.ts"
import type { Decision } from "../support/gateway-peer.ts"
import { openStall, type Stall } from "../support/stall.ts"

const price = 10_000

/**
 * Each test brings a sale to the named step, where something outside holds it, kills the process there, opens
 * the stall again, and expects one sale: paid once, delivered under one id.
 */
async function prepare() {
  const stall = await openStall()
  const shop = await stall.open()
  const payloads = await stall.sell({ units: 3, price })
  const [from = ""] = await stall.welcome(1, 3 * price)
  return { stall, shop, payloads, from, [Symbol.asyncDispose]: stall[Symbol.asyncDispose] }
}

const lockCustomer = (stall: Stall, from: string) =>
  holdLock(stall.sql, `select from users where number = '${from}' for no key update`)

test("killed when a message is stored but not handled: it is handled, after those before it", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { peer, sql } = stall
  const lock = await lockCustomer(stall, from)
  const first = await peer.tell(shop.url, from, ".batal")
  const second = await peer.tell(shop.url, from, ".buy KOPI 1")
  const servers = await untilBlocked(sql, "hold_message")
  expect(await sql`select from inbox where state = 'waiting'`).toHaveLength(1)
  await shop.signal("SIGKILL")
  await endServers(sql, servers)
  await lock.release()

  await stall.open()
  await stall.atRest()
  expect(peer.messages().map(({ inReplyTo }) => inReplyTo)).toEqual([first, second])
  await expectOneSale(prepared)
})

test("killed when the unit is held in Redis but not sold: the hold ends, and the sale is made once", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { peer, sql, redis } = stall
  const lock = await lockCustomer(stall, from)
  await peer.tell(shop.url, from, ".buy KOPI 1")
  const servers = await untilBlocked(sql, "place_order")
  expect(await redis.command("ZCARD", "{lapak}:holds")).toBe(1)
  await shop.signal("SIGKILL")
  await endServers(sql, servers)
  await lock.release()
  expect(await sql`select from orders`).toHaveLength(0)

  await stall.open()
  await stall.atRest()
  await expectOneSale(prepared)
  await endHolds(stall)
  await stall.hasFree("KOPI", 2)
})

test("killed while PostgreSQL is at work, which finishes by itself: the sale is whole", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { peer, sql } = stall
  const lock = await lockCustomer(stall, from)
  await peer.tell(shop.url, from, ".buy KOPI 1")
  await untilBlocked(sql, "place_order")
  await shop.signal("SIGKILL")
  await lock.release()

  await stall.open()
  await stall.atRest()
  await expectOneSale(prepared)
})

test("killed when sold but not sent: the goods go out after the start", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { peer } = stall
  peer.answers(() => "ignore")
  await peer.tell(shop.url, from, ".buy KOPI 1")
  const [lost] = await eventually("the goods are on their way", () => peer.heard().length > 0 && peer.heard())
  expect(await stall.balanceOf(from)).toBe(2 * price)
  await shop.signal("SIGKILL")
  expect(peer.messages()).toEqual([])

  peer.answers(() => "take")
  await stall.open()
  await stall.atRest()
  expect(peer.messages().map(({ id }) => id)).toEqual([lost?.id ?? ""])
  await expectOneSale(prepared)
})

test("killed when sent but the answer is still out: they are sent again under the same id", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { peer } = stall
  peer.answers(() => "take_silently")
  await peer.tell(shop.url, from, ".buy KOPI 1")
  await eventually("the goods are shown", () => peer.messages().length === 1)
  await shop.signal("SIGKILL")

  peer.answers(() => "take")
  await stall.open()
  await stall.atRest()
  expect(peer.heard()).toHaveLength(2)
  await expectOneSale(prepared)
})

test("killed when delivered but not marked so: they are sent again under the same id", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { peer, sql } = stall
  const arrived = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  peer.answers(async (): Promise<Decision> => {
    arrived.resolve()
    await locked.promise
    return "take"
  })
  await peer.tell(shop.url, from, ".buy KOPI 1")
  await arrived.promise
  const lock = await holdLock(sql, "select from outbox for update")
  locked.resolve()
  const servers = await untilBlocked(sql, "mark_sent")
  await shop.signal("SIGKILL")
  await endServers(sql, servers)
  await lock.release()

  await stall.open()
  await stall.atRest()
  expect(peer.heard()).toHaveLength(2)
  await expectOneSale(prepared)
})

async function expectOneSale({ stall, payloads, from }: Awaited<ReturnType<typeof prepare>>) {
  const { peer, sql } = stall
  const said = peer.messagesTo(from).map(({ text }) => text)
  const goods = said.flatMap((text) => payloads.filter((payload) => text.includes(payload)))
  expect(goods).toEqual(payloads.slice(0, 1))
  expect(await stall.balanceOf(from)).toBe(2 * price)
  expect(await stall.freeUnits()).toBe(2)
  expect(await sql`select status from orders`).toMatchObject([{ status: "delivered" }])
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
}

/** The time of every hold that a dead process left is over now. */
async function endHolds({ redis }: Stall): Promise<void> {
  const holds = await redis.command("ZRANGE", "{lapak}:holds", "0", "-1")
  if (!Array.isArray(holds)) throw new Error("there are no holds to read")
  for (const hold of holds) await redis.command("ZADD", "{lapak}:holds", "XX", "1", String(hold))
}
