import type { CacheKind } from "./keys.ts"

/** What the gate counts. Joined to the real metrics by whoever opens it. */
export interface GateMetrics {
  cacheHit(kind: CacheKind): void
  cacheMiss(kind: CacheKind): void
  lockTaken(): void
  lockRefused(): void
  rateLimited(command: string): void
  scriptDuration(script: string, durationMs: number): void
  driftRepaired(counters: number): void
  state(state: "ready" | "degraded"): void
}
