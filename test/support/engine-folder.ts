import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connectTo, type Sql } from "../../src/database/connect.ts"
import { type EngineOptions, type Engines, startEngines } from "../../src/engines/engines.ts"
import { findProcesses, signalOne } from "../../src/engines/process-table.ts"

/** A folder for one test, and the engines on it; `remove` leaves neither process nor file. */
export type EngineFolder = Readonly<{
  root: string
  dataDir: string
  /** The lines told to the operator. */
  told: string[]
  /** The events logged. */
  logged: string[]
  start: (options?: Partial<EngineOptions>) => Promise<Engines>
  /** Another process that holds the engines. */
  hold: (options?: Readonly<{ supervise?: boolean }>) => Promise<Holder>
  postgresPids: () => number[]
  redisPids: () => number[]
  remove: () => Promise<void>
}>

export type Holder = Readonly<{ kill: () => Promise<void>; letGo: () => Promise<number> }>

/** The folder others may walk through, so that root's engines can live in it. */
export function newEngineFolder(): EngineFolder {
  const root = mkdtempSync(join(tmpdir(), "lapak-engines-"))
  chmodSync(root, 0o711)
  const dataDir = join(root, "data")
  const told: string[] = []
  const logged: string[] = []
  const started: Engines[] = []
  const log = (event: string) => void logged.push(event)
  const defaults: EngineOptions = {
    dataDir,
    shop: "lapak",
    progress: (line) => void told.push(line),
    log: { debug: log, info: log, warn: log, error: log },
    supervise: false,
    awayFolder: join(root, "away"),
  }
  const pids = (pattern: RegExp) =>
    withoutChildren(pidsOf((line) => line.includes(`${root}/`) && pattern.test(line)))
  return {
    root,
    dataDir,
    told,
    logged,
    start: async (options = {}) => {
      const engines = await startEngines({ ...defaults, ...options })
      started.push(engines)
      return engines
    },
    hold: (options = {}) => hold({ dataDir, shop: "lapak", supervise: options.supervise ?? false }),
    postgresPids: () => pids(/bin\/postgres -D /),
    redisPids: () => pids(/(redis|valkey)-server/),
    remove: async () => {
      await Promise.all(started.map((engines) => engines.stop()))
      for (const pid of pidsOf((line) => line.includes(`${root}/`))) signalOne(pid, "SIGKILL")
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** A connection to the embedded PostgreSQL of these engines. */
export function connectToEngines(engines: Engines): Sql {
  if (engines.postgres.kind === "external") throw new Error("these engines are not embedded")
  const { socketFolder, user, database } = engines.postgres
  return connectTo({ kind: "socket", folder: socketFolder, user, database }, "public", 1)
}

/** Sends one line to the embedded Redis of these engines and returns the answer as it comes. */
export async function askRedis(engines: Engines, line: string): Promise<string> {
  if (engines.redis.kind !== "embedded") throw new Error("these engines have no Redis")
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = await Bun.connect({
    unix: engines.redis.socketPath,
    socket: {
      open: (opened) => void opened.write(`${line}\r\n`),
      data: (_, bytes) => resolve(bytes.toString()),
      close: () => reject(new Error("Redis closed the connection")),
    },
  })
  const answer = await promise
  socket.end()
  return answer
}

/** Waits for a condition, at most half a minute. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    if (await condition()) return
    await Bun.sleep(20)
  }
  throw new Error(`it did not come about: ${what}`)
}

async function hold(options: object): Promise<Holder> {
  const program = join(import.meta.dir, "engine-holder.ts")
  const child = Bun.spawn([process.execPath, program, JSON.stringify(options)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  })
  const { value } = await child.stdout.getReader().read()
  if (value === undefined) throw new Error("the holder did not start")
  return {
    kill: async () => {
      child.kill("SIGKILL")
      await child.exited
    },
    letGo: async () => {
      await child.stdin.end()
      return child.exited
    },
  }
}

function pidsOf(matches: (commandLine: string) => boolean): number[] {
  const users = new Set([process.getuid?.() ?? 0, ...otherUsers()])
  return [...users].flatMap((uid) => findProcesses({ uid, matches })).filter((pid) => pid !== process.pid)
}

/** A child that was just forked bears the command line of its parent until it takes one of its own. */
function withoutChildren(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    const parent = parentOf(pid)
    return parent !== undefined && !pids.includes(parent)
  })
}

/** Undefined for a process that is gone. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*([0-9]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1])
  } catch {
    return undefined
  }
}

/** Root's engines run as the user `lapak`. */
function otherUsers(): number[] {
  if (process.getuid?.() !== 0) return []
  const uid = Bun.spawnSync(["id", "-u", "lapak"]).stdout.toString().trim()
  return uid === "" ? [] : [Number(uid)]
}
