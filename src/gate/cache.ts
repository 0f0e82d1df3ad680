import type { Debts } from "./debts.ts"
import type { CacheName, Keys } from "./keys.ts"
import { cacheLifetimesMs, type GateLimits, type GateTimings } from "./limits.ts"
import type { GateMetrics } from "./metrics.ts"
import type { Redis } from "./redis.ts"
import { fillCacheScript, readCacheScript } from "./scripts.ts"

export type Cache = {
  /**
   * The cached value, or the loaded one, loaded once however many ask. Rejects only as `load` does.
   * One name always has one type, which must survive JSON; undefined is not cached. `read` checks what
   * was cached (maybe by an older version): when it returns undefined or throws, the value is loaded.
   */
  remember<T>(name: CacheName, load: () => Promise<T>, read?: Read<T>): Promise<T>
  /** After a write: nobody who asks from now on gets the old value. Never rejects. */
  forget(...names: readonly CacheName[]): Promise<void>
}

export type Read<T> = (cached: unknown) => T | undefined

export type CacheParts = {
  redis: Redis
  keys: Keys
  debts: Debts
  metrics: GateMetrics
  newToken: () => string
  timings: GateTimings
  limits: GateLimits
}

type Found = { kind: "hit"; text: string } | { kind: "fill"; mark: string } | { kind: "away" }

export function createCache(parts: CacheParts): Cache {
  const { redis, keys, debts, metrics } = parts
  // Who misses joins the load that began under the same mark; a value forgotten meanwhile has another.
  const loads = new Map<string, Promise<unknown>>()

  async function forget(...names: readonly CacheName[]) {
    if (names.length === 0) return
    const forgotten = names.map(keys.cached)
    for (const key of forgotten) loads.delete(flightOf(key, undefined))
    const answer = await redis.command(["DEL", ...forgotten])
    if (answer.kind === "answered" || redis.isAbsent()) return
    for (const key of forgotten) debts.owesForgetting(key)
  }

  async function loadOnce<T>(name: CacheName, mark: string | undefined, load: () => Promise<T>): Promise<T> {
    const flight = flightOf(keys.cached(name), mark)
    const under = loads.get(flight)
    if (under) return (await under) as T
    const fresh = loadAndFill(parts, name, mark, load).finally(() => {
      if (loads.get(flight) === fresh) loads.delete(flight)
    })
    loads.set(flight, fresh)
    return fresh
  }

  return {
    async remember<T>(name: CacheName, load: () => Promise<T>, read: Read<T> = trusted<T>) {
      const found = await find(parts, name)
      if (found.kind === "hit") {
        const value = readCached(found.text, read)
        if (value !== undefined) {
          metrics.cacheHit(name.kind)
          return value
        }
        await forget(name)
      }
      metrics.cacheMiss(name.kind)
      return loadOnce(name, found.kind === "fill" ? found.mark : undefined, load)
    },
    forget,
  }
}

async function find({ redis, keys, newToken, timings }: CacheParts, name: CacheName): Promise<Found> {
  const answer = await redis.run(readCacheScript, [keys.cached(name)], [`~${newToken()}`, timings.loadMs])
  if (answer.kind === "unavailable") return { kind: "away" }
  const text = String(answer.value)
  return answer.outcome === "hit" ? { kind: "hit", text } : { kind: "fill", mark: text }
}

async function loadAndFill<T>(
  parts: CacheParts,
  name: CacheName,
  mark: string | undefined,
  load: () => Promise<T>,
): Promise<T> {
  const value = await load()
  const text: string | undefined = JSON.stringify(value)
  if (mark === undefined || text === undefined || text.length > parts.limits.cachedCharacters) return value
  const key = parts.keys.cached(name)
  await parts.redis.run(fillCacheScript, [key], [mark, text, cacheLifetimesMs[name.kind]])
  return value
}

function readCached<T>(text: string, read: Read<T>): T | undefined {
  try {
    return read(JSON.parse(text))
  } catch {
    return undefined
  }
}

function trusted<T>(cached: unknown): T {
  return cached as T
}

function flightOf(key: string, mark: string | undefined): string {
  return `${key} ${mark ?? ""}`
}
