import type { Gauge } from "prom-client"

/**
 * A label's value, kept to the short words our own code uses: whatever else came in would make a series
 * of its own, and might be a customer's words.
 */
export function label(value: string): string {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,47}$/.test(value) ? value : "other"
}

/** One series a state: 1 for the state that holds, 0 for the others. */
export function setState<State extends string>(
  gauge: Gauge<"state">,
  states: readonly State[],
  current: State,
): void {
  for (const state of states) gauge.set({ state }, state === current ? 1 : 0)
}

export const msPerSecond = 1000
