import { setTimeout as pause } from "node:timers/promises"
import type { Log } from "../operations/log.ts"

export type Watched = Readonly<{
  name: "postgres" | "redis"
  /** Cheap: it is asked twice a second. */
  isRunning: () => boolean
  /** Starts it again, unless another process of the shop just did. Throws when it can't. */
  restart: () => Promise<void>
  /** Small things to do on the way, such as keeping its log short. */
  tend: () => void
}>

export type Supervision = Readonly<{ stop: () => Promise<void> }>

const pollMs = 500
const firstDelayMs = 500
const longestDelayMs = 30_000
/** An engine that ran this long is healthy again, and its next crash is a first one. */
const healthyMs = 60_000

/** Looks after the engines until stopped: one that has ended is started again, with growing pauses. */
export function supervise(engines: readonly Watched[], log: Log): Supervision {
  const ending = new AbortController()
  const watches = engines.map((engine) => watch(engine, log, ending.signal))
  return {
    stop: async () => {
      ending.abort()
      await Promise.all(watches)
    },
  }
}

async function watch(engine: Watched, log: Log, ending: AbortSignal): Promise<void> {
  let attempt = 0
  let healthyForMs = 0
  while (!ending.aborted) {
    await wait(pollMs, ending)
    if (ending.aborted) return
    if (engine.isRunning()) {
      engine.tend()
      healthyForMs += pollMs
      if (healthyForMs >= healthyMs) attempt = 0
      continue
    }
    healthyForMs = 0
    attempt += 1
    if (attempt > 1) await wait(Math.min(firstDelayMs * 2 ** (attempt - 2), longestDelayMs), ending)
    if (ending.aborted) return
    await restart(engine, attempt, log)
  }
}

async function restart(engine: Watched, attempt: number, log: Log): Promise<void> {
  log.warn("an engine ended and is started again", { operation: engine.name, attempt })
  try {
    await engine.restart()
    log.info("an engine runs again", { operation: engine.name, attempt })
  } catch (error) {
    log.error("an engine could not be started again", { operation: engine.name, attempt, error })
  }
}

async function wait(durationMs: number, ending: AbortSignal): Promise<void> {
  await pause(durationMs, undefined, { signal: ending }).catch(() => undefined)
}
