import { noteTrouble, type ProcessTrouble } from "../database/alerts.ts"
import type { Database } from "../database/connect.ts"

/** What a process sees going wrong with itself for longer, for the operators to hear of. */
export type TroubleWatch = Readonly<{
  /** A message was answered with an error of our own. */
  messageFailed(): void
  /** To be called every few seconds. */
  look(): Promise<void>
}>

const awayMs = 10 * 60_000
const failuresMax = 5

/** `isRedisReady` is true where there is no Redis to wait for. */
export function createTroubleWatch(parts: {
  database: Database
  isRedisReady: () => boolean
  clock: () => Date
}): TroubleWatch {
  const { database, isRedisReady, clock } = parts
  /** The latest few, oldest first. */
  let failures: readonly number[] = []
  let awaySince: number | undefined
  const noted = new Map<ProcessTrouble, boolean>()

  // That all is well is said at first, for what another process left behind, and when trouble is over.
  const note = async (kind: ProcessTrouble, holds: boolean, at: Date) => {
    if (!holds && noted.get(kind) === false) return
    await noteTrouble(database, { kind, holds, at })
    noted.set(kind, holds)
  }
  return {
    messageFailed: () => {
      failures = [...failures, clock().getTime()].slice(-failuresMax)
    },
    look: async () => {
      const at = clock()
      const now = at.getTime()
      awaySince = isRedisReady() ? undefined : (awaySince ?? now)
      await note("redis_away", awaySince !== undefined && now - awaySince >= awayMs, at)
      failures = failures.filter((failedAt) => now - failedAt < awayMs)
      await note("messages_failing", failures.length >= failuresMax, at)
    },
  }
}
