import { boundLog } from "./spawn-engine.ts"
import type { Watched } from "./supervise.ts"

export type WatchedParts = Readonly<{
  name: Watched["name"]
  logFile: string
  /** 0 for an engine that answers but is not seen from here, in another container: it is left alone. */
  pid: number
  isRunning: (pid: number) => boolean
  find: () => number | undefined
  /** Returns the number of the process that runs then. */
  start: () => Promise<number>
}>

/** Remembers which process is the engine, so that asking twice a second reads one process, not all. */
export function watchedEngine(parts: WatchedParts): Watched {
  let pid = parts.pid
  return {
    name: parts.name,
    isRunning: () => {
      if (pid === 0 || parts.isRunning(pid)) return true
      const other = parts.find()
      if (other !== undefined) pid = other
      return other !== undefined
    },
    restart: async () => {
      pid = await parts.start()
    },
    tend: () => boundLog(parts.logFile),
  }
}
