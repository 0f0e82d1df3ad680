import { noteRedis } from "../database/alerts.ts"
import type { Database } from "../database/connect.ts"

const awayMs = 10 * 60_000

/**
 * Makes what tells the operators of a Redis that is away for ten minutes; to be called every few seconds.
 * `isReady` is true where there is no Redis to wait for.
 */
export function createRedisWatch(parts: {
  database: Database
  isReady: () => boolean
  clock: () => Date
}): () => Promise<void> {
  const { database, isReady, clock } = parts
  let awaySince: number | undefined
  let noted: boolean | undefined
  return async () => {
    const at = clock()
    const now = at.getTime()
    awaySince = isReady() ? undefined : (awaySince ?? now)
    const isAway = awaySince !== undefined && now - awaySince >= awayMs
    // That all is well is said at first, for what another process left behind, and when it is well again.
    if (!isAway && noted === false) return
    await noteRedis(database, { isAway, at })
    noted = isAway
  }
}
