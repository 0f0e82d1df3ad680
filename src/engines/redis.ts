import { existsSync, readdirSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { makePrivateFolder } from "./engine-place.ts"
import type { EngineUser } from "./engine-user.ts"
import { bearsMark, findProcesses, type ProcessMark, signalAll, waitUntilGone } from "./process-table.ts"
import { answersFromElsewhere, redisAnswers } from "./socket-answers.ts"
import { spawnEngine } from "./spawn-engine.ts"

export type RedisFolders = Readonly<{
  /** The program `redis-server`. */
  program: string
  data: string
  /** The socket, in a folder that exists and belongs to the user. */
  socket: string
  logFile: string
  user: EngineUser
}>

/** What tells this shop's Redis from others in the list of processes. */
export type RedisMark = Pick<RedisFolders, "socket" | "user">

export type RedisStart =
  | Readonly<{ kind: "running"; pid: number; started: boolean; repaired: boolean }>
  | Readonly<{ kind: "failed"; reason: string }>

const startTimeoutMs = 60_000
const orderlyStopMs = 10_000
const killedStopMs = 5_000

/** Redis holds counters, locks and a cache: 64 MB is room for a hundred thousand customers at once. */
const settings: Readonly<Record<string, string>> = {
  port: "0",
  unixsocketperm: "700",
  daemonize: "no",
  supervised: "no",
  appendonly: "yes",
  appendfsync: "everysec",
  "aof-load-truncated": "yes",
  "auto-aof-rewrite-min-size": "16mb",
  save: "",
  databases: "1",
  maxmemory: "64mb",
  "maxmemory-policy": "noeviction",
  loglevel: "notice",
}

/**
 * Sees to it that Redis runs on the folder: finds it running, or starts it. Its data can be rebuilt from
 * PostgreSQL, so a damaged file is put aside and an empty Redis started. Idempotent. The caller holds the
 * start lock.
 */
export async function startRedis(folders: RedisFolders): Promise<RedisStart> {
  const first = await attempt(folders)
  if (first.kind === "running" || !/append only file|AOF/i.test(first.reason)) return first
  const damaged = `${folders.data}.damaged`
  rmSync(damaged, { recursive: true, force: true })
  renameSync(folders.data, damaged)
  const second = await attempt(folders)
  return second.kind === "running" ? { ...second, repaired: true } : second
}

/** The number of the Redis on this folder, if one runs. */
export function findRedisProcess(folders: RedisFolders): number | undefined {
  return findProcesses(redisMark(folders))[0]
}

/** Whether this number is (still) the Redis on this folder. */
export function isRedis(pid: number, folders: RedisFolders): boolean {
  return bearsMark(pid, redisMark(folders))
}

/** Stops Redis in order: its file is written out. Idempotent. */
export async function stopRedis(folders: RedisMark): Promise<void> {
  const mark = redisMark(folders)
  signalAll(mark, "SIGTERM")
  if (await waitUntilGone(mark, orderlyStopMs)) return
  signalAll(mark, "SIGKILL")
  await waitUntilGone(mark, killedStopMs)
}

async function attempt(folders: RedisFolders): Promise<RedisStart> {
  const running = findRedisProcess(folders)
  if (running !== undefined && (await untilAnswering(folders, () => !isRedis(running, folders))))
    return { kind: "running", pid: running, started: false, repaired: false }
  if (await answersFromElsewhere(folders.socket))
    return { kind: "running", pid: 0, started: false, repaired: false }
  makePrivateFolder(folders.data, folders.user)
  removeUnfinishedRewrites(folders.data)
  const server = spawnEngine({
    program: folders.program,
    arguments: redisArguments(folders),
    user: folders.user,
    folder: folders.data,
    logFile: folders.logFile,
  })
  if (await untilAnswering(folders, () => server.ended() !== undefined))
    return { kind: "running", pid: server.pid, started: true, repaired: false }
  const tail = server.ended()?.tail ?? ""
  return { kind: "failed", reason: tail.split("\n").slice(-3).join("\n") || "Redis did not answer" }
}

function redisArguments(folders: RedisFolders): string[] {
  const all = { ...settings, dir: folders.data, unixsocket: folders.socket }
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
}

async function untilAnswering({ socket }: RedisFolders, ended: () => boolean): Promise<boolean> {
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline) {
    if (await redisAnswers(socket)) return true
    if (ended()) return false
    await pause(10)
  }
  return false
}

/** A kill in the middle of a rewrite leaves its temporary file, which nobody would remove. */
function removeUnfinishedRewrites(data: string): void {
  for (const folder of [data, join(data, "appendonlydir")]) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder))
      if (/^temp-.*\.(aof|rdb)$/.test(name)) rmSync(join(folder, name), { force: true })
  }
}

function redisMark({ socket, user }: RedisMark): ProcessMark {
  return {
    uid: user.uid,
    matches: (line) => /(redis|valkey)-server/.test(line) && line.includes(socket) && !line.includes("-aof-"),
  }
}
