import { afterAll, beforeAll, expect, test } from "bun:test"
import { connectTo, type DatabaseAddress } from "../../src/database/connect.ts"
import { freshDatabase, freshRedis, type TestDatabase, type TestRedis, testShop } from "../support/engines.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"

const folder = newFolder()
let database: TestDatabase
let redis: TestRedis
let environment: Record<string, string>

beforeAll(async () => {
  database = await freshDatabase()
  redis = await freshRedis()
  environment = {
    DATA_DIR: folder.dataDir,
    DATABASE_URL: urlOf(database.address),
    REDIS_URL: `unix:${redis.socketPath}`,
    PORT: "0",
  }
})

afterAll(async () => {
  await redis.stop()
  await database.drop()
  folder[Symbol.dispose]()
})

const run = (...words: string[]) => lapak(words, environment)

test("a catalogue with thousands of bad rows is refused with every one of them, and nothing is imported", async () => {
  const rows = Array.from({ length: 4_000 }, (_, place) => `A-${place},x,1.000,digital`)
  const path = folder.file("bad.csv", ["code,name,price,kind", "GOOD,x,1000,digital", ...rows].join("\n"))
  const { exitCode, stdout, stderr } = await run("import", "catalog", path)
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" })
  expect(stderr.match(/^ {2}line \d+: price must be whole rupiah/gm)).toHaveLength(4_000)
  expect(stderr).toContain("line 4002:")
  expect(stderr).toEndWith("Nothing was imported. Mend these lines and import the file again.\n")
  expect(await countProducts()).toBe(0)
})

test("a command whose reader has gone ends as it would have, without a word", async () => {
  await run("migrate")
  const main = `${import.meta.dir}/../../src/main.ts`
  const script = '("$@"; echo "ended $?" >&2) | true'
  const words = [process.execPath, "--no-env-file", main, "ledger", "balance"]
  const child = Bun.spawn(["sh", "-c", script, "sh", ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...environment },
    stdout: "ignore",
    stderr: "pipe",
  })
  expect(await new Response(child.stderr).text()).toBe("ended 0\n")
})

test("stock for a product that is not there says what to type first", async () => {
  const path = folder.file("units.txt", "A-SECRET-UNIT\n")
  const { exitCode, stderr } = await run("import", "stock", "NOPE", path)
  expect(exitCode).toBe(1)
  expect(stderr).toContain("There is no product NOPE")
  expect(stderr).toContain("lapak import catalog FILE.csv")
  expect(stderr).not.toContain("A-SECRET-UNIT")
})

test("a file that is not there is an error, not a crash", async () => {
  const { exitCode, stderr } = await run("import", "customers", `${folder.root}/nowhere.csv`)
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: `There is no file ${folder.root}/nowhere.csv.\n`,
  })
})

test("an audit that finds something broken ends with 1, and says what in words and in JSON", async () => {
  if (database.address.kind !== "socket") throw new Error("the test database is on a socket")
  const hand = connectTo(database.address, testShop, 1)
  await hand`set session_replication_role = replica`
  await hand`insert into users (number, balance) values ('6281299900009', 7)`
  const human = await run("audit")
  const json = await run("audit", "--json")
  await hand`delete from users`
  await hand.end()
  expect(human.exitCode).toBe(1)
  expect(human.stdout).toContain("✗ each balance is what its ledger entries say: broken 1 times of 1")
  expect(human.stdout).toContain("The books are broken: 2 of ")
  expect(json.exitCode).toBe(1)
  const { ok, checks } = JSON.parse(json.stdout)
  expect(ok).toBe(false)
  expect(checks).toContainEqual({ name: "balances_equal_their_entries", count: 1, violations: 1 })
})

test("an error nobody expected is one sentence with a reference; its cause, without data, is in the log", async () => {
  const sql = connectTo(database.address, testShop, 1)
  await sql`alter table audit_log rename column action to deed`
  const { exitCode, stdout, stderr } = await run(
    "balance",
    "credit",
    "6281299900007",
    "5",
    "--reason",
    "secret",
  )
  await sql`alter table audit_log rename column deed to action`
  await sql.end()
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" })
  const [logged, sentence] = stderr.trimEnd().split("\n").slice(-2)
  const reference = /under (E-[2-9A-Z]{8})\.$/.exec(sentence ?? "")?.[1]
  expect(JSON.parse(logged ?? "")).toMatchObject({
    level: "error",
    reference,
    error: { name: "PostgresError", code: "42703" },
  })
  expect(stderr).not.toMatch(/secret|6281299900007|insert into/)
})

test("a credit goes through while Redis is away, and says that a running shop may be late", async () => {
  const away = { ...environment, REDIS_URL: "unix:/nowhere/redis.sock" }
  const words = ["balance", "credit", "6281299900003", "5000", "--reason", "x"]
  const { exitCode, stdout, stderr } = await lapak(words, away)
  expect(exitCode).toBe(0)
  expect(stdout).toContain("New balance: Rp 5.000")
  expect(stderr).toContain("Redis does not answer")
})

async function countProducts(): Promise<number> {
  const sql = connectTo(database.address, testShop, 1)
  const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from products`
  await sql.end()
  return row?.count ?? -1
}

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
