import type { Database } from "../database/connect.ts"
import { writeError } from "../database/errors.ts"
import type { UserId } from "../shop/ids.ts"
import type { Log } from "./log.ts"
import type { BotMetrics } from "./metrics-bot.ts"
import { reduceError } from "./reduce-error.ts"

/** An error of our own whose cause is in the log under its reference. */
export type Failure = Readonly<{
  /** In small letters, digits and underscores. */
  operation: string
  reference: string
  /** What was thrown, or a word of ours. */
  error: unknown
  /** Whose message it was; of any other error, one of a kind is written down every few minutes. */
  channel?: string
  userId?: UserId
}>

/** Counts an error and writes it down, if it can. Never rejects. */
export type NoteError = (failure: Failure) => Promise<void>

const quietMs = 10 * 60_000
const rememberedMax = 1_000

/** The errors of one process. The log and the metric have them also when the database does not answer. */
export function createErrorNotes(parts: {
  database: Database
  metrics: Pick<BotMetrics, "error">
  log: Log
  clock: () => Date
}): NoteError {
  const { database, metrics, log } = parts
  const writtenAtMs = new Map<string, number>()

  const isSaidEnough = (kind: string) => {
    const nowMs = parts.clock().getTime()
    if (nowMs - (writtenAtMs.get(kind) ?? Number.NEGATIVE_INFINITY) < quietMs) return true
    if (writtenAtMs.size >= rememberedMax) writtenAtMs.clear()
    writtenAtMs.set(kind, nowMs)
    return false
  }

  return async ({ operation, reference, error, channel, userId }) => {
    metrics.error(operation)
    const code = codeOf(error)
    const kind = `${operation} ${code}`
    if (userId === undefined && isSaidEnough(kind)) return
    try {
      await writeError(database, { reference, operation, code, channel, userId })
    } catch (failure) {
      writtenAtMs.delete(kind)
      log.warn("an error could not be written down", { reference, error: failure })
    }
  }
}

/** The innermost that says anything: what wraps an error has the name of who noticed it. */
function codeOf(error: unknown): string {
  let reduced = reduceError(error)
  while (reduced.code === undefined && reduced.cause !== undefined) reduced = reduced.cause
  const code = typeof error === "string" ? error : (reduced.code ?? reduced.name)
  return /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : "Error"
}
