import { spawn } from "node:child_process"
import { closeSync, copyFileSync, openSync, readFileSync, statSync, truncateSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import type { EngineUser } from "./engine-user.ts"

const longestLogBytes = 1024 * 1024
const longestTailBytes = 4_000

export type EngineCommand = Readonly<{
  program: string
  arguments: readonly string[]
  user: EngineUser
  /** The working folder. */
  folder: string
  logFile: string
}>

export type SpawnedEngine = Readonly<{
  pid: number
  /** The end of what it wrote since it was started, once it has ended. */
  ended: () => { code: number | null; tail: string } | undefined
}>

/**
 * Starts a program in a session of its own, so that Ctrl-C in the operator's terminal reaches Lapak alone,
 * which stops the engines in order. It goes on when Lapak dies.
 */
export function spawnEngine(command: EngineCommand): SpawnedEngine {
  boundLog(command.logFile)
  const log = openSync(command.logFile, "a", 0o600)
  const startedAt = statSync(command.logFile).size
  const child = spawn(command.program, [...command.arguments], {
    cwd: command.folder,
    detached: true,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", log, log],
    ...(command.user.other ? { uid: command.user.uid, gid: command.user.gid } : {}),
  })
  closeSync(log)
  child.unref()
  let end: { code: number | null; tail: string } | undefined
  child.on("exit", (code) => {
    end = { code, tail: logTail(command.logFile, startedAt) }
  })
  child.on("error", (error) => {
    end = { code: null, tail: error.message }
  })
  return { pid: child.pid ?? 0, ended: () => end }
}

/** Runs a program to its end, or kills it after `timeoutMs`. `code` is null when it did not end by itself. */
export async function runToEnd(
  command: EngineCommand,
  timeoutMs: number,
): Promise<{ code: number | null; tail: string }> {
  const child = spawnEngine(command)
  const stepMs = 10
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += stepMs) {
    const end = child.ended()
    if (end !== undefined) return end
    await pause(stepMs)
  }
  process.kill(child.pid, "SIGKILL")
  return { code: null, tail: `it was not done after ${timeoutMs / 1000} s` }
}

/** Keeps an engine's log from growing without end: the older part moves to `.1`, over the one before. */
export function boundLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size <= longestLogBytes) return
  copyFileSync(logFile, `${logFile}.1`)
  truncateSync(logFile, 0)
}

function logTail(logFile: string, from: number): string {
  const bytes = readFileSync(logFile).subarray(from)
  return bytes.subarray(-longestTailBytes).toString("utf8").trim()
}
