import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { EngineError, quote } from "./engine-error.ts"
import type { EngineUser } from "./engine-user.ts"

export type PlaceOptions = Readonly<{
  /** Absolute, and exists. */
  dataDir: string
  shop: string
  user: EngineUser
  /** Where root keeps the engines of data folders that the engines' user cannot reach. */
  awayFolder: string
}>

/** A file in the data folder that says where the engines' data is, when it is not in there. */
const pointerName = "engines-folder"
/** A file in the engines' folder that says whose it is. */
const ownerName = "data-folder"
/** The system takes 107 bytes for a socket's path; PostgreSQL's name in it is 17. */
const longestSocketFolder = 85

/**
 * The folder that holds `postgres`, `redis`, `engines` and the logs: the data folder itself, or another one
 * that the engines' user can reach. The same data folder always leads to the same one. Absolute.
 */
export function openEngineFolder(options: PlaceOptions): string {
  const { user } = options
  const dataDir = realpathSync(options.dataDir)
  const pointer = join(dataDir, pointerName)
  if (existsSync(pointer)) return followPointer(pointer, dataDir)
  if (!user.other || existsSync(join(dataDir, "postgres"))) return dataDir
  // Lets the engines' user walk through, not look around; what Lapak keeps in there is closed by itself.
  if (canReach(dirname(dataDir), user)) chmodSync(dataDir, statSync(dataDir).mode | 0o011)
  return canReach(dataDir, user) ? dataDir : makeAwayFolder(pointer, dataDir, options)
}

/** A folder for the sockets, open to the engines' user only, and with a name short enough for a socket. */
export function openSocketFolder(folder: string, user: EngineUser): string {
  const near = join(folder, "sockets")
  if (Buffer.byteLength(near) <= longestSocketFolder) {
    makePrivateFolder(near, user)
    return near
  }
  const record = join(folder, "sockets-folder")
  const recorded = existsSync(record) ? readFileSync(record, "utf8").trim() : ""
  if (recorded !== "" && isPrivate(recorded, user)) return recorded
  const far = mkdtempSync(join(user.other ? "/run" : tmpdir(), "lapak-"))
  makePrivateFolder(far, user)
  writeFileSync(record, `${far}\n`, { mode: 0o644 })
  return far
}

/**
 * Removes the socket folder when it is outside of the engines' folder. For the one who stopped the engines.
 */
export function closeSocketFolder(folder: string, sockets: string): void {
  if (!sockets.startsWith(folder)) rmSync(sockets, { recursive: true, force: true })
}

/** Whether the user may walk into the folder: every folder on the way must let that user through. */
function canReach(folder: string, user: EngineUser): boolean {
  for (let path = folder; ; path = dirname(path)) {
    const { uid, gid, mode } = statSync(path)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** Makes a folder that belongs to the engines' user alone, or takes it over from root. */
export function makePrivateFolder(path: string, user: EngineUser): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (!user.other) return
  chownSync(path, user.uid, user.gid)
  chmodSync(path, 0o700)
}

function makeAwayFolder(pointer: string, dataDir: string, { awayFolder, shop, user }: PlaceOptions): string {
  if (!existsSync(awayFolder)) {
    mkdirSync(awayFolder, { recursive: true })
    chmodSync(awayFolder, 0o755)
  }
  const real = realpathSync(awayFolder)
  if (!canReach(real, user))
    throw new EngineError(
      `The engines may not run as root, and their user can reach neither ${dataDir} nor ${real}. Choose a data folder that others may walk into:\n  DATA_DIR=/srv/lapak lapak serve`,
    )
  const folder = mkdtempSync(join(real, `${shop}-`))
  chmodSync(folder, 0o711)
  writeFileSync(join(folder, ownerName), `${dataDir}\n`, { mode: 0o644, flush: true })
  writeFileSync(pointer, `${folder}\n`, { mode: 0o644, flush: true })
  return folder
}

/**
 * A data folder may be moved, and then keeps its engines; a copied one must not share them with the first.
 */
function followPointer(pointer: string, dataDir: string): string {
  const folder = readFileSync(pointer, "utf8").trim()
  if (!existsSync(folder))
    throw new EngineError(
      `${pointer} says that this shop's database is in ${folder}, and that folder is gone. Bring it back, or begin with an empty shop:\n  rm ${quote(pointer)}`,
    )
  const ownerFile = join(folder, ownerName)
  const owner = existsSync(ownerFile) ? readFileSync(ownerFile, "utf8").trim() : dataDir
  if (owner !== dataDir && pointsTo(join(owner, pointerName), folder))
    throw new EngineError(
      `The database in ${folder} belongs to the data folder ${owner}, of which ${dataDir} is a copy. To begin with an empty shop here:\n  rm ${quote(pointer)}`,
    )
  if (owner !== dataDir) writeFileSync(ownerFile, `${dataDir}\n`, { mode: 0o644, flush: true })
  return folder
}

function pointsTo(pointer: string, folder: string): boolean {
  return existsSync(pointer) && readFileSync(pointer, "utf8").trim() === folder
}

/** In a folder open to all, a name proves nothing: it must be a folder, ours, and closed to others. */
function isPrivate(path: string, user: EngineUser): boolean {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  return entry?.isDirectory() === true && entry.uid === user.uid && (entry.mode & 0o077) === 0
}
