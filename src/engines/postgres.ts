import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { diskFullWords, EngineError, quote } from "./engine-error.ts"
import { makePrivateFolder } from "./engine-place.ts"
import type { EngineUser } from "./engine-user.ts"
import { postgresSettings } from "./postgres-settings.ts"
import {
  bearsMark,
  findProcesses,
  type ProcessMark,
  signalAll,
  signalOne,
  waitUntilGone,
} from "./process-table.ts"
import { answersFromElsewhere } from "./socket-answers.ts"
import { runToEnd, type SpawnedEngine, spawnEngine } from "./spawn-engine.ts"
import { syncFileSystem } from "./sync-file-system.ts"

export const postgresUser = "lapak"
export const postgresDatabase = "postgres"
const postgresMajor = "18"

export type PostgresFolders = Readonly<{
  /** PostgreSQL's programs. */
  programs: string
  data: string
  sockets: string
  logFile: string
  user: EngineUser
}>

export type PostgresOptions = Readonly<{
  progress: (line: string) => void
  /** Beside Lapak's own, and over them. */
  settings?: Readonly<Record<string, string>>
}>

export type RunningPostgres = Readonly<{ pid: number; started: boolean }>

const initializeTimeoutMs = 120_000
/** Long, because a start after a crash replays what the last checkpoint had not written yet. */
const startTimeoutMs = 300_000
const leftoverTimeoutMs = 20_000
const fastStopMs = 20_000
const immediateStopMs = 10_000

/**
 * Sees to it that PostgreSQL runs on the folder: finds it running, or makes the data at the first start and
 * starts it. Idempotent. The caller holds the start lock.
 */
export async function startPostgres(
  folders: PostgresFolders,
  options: PostgresOptions,
): Promise<RunningPostgres> {
  const running = findPostgres(folders)
  if (running !== undefined && (await untilReady(folders, () => !isPostgres(running, folders))))
    return { pid: running, started: false }
  if (await answersFromElsewhere(socketPath(folders))) return { pid: 0, started: false }
  if (!existsSync(folders.data)) await initialize(folders, options)
  checkVersion(folders)
  makePrivateFolder(folders.sockets, folders.user)
  await clearLeftovers(folders)
  const server = spawnServer(folders, options.settings ?? {})
  if (await untilReady(folders, () => server.ended() !== undefined)) return { pid: server.pid, started: true }
  throw explain("PostgreSQL did not start", server.ended()?.tail ?? "It was not ready in time.", folders)
}

/** The number of the server process on this data folder, if one runs. */
export function findPostgres(folders: PostgresFolders): number | undefined {
  return findProcesses(serverMark(folders))[0]
}

/** Whether this number is (still) the server process on this data folder. */
export function isPostgres(pid: number, folders: PostgresFolders): boolean {
  return bearsMark(pid, serverMark(folders))
}

/** Whether the server on this folder was started from another version's programs. */
export function runsOtherPostgres(folders: PostgresFolders): boolean {
  const own = `${folders.programs}/bin/postgres -D `
  const mark = { uid: folders.user.uid, matches: (line: string) => line.startsWith(own) }
  const pid = findPostgres(folders)
  return pid !== undefined && !bearsMark(pid, mark)
}

/** Stops the server on this folder in order: connections are closed, everything is written. Idempotent. */
export async function stopPostgres(folders: PostgresFolders): Promise<void> {
  const pid = findPostgres(folders)
  if (pid !== undefined) signalOne(pid, "SIGINT")
  const all = anyMark(folders)
  if (await waitUntilGone(all, pid === undefined ? 0 : fastStopMs)) return
  signalAll(all, "SIGQUIT")
  if (await waitUntilGone(all, immediateStopMs)) return
  signalAll(all, "SIGKILL")
  await waitUntilGone(all, immediateStopMs)
}

async function initialize(folders: PostgresFolders, { progress }: PostgresOptions): Promise<void> {
  progress("Making the database (once)")
  const unfinished = `${folders.data}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  makePrivateFolder(unfinished, folders.user)
  const { code, tail } = await runToEnd(
    {
      program: join(folders.programs, "bin", "initdb"),
      arguments: [
        `--pgdata=${unfinished}`,
        `--username=${postgresUser}`,
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth-local=trust",
        "--auth-host=reject",
      ],
      user: folders.user,
      folder: unfinished,
      logFile: folders.logFile,
    },
    initializeTimeoutMs,
  )
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    throw explain("The database could not be made", tail, folders)
  }
  renameSync(unfinished, folders.data)
  syncFileSystem(folders.data)
}

function checkVersion({ data }: PostgresFolders): void {
  const file = join(data, "PG_VERSION")
  const version = existsSync(file) ? readFileSync(file, "utf8").trim() : "an unknown version"
  if (version === postgresMajor) return
  throw new EngineError(
    `The database in ${data} is of PostgreSQL ${version}; this Lapak brings ${postgresMajor}. Use the Lapak that made it, or begin with an empty shop elsewhere:\n  DATA_DIR=${quote(`${dirname(data)}-new`)} lapak serve`,
  )
}

/**
 * A server that was killed leaves its children for a moment, and files with its number. PostgreSQL refuses
 * to start while another process bears that number, even one that has nothing to do with it.
 */
async function clearLeftovers(folders: PostgresFolders): Promise<void> {
  const all = anyMark(folders)
  if (!(await waitUntilGone(all, leftoverTimeoutMs))) {
    signalAll(all, "SIGKILL")
    await waitUntilGone(all, leftoverTimeoutMs)
  }
  rmSync(join(folders.data, "postmaster.pid"), { force: true })
  for (const name of readdirSync(folders.sockets))
    if (name.startsWith(".s.PGSQL.")) rmSync(join(folders.sockets, name), { force: true })
}

function spawnServer(folders: PostgresFolders, settings: Readonly<Record<string, string>>): SpawnedEngine {
  const all = {
    ...postgresSettings,
    ...settings,
    unix_socket_directories: folders.sockets,
    cluster_name: clusterName(folders),
  }
  return spawnEngine({
    program: join(folders.programs, "bin", "postgres"),
    arguments: [
      "-D",
      folders.data,
      ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    user: folders.user,
    folder: folders.data,
    logFile: folders.logFile,
  })
}

/** The server writes its state into the last line of its pid file, where `pg_ctl --wait` reads it too. */
async function untilReady(folders: PostgresFolders, ended: () => boolean): Promise<boolean> {
  const stepMs = 10
  for (let waitedMs = 0; waitedMs < startTimeoutMs; waitedMs += stepMs) {
    if (ended()) return false
    if (serverState(folders) === "ready") return true
    await pause(stepMs)
  }
  return false
}

function serverState({ data }: PostgresFolders): string | undefined {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim()
  } catch {
    return undefined
  }
}

function explain(what: string, tail: string, folders: PostgresFolders): EngineError {
  if (/No space left on device|Disk quota exceeded/.test(tail))
    return new EngineError(diskFullWords(dirname(folders.data)))
  const told = tail === "" ? "" : `\n${tail.split("\n").slice(-6).join("\n")}`
  return new EngineError(`${what}. Its last words:${told}\nThe whole log:\n  cat ${quote(folders.logFile)}`)
}

function socketPath(folders: PostgresFolders): string {
  return join(folders.sockets, ".s.PGSQL.5432")
}

function serverMark({ data, user }: PostgresFolders): ProcessMark {
  return { uid: user.uid, matches: (line) => line.includes(`bin/postgres -D ${data} -c `) }
}

/** The server, or one of its children: those show the cluster's name instead of the command line. */
function anyMark(folders: PostgresFolders): ProcessMark {
  const name = clusterName(folders)
  return { uid: folders.user.uid, matches: (line) => line.includes(name) }
}

/** Names this data folder in the list of processes. */
function clusterName({ data }: PostgresFolders): string {
  return `lapak-${new Bun.CryptoHasher("sha256").update(data).digest("hex").slice(0, 32)}`
}
