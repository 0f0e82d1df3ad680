import { spawn } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connectTo, type DatabaseAddress } from "../../src/database/connect.ts"
import { migrate } from "../../src/database/migrate.ts"
import { makePrivateFolder } from "../../src/engines/engine-place.ts"
import { chooseEngineUser, type EngineUser } from "../../src/engines/engine-user.ts"
import {
  isPostgres,
  type PostgresFolders,
  postgresDatabase,
  postgresUser,
  startPostgres,
  stopPostgres,
} from "../../src/engines/postgres.ts"
import { type Programs, preparePrograms } from "../../src/engines/programs.ts"
import { isRedis, type RedisFolders, startRedis, stopRedis } from "../../src/engines/redis.ts"

/** The shop whose schema every fresh database has. */
export const testShop = "lapak"

/** A database of its own, with the shop's tables, empty. */
export type TestDatabase = Readonly<{ address: DatabaseAddress; drop: () => Promise<void> }>

/** A server of its own, to be killed, frozen and started again. */
export type TestServer = Readonly<{
  /** Returns when the signal has worked: with a deadly one, when the server is gone. */
  signal: (signal: NodeJS.Signals) => Promise<void>
  /** Starts it again after it ended; as it is when it runs. */
  start: () => Promise<void>
  stop: () => Promise<void>
}>

export type TestRedis = TestServer & Readonly<{ socketPath: string }>

/** `address` leads to an empty database, with the settings of a real shop. */
export type TestPostgres = TestServer & Readonly<{ address: DatabaseAddress & { kind: "socket" } }>

type Bench = Readonly<{
  user: EngineUser
  programs: Programs
  newFolder: () => string
  end: () => Promise<void>
}>

type Shared = Readonly<{ server: PostgresFolders; admin: DatabaseAddress & { kind: "socket" } }>

const template = "shop_template"
const quick = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" }
const quiet = () => undefined

let bench: Promise<Bench> | undefined
let shared: Promise<Shared> | undefined
let databasesMade = 0

/** A clone of the migrated template on the shared PostgreSQL, which is quick because it may forget. */
export function freshDatabase(): Promise<TestDatabase> {
  return cloneDatabase(template)
}

/** The same without any table. */
export function emptyDatabase(): Promise<TestDatabase> {
  return cloneDatabase("template0")
}

/** A Redis of its own. */
export async function freshRedis(): Promise<TestRedis> {
  const { user, programs, newFolder } = await openBench()
  if (programs.redis.kind === "absent") throw new Error(programs.redis.reason)
  const folder = newFolder()
  const folders: RedisFolders = {
    program: programs.redis.path,
    data: join(folder, "redis"),
    socket: join(folder, "redis.sock"),
    logFile: join(folder, "redis.log"),
    user,
  }
  makePrivateFolder(folder, user)
  let pid = 0
  const start = async () => {
    const outcome = await startRedis(folders)
    if (outcome.kind === "failed") throw new Error(outcome.reason)
    pid = outcome.pid
  }
  await start()
  const signal = (name: NodeJS.Signals) => send(pid, name, () => isRedis(pid, folders))
  return { socketPath: folders.socket, signal, start, stop: () => stopRedis(folders) }
}

/** A PostgreSQL of its own, durable as in a real shop. */
export async function ownPostgres(): Promise<TestPostgres> {
  const folders = await postgresFolders()
  let pid = 0
  const start = async () => {
    pid = await runPostgres(folders, {})
  }
  await start()
  const signal = (name: NodeJS.Signals) => send(pid, name, () => isPostgres(pid, folders))
  return { address: addressOf(folders, postgresDatabase), signal, start, stop: () => stopPostgres(folders) }
}

/** Stops what this run has started and removes its files. */
export async function stopTestEngines(): Promise<void> {
  const running = bench
  bench = undefined
  shared = undefined
  await (await running)?.end()
}

async function prepareTemplate(address: DatabaseAddress): Promise<void> {
  await migrate(address, testShop)
}

async function cloneDatabase(from: string): Promise<TestDatabase> {
  const { server, admin } = await openShared()
  databasesMade += 1
  const name = `shop_${databasesMade}`
  await administer(admin, `create database ${name} template ${from}`)
  return {
    address: addressOf(server, name),
    drop: () => administer(admin, `drop database ${name} with (force)`),
  }
}

async function administer(admin: DatabaseAddress, statement: string): Promise<void> {
  const sql = connectTo(admin, testShop, 1)
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

function openShared(): Promise<Shared> {
  shared ??= startShared()
  return shared
}

async function startShared(): Promise<Shared> {
  const server = await postgresFolders()
  await runPostgres(server, quick)
  const admin = addressOf(server, postgresDatabase)
  await administer(admin, `create database ${template} template template0`)
  await prepareTemplate(addressOf(server, template))
  return { server, admin }
}

async function postgresFolders(): Promise<PostgresFolders> {
  const { user, programs, newFolder } = await openBench()
  const folder = newFolder()
  return {
    programs: programs.folder,
    data: join(folder, "postgres"),
    sockets: join(folder, "sockets"),
    logFile: join(folder, "postgres.log"),
    user,
  }
}

async function runPostgres(
  folders: PostgresFolders,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const { pid } = await startPostgres(folders, { progress: quiet, settings })
  return pid
}

async function send(pid: number, signal: NodeJS.Signals, isRunning: () => boolean): Promise<void> {
  process.kill(pid, signal)
  if (["SIGSTOP", "SIGCONT", "SIGHUP"].includes(signal)) return
  for (let waitedMs = 0; isRunning(); waitedMs += 5) {
    if (waitedMs > 30_000) throw new Error(`the server is still there after ${signal}`)
    await Bun.sleep(5)
  }
}

function addressOf({ sockets }: PostgresFolders, database: string) {
  return { kind: "socket", folder: sockets, user: postgresUser, database } as const
}

function openBench(): Promise<Bench> {
  bench ??= makeBench()
  return bench
}

async function makeBench(): Promise<Bench> {
  const root = mkdtempSync(join(tmpdir(), "lapak-test-"))
  chmodSync(root, 0o711)
  const end = spawnSweeper(root)
  let folders = 0
  return {
    user: chooseEngineUser(),
    programs: await preparePrograms(root, undefined, quiet),
    newFolder: () => {
      folders += 1
      const folder = join(root, String(folders))
      mkdirSync(folder)
      chmodSync(folder, 0o711)
      return folder
    },
    end,
  }
}

/**
 * Waits in a shell of its own until this process ends, by whatever way, then stops the servers whose command
 * line is about this run's folder, and removes the folder.
 */
function spawnSweeper(root: string) {
  const script = `
    cat
    for step in $(seq 50); do
      pids=$(grep -l "[/]\${1#/}/" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3)
      test -n "$pids" || break
      if test "$step" -le 20; then kill -QUIT $pids; else kill -KILL $pids; fi
      sleep 0.1
    done
    rm -rf "$1"
  `
  const child = spawn("sh", ["-c", script, "sweeper", root], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  })
  child.unref()
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  return () => {
    child.stdin.end()
    return gone
  }
}
