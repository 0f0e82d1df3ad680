import { setTimeout as sleep } from "node:timers/promises"
import { productsOfHolds } from "./holds.ts"
import type { GateMetrics } from "./metrics.ts"
import { reconcileStockScript } from "./scripts.ts"
import { readCounters, type StockCounters, type StockParts } from "./stock-counter.ts"

export type Reconciled = Readonly<{ checked: number; repaired: number }>

export type ReconcileParts = StockParts & {
  stock: StockCounters
  metrics: GateMetrics
  /** Ends the waiting inside. */
  closing: AbortSignal
}

type Drift = { counter: number; units: number }

const countersAtOnce = 500

/**
 * Compares the counters with PostgreSQL and repairs those that are off. A product with a checkout in flight
 * is left for the next time; so is a drift that does not look the same twice. Never rejects.
 */
export async function reconcileStock(codes: readonly string[], parts: ReconcileParts): Promise<Reconciled> {
  let checked = 0
  let repaired = 0
  try {
    for (let start = 0; start < codes.length; start += countersAtOnce) {
      const some = codes.slice(start, start + countersAtOnce)
      const first = await findDrift(some, parts)
      checked += first.checked
      if (first.drifts.size > 0) repaired += await repairSettled(first.drifts, parts)
    }
  } catch (error) {
    if (!parts.closing.aborted)
      parts.log.warn("The counters could not be compared with PostgreSQL", { error })
  }
  if (repaired > 0) {
    parts.metrics.driftRepaired(repaired)
    parts.log.warn("Stock counters were off and are repaired", { count: repaired })
  }
  return { checked, repaired }
}

/** Meets every counter that is in Redis, also those of an earlier life or of another process. */
export async function meetAllCounters({ redis, keys, stock }: ReconcileParts): Promise<void> {
  let cursor = "0"
  do {
    const command = ["SCAN", cursor, "MATCH", `${keys.stockPrefix}*`, "COUNT", "1000"]
    const answer = await redis.command(command)
    if (answer.kind !== "answered" || !Array.isArray(answer.value)) return
    const [next, found]: unknown[] = answer.value
    cursor = String(next)
    if (Array.isArray(found)) {
      for (const key of found) stock.meet(String(key).slice(keys.stockPrefix.length))
    }
  } while (cursor !== "0")
}

async function findDrift(codes: readonly string[], parts: ReconcileParts) {
  const drifts = new Map<string, Drift>()
  const busy = await productsOfHolds(parts)
  const counters = await readCounters(parts.redis, parts.keys, codes)
  const loaded = codes.flatMap((code, index) => {
    const counter = counters?.[index]
    return counter === undefined || busy.has(code) ? [] : [{ code, counter }]
  })
  if (loaded.length === 0) return { checked: 0, drifts }
  const counted = await parts.countStock(loaded.map(({ code }) => code))
  for (const { code, counter } of loaded) {
    const units = counted.get(code) ?? 0
    if (units !== counter) drifts.set(code, { counter, units })
  }
  return { checked: loaded.length, drifts }
}

async function repairSettled(suspected: ReadonlyMap<string, Drift>, parts: ReconcileParts): Promise<number> {
  await sleep(parts.timings.driftSettleMs, undefined, { signal: parts.closing })
  const { drifts } = await findDrift([...suspected.keys()], parts)
  let repaired = 0
  for (const [code, { counter, units }] of drifts) {
    const before = suspected.get(code)
    if (before?.counter !== counter || before.units !== units) continue
    const stockKeys = [parts.keys.stock(code), parts.keys.holds]
    const answer = await parts.redis.run(reconcileStockScript, stockKeys, [counter, units, code])
    if (answer.kind === "ran" && answer.outcome === "repaired") repaired += 1
  }
  return repaired
}
