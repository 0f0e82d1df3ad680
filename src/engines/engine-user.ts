import { spawnSync } from "node:child_process"
import { readFileSync, statSync } from "node:fs"
import { EngineError } from "./engine-error.ts"

/** Whom the engines run as. PostgreSQL refuses root, so root hands them to an unprivileged user. */
export type EngineUser = Readonly<{
  uid: number
  gid: number
  /** Lapak runs as root and starts the engines as this other user. */
  other: boolean
}>

const unprivilegedName = "lapak"

/** The user of this process; for root the system user `lapak`, made when missing, or else `nobody`. */
export function chooseEngineUser(): EngineUser {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  if (uid !== 0) return { uid, gid, other: false }
  const known = findUser(unprivilegedName) ?? makeUser() ?? findUser("nobody")
  if (known !== undefined) return { ...known, other: true }
  throw new EngineError(
    `PostgreSQL refuses to run as root, and there is no unprivileged user here. Make one:\n  useradd --system ${unprivilegedName}`,
  )
}

/** The user who owns the data that is already there, so that a later start never mixes two owners. */
export function ownerOf(folder: string, chosen: EngineUser): EngineUser {
  const owner = statSync(folder, { throwIfNoEntry: false })
  if (owner === undefined || owner.uid === chosen.uid) return chosen
  if (chosen.other && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, other: true }
  throw new EngineError(
    `The data in ${folder} belongs to another user (number ${owner.uid}). Start Lapak as that user, or as root:\n  sudo lapak serve`,
  )
}

function findUser(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(":") ?? []
  if (uid === undefined || gid === undefined || uid === "0") return undefined
  return { uid: Number(uid), gid: Number(gid) }
}

function makeUser(): { uid: number; gid: number } | undefined {
  const options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
  spawnSync("useradd", [...options, "--shell", "/usr/sbin/nologin", unprivilegedName], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    stdio: "ignore",
    timeout: 10_000,
  })
  return findUser(unprivilegedName)
}
