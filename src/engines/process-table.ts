import { readdirSync, readFileSync, statSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"

/** How to know a process of ours again: by its owner and its command line, never by its number alone. */
export type ProcessMark = Readonly<{
  uid: number
  /** The command line with spaces between the arguments, as the process shows it now. */
  matches: (commandLine: string) => boolean
}>

/**
 * The processes that bear the mark. Command lines are read because every user may read them; the working
 * folder of another user's process is closed even to root in a container.
 */
export function findProcesses(mark: ProcessMark): number[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((pid) => bearsMark(pid, mark))
}

/** False for a process that is gone, is a zombie, or is another one under a number used again. */
export function bearsMark(pid: number, mark: ProcessMark): boolean {
  try {
    if (statSync(`/proc/${pid}`).uid !== mark.uid) return false
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()
    return commandLine !== "" && mark.matches(commandLine)
  } catch {
    return false
  }
}

/** Waits until none of the marked processes is left; false when some still are after `timeoutMs`. */
export async function waitUntilGone(mark: ProcessMark, timeoutMs: number): Promise<boolean> {
  const stepMs = 20
  for (let waitedMs = 0; waitedMs <= timeoutMs; waitedMs += stepMs) {
    if (findProcesses(mark).length === 0) return true
    await pause(stepMs)
  }
  return false
}

/** Sends the signal to those of the marked processes that are still there. */
export function signalAll(mark: ProcessMark, signal: NodeJS.Signals): void {
  for (const pid of findProcesses(mark)) signalOne(pid, signal)
}

export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself in between, which is what the signal was for.
  }
}
