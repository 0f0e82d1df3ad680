import { pause } from "../../src/operations/pause.ts"

const lookEveryMs = 20

/** Looks until there is something, patience ends, or it is over; a last time then. */
export async function waitFor<Found>(
  patienceMs: number,
  over: AbortSignal,
  look: () => Found | undefined,
): Promise<Found | undefined> {
  for (let waitedMs = 0; waitedMs < patienceMs && !over.aborted; waitedMs += lookEveryMs) {
    const found = look()
    if (found !== undefined) return found
    await pause(lookEveryMs, over)
  }
  return look()
}
