import type { Log } from "./log.ts"
import { pause } from "./pause.ts"

export type Job = Readonly<{
  name: string
  /** From the end of one run to the begin of the next. */
  intervalMs: number
  run: () => Promise<unknown>
  /** True for an error that is known about elsewhere, such as a database that is away: logged quietly. */
  isExpected?: (error: unknown) => boolean
}>

/** Runs jobs one after another with pauses, each by itself, the first time at once. */
export function startSchedule(jobs: readonly Job[], log: Log): Readonly<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = jobs.map((job) => repeat(job, log, stopping.signal))
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

async function repeat(job: Job, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await job.run()
    } catch (error) {
      if (job.isExpected?.(error)) log.debug("a regular job has to wait", { operation: job.name, error })
      else log.error("a regular job failed", { operation: job.name, error })
    }
    await pause(job.intervalMs, signal)
  }
}
