const firstMs = 500
const longestMs = 15 * 60_000

/** Exponential with full jitter on its upper half: 0.5 s, 1 s, 2 s ... at most 15 minutes. */
export function backoffMs(attempt: number, random: () => number): number {
  const whole = Math.min(firstMs * 2 ** (attempt - 1), longestMs)
  return Math.round(whole / 2 + (whole / 2) * random())
}
