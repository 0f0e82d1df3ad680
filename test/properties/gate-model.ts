/**
 * What the gate's scripts promise, as plain TypeScript over plain maps, with a clock that is moved by hand.
 */
export type GateModel = ReturnType<typeof createGateModel>

export type ModelResult = Readonly<{ outcome: string; value: number }>

export type ModelCheckout = Readonly<{ token: string; user: number; product: string; quantity: number }>

type Window = { hits: number; endsAt: number }
type Counter =
  | { kind: "loaded"; left: number; goneAt: number }
  | { kind: "mark"; mark: string; goneAt: number }

export const hour = 3_600_000

/** So long that the real time a run takes is nothing beside them; no multiple of a step of the clock. */
export const modelTimings = {
  window: 60 * hour,
  lock: 30 * hour,
  hold: 30 * hour,
  mark: 10 * hour,
  uncertain: 10 * hour,
  step: 7 * hour,
  purchases: 3,
}

const t = modelTimings

export function createGateModel() {
  let now = 0
  const limiters = new Map<number, Window>()
  const locks = new Map<number, { token: string; endsAt: number }>()
  const counters = new Map<string, Counter>()
  const holds = new Map<string, { checkout: ModelCheckout; endsAt: number }>()

  const result = (outcome: string, value = 0): ModelResult => ({ outcome, value })

  function dropEnded() {
    for (const [user, { endsAt }] of limiters) if (endsAt <= now) limiters.delete(user)
    for (const [user, { endsAt }] of locks) if (endsAt <= now) locks.delete(user)
    for (const [product, { goneAt }] of counters) if (goneAt <= now) counters.delete(product)
  }

  function hit(user: number, limit: number): ModelResult {
    const window = limiters.get(user) ?? { hits: 0, endsAt: now + t.window }
    if (window.hits >= limit) return result("rate_limited", window.endsAt - now)
    limiters.set(user, { ...window, hits: window.hits + 1 })
    return result("allowed", window.hits + 1)
  }

  function heldOf(product: string): number {
    const of = [...holds.values()].filter(({ checkout }) => checkout.product === product)
    return of.reduce((sum, { checkout }) => sum + checkout.quantity, 0)
  }

  return {
    begin(checkout: ModelCheckout): ModelResult {
      const { user, product, quantity, token } = checkout
      const counter = counters.get(product)
      if (counter?.kind !== "loaded") return result("cold")
      const window = limiters.get(user)
      if (window && window.hits >= t.purchases) return result("rate_limited", window.endsAt - now)
      const lock = locks.get(user)
      if (lock) return result("locked", lock.endsAt - now)
      if (counter.left < quantity) return result("sold_out", Math.max(counter.left, 0))
      hit(user, t.purchases)
      locks.set(user, { token, endsAt: now + t.lock })
      holds.set(token, { checkout, endsAt: now + t.hold })
      counter.left -= quantity
      return result("held", counter.left)
    },
    end({ token, user, product, quantity }: ModelCheckout, ending: "sold" | "released"): ModelResult {
      if (locks.get(user)?.token === token) locks.delete(user)
      const hold = holds.get(token)
      if (!hold) return result("hold_gone")
      holds.delete(token)
      const counter = counters.get(product)
      if (ending === "sold") {
        if (counter?.kind === "mark") counters.delete(product)
        return result("ended")
      }
      if (counter?.kind === "loaded") counter.left += quantity
      const window = limiters.get(user)
      if (!window || hold.endsAt - t.hold < window.endsAt - t.window) return result("ended")
      window.hits -= 1
      if (window.hits === 0) limiters.delete(user)
      return result("ended", 1)
    },
    expire(product: string): ModelResult {
      const due = [...holds.values()].filter(
        ({ checkout, endsAt }) => checkout.product === product && endsAt <= now,
      )
      const counter = counters.get(product)
      for (const { checkout } of due) {
        holds.delete(checkout.token)
        if (counter?.kind === "loaded") counter.left += checkout.quantity
      }
      return result("expired", due.length)
    },
    allow: (user: number, limit: number) => hit(user, limit),
    startLoad(product: string, mark: string): Readonly<{ outcome: string; value: number | string }> {
      const counter = counters.get(product)
      if (counter?.kind === "loaded") return result("loaded", counter.left)
      if (counter) return { outcome: "load", value: counter.mark }
      counters.set(product, { kind: "mark", mark, goneAt: now + t.mark })
      return { outcome: "load", value: mark }
    },
    finishLoad(product: string, mark: string, units: number): ModelResult {
      const counter = counters.get(product)
      if (counter?.kind === "loaded") return result("loaded", counter.left)
      if (counter?.mark !== mark) return result("void")
      const held = heldOf(product)
      const goneAt = held > 0 ? now + t.uncertain : Number.POSITIVE_INFINITY
      counters.set(product, { kind: "loaded", left: units - held, goneAt })
      return result("loaded", units - held)
    },
    adjust(product: string, by: number): ModelResult {
      const counter = counters.get(product)
      if (counter?.kind !== "loaded") {
        counters.delete(product)
        return result("cold")
      }
      counter.left += by
      return result("adjusted", counter.left)
    },
    reconcile(product: string, expected: number, units: number): ModelResult {
      const counter = counters.get(product)
      if (counter?.kind !== "loaded" || counter.left !== expected) return result("busy")
      if (heldOf(product) > 0) return result("busy")
      counters.set(product, { kind: "loaded", left: units, goneAt: Number.POSITIVE_INFINITY })
      return result("repaired", units)
    },
    forget: (product: string) => void counters.delete(product),
    wait(steps: number) {
      now += steps * t.step
      dropEnded()
    },
    flush() {
      for (const state of [limiters, locks, counters, holds]) state.clear()
    },
    /** Everything that is remembered, in words that Redis' keys can be put into too. */
    describe(): string[] {
      return [
        ...[...limiters].map(([user, { hits }]) => `limiter ${user} ${hits}`),
        ...[...locks].map(([user, { token }]) => `lock ${user} ${token}`),
        ...[...counters].map(([product, counter]) => `stock ${product} ${figureOf(counter)}`),
        ...[...holds.values()].map(({ checkout }) => `hold ${checkout.token} ${checkout.quantity}`),
      ].sort()
    },
  }
}

function figureOf(counter: Counter): number | string {
  return counter.kind === "loaded" ? counter.left : counter.mark
}
