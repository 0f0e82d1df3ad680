import { afterEach, beforeEach, expect, test } from "bun:test"
import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { askRedis, connectToEngines, type EngineFolder, newEngineFolder } from "../support/engine-folder.ts"

let folder: EngineFolder
beforeEach(() => {
  folder = newEngineFolder()
})
afterEach(() => folder.remove())

test("a first start says what it does, and what is written is there after the next, silent one", async () => {
  const first = await folder.start()
  expect(folder.told.length).toBeGreaterThan(0)
  const sql = connectToEngines(first)
  await sql`create table kept (id int)`
  await sql.end()
  expect(await askRedis(first, "SET kept 1")).toBe("+OK\r\n")
  await first.stop()
  folder.told.length = 0

  const second = await folder.start()
  const again = connectToEngines(second)
  expect(await again`select * from kept`).toHaveLength(0)
  await again.end()
  expect(await askRedis(second, "GET kept")).toBe("$1\r\n1\r\n")
  expect(folder.told).toEqual([])
})

test("the engines are durable and not on the network, and their sockets are closed to other users", async () => {
  const engines = await folder.start()
  const sql = connectToEngines(engines)
  const settings = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings
    where name in ('listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding')
  `
  await sql.end()
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    listen_addresses: "",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    server_encoding: "UTF8",
  })
  expect(await askRedis(engines, "CONFIG GET port")).toContain("$1\r\n0\r\n")
  expect(await askRedis(engines, "CONFIG GET appendonly")).toContain("yes")
  expect(await askRedis(engines, "CONFIG GET maxmemory-policy")).toContain("noeviction")
  if (engines.postgres.kind === "embedded")
    expect(statSync(engines.postgres.socketFolder).mode & 0o077).toBe(0)
})

test("several processes share the engines, and the last one to leave stops them", async () => {
  const holder = await folder.hold()
  const [pid] = folder.postgresPids()
  const engines = await folder.start()
  expect(folder.postgresPids()).toEqual([Number(pid)])
  expect(await holder.letGo()).toBe(0)
  expect(folder.postgresPids()).toEqual([Number(pid)])
  expect(await askRedis(engines, "PING")).toBe("+PONG\r\n")
  await engines.stop()
  await engines.stop()
  expect([...folder.postgresPids(), ...folder.redisPids()]).toEqual([])
})

test("many starts at the same moment make one PostgreSQL and one Redis", async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => folder.start()))
  expect(folder.postgresPids()).toHaveLength(1)
  expect(folder.redisPids()).toHaveLength(1)
  await Promise.all(all.map((engines) => engines.stop()))
  expect([...folder.postgresPids(), ...folder.redisPids()]).toEqual([])
})

test("the operator's own servers are used as they are, and the data folder stays untouched", async () => {
  const databaseUrl = "postgres://shop@db.example/shop"
  const redisUrl = "redis://cache.example:6379"
  const engines = await folder.start({ databaseUrl, redisUrl })
  expect(engines.postgres).toEqual({ kind: "external", url: databaseUrl })
  expect(engines.redis).toEqual({ kind: "external", url: redisUrl })
  expect(existsSync(folder.dataDir)).toBe(false)
})

test("with the operator's PostgreSQL only Redis is started, and the other way round", async () => {
  const redisOnly = await folder.start({ databaseUrl: "postgres://shop@db.example/shop" })
  expect(redisOnly.redis.kind).toBe("embedded")
  expect(folder.postgresPids()).toEqual([])
  await redisOnly.stop()
  const postgresOnly = await folder.start({ redisUrl: "redis://cache.example:6379" })
  expect(postgresOnly.postgres.kind).toBe("embedded")
  expect(folder.redisPids()).toEqual([])
})

test("a data folder with a name too long for a socket works", async () => {
  const dataDir = join(folder.root, "x".repeat(100))
  const engines = await folder.start({ dataDir })
  expect(await askRedis(engines, "PING")).toBe("+PONG\r\n")
  await engines.stop()
  if (engines.postgres.kind === "embedded") expect(existsSync(engines.postgres.socketFolder)).toBe(false)
  const again = await folder.start({ dataDir })
  expect(await askRedis(again, "PING")).toBe("+PONG\r\n")
})

test("nothing is left in the data folder by a start that was cut short", async () => {
  const engines = await folder.start()
  await engines.stop()
  const names = readdirSync(folder.dataDir, { recursive: true, encoding: "utf8" })
  expect(names.filter((name) => name.includes("unfinished"))).toEqual([])
})
