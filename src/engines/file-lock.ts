import { dlopen } from "bun:ffi"
import { closeSync, openSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"

const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4

/** One holder's hand on a lock file. The kernel opens it when the process dies, however it dies. */
export type FileLock = Readonly<{
  /** True when held. A hold of the other kind is exchanged; the exchange is not atomic. */
  tryExclusive(): boolean
  tryShared(): boolean
  /** Releases. */
  close(): void
}>

/**
 * Opens (and makes) the file at `path` as a lock, flock(2). Two opens are two holders, also in one process.
 */
export function openFileLock(path: string): FileLock {
  const libc = dlopen("libc.so.6", { flock: { args: ["i32", "i32"], returns: "i32" } })
  const file = openSync(path, "a", 0o600)
  const lock = (operation: number) => libc.symbols.flock(file, operation | LOCK_NB) === 0
  let open = true
  return {
    tryExclusive: () => lock(LOCK_EX),
    tryShared: () => lock(LOCK_SH),
    close: () => {
      if (!open) return
      open = false
      closeSync(file)
      libc.close()
    },
  }
}

/** Waits for the lock to be free; false when it was not within `timeoutMs`. */
export async function lockExclusively(lock: FileLock, timeoutMs: number): Promise<boolean> {
  const stepMs = 25
  for (let waitedMs = 0; waitedMs <= timeoutMs; waitedMs += stepMs) {
    if (lock.tryExclusive()) return true
    await pause(stepMs)
  }
  return false
}
