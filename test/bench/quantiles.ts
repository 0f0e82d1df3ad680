export type Latency = Readonly<{ p50Ms: number; p99Ms: number; maxMs: number }>

/** Sorts in place. */
export function latencyOf(durationsMs: number[]): Latency {
  durationsMs.sort((one, other) => one - other)
  const quantile = (part: number) => round(durationsMs[Math.floor((durationsMs.length - 1) * part)] ?? 0)
  return { p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1) }
}

/** To what is worth reading. */
export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}
