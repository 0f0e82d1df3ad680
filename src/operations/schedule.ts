import type { Log } from "./log.ts"
import type { NoteError } from "./note-errors.ts"
import { pause } from "./pause.ts"

export type Job = Readonly<{
  name: string
  /** From the end of one run to the begin of the next. */
  intervalMs: number
  run: () => Promise<unknown>
  /** True for an error that is known about elsewhere, such as a database that is away: logged quietly. */
  isExpected?: (error: unknown) => boolean
}>

export type ScheduleParts = Readonly<{ log: Log; newReference: () => string; noteError: NoteError }>

/** Runs jobs one after another with pauses, each by itself, the first time at once. */
export function startSchedule(
  jobs: readonly Job[],
  parts: ScheduleParts,
): Readonly<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = jobs.map((job) => repeat(job, parts, stopping.signal))
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

async function repeat(job: Job, parts: ScheduleParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await job.run()
    } catch (error) {
      await report(job, parts, error)
    }
    await pause(job.intervalMs, signal)
  }
}

async function report(job: Job, { log, newReference, noteError }: ScheduleParts, error: unknown) {
  const operation = job.name
  if (job.isExpected?.(error)) {
    log.debug("a regular job has to wait", { operation, error })
    return
  }
  const reference = newReference()
  log.error("a regular job failed", { reference, operation, error })
  await noteError({ operation, reference, error })
}
