import type { Log } from "../operations/log.ts"
import { type Carried, carried } from "./carried.ts"
import { type DataFolderLocks, openDataFolderLocks } from "./data-folder-locks.ts"
import { EngineError, explainFileError } from "./engine-error.ts"
import { type EngineFolders, openEngineFolders } from "./engine-folders.ts"
import { closeSocketFolder } from "./engine-place.ts"
import {
  findPostgres,
  isPostgres,
  postgresDatabase,
  postgresUser,
  runsOtherPostgres,
  startPostgres,
  stopPostgres,
} from "./postgres.ts"
import { removeOtherVersions } from "./programs.ts"
import { findRedisProcess, isRedis, startRedis, stopRedis } from "./redis.ts"
import { supervise, type Watched } from "./supervise.ts"
import { watchedEngine } from "./watched-engine.ts"

export type EngineOptions = Readonly<{
  /** Absolute. Made when there is none. */
  dataDir: string
  shop: string
  databaseUrl?: string | undefined
  redisUrl?: string | undefined
  /** Gets lines for the operator; there are some on a first start alone. */
  progress: (line: string) => void
  log: Log
  /** Start an engine again that has ended by itself. For the process that stays: `serve`. */
  supervise: boolean
  /** Where root keeps the engines when their user cannot reach the data folder. */
  awayFolder?: string
  /** The archive with the engines' programs; by default the one in this binary, if there is one. */
  carried?: Carried | undefined
}>

export type Engines = Readonly<{
  postgres:
    | Readonly<{ kind: "embedded"; socketFolder: string; user: string; database: string }>
    | Readonly<{ kind: "external"; url: string }>
  redis:
    | Readonly<{ kind: "embedded"; socketPath: string }>
    | Readonly<{ kind: "external"; url: string }>
    | Readonly<{ kind: "absent"; reason: string }>
  /** Where the engines' data really is. */
  dataFolder: string
  /** Ends this process's use; the last one to leave stops the engines. Idempotent. */
  stop: () => Promise<void>
}>

type Opened<Names> = Readonly<{ opened: Names; watched?: Watched }>

type Started = Omit<Engines, "stop"> & Readonly<{ folders: EngineFolders; watched: readonly Watched[] }>

/**
 * Starts PostgreSQL and Redis on the data folder, or joins those that another process of this shop has
 * started there; external servers are only named. Throws EngineError with words for the operator.
 */
export async function startEngines(options: EngineOptions): Promise<Engines> {
  const { databaseUrl, redisUrl, dataDir } = options
  if (databaseUrl !== undefined && redisUrl !== undefined)
    return {
      postgres: { kind: "external", url: databaseUrl },
      redis: { kind: "external", url: redisUrl },
      dataFolder: dataDir,
      stop: async () => undefined,
    }
  const locks = openDataFolderLocks(dataDir)
  try {
    const { folders, watched, ...started } = await locks.whileNobodyStarts(() => startHere(options, locks))
    const supervision = options.supervise ? supervise(watched, options.log) : undefined
    let stopping: Promise<void> | undefined
    const stop = async () => {
      await supervision?.stop()
      await leave(locks, folders)
    }
    return {
      ...started,
      stop: () => {
        stopping ??= stop()
        return stopping
      },
    }
  } catch (error) {
    locks.close()
    throw explainFileError(error, dataDir)
  }
}

async function startHere(options: EngineOptions, locks: DataFolderLocks): Promise<Started> {
  const alone = locks.alone()
  locks.use()
  const folders = await openEngineFolders({
    dataDir: options.dataDir,
    shop: options.shop,
    awayFolder: options.awayFolder ?? "/var/lib/lapak",
    carried: options.carried ?? carried,
    progress: options.progress,
  })
  try {
    if (alone && runsOtherPostgres(folders.postgres)) await stopAll(folders)
    const redis = await openRedis(options, folders, locks)
    const postgres = await openPostgres(options, folders, locks)
    if (alone) removeOtherVersions(folders.programs)
    const watched = [postgres.watched, redis.watched].filter((engine) => engine !== undefined)
    return { postgres: postgres.opened, redis: redis.opened, dataFolder: folders.folder, folders, watched }
  } catch (error) {
    if (locks.alone()) await close(folders)
    throw error
  }
}

async function openPostgres(
  { databaseUrl, progress }: EngineOptions,
  { postgres }: EngineFolders,
  locks: DataFolderLocks,
): Promise<Opened<Engines["postgres"]>> {
  if (databaseUrl !== undefined) return { opened: { kind: "external", url: databaseUrl } }
  const { pid } = await startPostgres(postgres, { progress })
  const watched = watchedEngine({
    name: "postgres",
    logFile: postgres.logFile,
    pid,
    isRunning: (known) => isPostgres(known, postgres),
    find: () => findPostgres(postgres),
    start: async () => (await locks.whileNobodyStarts(() => startPostgres(postgres, { progress }))).pid,
  })
  const names = { socketFolder: postgres.sockets, user: postgresUser, database: postgresDatabase }
  return { opened: { kind: "embedded", ...names }, watched }
}

/** A shop sells without Redis too, so none, or one that does not start, is not an error. */
async function openRedis(
  { redisUrl, log }: EngineOptions,
  { redis }: EngineFolders,
  locks: DataFolderLocks,
): Promise<Opened<Engines["redis"]>> {
  if (redisUrl !== undefined) return { opened: { kind: "external", url: redisUrl } }
  if ("kind" in redis) return { opened: redis }
  const start = async () => {
    const outcome = await startRedis(redis)
    if (outcome.kind === "running" && outcome.repaired)
      log.warn("Redis had a damaged file, which was put aside", { operation: "redis" })
    return outcome
  }
  const first = await start()
  if (first.kind === "failed") return { opened: { kind: "absent", reason: first.reason } }
  const watched = watchedEngine({
    name: "redis",
    logFile: redis.logFile,
    pid: first.pid,
    isRunning: (known) => isRedis(known, redis),
    find: () => findRedisProcess(redis),
    start: async () => {
      const outcome = await locks.whileNobodyStarts(start)
      if (outcome.kind === "failed") throw new EngineError(outcome.reason)
      return outcome.pid
    },
  })
  return { opened: { kind: "embedded", socketPath: redis.socket }, watched }
}

async function leave(locks: DataFolderLocks, folders: EngineFolders): Promise<void> {
  await locks.whileNobodyStarts(async () => {
    if (locks.alone()) await close(folders)
    locks.close()
  })
}

async function close(folders: EngineFolders): Promise<void> {
  await stopAll(folders)
  closeSocketFolder(folders.folder, folders.postgres.sockets)
}

async function stopAll({ postgres, redisMark }: EngineFolders): Promise<void> {
  await Promise.all([stopPostgres(postgres), stopRedis(redisMark)])
}
