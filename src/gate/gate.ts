import { setTimeout as sleep } from "node:timers/promises"
import type { Log } from "../operations/log.ts"
import { type Cache, createCache } from "./cache.ts"
import {
  type BeginCheckout,
  beginCheckout,
  type Checkout,
  type CheckoutEnd,
  type CheckoutRequest,
  endCheckout,
  tellEnd,
} from "./checkout.ts"
import type { RedisAddress } from "./connection.ts"
import { createDebts } from "./debts.ts"
import { expireHolds } from "./holds.ts"
import { type Keys, keysOf } from "./keys.ts"
import { defaultLimits, defaultTimings, type GateLimits, type GateTimings } from "./limits.ts"
import type { GateMetrics } from "./metrics.ts"
import { meetAllCounters, type Reconciled, reconcileStock } from "./reconcile-stock.ts"
import { openRedis, type Redis } from "./redis.ts"
import { allowScript } from "./scripts.ts"
import { type CountStock, createStockCounters } from "./stock-counter.ts"

export type { Cache } from "./cache.ts"
export type { BeginCheckout, Checkout, CheckoutEnd, CheckoutRequest } from "./checkout.ts"
export type { RedisAddress } from "./connection.ts"
export type { CacheKind, CacheName } from "./keys.ts"
export type { GateLimits, GateTimings } from "./limits.ts"
export type { GateMetrics } from "./metrics.ts"
export type { Reconciled } from "./reconcile-stock.ts"

export type GateOptions = {
  connection: RedisAddress
  /** The hash tag of every key. */
  shop: string
  log: Log
  metrics: GateMetrics
  countStock: CountStock
  /** A fresh token without a colon, never the same twice. */
  newToken: () => string
  timings?: Partial<GateTimings>
  limits?: Partial<GateLimits>
}

export type AllowRequest = Readonly<{ userId: number; command: string; limit: number; windowMs: number }>

export type Allowed =
  | { readonly kind: "allowed" }
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number }

export type GateHealth = Readonly<{ state: "ready" | "degraded"; reason?: string }>

/**
 * Redis answers fast; PostgreSQL decides. Whatever happens to Redis, nothing here rejects because of it: a
 * checkout is `open`, a command is allowed, a value is loaded from PostgreSQL.
 */
export type Gate = {
  /**
   * The purchase limit, one purchase at a time, and the units, in one round trip. A refusal counts as no
   * purchase. Every checkout it returns must be ended. Throws RangeError when `quantity` is not a whole
   * number above zero.
   */
  beginCheckout(request: CheckoutRequest): Promise<BeginCheckout>
  /** `sold` only after PostgreSQL has committed; `released` gives units and purchase back. Idempotent. */
  endCheckout(checkout: Checkout, end: CheckoutEnd): Promise<void>
  /** Counts one use in a fixed window that begins with the first. A refused use is not counted. */
  allow(request: AllowRequest): Promise<Allowed>
  /**
   * After PostgreSQL committed a change outside a checkout: units that came back, or, below zero, were
   * taken. Not idempotent. A cold counter stays cold.
   */
  adjustStock(productCode: string, by: number): Promise<void>
  /** Lets the counter be loaded anew: after an import, an operator's change, a drift that was noticed. */
  forgetStock(productCode: string): Promise<void>
  /** Units left, never below zero; unknown products are left out. Rejects only as `countStock` does. */
  stockLeft(codes: readonly string[]): Promise<ReadonlyMap<string, number>>
  cache: Cache
  /** Compares every counter this process knows with PostgreSQL and repairs drift. To be called regularly. */
  reconcile(): Promise<Reconciled>
  /** Gives back what dead processes held; returns the number of holds. To be called every few seconds. */
  expireHolds(): Promise<number>
  health(): GateHealth
  /** Whether Redis answers right now. */
  ping(): Promise<boolean>
  /** Idempotent. What is asked afterwards is answered as if Redis were away. */
  close(): Promise<void>
}

/** Never fails because Redis is away: it connects in the background as soon as there is something there. */
export async function openGate(options: GateOptions): Promise<Gate> {
  const timings = { ...defaultTimings, ...options.timings }
  const limits = { ...defaultLimits, ...options.limits }
  const keys = keysOf(options.shop)
  const closing = new AbortController()
  const debts = createDebts({ most: limits.debts, log: options.log })
  const settle = (ask: Parameters<typeof debts.settle>[0]) => {
    return debts.settle(ask, (redis, checkout, end) => tellEnd(redis, checkout, end, { keys, timings }))
  }
  const firstBack = Promise.withResolvers<void>()
  const redis = openRedis({
    address: options.connection,
    log: options.log,
    metrics: options.metrics,
    timings,
    limits,
    probeKey: keys.limiter(0, "probe"),
    isBehind: () => !debts.isEmpty(),
    catchUp: settle,
    onBack: () => void reconcileAll().then(() => firstBack.resolve()),
  })
  const { countStock, newToken, log, metrics } = options
  const common = { redis, keys, debts, countStock, newToken, timings, limits, log, metrics }
  const stock = createStockCounters(common)
  const parts = { ...common, stock, closing: closing.signal }

  async function reconcileAll() {
    await meetAllCounters(parts)
    return reconcileStock(stock.known(), parts)
  }

  const gate: Gate = {
    beginCheckout: (request) => beginCheckout(request, parts),
    endCheckout: (checkout, end) => endCheckout(checkout, end, parts),
    allow: (request) => allow(request, parts),
    adjustStock: stock.adjust,
    forgetStock: stock.forget,
    stockLeft: stock.left,
    cache: createCache(common),
    async reconcile() {
      if (redis.isReady() && !debts.isEmpty()) await settle(redis)
      return reconcileStock(stock.known(), parts)
    },
    async expireHolds() {
      const { ended, productCodes } = await expireHolds(parts)
      await reconcileStock(productCodes, parts)
      return ended
    },
    health: () => healthOf(redis),
    ping: () => redis.ping(),
    async close() {
      closing.abort()
      redis.close()
    },
  }
  if (!redis.isAbsent()) await within(timings.openMs, firstBack.promise)
  return gate
}

async function allow(
  { userId, command, limit, windowMs }: AllowRequest,
  { redis, keys, metrics }: { redis: Redis; keys: Keys; metrics: GateMetrics },
): Promise<Allowed> {
  const answer = await redis.run(allowScript, [keys.limiter(userId, command)], [limit, windowMs])
  if (answer.kind === "unavailable" || answer.outcome === "allowed") return { kind: "allowed" }
  metrics.rateLimited(command)
  return { kind: "rate_limited", retryAfterMs: Number(answer.value) }
}

function healthOf(redis: Redis): GateHealth {
  if (redis.isReady()) return { state: "ready" }
  return { state: "degraded", reason: redis.reason() ?? "unknown" }
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  const stop = new AbortController()
  const timer = sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined)
  await Promise.race([promise, timer])
  stop.abort()
}
