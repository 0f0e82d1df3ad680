import { expect, test } from "bun:test"
import { holdLock, untilBlocked } from "../support/database-locks.ts"
import type { Decision } from "../support/gateway-peer.ts"
import { openStall } from "../support/stall.ts"

test("asked to close in the middle of a purchase, it finishes and delivers it first", async () => {
  await using stall = await openStall()
  const { peer, sql } = stall
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ price: 10_000 })
  const [from = ""] = await stall.welcome(1, 10_000)
  const lock = await holdLock(sql, `select from users where number = '${from}' for no key update`)
  const id = await peer.tell(shop.url, from, ".buy KOPI 1")
  await untilBlocked(sql, "place_order")
  const closed = shop.close()
  await lock.release()
  expect(await closed).toBe(0)
  expect(peer.repliesTo(id)[0]?.text).toContain(payload)
  expect(await sql`select status from orders`).toMatchObject([{ status: "delivered" }])
  expect(await sql`select from outbox where state <> 'sent'`).toHaveLength(0)
  expect(await stall.audit()).toEqual([])
})

test("asked to close while goods are on their way, it waits until they are there", async () => {
  await using stall = await openStall()
  const { peer, sql } = stall
  const shop = await stall.open()
  await stall.sell({ price: 10_000 })
  const [from = ""] = await stall.welcome(1, 10_000)
  const arrived = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<Decision>()
  peer.answers(() => {
    arrived.resolve()
    return answered.promise
  })
  await peer.tell(shop.url, from, ".buy KOPI 1")
  await arrived.promise
  const closed = shop.close()
  answered.resolve("take")
  expect(await closed).toBe(0)
  expect(await sql`select status from orders`).toMatchObject([{ status: "delivered" }])
  expect(shop.written()).toContain("Closing the stall")
})
