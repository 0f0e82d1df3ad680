import { afterEach, beforeEach, expect, test } from "bun:test"
import { type BeginCheckout, type Checkout, type Gate, openGate } from "../../src/gate/gate.ts"
import { eventually } from "../support/eventually.ts"
import {
  type CountedMetrics,
  connectPlainly,
  countMetrics,
  openTestGate,
  quietLog,
  type Shelf,
  stockShelf,
  tokens,
} from "../support/gate.ts"
import { type RedisServer, startRedisServer } from "../support/redis-server.ts"

let server: RedisServer
let shelf: Shelf
let metrics: CountedMetrics
let gate: Gate

beforeEach(async () => {
  server = await startRedisServer({ durable: true })
  shelf = stockShelf({ "KOPI-1": 17 })
  metrics = countMetrics()
  gate = await openTestGate(server, {
    countStock: shelf.count,
    metrics,
    timings: { openMs: 10_000, commandTimeoutMs: 300 },
  })
})

afterEach(async () => {
  await gate.close()
  await server.stop()
})

test("a frozen Redis is waited for once; then everybody goes on without it until it wakes", async () => {
  server.freeze()
  const first = await begin(1)
  expect(first).toMatchObject({ kind: "open", checkout: { inRedis: "uncertain" } })
  expect(gate.health()).toEqual({ state: "degraded", reason: "timeout" })
  // None of these may have been sent: only a sent one can be uncertain, and only a sent one waits.
  const others = await Promise.all(Array.from({ length: 50 }, (_, index) => begin(2 + index)))
  for (const other of others) expect(other).toMatchObject({ kind: "open", checkout: { inRedis: "nothing" } })
  expect(await gate.allow({ userId: 1, command: "detail", limit: 1, windowMs: 1_000 })).toEqual({
    kind: "allowed",
  })
  expect(await gate.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", 17]]))
  server.thaw()
  await untilReady()
  expect(metrics.count("state degraded")).toBe(2)
  expect(metrics.count("state ready")).toBe(2)
})

test("commands under way when Redis freezes all come back, each as open", async () => {
  await gate.stockLeft(["KOPI-1"])
  server.freeze()
  const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => begin(index)))
  expect(answers.every(({ kind }) => kind === "open")).toBe(true)
  server.thaw()
  await untilReady()
})

test("what a frozen Redis did after waking is undone when its checkout ended meanwhile", async () => {
  const plain = await connectPlainly(server)
  await gate.stockLeft(["KOPI-1"])
  server.freeze()
  const released = open(await begin(1))
  await gate.endCheckout(released, "released")
  server.thaw()
  await untilReady()
  // It woke, took the lock and the hold for the first customer, and was then told how that had ended.
  expect(await plain.exists(["{lapak}:lock:buy:1", "{lapak}:holds"])).toBe(0)
  expect(await begin(1)).toMatchObject({ kind: "held", left: 16 })
  plain.destroy()
})

test("sales made while Redis was away are in its counters once it is back", async () => {
  await gate.stockLeft(["KOPI-1"])
  server.freeze()
  const one = open(await begin(1))
  const two = open(await begin(2))
  shelf.units.set("KOPI-1", 15)
  await gate.endCheckout(one, "sold")
  await gate.endCheckout(two, "sold")
  await gate.adjustStock("KOPI-1", 0)
  server.thaw()
  await untilReady()
  expect(await begin(3)).toMatchObject({ kind: "held", left: 14 })
})

test("a value changed while Redis was away is not read from before", async () => {
  const name = { kind: "products" } as const
  await gate.cache.remember(name, async () => "old")
  server.freeze()
  await gate.cache.forget(name)
  expect(await gate.cache.remember(name, async () => "new")).toBe("new")
  server.thaw()
  await untilReady()
  expect(await gate.cache.remember(name, async () => "new")).toBe("new")
})

test("without Redis, 100 who ask at once still make one load", async () => {
  await server.kill()
  await eventually("the gate notices", () => gate.health().state === "degraded")
  let loads = 0
  const started = Promise.withResolvers<void>()
  const asks = Array.from({ length: 100 }, () => {
    return gate.cache.remember({ kind: "products" }, async () => {
      loads += 1
      await started.promise
      return "list"
    })
  })
  await eventually("a load begins", () => loads > 0)
  started.resolve()
  expect(new Set(await Promise.all(asks))).toEqual(new Set(["list"]))
  expect(loads).toBe(1)
})

test("a killed Redis is noticed by itself, and so is its return", async () => {
  await gate.stockLeft(["KOPI-1"])
  await server.kill()
  await eventually("the gate notices", () => gate.health().state === "degraded")
  expect(await gate.ping()).toBe(false)
  expect(await begin(1)).toMatchObject({ kind: "open", checkout: { inRedis: "nothing" } })
  await server.restart()
  await untilReady()
  expect(await gate.ping()).toBe(true)
  expect(await begin(1)).toMatchObject({ kind: "held" })
})

test("a Redis killed in the middle of 200 purchases fails none of them", async () => {
  await gate.stockLeft(["KOPI-1"])
  const asks = Array.from({ length: 200 }, (_, index) => begin(index))
  const killing = server.kill()
  const answers = await Promise.all(asks)
  await killing
  const kinds = new Set(answers.map(({ kind }) => kind))
  expect([...kinds].every((kind) => ["open", "held", "sold_out"].includes(kind))).toBe(true)
  for (const answer of answers) {
    if (answer.kind === "held" || answer.kind === "open") await gate.endCheckout(answer.checkout, "released")
  }
  await server.restart()
  await untilReady()
  await eventually("all units are free again", async () => {
    await gate.expireHolds()
    return (await gate.stockLeft(["KOPI-1"])).get("KOPI-1") === 17
  })
})

test("counters that were wrong in a Redis that came back are repaired without being asked", async () => {
  await gate.stockLeft(["KOPI-1"])
  await server.kill()
  await eventually("the gate notices", () => gate.health().state === "degraded")
  shelf.units.set("KOPI-1", 4)
  await server.restart()
  await eventually("the counter is right", async () => {
    return gate.health().state === "ready" && (await gate.stockLeft(["KOPI-1"])).get("KOPI-1") === 4
  })
  await eventually("it is counted", () => metrics.count("drift repaired") === 1)
})

test("a Redis that cannot write is as good as none, until it can", async () => {
  const plain = await connectPlainly(server)
  await plain.configSet("maxmemory", "1")
  expect(await begin(1)).toMatchObject({ kind: "open" })
  await eventually("the gate notices", () => gate.health().state === "degraded")
  await plain.configSet("maxmemory", "0")
  await untilReady()
  expect(await begin(1)).toMatchObject({ kind: "held" })
  plain.destroy()
})

test("a connection that stays silent is replaced", async () => {
  const path = `${server.path}.silent`
  let connections = 0
  const silent = Bun.listen({
    unix: path,
    socket: {
      open: () => {
        connections += 1
      },
      data: () => undefined,
    },
  })
  const impatient = await openTestGate(server, {
    connection: { kind: "socket", path },
    countStock: shelf.count,
    timings: { silentConnectionMs: 1, probeIntervalMs: 5, commandTimeoutMs: 20, openMs: 1 },
  })
  await eventually("it connects again", () => connections >= 3)
  expect(impatient.health().state).toBe("degraded")
  await impatient.close()
  silent.stop(true)
})

test("a gate opens without Redis, and finds it when it comes", async () => {
  await server.kill()
  const early = await openTestGate(server, { countStock: shelf.count, timings: { openMs: 20 } })
  expect(early.health().state).toBe("degraded")
  expect(await early.stockLeft(["KOPI-1"])).toEqual(new Map([["KOPI-1", 17]]))
  await server.restart()
  await eventually("it is ready", () => early.health().state === "ready")
  await early.close()
})

test("a shop that has no Redis at all sells through an open gate", async () => {
  const none = await openGate({
    connection: { kind: "absent" },
    shop: "lapak",
    log: quietLog,
    metrics: countMetrics(),
    newToken: tokens(),
    countStock: shelf.count,
  })
  expect(none.health()).toEqual({ state: "degraded", reason: "absent" })
  const begun = open(await none.beginCheckout({ userId: 1, productCode: "KOPI-1", quantity: 1 }))
  await none.endCheckout(begun, "sold")
  await none.adjustStock("KOPI-1", 1)
  expect(await none.cache.remember({ kind: "settings" }, async () => "loaded")).toBe("loaded")
  expect(await none.reconcile()).toEqual({ checked: 0, repaired: 0 })
  expect(await none.expireHolds()).toBe(0)
  await none.close()
})

test("a closed gate answers as if Redis were away, and closing again is nothing", async () => {
  await gate.close()
  await gate.close()
  expect(await begin(1)).toMatchObject({ kind: "open" })
  expect(gate.health()).toEqual({ state: "degraded", reason: "closed" })
})

function begin(userId: number): Promise<BeginCheckout> {
  return gate.beginCheckout({ userId, productCode: "KOPI-1", quantity: 1 })
}

function open(answer: BeginCheckout): Checkout {
  if (answer.kind !== "open") throw new Error(`expected an open gate, got ${answer.kind}`)
  return answer.checkout
}

async function untilReady(): Promise<void> {
  await eventually("the gate is ready", () => gate.health().state === "ready")
}
