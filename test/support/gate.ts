import { createClient } from "redis"
import { type Gate, type GateMetrics, type GateOptions, openGate } from "../../src/gate/gate.ts"
import type { Log } from "../../src/operations/log.ts"
import type { RedisServer } from "./redis-server.ts"

/** Counts what the gate reports. */
export type CountedMetrics = GateMetrics & {
  readonly counts: ReadonlyMap<string, number>
  count(name: string): number
}

/**
 * Stands for PostgreSQL where only its count of free units matters: a plain map that remembers the asking.
 */
export type Shelf = {
  readonly units: Map<string, number>
  asked: number
  count: GateOptions["countStock"]
}

/** A second, plain connection: to look at keys and to meddle with them. */
export type PlainRedis = Awaited<ReturnType<typeof connectPlainly>>

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export function countMetrics(): CountedMetrics {
  const counts = new Map<string, number>()
  const add = (name: string, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by)
  return {
    counts,
    count: (name) => counts.get(name) ?? 0,
    cacheHit: (kind) => add(`hit ${kind}`),
    cacheMiss: (kind) => add(`miss ${kind}`),
    lockTaken: () => add("lock taken"),
    lockRefused: () => add("lock refused"),
    rateLimited: (command) => add(`rate limited ${command}`),
    scriptDuration: (script) => add(`script ${script}`),
    driftRepaired: (counters) => add("drift repaired", counters),
    state: (state) => add(`state ${state}`),
  }
}

export function stockShelf(units: Readonly<Record<string, number>>): Shelf {
  const shelf: Shelf = {
    units: new Map(Object.entries(units)),
    asked: 0,
    async count(codes) {
      shelf.asked += 1
      const found = new Map(codes.flatMap((code) => entryOf(shelf.units, code)))
      await Bun.sleep(1)
      return found
    },
  }
  return shelf
}

export function tokens(): () => string {
  let last = 0
  return () => {
    last += 1
    return `token${last}`
  }
}

/** So patient that a busy machine does not pass for a slow Redis, unless `timings` say otherwise. */
export async function openTestGate(
  server: RedisServer,
  options: Partial<GateOptions> & Pick<GateOptions, "countStock">,
): Promise<Gate> {
  return openGate({
    connection: { kind: "socket", path: server.path },
    shop: "lapak",
    log: quietLog,
    metrics: countMetrics(),
    newToken: tokens(),
    ...options,
    timings: { commandTimeoutMs: 5_000, openMs: 10_000, ...options.timings },
  })
}

export async function connectPlainly(server: RedisServer) {
  const client = createClient({ RESP: 2, socket: { path: server.path, tls: false, reconnectStrategy: 20 } })
  client.on("error", () => undefined)
  await client.connect()
  return client
}

function entryOf(units: ReadonlyMap<string, number>, code: string): [string, number][] {
  const count = units.get(code)
  return count === undefined ? [] : [[code, count]]
}
