import { setTimeout } from "node:timers/promises"

/** Lets time pass, or ends at once when the simulator stops. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await setTimeout(durationMs, undefined, { signal }).catch(() => undefined)
}
