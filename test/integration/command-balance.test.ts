import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import type { DatabaseAddress } from "../../src/database/connect.ts"
import { freshRedis, type TestRedis } from "../support/engines.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"
import { newCustomer, openTables, type TestTables } from "../support/selling.ts"

const folder = newFolder()
let tables: TestTables
let redis: TestRedis

beforeAll(async () => {
  tables = await openTables()
  redis = await freshRedis()
})

afterAll(async () => {
  expect((await auditDatabase(tables.database)).ok).toBe(true)
  await redis.stop()
  await tables.close()
  folder[Symbol.dispose]()
})

const balance = (...words: string[]) =>
  lapak(["balance", ...words], {
    DATA_DIR: folder.dataDir,
    DATABASE_URL: urlOf(tables.address),
    REDIS_URL: `unix:${redis.socketPath}`,
    LAPAK_SECRET: "ab".repeat(32),
  })

test("a credit in the same words credits each time", async () => {
  const number = await newCustomer(tables)
  const credit = () => balance("credit", number, "5000", "--reason", "moved in")
  expect((await credit()).stdout).toContain("New balance: Rp 5.000")
  expect((await credit()).stdout).toContain("New balance: Rp 10.000")
})

test("a credit that was a mistake is taken back, on the record, and never more than there is", async () => {
  const number = await newCustomer(tables, 50_000)
  const debit = (amount: string, to = number) => balance("debit", to, amount, "--reason", "wrong number")
  expect(await debit("30000")).toEqual({
    exitCode: 0,
    stdout: `Rp 30.000 taken from ${number}.\nNew balance: Rp 20.000\n`,
    stderr: "",
  })
  expect(await debit("30000")).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `${number} has Rp 20.000, so Rp 30.000 can't be taken. Nothing was changed.\n`,
  })
  expect((await debit("1", "628999999999")).stderr).toContain("628999999999 is no customer of this shop")
  expect((await debit("-5")).exitCode).toBe(2)
  const record = await tables.sql`
    select actor, details
      from audit_log
      join users on subject = 'user:' || users.id
     where users.number = ${number} and action = 'adjust_balance'
     order by audit_log.id
  `
  expect(record.slice(1)).toMatchObject([
    { actor: "shell", details: { amount: -30_000, reason: "wrong number" } },
  ])
})

test("what is missing names the help of the very command", async () => {
  const { exitCode, stderr } = await balance("debit", "6281234567890", "5000")
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: "error: required option '--reason <text>' not specified\nTry: lapak balance debit --help\n",
  })
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
