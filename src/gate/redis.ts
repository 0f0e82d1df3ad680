import type { Log } from "../operations/log.ts"
import { type Ask, askThrough, type Send } from "./ask.ts"
import { createCircuitBreaker } from "./circuit-breaker.ts"
import { type Answer, type Connection, openConnection, type RedisAddress } from "./connection.ts"
import type { GateLimits, GateTimings } from "./limits.ts"
import type { GateMetrics } from "./metrics.ts"
import { allowScript } from "./scripts.ts"

/** Redis behind its circuit breaker: while it is away every question is answered `unsent`, at once. */
export type Redis = Ask & {
  isReady(): boolean
  isAbsent(): boolean
  /** Why it is not ready. */
  reason(): string | undefined
  /** Asks the real thing, past the breaker. */
  ping(): Promise<boolean>
  close(): void
}

type RedisOptions = {
  address: RedisAddress
  log: Log
  metrics: GateMetrics
  timings: GateTimings
  limits: GateLimits
  /** A limiter that belongs to nobody: writing it shows that scripts run and that writing works. */
  probeKey: string
  /** Whether Redis missed something while it was away. */
  isBehind: () => boolean
  /** Tells it what it missed, before others may ask it; false when it went away again. */
  catchUp: (redis: Ask) => Promise<boolean>
  /** Called each time Redis is back, and the first time it is there. */
  onBack: () => void
}

const catchUpRounds = 10

export function openRedis(options: RedisOptions): Redis {
  const { address } = options
  options.metrics.state("degraded")
  if (address.kind === "absent") return absentRedis(options)
  return new GuardedRedis({ ...options, address })
}

function absentRedis(options: RedisOptions): Redis {
  const ask = askThrough(() => Promise.resolve({ kind: "unsent" }), options)
  return {
    ...ask,
    isReady: () => false,
    isAbsent: () => true,
    reason: () => "absent",
    ping: () => Promise.resolve(false),
    close: () => undefined,
  }
}

type GuardedOptions = RedisOptions & { address: Exclude<RedisAddress, { kind: "absent" }> }

class GuardedRedis implements Redis {
  readonly command: Send
  readonly run: Ask["run"]
  private readonly direct: Ask
  private readonly breaker
  private readonly connection: Connection
  private silentSinceMs: number | undefined
  private recovering = false
  private closed = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: GuardedOptions) {
    const { limits, timings } = options
    this.breaker = createCircuitBreaker({ failuresToOpen: limits.failuresToOpen, reason: "connecting" })
    this.connection = openConnection({
      address: options.address,
      commandTimeoutMs: timings.commandTimeoutMs,
      pendingCommands: limits.pendingCommands,
      onConnected: () => void this.recover(),
      onBroken: () => {
        if (this.breaker.open("unreachable")) this.opened("unreachable")
      },
    })
    this.command = (command) => this.guarded(command)
    this.run = askThrough(this.command, options).run
    this.direct = askThrough((command) => this.connection.send(command), options)
    this.probeLater()
  }

  isReady() {
    return this.breaker.isClosed() && !this.closed
  }

  isAbsent() {
    return false
  }

  reason() {
    return this.closed ? "closed" : this.breaker.reason()
  }

  async ping() {
    const answer = await this.direct.command(["PING"])
    return answer.kind === "answered"
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    this.connection.close()
  }

  private async guarded(command: readonly string[]): Promise<Answer> {
    if (!this.isReady()) return { kind: "unsent" }
    const answer = await this.connection.send(command)
    const failure = failureOf(answer)
    if (failure === undefined) this.breaker.succeeded()
    else if (this.breaker.failed(failure)) this.opened(failure)
    return answer
  }

  private opened(reason: string) {
    if (this.closed) return
    this.options.metrics.state("degraded")
    this.options.log.warn("Redis is away; the shop sells without it", { reason })
    this.probeLater()
  }

  private probeLater() {
    clearTimeout(this.timer)
    if (this.closed || this.breaker.isClosed()) return
    this.timer = setTimeout(() => void this.recover(), this.options.timings.probeIntervalMs)
  }

  private async recover() {
    if (this.recovering || this.closed || this.breaker.isClosed()) return
    this.recovering = true
    let back = await this.probe()
    for (let round = 1; back && this.options.isBehind() && round <= catchUpRounds; round += 1) {
      back = await this.options.catchUp(this.direct)
    }
    this.recovering = false
    // Between this look and the closing nothing may be awaited, or an end told meanwhile would be missed.
    if (!back || this.closed || this.options.isBehind()) return this.probeLater()
    this.breaker.close()
    this.options.metrics.state("ready")
    this.options.log.debug("Redis answers")
    this.options.onBack()
  }

  private async probe(): Promise<boolean> {
    if (!this.connection.isReady()) return false
    const answer = await this.direct.run(allowScript, [this.options.probeKey], [1_000_000, 1_000])
    if (answer.kind === "ran") {
      this.silentSinceMs = undefined
      return true
    }
    this.replaceSilentConnection()
    return false
  }

  private replaceSilentConnection() {
    const nowMs = performance.now()
    this.silentSinceMs ??= nowMs
    if (nowMs - this.silentSinceMs < this.options.timings.silentConnectionMs) return
    this.silentSinceMs = undefined
    this.connection.replace()
  }
}

/** Undefined when Redis is well. A key of the wrong type is one key's fault, not Redis' state. */
function failureOf(answer: Answer): string | undefined {
  switch (answer.kind) {
    case "answered":
      return undefined
    case "refused":
      return answer.code === "NOSCRIPT" || answer.code === "WRONGTYPE" ? undefined : "refused"
    case "timeout":
      return "timeout"
    case "lost":
    case "unsent":
      return "unreachable"
  }
}
