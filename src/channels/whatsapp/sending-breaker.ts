/** Why WhatsApp refused a message in a way that, repeated, costs the shop its number. */
export type Warning = "463" | "429"

export type SendingBreaker = Readonly<{
  /** False while nothing may be sent. */
  allows(): boolean
  /** A refusal; returns how long sending rests from now on. */
  warned(warning: Warning): number
  /** A message was taken. */
  succeeded(): void
  /** A rest that another process began, or this one before it was started anew. */
  restFor(ms: number): void
}>

/** The first rest. A refused stranger (463) says less than "too fast" (429). */
const firstMs: Readonly<Record<Warning, number>> = { "463": 60_000, "429": 300_000 }
const longestMs = 60 * 60_000
/** After this many messages taken in a row, the next refusal counts as the first. */
const trustedAfter = 20

/** Each warning in a row rests twice as long as the one before, an hour at most. */
export function createSendingBreaker(monotonicMs: () => number): SendingBreaker {
  let restsUntil = Number.NEGATIVE_INFINITY
  let warnings = 0
  let taken = 0
  const restFor = (ms: number) => {
    restsUntil = Math.max(restsUntil, monotonicMs() + ms)
  }
  return {
    allows: () => monotonicMs() >= restsUntil,
    warned: (warning) => {
      taken = 0
      // Several were on their way: one haste is one warning.
      if (restsUntil > monotonicMs()) {
        restFor(firstMs[warning])
        return restsUntil - monotonicMs()
      }
      const ms = Math.min(firstMs[warning] * 2 ** Math.min(warnings, 10), longestMs)
      warnings += 1
      restFor(ms)
      return ms
    },
    succeeded: () => {
      taken += 1
      if (taken >= trustedAfter) warnings = 0
    },
    restFor,
  }
}
