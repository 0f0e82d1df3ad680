import type { Random } from "./random.ts"

/** What can be done to each part. A part suffers one fault at a time, several parts may at once. */
export const faultKinds = {
  shop: ["killed", "frozen", "closed", "joined", "killed_together"],
  postgres: ["frozen", "killed", "server_killed", "servers_ended"],
  redis: ["frozen", "killed", "flushed"],
  wire: ["answers_lost", "cut_after_sending", "cut"],
  gateway: ["refuses", "takes_silently", "ignores", "drops", "slow"],
  midtrans: ["fails", "too_many", "hangs", "resets", "slow", "answer_lost", "stale", "says_nothing"],
} as const

export type FaultTarget = keyof typeof faultKinds

export type FaultKind<Target extends FaultTarget> = (typeof faultKinds)[Target][number]

export type Fault<Target extends FaultTarget> = Readonly<{
  target: Target
  kind: FaultKind<Target>
  /** From the beginning of the run. */
  atMs: number
  forMs: number
  /** How often it strikes within its time, where that can be said. */
  times: number
  /** For choices that depend on what is there when it strikes. */
  chance: number
}>

export type FaultPlan = { readonly [Target in FaultTarget]: readonly Fault<Target>[] }

type Pace = Readonly<{ forMs: readonly [number, number]; pauseMs: readonly [number, number] }>

/** Between the faults of each part there is time enough for work to get done. */
const paces: Readonly<Record<FaultTarget, Pace>> = {
  shop: { forMs: [200, 2_000], pauseMs: [3_000, 7_000] },
  postgres: { forMs: [100, 1_500], pauseMs: [5_000, 10_000] },
  redis: { forMs: [50, 1_500], pauseMs: [1_500, 5_000] },
  wire: { forMs: [200, 1_500], pauseMs: [1_000, 4_000] },
  gateway: { forMs: [200, 1_500], pauseMs: [2_500, 6_000] },
  // The shop does not ask for ten seconds when Midtrans kept silent three times.
  midtrans: { forMs: [300, 2_000], pauseMs: [4_000, 9_000] },
}

const firstAtMs = 2_000

/** Draws what happens to every part, and when; the same for the same seed. */
export function planFaults(random: Random, durationMs: number): FaultPlan {
  return {
    shop: planFor("shop", random, durationMs),
    postgres: planFor("postgres", random, durationMs),
    redis: planFor("redis", random, durationMs),
    wire: planFor("wire", random, durationMs),
    gateway: planFor("gateway", random, durationMs),
    midtrans: planFor("midtrans", random, durationMs),
  }
}

function planFor<Target extends FaultTarget>(
  target: Target,
  source: Random,
  durationMs: number,
): readonly Fault<Target>[] {
  const random = source.branch(`faults of ${target}`)
  const { forMs: lengths, pauseMs: pauses } = paces[target]
  // A short run meets many kinds too: all of them come once before one comes again.
  let left: FaultKind<Target>[] = []
  const faults: Fault<Target>[] = []
  for (let atMs = firstAtMs + random.between(0, pauses[0]); atMs < durationMs; ) {
    if (left.length === 0) left = [...faultKinds[target]]
    const [kind] = left.splice(random.between(0, left.length - 1), 1)
    if (kind === undefined) break
    const forMs = Math.min(random.between(...lengths), durationMs - atMs)
    faults.push({ target, kind, atMs, forMs, times: random.between(1, 4), chance: random.between(0, 999) })
    atMs += forMs + random.between(...pauses)
  }
  return faults
}
