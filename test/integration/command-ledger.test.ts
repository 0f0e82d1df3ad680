import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type { CommandLine } from "../../src/commands/command-line.ts"
import { runProgram } from "../../src/commands/program.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import type { DatabaseAddress, Sql } from "../../src/database/connect.ts"
import { readLedger } from "../../src/database/ledger.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  ownConnection,
  say,
  type TestTables,
} from "../support/selling.ts"

const folder = newFolder()
let tables: TestTables
let hand: Sql

beforeAll(async () => {
  tables = await openTables(4)
  hand = ownConnection(tables)
  await hand`set session_replication_role = replica`
  await trade()
})

afterAll(async () => {
  await hand.end()
  await tables.close()
  folder[Symbol.dispose]()
})

const environment = () => ({
  DATA_DIR: folder.dataDir,
  DATABASE_URL: urlOf(tables.address),
  REDIS_URL: "unix:/nowhere/redis.sock",
})

/** Runs `lapak ledger` within this process. */
async function run(given: Partial<CommandLine>, ...words: string[]) {
  let stdout = ""
  let stderr = ""
  const exitCode = await runProgram(["ledger", ...words], {
    environment: environment(),
    print: (text) => {
      stdout += `${text}\n`
    },
    complain: (text) => {
      stderr += `${text}\n`
    },
    write: async (text) => {
      stdout += text
      return true
    },
    lines: async function* () {},
    interrupted: new AbortController().signal,
    newReference: () => "E-TEST",
    ...given,
  })
  return { exitCode, stdout, stderr }
}

const ledger = (...words: string[]) => run({}, ...words)

const days = (from: string, to: string) => ["--from", from, "--to", to]
const header = "date,time,transaction,key,kind,order,customer,account,debit,credit,reason,reference"
const rowsOf = (csv: string) => csv.trimEnd().split("\r\n").slice(1)
const sumOf = (rows: readonly string[], column: number) =>
  rows.reduce((sum, row) => sum + Number(row.split(",")[column]), 0)

/** A credit on one day, a sale from the balance and one by QRIS on the next, around Jakarta's midnight. */
async function trade(): Promise<void> {
  const productCode = await newProduct(tables, { units: 5 })
  await order(tables, await say(tables, await newCustomer(tables, 5_000)), { productCode })
  const { payment } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  await tables.sql`select settle_payment(1, '{}', ${payment.reference}, 1250, 't-1', true)`
  await hand`
    update ledger_transactions
       set created_at = case kind
             when 'adjustment' then timestamptz '2026-01-31 23:59:59 Asia/Jakarta'
             when 'sale' then timestamptz '2026-02-01 00:00:00 Asia/Jakarta'
           end,
           reason = case kind when 'adjustment' then '=HYPERLINK("http://x", "y")' else reason end
  `
}

test("the trial balance shows what each account holds, and that customers are owed their balances", async () => {
  const { exitCode, stdout } = await ledger("balance")
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^account +debits +credits +balance\n/)
  expect(stdout).toMatch(/^clearing:demo +Rp 1\.250 +Rp 0 +-Rp 1\.250$/m)
  expect(stdout).toMatch(/^customer +Rp 1\.000 +Rp 5\.250 +Rp 4\.250$/m)
  expect(stdout).toMatch(/^sum +Rp 7\.250 +Rp 7\.250 +Rp 0$/m)
  expect(stdout).toContain("✓ debits equal credits\n✓ customers are owed their balances, Rp 4.250\n")
  expect((await auditDatabase(tables.database)).ok).toBe(true)
})

test("a trial balance that does not balance ends with 1 and says by how much", async () => {
  await hand`update ledger_entries set amount = amount + 7 where account = 'revenue'`
  await hand`update users set balance = balance + 1 where balance > 1000`
  const broken = await ledger("balance")
  await hand`update ledger_entries set amount = amount - 7 where account = 'revenue'`
  await hand`update users set balance = balance - 1 where balance > 1000`
  expect(broken.exitCode).toBe(1)
  expect(broken.stdout).toContain("✗ debits and credits are Rp 14 apart")
  expect(broken.stdout).toContain("✗ customers are owed Rp 4.250, and their balances are Rp 4.251")
})

test("an export has each entry of its days in Jakarta once, in order, and debits that equal credits", async () => {
  const all = await ledger("export", ...days("2026-01-31", "2026-02-01"))
  expect(all).toMatchObject({ exitCode: 0, stderr: "" })
  expect(all.stdout.startsWith(`${header}\r\n`)).toBe(true)
  const rows = rowsOf(all.stdout)
  expect(rows).toHaveLength(7)
  expect(rows[0]).toStartWith("2026-01-31,23:59:59,1,start:")
  expect(rows[1]).toMatch(/,customer,0,5000,/)
  expect(rows.slice(2).every((row) => row.startsWith("2026-02-01,00:00:00,"))).toBe(true)
  expect(rows.filter((row) => /,sale,T-N\d+-X,,clearing:demo,1250,0,,T-N\d+-X-1$/.test(row))).toHaveLength(1)
  expect(rows.filter((row) => /,sale,T-N\d+-X,62811\d+,customer,1000,0,,$/.test(row))).toHaveLength(1)

  const alone = await lapak(["ledger", "export", ...days("2026-01-31", "2026-02-01")], environment())
  expect(alone).toEqual(all)
  const january = rowsOf((await ledger("export", ...days("2026-01-31", "2026-01-31"))).stdout)
  const february = rowsOf((await ledger("export", ...days("2026-02-01", "2026-02-01"))).stdout)
  expect([...january, ...february]).toEqual(rows)
  expect(sumOf(february, 8)).toBe(2_250)
  expect(sumOf(february, 9)).toBe(2_250)
})

test("a reason that a spreadsheet would run is exported as a text", async () => {
  const { stdout } = await ledger("export", ...days("2026-01-31", "2026-01-31"))
  expect(rowsOf(stdout)[0]).toEndWith(`,"'=HYPERLINK(""http://x"", ""y"")",`)
})

test("an export to a file is there whole, for its owner only, and days without entries are empty", async () => {
  const path = join(folder.root, "ledger.csv")
  const written = await ledger("export", ...days("2026-01-01", "2026-12-31"), "--output", path)
  expect(written.stdout).toBe(`7 entries, debits and credits Rp 7.250 each, written to ${path}\n`)
  expect(rowsOf(readFileSync(path, "utf8"))).toHaveLength(7)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await ledger("export", ...days("2025-01-01", "2025-12-31"), "--output", path)
  expect(readFileSync(path, "utf8")).toBe(`${header}\r\n`)
})

test("an export that can't be written says why, and leaves nothing behind", async () => {
  const nowhere = await ledger("export", ...days("2026-01-01", "2026-01-01"), "--output", "/nowhere/x.csv")
  expect(nowhere).toMatchObject({ exitCode: 1, stdout: "" })
  expect(nowhere.stderr).toBe("/nowhere/x.csv could not be written: its folder is not there.\n")
  const onFolder = await ledger("export", ...days("2026-01-01", "2026-01-01"), "--output", folder.root)
  expect(onFolder).toMatchObject({ exitCode: 2, stderr: `--output ${folder.root} is not a file.\n` })
})

test("an export that is interrupted, or that nobody reads on, ends there", async () => {
  const interruption = new AbortController()
  interruption.abort()
  const path = join(folder.root, "interrupted.csv")
  const words = ["export", ...days("2026-01-01", "2026-12-31"), "--output", path]
  const interrupted = await run({ interrupted: interruption.signal }, ...words)
  expect(interrupted).toMatchObject({ exitCode: 1, stderr: "Interrupted: nothing was exported.\n" })
  expect(readdirSync(folder.root).filter((name) => name.startsWith("interrupted"))).toEqual([])
  const unread = await run({ write: async () => false }, "export", ...days("2026-01-01", "2026-12-31"))
  expect(unread.exitCode).toBe(0)
})

test("a long ledger is read a part at a time, as it was when the reading began, and reading can end", async () => {
  const { database, sql } = tables
  const id = (await sql<{ id: number }[]>`select min(id) as id from users`)[0]?.id ?? 0
  await sql`
    select book('many:' || place, 'adjustment', '', null, 'adjustment', null, 'customer', ${id}, 1)
      from generate_series(1, 1200) as place
  `
  const today = { from: "2026-02-02", to: "2999-12-31" }
  const parts: number[] = []
  let sum = 0
  await readLedger(database, today, async (lines) => {
    if (parts.length === 0)
      await sql`select book('later', 'adjustment', '', null, 'adjustment', null, 'customer', ${id}, 1)`
    parts.push(lines.length)
    sum += lines.reduce((total, { debit, credit }) => total + credit - debit, 0)
    return true
  })
  expect(parts).toEqual([1_000, 1_000, 400])
  expect(sum).toBe(0)

  let calls = 0
  await readLedger(database, today, async () => {
    calls += 1
    return false
  })
  expect(calls).toBe(1)
  expect(await sql`select 1 as works`).toMatchObject([{ works: 1 }])
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
