import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { Gate } from "../../src/gate/gate.ts"
import {
  type CountedMetrics,
  connectPlainly,
  countMetrics,
  openTestGate,
  type PlainRedis,
  stockShelf,
} from "../support/gate.ts"
import { type RedisServer, startRedisServer } from "../support/redis-server.ts"

let server: RedisServer
let redis: PlainRedis
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
  metrics = countMetrics()
  gate = await openAnother()
})

afterEach(() => gate.close())

const products = { kind: "products" } as const

test("100 misses at once make one load, and everybody gets its value", async () => {
  let loads = 0
  const load = async () => {
    loads += 1
    await redis.ping()
    return ["kopi", "teh"]
  }
  const values = await Promise.all(Array.from({ length: 100 }, () => gate.cache.remember(products, load)))
  expect(loads).toBe(1)
  expect(values.every((value) => value.join() === "kopi,teh")).toBe(true)
  expect(await gate.cache.remember(products, load)).toEqual(["kopi", "teh"])
  expect(loads).toBe(1)
  expect(metrics.count("hit products")).toBe(1)
  expect(metrics.count("miss products")).toBe(100)
})

test("each thing is kept for its own lifetime, under its own key", async () => {
  await gate.cache.remember(products, async () => 1)
  await gate.cache.remember({ kind: "product", code: "KOPI-1" }, async () => 1)
  await gate.cache.remember({ kind: "balance", userId: 7 }, async () => 1)
  await gate.cache.remember({ kind: "settings" }, async () => 1)
  expect(await minutesLeft("{lapak}:produk:list")).toBe(5)
  expect(await minutesLeft("{lapak}:produk:detail:KOPI-1")).toBe(5)
  expect(await minutesLeft("{lapak}:user:balance:7")).toBe(1)
  expect(await minutesLeft("{lapak}:settings")).toBe(10)
})

test("a value forgotten is loaded anew, also by another process", async () => {
  const other = await openAnother()
  await gate.cache.remember(products, async () => "old")
  await other.cache.forget(products, { kind: "settings" })
  expect(await gate.cache.remember(products, async () => "new")).toBe("new")
  expect(await other.cache.remember(products, async () => "newer")).toBe("new")
  await other.close()
})

test("a load that began before the value was forgotten is neither stored nor given to who asks later", async () => {
  const other = await openAnother()
  for (const forgetter of [gate, other]) {
    const started = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const early = gate.cache.remember(products, async () => {
      started.resolve()
      await released.promise
      return "old"
    })
    await started.promise
    await forgetter.cache.forget(products)
    expect(await gate.cache.remember(products, async () => "new")).toBe("new")
    released.resolve()
    expect(await early).toBe("old")
    expect(await gate.cache.remember(products, async () => "newest")).toBe("new")
    await forgetter.cache.forget(products)
  }
  await other.close()
})

test("a load that fails tells everybody who waited, and the next one tries again", async () => {
  const failing = () => Promise.reject(new Error("the database is away"))
  const asks = Array.from({ length: 10 }, () => gate.cache.remember(products, failing))
  const results = await Promise.allSettled(asks)
  expect(results.every(({ status }) => status === "rejected")).toBe(true)
  expect(await gate.cache.remember(products, async () => "there")).toBe("there")
})

test("what cannot be read back is loaded instead", async () => {
  const read = (cached: unknown) => (cached === "well" ? "well" : undefined)
  for (const spoilt of ['{"an":"older version"}', "not json", ""]) {
    await redis.set("{lapak}:produk:list", spoilt)
    expect(await gate.cache.remember(products, async () => "well", read)).toBe("well")
  }
  await gate.cache.remember(products, async () => "well", read)
  expect(await redis.get("{lapak}:produk:list")).toBe('"well"')
})

test("undefined is not cached, null is", async () => {
  expect(await gate.cache.remember(products, async () => undefined)).toBeUndefined()
  expect(await gate.cache.remember<string | null>(products, async () => null)).toBeNull()
  expect(await gate.cache.remember<string | null>(products, async () => "later")).toBeNull()
})

test("a value too large for the cache is given and not kept", async () => {
  const small = await openTestGate(server, {
    countStock: stockShelf({}).count,
    newToken: () => crypto.randomUUID(),
    limits: { cachedCharacters: 10 },
  })
  expect(await small.cache.remember(products, async () => "more than ten")).toBe("more than ten")
  expect(await small.cache.remember(products, async () => "short")).toBe("short")
  await small.close()
})

function openAnother(): Promise<Gate> {
  return openTestGate(server, {
    countStock: stockShelf({}).count,
    metrics,
    newToken: () => crypto.randomUUID(),
  })
}

async function minutesLeft(key: string): Promise<number> {
  return Math.ceil((await redis.pTTL(key)) / 60_000)
}
