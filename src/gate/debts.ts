import type { Log } from "../operations/log.ts"
import type { Ask } from "./ask.ts"
import type { Checkout, CheckoutEnd } from "./checkout.ts"

/**
 * What Redis was not told because it was away: checkouts that ended, and keys that are no longer true.
 * It is told before anything else once it is back, so that nobody reads what went stale meanwhile.
 */
export type Debts = {
  owesEnd(checkout: Checkout, end: CheckoutEnd): void
  owesForgetting(key: string): void
  isEmpty(): boolean
  /** Tells Redis. Returns false when it went away again; what is left stays owed. */
  settle(redis: Ask, tellEnd: TellEnd): Promise<boolean>
}

/** Returns the keys that are no longer true after this end, or undefined when Redis is away. */
export type TellEnd = (
  redis: Ask,
  checkout: Checkout,
  end: CheckoutEnd,
) => Promise<readonly string[] | undefined>

const keysAtOnce = 500
const attemptsAtOneEnd = 5

export function createDebts(options: { most: number; log: Log }): Debts {
  const ends = new Map<string, { checkout: Checkout; end: CheckoutEnd; attempts: number }>()
  const stale = new Set<string>()
  let warned = false

  function makeRoom(owed: Map<string, unknown> | Set<string>) {
    if (owed.size < options.most) return
    const oldest = owed.keys().next()
    if (!oldest.done) owed.delete(oldest.value)
    if (!warned) options.log.warn("Redis has been away for long; some of what it missed is left to repair")
    warned = true
  }

  async function settleEnds(redis: Ask, tellEnd: TellEnd): Promise<boolean> {
    for (const [token, owed] of ends) {
      owed.attempts += 1
      const untrue = await tellEnd(redis, owed.checkout, owed.end)
      // One end that Redis will not take must not keep it out of use: its hold and lock run out alone.
      if (!untrue && owed.attempts < attemptsAtOneEnd) return false
      ends.delete(token)
      for (const key of untrue ?? []) stale.add(key)
    }
    return true
  }

  async function settleStale(redis: Ask): Promise<boolean> {
    while (stale.size > 0) {
      const keys = [...stale].slice(0, keysAtOnce)
      const answer = await redis.command(["DEL", ...keys])
      if (answer.kind !== "answered") return false
      for (const key of keys) stale.delete(key)
    }
    return true
  }

  return {
    owesEnd(checkout, end) {
      makeRoom(ends)
      ends.set(checkout.token, { checkout, end, attempts: 0 })
    },
    owesForgetting(key) {
      makeRoom(stale)
      stale.add(key)
    },
    isEmpty: () => ends.size === 0 && stale.size === 0,
    async settle(redis, tellEnd) {
      const settled = (await settleEnds(redis, tellEnd)) && (await settleStale(redis))
      if (settled) warned = false
      return settled
    },
  }
}
