import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { Gate } from "../../src/gate/gate.ts"
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
  shelf = stockShelf({ "KOPI-1": 17, "TEH-2": 5, "SUSU-3": 8 })
  metrics = countMetrics()
  gate = await openTestGate(server, { countStock: shelf.count, metrics, timings: { driftSettleMs: 5 } })
  await gate.stockLeft(["KOPI-1", "TEH-2", "SUSU-3"])
})

afterEach(() => gate.close())

test("counters that are off are set to what PostgreSQL counts, and the repairs are counted", async () => {
  await redis.set("{lapak}:stock:KOPI-1", "40")
  await redis.set("{lapak}:stock:TEH-2", "-3")
  expect(await gate.reconcile()).toEqual({ checked: 3, repaired: 2 })
  expect(await gate.stockLeft(["KOPI-1", "TEH-2"])).toEqual(
    new Map([
      ["KOPI-1", 17],
      ["TEH-2", 5],
    ]),
  )
  expect(metrics.count("drift repaired")).toBe(2)
  expect(await gate.reconcile()).toEqual({ checked: 3, repaired: 0 })
})

test("a product with a checkout in flight is left for the next time", async () => {
  const begun = await gate.beginCheckout({ userId: 7, productCode: "KOPI-1", quantity: 2 })
  await redis.set("{lapak}:stock:KOPI-1", "40")
  expect(await gate.reconcile()).toEqual({ checked: 2, repaired: 0 })
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("40")
  if (begun.kind === "held") await gate.endCheckout(begun.checkout, "released")
  expect(await gate.reconcile()).toEqual({ checked: 3, repaired: 1 })
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("17")
})

test("a counter that moves while PostgreSQL counts is not overwritten", async () => {
  let asked = 0
  const racing = await openTestGate(server, {
    newToken: () => crypto.randomUUID(),
    timings: { driftSettleMs: 1 },
    async countStock(codes) {
      asked += 1
      const counted = await shelf.count(codes)
      await redis.decr("{lapak}:stock:KOPI-1")
      return counted
    },
  })
  const seen = asked
  await redis.set("{lapak}:stock:KOPI-1", "30")
  expect((await racing.reconcile()).repaired).toBe(0)
  expect(asked).toBe(seen + 2)
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("28")
  await racing.close()
})

test("a change that is committed but not yet told is not taken for drift", async () => {
  let told = false
  const telling = await openTestGate(server, {
    newToken: () => crypto.randomUUID(),
    timings: { driftSettleMs: 1 },
    async countStock(codes) {
      const counted = await shelf.count(codes)
      if (!told && shelf.units.get("KOPI-1") === 18) {
        told = true
        await gate.adjustStock("KOPI-1", 1)
      }
      return counted
    },
  })
  shelf.units.set("KOPI-1", 18)
  expect((await telling.reconcile()).repaired).toBe(0)
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("18")
  await telling.close()
})

test("counters of an earlier life are compared as soon as the gate opens", async () => {
  await redis.set("{lapak}:stock:KOPI-1", "2")
  const later = await openTestGate(server, {
    countStock: shelf.count,
    newToken: () => crypto.randomUUID(),
    timings: { driftSettleMs: 1, openMs: 10_000 },
  })
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("17")
  await later.close()
})

test("PostgreSQL that is away while counters are compared changes nothing", async () => {
  const alone = await openTestGate(server, {
    countStock: () => Promise.reject(new Error("the database is away")),
    newToken: () => crypto.randomUUID(),
  })
  expect(await alone.reconcile()).toEqual({ checked: 0, repaired: 0 })
  expect(await redis.get("{lapak}:stock:KOPI-1")).toBe("17")
  await alone.forgetStock("KOPI-1")
  const answer = await alone.beginCheckout({ userId: 7, productCode: "KOPI-1", quantity: 1 })
  expect(answer.kind).toBe("open")
  expect(alone.stockLeft(["KOPI-1"])).rejects.toThrow("the database is away")
  await alone.close()
})
