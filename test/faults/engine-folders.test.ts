import { afterEach, beforeEach, expect, test } from "bun:test"
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { EngineError } from "../../src/engines/engine-error.ts"
import { findRedis } from "../../src/engines/programs.ts"
import { askRedis, connectToEngines, type EngineFolder, newEngineFolder } from "../support/engine-folder.ts"

const isRoot = process.getuid?.() === 0

let folder: EngineFolder
beforeEach(() => {
  folder = newEngineFolder()
})
afterEach(() => folder.remove())

test("a data folder that can't be written is refused with its name and the line to type", async () => {
  const closed = join(folder.root, "closed")
  mkdirSync(closed, { mode: 0o500 })
  const dataDir = isRoot ? "/proc/lapak/data" : join(closed, "data")
  const message = await refusal(dataDir)
  expect(message).toContain(isRoot ? "/proc" : closed)
  expect(message).toMatch(/\n {2}(sudo chown|DATA_DIR=)/)
})

test("a data folder that is a file is refused, and the file is left as it is", async () => {
  const file = join(folder.root, "file")
  writeFileSync(file, "precious")
  expect(await refusal(file)).toContain(`${file} is not a folder`)
  expect(readFileSync(file, "utf8")).toBe("precious")
})

test("data of another version of PostgreSQL is refused and not touched", async () => {
  const first = await folder.start()
  await first.stop()
  const versionFile = join(first.dataFolder, "postgres", "PG_VERSION")
  writeFileSync(versionFile, "17\n")
  expect(await refusal(folder.dataDir)).toContain("is of PostgreSQL 17; this Lapak brings 18")
  expect(readFileSync(versionFile, "utf8")).toBe("17\n")
  expect(folder.redisPids()).toEqual([])
})

test("without a Redis on the machine the reason says how to install one", () => {
  expect(findRedis([folder.root])).toEqual({
    kind: "absent",
    reason: "Redis is not on this machine; install it with: apt-get install redis-server",
  })
})

test("a Redis that is too old is not used", () => {
  const program = join(folder.root, "redis-server")
  writeFileSync(program, "#!/bin/sh\necho Redis server v=6.0.16 sha=0\n", { mode: 0o755 })
  expect(findRedis([folder.root])).toMatchObject({ kind: "absent" })
})

test.if(isRoot)(
  "started by root, the engines run as an unprivileged user without root's groups",
  async () => {
    await folder.start()
    for (const pid of [...folder.postgresPids(), ...folder.redisPids()]) {
      const status = readFileSync(`/proc/${pid}/status`, "utf8")
      expect(status).not.toMatch(/^(Uid|Gid):.*\b0\b/m)
      expect(status).toMatch(/^Groups:\s*$/m)
    }
  },
)

test.if(isRoot)(
  "under a folder closed to others the engines live elsewhere, and it is said where",
  async () => {
    const dataDir = closedDataFolder()
    const engines = await folder.start({ dataDir })
    expect(engines.dataFolder.startsWith(join(folder.root, "away", "lapak-"))).toBe(true)
    expect(folder.told.join("\n")).toContain(engines.dataFolder)
    expect(statSync(join(folder.root, "closed")).mode & 0o777).toBe(0o700)
    await engines.stop()
    const again = await folder.start({ dataDir })
    expect(again.dataFolder).toBe(engines.dataFolder)
  },
)

test.if(isRoot)(
  "two data folders never share one database, also when one is a copy of the other",
  async () => {
    const dataDir = closedDataFolder()
    const one = await folder.start({ dataDir })
    const otherDataDir = join(folder.root, "closed", "other")
    const two = await folder.start({ dataDir: otherDataDir })
    expect(two.dataFolder).not.toBe(one.dataFolder)
    await one.stop()
    const copy = join(folder.root, "closed", "copy")
    cpSync(dataDir, copy, { recursive: true })
    expect(await refusal(copy)).toContain(`is a copy`)
  },
)

test.if(isRoot)("a data folder that is moved keeps its database", async () => {
  const dataDir = closedDataFolder()
  const before = await folder.start({ dataDir })
  const sql = connectToEngines(before)
  await sql`create table kept (id int)`
  await sql.end()
  await before.stop()
  const moved = join(folder.root, "closed", "moved")
  renameSync(dataDir, moved)
  const after = await folder.start({ dataDir: moved })
  const again = connectToEngines(after)
  expect(await again`select * from kept`).toHaveLength(0)
  await again.end()
})

test.if(isRoot)("a full disk is told before anything is made on it", async () => {
  const disk = join(folder.root, "disk")
  mkdirSync(disk)
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "lapak-test", disk])
  if (!mounted.success) return
  try {
    expect(await refusal(join(disk, "data"))).toMatch(/is full\..*\n {2}df -h /)
    expect(readdirSync(join(disk, "data"))).toEqual(["run"])
  } finally {
    Bun.spawnSync(["umount", disk])
  }
})

test("a new version's programs take the place of the old ones, also under a server left running", async () => {
  const holder = await folder.hold()
  const [old] = folder.postgresPids()
  await holder.kill()
  const engines = join(folder.dataDir, "engines")
  const [version] = readdirSync(engines)
  const tar = Bun.spawnSync(["tar", "-C", join(engines, String(version)), "-cf", "-", "."])
  const archive = Bun.zstdCompressSync(tar.stdout, { level: 1 })
  const started = await folder.start({ carried: { hash: "next", read: async () => new Uint8Array(archive) } })
  const [pid] = folder.postgresPids()
  expect(pid).not.toBe(old)
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain("/engines/next/bin/postgres")
  expect(readdirSync(engines)).toEqual(["next"])
  expect(started.redis.kind).toBe("absent")
  expect(folder.redisPids()).toEqual([])
})

test("an umask that closes everything does not lock the engines out", async () => {
  const before = process.umask(0o077)
  try {
    const engines = await folder.start()
    expect(await askRedis(engines, "PING")).toBe("+PONG\r\n")
  } finally {
    process.umask(before)
  }
})

function closedDataFolder(): string {
  const closed = join(folder.root, "closed")
  if (!existsSync(closed)) mkdirSync(closed)
  chmodSync(closed, 0o700)
  return join(closed, "data")
}

async function refusal(dataDir: string): Promise<string> {
  const error = await folder.start({ dataDir }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EngineError)
  return error instanceof Error ? error.message : ""
}
