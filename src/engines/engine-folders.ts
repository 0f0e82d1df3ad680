import { existsSync, realpathSync, statfsSync } from "node:fs"
import { join } from "node:path"
import type { Carried } from "./carried.ts"
import { diskFullWords, EngineError } from "./engine-error.ts"
import { openEngineFolder, openSocketFolder } from "./engine-place.ts"
import { chooseEngineUser, ownerOf } from "./engine-user.ts"
import type { PostgresFolders } from "./postgres.ts"
import { preparePrograms, type RedisProgram } from "./programs.ts"
import type { RedisFolders } from "./redis.ts"

/** Everything there is to know before an engine can be started. */
export type EngineFolders = Readonly<{
  /** Holds the engines' data. */
  folder: string
  programs: string
  postgres: PostgresFolders
  redis: RedisFolders | Extract<RedisProgram, { kind: "absent" }>
}>

export type FolderOptions = Readonly<{
  dataDir: string
  shop: string
  awayFolder: string
  carried: Carried | undefined
  progress: (line: string) => void
}>

/** The programs, 45 MB, and a fresh database with its log, 60 MB, with room to sell something. */
const firstStartBytes = 200 * 1024 * 1024

/** Chooses the engines' user and folders, and makes what is missing. The caller holds the start lock. */
export async function openEngineFolders(options: FolderOptions): Promise<EngineFolders> {
  const { dataDir, progress } = options
  const chosen = chooseEngineUser()
  const folder = openEngineFolder({ ...options, user: chosen })
  const data = join(folder, "postgres")
  const first = !existsSync(data)
  if (first) requireSpace(folder)
  if (first && folder !== realpathSync(dataDir))
    progress(`The database may not run as root and its user cannot reach ${dataDir}: it is kept in ${folder}`)
  const user = ownerOf(data, chosen)
  const programs = await preparePrograms(folder, options.carried, progress)
  const sockets = openSocketFolder(folder, user)
  const postgres = { programs: programs.folder, data, sockets, logFile: join(folder, "postgres.log"), user }
  if (programs.redis.kind === "absent")
    return { folder, programs: programs.folder, postgres, redis: programs.redis }
  const redis = {
    program: programs.redis.path,
    data: join(folder, "redis"),
    socket: join(sockets, "redis.sock"),
    logFile: join(folder, "redis.log"),
    user,
  }
  return { folder, programs: programs.folder, postgres, redis }
}

function requireSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < firstStartBytes) throw new EngineError(diskFullWords(folder))
}
