import { afterEach, beforeEach, expect, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Engines } from "../../src/engines/engines.ts"
import {
  askRedis,
  connectToEngines,
  type EngineFolder,
  newEngineFolder,
  until,
} from "../support/engine-folder.ts"

let folder: EngineFolder
beforeEach(() => {
  folder = newEngineFolder()
})
afterEach(() => folder.remove())

test("a PostgreSQL that is killed is started again, with everything that was committed", async () => {
  const engines = await folder.start({ supervise: true })
  await writeRow(engines)
  const [pid] = folder.postgresPids()
  process.kill(Number(pid), "SIGKILL")
  await until("another PostgreSQL runs", async () => (await readRows(engines)) === 1)
  expect(folder.postgresPids()).not.toContain(Number(pid))
  await until("the crash is logged", () => folder.logged.includes("an engine runs again"))
})

test("a Redis that is killed is started again, and again after the next kill", async () => {
  const engines = await folder.start({ supervise: true })
  for (let round = 0; round < 2; round += 1) {
    const [pid] = folder.redisPids()
    process.kill(Number(pid), "SIGKILL")
    await until("another Redis answers", async () => {
      const [now] = folder.redisPids()
      return now !== undefined && now !== pid && (await answers(engines))
    })
  }
})

test("when only Lapak is killed, the next start takes over the engines that still run", async () => {
  const holder = await folder.hold()
  const pids = [...folder.postgresPids(), ...folder.redisPids()]
  await holder.kill()
  const engines = await folder.start()
  expect([...folder.postgresPids(), ...folder.redisPids()]).toEqual(pids)
  await engines.stop()
  expect([...folder.postgresPids(), ...folder.redisPids()]).toEqual([])
})

test("after a kill of everything at once the next start recovers by itself", async () => {
  const holder = await folder.hold({ supervise: true })
  const before = await folder.start()
  await writeRow(before)
  await holder.kill()
  for (const pid of [...folder.postgresPids(), ...folder.redisPids()]) process.kill(pid, "SIGKILL")
  await before.stop()
  const after = await folder.start()
  expect(await readRows(after)).toBe(1)
  expect(await askRedis(after, "PING")).toBe("+PONG\r\n")
})

test("a number left by a killed PostgreSQL that another process bears now does not hinder the start", async () => {
  const first = await folder.start()
  const pidFile = join(first.dataFolder, "postgres", "postmaster.pid")
  const left = readFileSync(pidFile, "utf8")
  for (const pid of folder.postgresPids()) process.kill(pid, "SIGKILL")
  await first.stop()
  const redisOnly = await folder.start({ databaseUrl: "postgres://shop@db.example/shop" })
  const [other] = folder.redisPids()
  writeFileSync(pidFile, left.replace(/^[0-9]+/, String(other)))
  const second = await folder.start()
  expect(folder.postgresPids()).toHaveLength(1)
  expect(folder.redisPids()).toEqual([Number(other)])
  await redisOnly.stop()
  await second.stop()
})

test("a damaged file of Redis is put aside, and an empty Redis started", async () => {
  const first = await folder.start()
  expect(await askRedis(first, "SET gone 1")).toBe("+OK\r\n")
  await first.stop()
  const appendOnly = join(first.dataFolder, "redis", "appendonlydir", "appendonly.aof.1.incr.aof")
  writeFileSync(appendOnly, `garbage\r\n${readFileSync(appendOnly, "utf8")}`)
  const second = await folder.start()
  expect(await askRedis(second, "GET gone")).toBe("$-1\r\n")
  expect(folder.logged).toContain("Redis had a damaged file, which was put aside")
})

async function writeRow(engines: Engines): Promise<void> {
  const sql = connectToEngines(engines)
  await sql`create table sold (id int)`
  await sql`insert into sold values (1)`
  await sql.end()
}

/** Undefined while PostgreSQL can't be asked. */
async function readRows(engines: Engines): Promise<number | undefined> {
  const sql = connectToEngines(engines)
  try {
    const rows = await sql`select * from sold`
    return rows.length
  } catch {
    return undefined
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function answers(engines: Engines): Promise<boolean> {
  return askRedis(engines, "PING").then(
    (answer) => answer === "+PONG\r\n",
    () => false,
  )
}
