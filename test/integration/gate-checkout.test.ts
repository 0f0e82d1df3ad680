import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { BeginCheckout, Checkout, Gate } from "../../src/gate/gate.ts"
import {
  type CountedMetrics,
  connectPlainly,
  countMetrics,
  openTestGate,
  type PlainRedis,
  type Shelf,
  stockShelf,
} from "../support/gate.ts"
import { type RedisServer, startRedisServer } from "../support/redis-server.ts"

let server: RedisServer
let redis: PlainRedis
let shelf: Shelf
let metrics: CountedMetrics
let gate: Gate

beforeAll(async () => {
  server = await startRedisServer()
  redis = await connectPlainly(server)
})

afterAll(async () => {
  redis.destroy()
  await server.stop()
})

beforeEach(async () => {
  await redis.flushAll()
  shelf = stockShelf({ "KOPI-1": 17, "TEH-2": 5 })
  metrics = countMetrics()
  gate = await openTestGate(server, { countStock: shelf.count, metrics })
})

afterEach(() => gate.close())

test("200 customers want 17 units at the same moment: 17 hold one, 183 are told it is sold out", async () => {
  const answers = await Promise.all(upTo(200).map((userId) => begin(userId)))
  expect(answers.filter(({ kind }) => kind === "held")).toHaveLength(17)
  expect(answers.filter(({ kind }) => kind === "sold_out")).toHaveLength(183)
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("0")
  expect(await redis.zCard("{lapak}:holds")).toBe(17)
})

test("a cold counter is loaded by one question however many ask, also from two processes", async () => {
  const other = await openTestGate(server, { countStock: shelf.count, newToken: () => crypto.randomUUID() })
  const asks = upTo(100).map((userId) => {
    return (userId % 2 === 0 ? gate : other).beginCheckout({ userId, productCode: "KOPI-1", quantity: 1 })
  })
  const answers = await Promise.all(asks)
  await other.close()
  expect(answers.filter(({ kind }) => kind === "held")).toHaveLength(17)
  expect(shelf.asked).toBeLessThanOrEqual(2)
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("0")
})

test("one customer who asks five times at once gets one purchase; the others wait for it", async () => {
  const answers = await Promise.all(upTo(5).map(() => begin(7)))
  expect(answers.map(({ kind }) => kind).sort()).toEqual(["held", "locked", "locked", "locked", "locked"])
  expect(metrics.count("lock taken")).toBe(1)
  expect(metrics.count("lock refused")).toBe(4)
  await gate.endCheckout(heldOf(answers), "sold")
  expect((await begin(7)).kind).toBe("held")
})

test("the fourth purchase within a minute is refused with the time left; refusals count as no purchase", async () => {
  for (const _ of upTo(3)) {
    const begun = await Promise.all([begin(7), begin(7), begin(7)])
    await gate.endCheckout(heldOf(begun), "sold")
  }
  const refusedBefore = metrics.count("rate limited buy")
  const fourth = await begin(7)
  expect(fourth.kind).toBe("rate_limited")
  if (fourth.kind !== "rate_limited") return
  expect(fourth.retryAfterMs).toBeGreaterThan(0)
  expect(fourth.retryAfterMs).toBeLessThanOrEqual(60_000)
  expect(metrics.count("rate limited buy")).toBe(refusedBefore + 1)
  await redis.del("{lapak}:ratelimit:7:buy")
  expect((await begin(7)).kind).toBe("held")
})

test("a released checkout gives back the units, the lock and the purchase", async () => {
  for (const _ of upTo(10)) {
    const checkout = held(await begin(7, 4))
    await gate.endCheckout(checkout, "released")
  }
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("17")
  expect(await redis.exists(["{lapak}:lock:buy:7", "{lapak}:ratelimit:7:buy", "{lapak}:holds"])).toBe(0)
})

test("ending a checkout again changes nothing", async () => {
  const first = held(await begin(7, 2))
  await gate.endCheckout(first, "released")
  const second = held(await begin(7, 3))
  await gate.endCheckout(first, "released")
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("14")
  expect(await redis.get("{lapak}:lock:buy:7")).toBe(second.token)
  expect((await begin(7)).kind).toBe("locked")
})

test("the lock of another owner is never removed", async () => {
  const checkout = held(await begin(7))
  await redis.set("{lapak}:lock:buy:7", "somebody-else")
  await gate.endCheckout(checkout, "sold")
  expect(await redis.get("{lapak}:lock:buy:7")).toBe("somebody-else")
})

test("a product that PostgreSQL does not know leaves nothing behind", async () => {
  const answer = await gate.beginCheckout({ userId: 7, productCode: "TIADA-9", quantity: 1 })
  expect(answer).toEqual({ kind: "unknown_product" })
  expect(await redis.keys("*TIADA*")).toEqual([])
  expect(await redis.exists(["{lapak}:lock:buy:7", "{lapak}:ratelimit:7:buy"])).toBe(0)
})

test("Redis emptied in the middle of purchases neither breaks them nor makes units up", async () => {
  const before = await Promise.all(upTo(5).map((userId) => begin(userId)))
  await redis.flushAll()
  const during = await Promise.all(upTo(40).map((userId) => begin(100 + userId)))
  for (const answer of before) await sell(held(answer))
  for (const answer of during) if (answer.kind === "held") await sell(answer.checkout)
  // The sales from before the emptying are unknown to the new counter: it is loaded anew.
  expect(await gate.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", unitsOf("KOPI-1")]]))
})

test("Redis that forgot the scripts is told them again", async () => {
  const first = held(await begin(7))
  await redis.scriptFlush()
  await gate.endCheckout(first, "sold")
  await redis.scriptFlush()
  const answers = await Promise.all(upTo(20).map((userId) => begin(100 + userId)))
  expect(answers.filter(({ kind }) => kind === "held")).toHaveLength(16)
  expect(gate.health().state).toBe("ready")
})

test("what a dead process held comes back when its time is over, and not before", async () => {
  held(await begin(1, 2))
  held(await begin(2, 3))
  expect(await gate.expireHolds()).toBe(0)
  await letHoldsEnd()
  expect(await gate.expireHolds()).toBe(2)
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("17")
  expect(await gate.expireHolds()).toBe(0)
})

test("a sale that was committed before its process died does not come back as stock", async () => {
  held(await begin(1, 2))
  shelf.units.set("KOPI-1", 15)
  await letHoldsEnd()
  expect(await gate.expireHolds()).toBe(1)
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("15")
})

test("a sale slower than its hold is counted all the same", async () => {
  const slow = held(await begin(1, 2))
  await letHoldsEnd()
  await gate.expireHolds()
  await sell(slow)
  expect(await gate.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", 15]]))
})

test("stock that comes back or goes elsewhere moves a loaded counter, and leaves a cold one cold", async () => {
  await gate.adjustStock("KOPI-1", 3)
  expect(await redis.exists("{lapak}:stock:KOPI-1")).toBe(0)
  await gate.stockLeft(["KOPI-1"])
  await gate.adjustStock("KOPI-1", 3)
  await gate.adjustStock("KOPI-1", -1)
  expect(await gate.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", 19]]))
})

test("a count that began before the stock changed is not stored", async () => {
  const counting = Promise.withResolvers<void>()
  const counted = Promise.withResolvers<void>()
  let asked = 0
  const slow = await openTestGate(server, {
    newToken: () => crypto.randomUUID(),
    async countStock(codes) {
      asked += 1
      const before = await shelf.count(codes)
      if (asked > 1) return before
      counting.resolve()
      await counted.promise
      return before
    },
  })
  const loading = slow.beginCheckout({ userId: 1, productCode: "KOPI-1", quantity: 1 })
  await counting.promise
  shelf.units.set("KOPI-1", 3)
  await gate.adjustStock("KOPI-1", -14)
  counted.resolve()
  expect(await loading).toMatchObject({ kind: "held", left: 2 })
  expect(asked).toBe(2)
  await slow.close()
})

test("many products are asked for at once, the cold ones in one question", async () => {
  await gate.stockLeft(["TEH-2"])
  const before = shelf.asked
  const left = await gate.stockLeft(["KOPI-1", "TEH-2", "TIADA-9"])
  expect(Object.fromEntries(left)).toEqual({ "KOPI-1": 17, "TEH-2": 5 })
  expect(shelf.asked).toBe(before + 1)
  await gate.stockLeft(["KOPI-1", "TEH-2"])
  expect(shelf.asked).toBe(before + 1)
})

test("a counter loaded while checkouts are in flight leaves out what they hold, and is counted again soon", async () => {
  const checkout = held(await begin(1, 2))
  await gate.forgetStock("KOPI-1")
  expect(await gate.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", 15]]))
  expect(await redis.pTTL("{lapak}:stock:KOPI-1")).toBeGreaterThan(0)
  await gate.endCheckout(checkout, "released")
  expect(await gate.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", 17]]))
})

test("a command has its own limit, apart from other commands and customers", async () => {
  const once = { userId: 7, command: "detail", limit: 2, windowMs: 60_000 }
  expect(await gate.allow(once)).toEqual({ kind: "allowed" })
  expect(await gate.allow(once)).toEqual({ kind: "allowed" })
  const third = await gate.allow(once)
  expect(third.kind).toBe("rate_limited")
  expect(await gate.allow({ ...once, command: "status" })).toEqual({ kind: "allowed" })
  expect(await gate.allow({ ...once, userId: 8 })).toEqual({ kind: "allowed" })
  expect(metrics.count("rate limited detail")).toBe(1)
})

test("shops that share a Redis share nothing in it", async () => {
  const other = await openTestGate(server, { shop: "sebelah", countStock: shelf.count })
  held(await begin(7))
  const theirs = await other.beginCheckout({ userId: 7, productCode: "KOPI-1", quantity: 1 })
  expect(theirs).toMatchObject({ kind: "held", left: 16 })
  const keys = await redis.keys("*")
  expect(keys.every((key) => key.startsWith("{lapak}:") || key.startsWith("{sebelah}:"))).toBe(true)
  await other.close()
})

function begin(userId: number, quantity = 1): Promise<BeginCheckout> {
  return gate.beginCheckout({ userId, productCode: "KOPI-1", quantity })
}

function held(answer: BeginCheckout): Checkout {
  if (answer.kind !== "held") throw new Error(`expected a hold, got ${answer.kind}`)
  return answer.checkout
}

function heldOf(answers: readonly BeginCheckout[]): Checkout {
  const one = answers.find(({ kind }) => kind === "held")
  if (!one) throw new Error("none of them held anything")
  return held(one)
}

async function sell(checkout: Checkout): Promise<void> {
  const units = unitsOf(checkout.productCode)
  const enough = units >= checkout.quantity
  if (enough) shelf.units.set(checkout.productCode, units - checkout.quantity)
  await gate.endCheckout(checkout, enough ? "sold" : "released")
}

function unitsOf(code: string): number {
  return shelf.units.get(code) ?? 0
}

async function letHoldsEnd(): Promise<void> {
  for (const member of await redis.zRange("{lapak}:holds", 0, -1)) {
    await redis.zAdd("{lapak}:holds", { score: 1, value: member })
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
