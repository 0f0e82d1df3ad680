import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { EngineError, explainFileError, quote } from "./engine-error.ts"
import { type FileLock, lockExclusively, openFileLock } from "./file-lock.ts"

/** How the processes that use one data folder at the same time agree on who starts and who stops. */
export type DataFolderLocks = Readonly<{
  /** Nobody else uses the engines at this moment; true only means something under the start lock. */
  alone: () => boolean
  /** Counts this process among the users of the engines, until `close`. */
  use: () => void
  /**
   * Runs `work` while no other process starts or stops the engines. Throws EngineError when that never ends.
   */
  whileNobodyStarts: <Result>(work: () => Promise<Result>) => Promise<Result>
  close: () => void
}>

/** Longer than the longest start or stop: after a crash PostgreSQL may have minutes of work to repeat. */
const patienceMs = 330_000

/**
 * Makes the data folder when there is none, and opens its locks. Throws EngineError when it can't be used.
 */
export function openDataFolderLocks(dataDir: string): DataFolderLocks {
  const folder = join(dataDir, "run")
  const startPath = join(folder, "start.lock")
  let users: FileLock
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
    openFileLock(startPath).close()
    users = openFileLock(join(folder, "users.lock"))
  } catch (error) {
    throw explainFileError(error, nearestExisting(dataDir))
  }
  return {
    alone: () => users.tryExclusive(),
    use: () => void users.tryShared(),
    whileNobodyStarts: async (work) => {
      const start = openFileLock(startPath)
      try {
        if (!(await lockExclusively(start, patienceMs))) throw tooLong(startPath)
        return await work()
      } finally {
        start.close()
      }
    },
    close: () => users.close(),
  }
}

function tooLong(path: string): EngineError {
  return new EngineError(
    `Another Lapak has been starting or stopping on this data folder for minutes. To see which one:\n  fuser -v ${quote(path)}`,
  )
}

/** The folder that refuses is the first one there is, seen from the wanted one upwards. */
function nearestExisting(path: string): string {
  let folder = path
  while (!existsSync(folder) && folder !== "/") folder = join(folder, "..")
  return statSync(folder).isDirectory() ? folder : path
}
