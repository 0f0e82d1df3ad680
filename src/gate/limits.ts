import type { CacheKind } from "./keys.ts"

export type GateTimings = Readonly<typeof defaultTimings>

export type GateLimits = Readonly<typeof defaultLimits>

/** All in milliseconds. */
export const defaultTimings = {
  /** How long one command may take; then the caller goes on without Redis. */
  commandTimeoutMs: 150,
  /** Between two questions to a Redis that is away, whether it is back. */
  probeIntervalMs: 250,
  /** A connection that is open but silent for so long is replaced: the other end may not exist any more. */
  silentConnectionMs: 10_000,
  /** How long opening the gate waits for Redis. */
  openMs: 1_000,
  lockMs: 30_000,
  holdMs: 30_000,
  /** The window of the purchase limit, from its first purchase. */
  purchaseWindowMs: 60_000,
  /** How long a load from PostgreSQL may take and still be stored. */
  loadMs: 10_000,
  /** How long a counter stays that was loaded while checkouts were in flight. */
  uncertainCounterMs: 1_000,
  /**
   * A drift must look the same after this long before it is repaired: a commit and its message are not one.
   */
  driftSettleMs: 250,
}

export const defaultLimits = {
  purchasesPerWindow: 3,
  /** Failures in a row after which nothing is sent to Redis until it answers again. */
  failuresToOpen: 1,
  /** Commands in flight; more are not sent. */
  pendingCommands: 10_000,
  /** What could not be told to Redis and is kept until it is back. */
  debts: 20_000,
  /** Counters that are compared with PostgreSQL. */
  knownProducts: 20_000,
  /** Characters of one cached value; a longer one is not cached. */
  cachedCharacters: 1_000_000,
}

/** product.md, "What is cached, and for how long". */
export const cacheLifetimesMs: Readonly<Record<CacheKind, number>> = {
  products: 5 * 60_000,
  product: 5 * 60_000,
  balance: 60_000,
  settings: 10 * 60_000,
}
