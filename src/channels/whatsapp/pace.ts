/** Replies and notices go before broadcasts. */
export type Lane = "reply" | "broadcast"

/** Says when the next message may go out, for all chats together. */
export type Pace = Readonly<{
  /** Resolves to true when it is this message's turn, to false when `signal` aborts before. */
  turn(lane: Lane, signal: AbortSignal): Promise<boolean>
  waiting(): number
}>

/** This many may go at once after a quiet time. */
const burst = 5
/** A turn costs between 0.75 and 1.25 of its time, so that nothing beats like a machine. */
const spread = 0.5

type Waiter = Readonly<{ resolve: (mine: boolean) => void }>

/** `monotonicMs` never goes back; `random` gives 0 to 1. */
export function createPace(parts: {
  perSecond: number
  monotonicMs: () => number
  random: () => number
}): Pace {
  const { perSecond, monotonicMs, random } = parts
  const lanes: Readonly<Record<Lane, Set<Waiter>>> = { reply: new Set(), broadcast: new Set() }
  let tokens = burst
  let countedAt = monotonicMs()
  let timer: ReturnType<typeof setTimeout> | undefined

  const refill = () => {
    const now = monotonicMs()
    tokens = Math.min(burst, tokens + ((now - countedAt) / 1_000) * perSecond)
    countedAt = now
  }
  const next = (): [Lane, Waiter] | undefined => {
    for (const lane of ["reply", "broadcast"] as const) {
      for (const waiter of lanes[lane]) return [lane, waiter]
    }
    return undefined
  }
  const serve = () => {
    clearTimeout(timer)
    timer = undefined
    refill()
    for (let found = next(); found; found = next()) {
      // A broadcast leaves room for the replies of the next moment.
      const needed = found[0] === "reply" ? 1 : burst
      if (tokens < needed) {
        timer = setTimeout(serve, Math.max(1, Math.ceil(((needed - tokens) / perSecond) * 1_000)))
        return
      }
      tokens -= 1 - spread / 2 + spread * random()
      lanes[found[0]].delete(found[1])
      found[1].resolve(true)
    }
  }

  return {
    turn: (lane, signal) => {
      if (signal.aborted) return Promise.resolve(false)
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const waiter: Waiter = { resolve }
      const giveUp = () => {
        lanes[lane].delete(waiter)
        resolve(false)
      }
      signal.addEventListener("abort", giveUp, { once: true })
      void promise.then(() => signal.removeEventListener("abort", giveUp))
      lanes[lane].add(waiter)
      serve()
      return promise
    },
    waiting: () => lanes.reply.size + lanes.broadcast.size,
  }
}
