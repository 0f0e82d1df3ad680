import { createClient } from "redis"
import { keysOf } from "../../src/gate/keys.ts"
import { defaultTimings } from "../../src/gate/limits.ts"
import { beginCheckoutScript, endCheckoutScript } from "../../src/gate/scripts.ts"

export type RawGateResult = Readonly<{
  /** One pair is a purchase's part of Redis: a begin and its end. */
  pairsPerSecond: number
  pairs: number
  p50Ms: number
  p99Ms: number
  refused: number
}>

type RawGateOptions = {
  path: string
  /** Its keys are written and left behind: a shop of the measurement's own. */
  shop: string
  customersAtOnce: number
  products: number
  durationMs: number
}

/** Drives the gate's Lua directly, without the gate: what Redis and the client alone can do here. */
export async function measureRawGate(options: RawGateOptions): Promise<RawGateResult> {
  const client = createClient({ RESP: 2, socket: { path: options.path, tls: false } })
  await client.connect()
  try {
    await client.sendCommand(["SCRIPT", "LOAD", beginCheckoutScript.text])
    await client.sendCommand(["SCRIPT", "LOAD", endCheckoutScript.text])
    const keys = keysOf(options.shop)
    for (let product = 0; product < options.products; product += 1) {
      await client.sendCommand(["SET", keys.stock(`P-${product}`), "1000000000"])
    }
    const send = (command: string[]) => client.sendCommand(command)
    return await drive(options, send)
  } finally {
    client.destroy()
  }
}

async function drive(
  options: RawGateOptions,
  send: (command: string[]) => Promise<unknown>,
): Promise<RawGateResult> {
  const keys = keysOf(options.shop)
  const durationsMs: number[] = []
  let refused = 0
  const startedAt = performance.now()
  const endsAt = startedAt + options.durationMs

  async function customer(userId: number) {
    for (let turn = 0; performance.now() < endsAt; turn += 1) {
      const code = `P-${(userId + turn) % options.products}`
      const of = [keys.limiter(userId, "buy"), keys.lock(userId), keys.stock(code), keys.holds]
      const token = `${userId}-${turn}`
      const begunAt = performance.now()
      const begun = await send(["EVALSHA", beginCheckoutScript.sha, "4", ...of, ...beginValues(token, code)])
      await send(["EVALSHA", endCheckoutScript.sha, "4", ...of, ...endValues(token, code)])
      durationsMs.push(performance.now() - begunAt)
      if (!Array.isArray(begun) || begun[0] !== 1) refused += 1
    }
  }

  await Promise.all(Array.from({ length: options.customersAtOnce }, (_, userId) => customer(userId)))
  const seconds = (performance.now() - startedAt) / 1_000
  durationsMs.sort((one, other) => one - other)
  const quantile = (part: number) => durationsMs[Math.floor((durationsMs.length - 1) * part)] ?? 0
  return {
    pairs: durationsMs.length,
    pairsPerSecond: Math.round(durationsMs.length / seconds),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    refused,
  }
}

function beginValues(token: string, code: string): string[] {
  const { purchaseWindowMs, lockMs, holdMs } = defaultTimings
  const limit = 1_000_000_000
  return [token, "1", code, ...[limit, purchaseWindowMs, lockMs, holdMs].map(String)]
}

function endValues(token: string, code: string): string[] {
  return [token, "1", code, "sold", String(defaultTimings.purchaseWindowMs), String(defaultTimings.holdMs)]
}
