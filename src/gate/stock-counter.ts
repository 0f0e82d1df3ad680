import type { Log } from "../operations/log.ts"
import type { Debts } from "./debts.ts"
import type { Keys } from "./keys.ts"
import type { GateLimits, GateTimings } from "./limits.ts"
import type { Redis } from "./redis.ts"
import { adjustStockScript, finishLoadScript, startLoadScript } from "./scripts.ts"

/** Units free to sell in PostgreSQL right now, by product code; a product it does not know is left out. */
export type CountStock = (codes: readonly string[]) => Promise<ReadonlyMap<string, number>>

export type StockCounters = {
  /** Loads the counter once however many ask. Never rejects. */
  load(code: string): Promise<"loaded" | "unknown" | "unavailable">
  adjust(code: string, by: number): Promise<void>
  forget(code: string): Promise<void>
  left(codes: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Codes whose counters this process has met. */
  known(): readonly string[]
  meet(code: string): void
}

export type StockParts = {
  redis: Redis
  keys: Keys
  debts: Debts
  countStock: CountStock
  newToken: () => string
  timings: GateTimings
  limits: GateLimits
  log: Log
}

type Loaded = ReadonlyMap<string, number>

const loadAttempts = 3

export function createStockCounters(parts: StockParts): StockCounters {
  const { redis, keys, debts } = parts
  const loading = new Map<string, Promise<Loaded>>()
  const known = new Set<string>()

  function meet(code: string) {
    if (known.size < parts.limits.knownProducts) known.add(code)
  }

  /** Joins the loads under way and begins one for the rest. Rejects as PostgreSQL does. */
  async function loadAll(codes: readonly string[]): Promise<Loaded> {
    const fresh = codes.filter((code) => !loading.has(code))
    if (fresh.length > 0) {
      const load = loadTogether(parts, fresh).finally(() => {
        for (const code of fresh) loading.delete(code)
      })
      for (const code of fresh) loading.set(code, load)
    }
    const under = new Set(codes.flatMap((code) => loading.get(code) ?? []))
    const all = await Promise.all(under)
    const left = new Map<string, number>()
    for (const loaded of all) for (const [code, units] of loaded) left.set(code, units)
    for (const code of left.keys()) meet(code)
    return left
  }

  async function forget(code: string) {
    const answer = await redis.command(["DEL", keys.stock(code)])
    if (answer.kind !== "answered") owe(code)
  }

  function owe(code: string) {
    if (!redis.isAbsent()) debts.owesForgetting(keys.stock(code))
  }

  return {
    async load(code) {
      try {
        const left = await loadAll([code])
        return left.has(code) ? "loaded" : "unknown"
      } catch (error) {
        parts.log.warn("The stock could not be counted", { productCode: code, error })
        return "unavailable"
      }
    },
    async adjust(code, by) {
      const answer = await redis.run(adjustStockScript, [keys.stock(code)], [by])
      // Whether it was adjusted is unknown: the counter is loaded anew once Redis is back.
      if (answer.kind === "unavailable") owe(code)
    },
    forget,
    async left(codes) {
      const left = new Map<string, number>()
      const cold: string[] = []
      const counters = redis.isReady() ? await readCounters(redis, keys, codes) : undefined
      for (const [index, code] of codes.entries()) {
        const units = counters?.[index]
        if (units === undefined) cold.push(code)
        else left.set(code, Math.max(units, 0))
      }
      for (const code of left.keys()) meet(code)
      if (cold.length === 0) return left
      for (const [code, units] of await loadAll(cold)) left.set(code, Math.max(units, 0))
      return left
    },
    known: () => [...known],
    meet,
  }
}

/** The loaded counters in the order of `codes`; undefined for a cold one, or for all when Redis is away. */
export async function readCounters(
  redis: Redis,
  keys: Keys,
  codes: readonly string[],
): Promise<readonly (number | undefined)[] | undefined> {
  if (codes.length === 0) return []
  const answer = await redis.command(["MGET", ...codes.map(keys.stock)])
  if (answer.kind !== "answered" || !Array.isArray(answer.value)) return undefined
  const values: unknown[] = answer.value
  return values.map((value) =>
    typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined,
  )
}

async function loadTogether(parts: StockParts, codes: readonly string[]): Promise<Loaded> {
  const left = new Map<string, number>()
  let remaining = codes
  for (let attempt = 1; attempt <= loadAttempts && remaining.length > 0; attempt += 1) {
    const marks = await startLoads(parts, remaining, left)
    if (marks.size === 0) break
    const counted = await parts.countStock([...marks.keys()])
    remaining = await finishLoads(parts, marks, counted, left)
  }
  return left
}

/** Marks the counters as being loaded; those found loaded go straight into `left`. */
async function startLoads(parts: StockParts, codes: readonly string[], left: Map<string, number>) {
  const marks = new Map<string, string | undefined>()
  const mark = `~${parts.newToken()}`
  await Promise.all(
    codes.map(async (code) => {
      const key = parts.keys.stock(code)
      const answer = await parts.redis.run(startLoadScript, [key], [mark, parts.timings.loadMs])
      if (answer.kind === "unavailable") marks.set(code, undefined)
      else if (answer.outcome === "loaded") left.set(code, Number(answer.value))
      else marks.set(code, String(answer.value))
    }),
  )
  return marks
}

/** Returns the codes whose stock changed while it was counted. Their figures are kept, as the best known. */
async function finishLoads(
  parts: StockParts,
  marks: ReadonlyMap<string, string | undefined>,
  counted: ReadonlyMap<string, number>,
  left: Map<string, number>,
): Promise<readonly string[]> {
  const { redis, keys, timings } = parts
  const again: string[] = []
  await Promise.all(
    [...marks].map(async ([code, mark]) => {
      const units = counted.get(code)
      if (units === undefined) {
        left.delete(code)
        if (mark !== undefined) await redis.command(["DEL", keys.stock(code)])
        return
      }
      left.set(code, units)
      if (mark === undefined) return
      const values = [mark, units, code, timings.uncertainCounterMs]
      const answer = await redis.run(finishLoadScript, [keys.stock(code), keys.holds], values)
      if (answer.kind === "unavailable") return
      if (answer.outcome === "loaded") left.set(code, Number(answer.value))
      else again.push(code)
    }),
  )
  return again
}
