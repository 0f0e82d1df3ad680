import { constants } from "node:fs"
import { access, readFile, stat, statfs } from "node:fs/promises"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import type { Config } from "../config.ts"
import { quote } from "../engines/engine-error.ts"
import { secretMarkOf } from "../foundation.ts"
import { broken, type Finding, look, well } from "./finding.ts"
import { openVault } from "./vault.ts"

const freeBytesLow = 500 * 1024 * 1024
const freeBytesLeast = 50 * 1024 * 1024
const answerTimeoutMs = 2_000
const clockOffMaxMs = 60_000

export async function examineDataFolder({ dataDir }: Config): Promise<Finding> {
  const part = "Data folder"
  const folder = await nearestFolder(dataDir)
  try {
    if (!(await stat(folder)).isDirectory()) return broken(part, `${folder} is not a folder`, otherFolder)
    await access(folder, constants.W_OK | constants.X_OK)
  } catch {
    return broken(part, `this user may not write to ${folder}`, `sudo chown -R "$(id -un)" ${quote(folder)}`)
  }
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const says = `${dataDir}, ${megabytes(free)} free`
  if (free < freeBytesLeast) return broken(part, `${says}: the disk is full`, `df -h ${quote(folder)}`)
  if (free < freeBytesLow) return look(part, `${says}: that is not much`, `df -h ${quote(folder)}`)
  return folder === dataDir ? well(part, says) : well(part, `${says}; it is made at the first start`)
}

/** `mark` is what the database remembers of the secret it was opened with, where that is known. */
export async function examineSecret({ dataDir, secret }: Config, mark: string | undefined): Promise<Finding> {
  const part = "Secret"
  const other =
    "is not the secret the shop was opened with, so its stock cannot be read; put the right one back"
  const fits = (hex: string) => mark === undefined || secretMarkOf(openVault(hex)) === mark
  if (secret !== undefined) {
    return fits(secret)
      ? well(part, "from LAPAK_SECRET")
      : broken(part, `LAPAK_SECRET ${other}`, "unset LAPAK_SECRET")
  }
  const path = join(dataDir, "secret")
  const show = `ls -l ${quote(path)}`
  try {
    const { mode } = await stat(path)
    const text = (await readFile(path, "utf8")).trim()
    if (!/^[0-9a-f]{64}$/i.test(text)) {
      return broken(part, `${path} is damaged; put the one from your backup back`, show)
    }
    if (!fits(text)) return broken(part, `${path} ${other}`, show)
    if ((mode & 0o077) !== 0) return look(part, `${path} can be read by others`, `chmod 600 ${quote(path)}`)
    return well(part, `${path}, private; keep a copy of it`)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined
    if (code !== "ENOENT")
      return broken(part, `${path} cannot be read`, `sudo chown "$(id -un)" ${quote(path)}`)
    if (mark === undefined) return well(part, `${path} is made at the first start`)
    return broken(
      part,
      `${path} is gone; without it the stock cannot be read: put it back from your backup`,
      show,
    )
  }
}

/** Where a Lapak answers on this machine; undefined when none does. */
export async function findRunning({ host, port }: Config): Promise<string | undefined> {
  if (port === 0) return undefined
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host
  const base = `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`
  return (await isLapak(base)) ? base : undefined
}

/** Fine when the port is free, and when it is Lapak that answers there, at `running`. */
export async function examinePort({ host, port }: Config, running: string | undefined): Promise<Finding> {
  const part = "Web server"
  if (port === 0) return well(part, "takes any free port")
  if (running !== undefined) return well(part, `Lapak answers at ${running}`)
  const code = await tryToListen(host, port)
  if (code === undefined) return well(part, `port ${port} is free: the stall is closed`)
  if (code === "EADDRINUSE") {
    const mend = `PORT=${port < 65_535 ? port + 1 : 3000} lapak serve`
    return broken(part, `port ${port} is used by another program`, mend)
  }
  if (code === "EACCES") {
    return broken(part, `port ${port} may not be opened by this user`, "PORT=3000 lapak serve")
  }
  return broken(part, `HOST ${host} is not an address of this machine`, "HOST=127.0.0.1 lapak serve")
}

/** Against PostgreSQL's clock, and against what the shop has written down already. */
export function examineClock(given: {
  now: Date
  databaseNow: Date | undefined
  latestRecord: Date | undefined
}): Finding {
  const part = "Clock"
  const mend = "sudo timedatectl set-ntp true"
  const { now, databaseNow, latestRecord } = given
  const says = now.toISOString()
  if (now.getTime() < Date.UTC(2025, 0, 1)) return broken(part, `${says} is long ago`, mend)
  if (databaseNow && Math.abs(now.getTime() - databaseNow.getTime()) > clockOffMaxMs) {
    return broken(part, `${says}, but PostgreSQL says ${databaseNow.toISOString()}`, mend)
  }
  if (latestRecord && latestRecord.getTime() - now.getTime() > clockOffMaxMs) {
    return broken(part, `${says}, but the shop sold something at ${latestRecord.toISOString()}`, mend)
  }
  return well(part, says)
}

const otherFolder = "DATA_DIR=$HOME/lapak-data lapak serve"

/** The folder itself, or the one that it would be made in. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch {
    return dirname(path) === path ? path : await nearestFolder(dirname(path))
  }
}

async function isLapak(base: string): Promise<boolean> {
  try {
    const response = await fetch(`${base}/livez`, {
      signal: AbortSignal.timeout(answerTimeoutMs),
      redirect: "error",
    })
    const body: unknown = await response.json()
    return (
      response.ok && typeof body === "object" && body !== null && "status" in body && body.status === "alive"
    )
  } catch {
    return false
  }
}

/** The code of what stands in the way; undefined when nothing does. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", (error) => resolve("code" in error ? String(error.code) : "unknown"))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MB`
}
