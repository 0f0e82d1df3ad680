import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import { label, msPerSecond, setState } from "./metrics-labels.ts"

const states = ["ready", "degraded"] as const

export interface GateMetrics {
  cacheHit(cache: string): void
  cacheMiss(cache: string): void
  lockTaken(): void
  lockRefused(): void
  rateLimited(command: string): void
  scriptDuration(script: string, durationMs: number): void
  /** Counters that disagreed with PostgreSQL and were set right. */
  driftRepaired(count: number): void
  state(state: (typeof states)[number]): void
}

export function gateMetrics(registry: Registry): GateMetrics {
  const registers = [registry]
  const cache = new Counter({
    name: "lapak_cache_requests_total",
    help: "Looks into the cache; the hit rate is hits over all",
    labelNames: ["cache", "result"] as const,
    registers,
  })
  const locks = new Counter({
    name: "lapak_lock_attempts_total",
    help: "Purchase locks asked for: taken, or refused because a purchase was in progress",
    labelNames: ["result"] as const,
    registers,
  })
  const refusals = new Counter({
    name: "lapak_rate_limit_refusals_total",
    help: "Commands refused because they came too fast",
    labelNames: ["command"] as const,
    registers,
  })
  const scripts = new Histogram({
    name: "lapak_redis_script_duration_seconds",
    help: "From sending a Lua script's call to its answer",
    labelNames: ["script"] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers,
  })
  const drift = new Counter({
    name: "lapak_stock_drift_repaired_total",
    help: "Stock counters that disagreed with PostgreSQL and were set right",
    registers,
  })
  const state = new Gauge({
    name: "lapak_redis_state",
    help: "1 for the state Redis is in; degraded means that the shop goes on without it",
    labelNames: ["state"] as const,
    registers,
  })
  return {
    cacheHit: (name) => cache.inc({ cache: label(name), result: "hit" }),
    cacheMiss: (name) => cache.inc({ cache: label(name), result: "miss" }),
    lockTaken: () => locks.inc({ result: "taken" }),
    lockRefused: () => locks.inc({ result: "refused" }),
    rateLimited: (command) => refusals.inc({ command: label(command) }),
    scriptDuration: (script, durationMs) =>
      scripts.observe({ script: label(script) }, durationMs / msPerSecond),
    driftRepaired: (count) => drift.inc(count),
    state: (current) => setState(state, states, current),
  }
}
