import { afterEach, beforeEach, expect, test } from "bun:test"
import { connectTo, type Sql } from "../../src/database/connect.ts"
import { MigrationFailed, migrate, pendingMigrations } from "../../src/database/migrate.ts"
import { type Migration, migrations } from "../../src/database/migrations.ts"
import { orderMoves } from "../../src/shop/order-states.ts"
import { emptyDatabase, type TestDatabase } from "../support/engines.ts"

const shop = "warung"
const names = migrations.map(({ name }) => name)

let place: TestDatabase
let sql: Sql

beforeEach(async () => {
  place = await emptyDatabase()
  sql = connectTo(place.address, shop, 1)
})

afterEach(async () => {
  await sql.end({ timeout: 5 })
  await place.drop()
})

async function failure(all: readonly Migration[]): Promise<MigrationFailed> {
  const outcome = await migrate(place.address, shop, all).catch((error: unknown) => error)
  if (outcome instanceof MigrationFailed) return outcome
  throw new Error("the migration did not fail")
}

async function tables(): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = ${shop} order by tablename
  `
  return rows.map(({ name }) => name)
}

test("ten processes that start at once migrate once", async () => {
  if (place.address.kind !== "socket") throw new Error("the test database is on a socket")
  const { folder, user, database } = place.address
  const program = `${import.meta.dir}/../support/migrate-once.ts`
  const children = Array.from({ length: 10 }, () =>
    Bun.spawn([process.execPath, "--no-env-file", program, folder, user, database, shop], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    }),
  )
  const readers = children.map(({ stdout }) => stdout.getReader())
  for (const reader of readers) await reader.read()
  for (const { stdin } of children) {
    stdin.write("go\n")
    stdin.end()
  }
  const outputs = await Promise.all(
    readers.map(async (reader) => {
      let text = ""
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += Buffer.from(part.value).toString()
      }
      return text
    }),
  )
  expect(await Promise.all(children.map(({ exited }) => exited))).toEqual(children.map(() => 0))
  const applied = outputs.map((text): string[] => JSON.parse(text))
  expect(applied.filter((list) => list.length > 0)).toEqual([names])
  expect(await pendingMigrations(sql)).toEqual([])
})

test("migrating again applies nothing", async () => {
  expect(await migrate(place.address, shop)).toEqual(names)
  expect(await migrate(place.address, shop)).toEqual([])
})

test("two shops share one database and know nothing of each other", async () => {
  await migrate(place.address, shop)
  expect(await migrate(place.address, "kedai")).toEqual(names)
  await sql`insert into settings (key, value) values ('name', '"Warung"')`
  expect(await sql`select count(*)::integer as count from kedai.settings`).toMatchObject([{ count: 0 }])
})

test("before the first migration everything is pending", async () => {
  expect(await pendingMigrations(sql)).toEqual(names)
})

test("a migration that fails leaves nothing behind, names itself, and can be mended", async () => {
  const first = { name: "0001-first", text: "create table first (id integer)" }
  const broken = { name: "0002-broken", text: "create table half (id integer); select 1 / 0" }
  const error = await failure([first, broken])
  expect(error.migration).toBe("0002-broken")
  expect(error.message).toContain("0002-broken")
  expect(error.message).toContain("division by zero")
  expect(await tables()).toEqual(["first", "schema_migrations"])
  const mended = { ...broken, text: "create table half (id integer)" }
  expect(await migrate(place.address, shop, [first, mended])).toEqual(["0002-broken"])
})

test("a migration that was edited after it was applied is refused, and nothing after it is applied", async () => {
  const first = { name: "0001-first", text: "create table first (id integer)" }
  await migrate(place.address, shop, [first])
  const edited = { ...first, text: "create table first (id bigint)" }
  const error = await failure([edited, { name: "0002-second", text: "create table second (id integer)" }])
  expect(error.migration).toBe("0001-first")
  expect(await tables()).toEqual(["first", "schema_migrations"])
})

test("a program older than the database refuses it and changes nothing", async () => {
  const newer = [...migrations, { name: "9999-from-the-future", text: "create table future (id integer)" }]
  await migrate(place.address, shop, newer)
  await sql`delete from order_moves where from_status = 'paid'`
  const error = await failure(migrations)
  expect(error.message).toContain("newer than this program")
  expect(error.message).toContain("9999-from-the-future")
  expect(await sql`select from order_moves where from_status = 'paid'`).toHaveLength(0)
})

test("migrating makes the table of order moves say exactly what the list says", async () => {
  await migrate(place.address, shop)
  await sql`delete from order_moves where from_status = 'paid'`
  await sql`insert into order_moves values ('refunded', 'paid')`
  await migrate(place.address, shop)
  const rows = await sql<{ from: string; to: string }[]>`
    select from_status as "from", to_status as "to" from order_moves
  `
  const listed = orderMoves.map(([from, to]) => `${from} ${to}`)
  expect(rows.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(listed.sort())
})

test("a shop of before receipts and reviews keeps its money, and a person decides what waited for one", async () => {
  const before = migrations.findIndex(({ name }) => name === "0013-odd-money")
  await migrate(place.address, shop, migrations.slice(0, before))
  await sql`insert into users (number) values ('6281000000001')`
  for (const name of ["PAID", "ODD"])
    await sql`
      insert into payments (reference, provider, purpose, user_id, amount, state, pay_token, channel,
                            expires_at)
      select ${name}, 'midtrans', 'deposit', id, 5000, 'expired', 'token-of-the-page-of-' || ${name}, 'test',
             now()
        from users
    `
  await sql`select settle_payment(1, '{}', 'PAID', 5000, 'transaction-1')`
  await sql`select settle_payment(1, '{}', 'ODD', 4000, 'transaction-2')`

  await migrate(place.address, shop)
  const settleAgain = (reference: string, amount: number, transaction: string) =>
    sql`select settle_payment(1, '{}', ${reference}, ${amount}, ${transaction}, true) ->> 'kind' as kind`
  expect([...(await settleAgain("PAID", 5_000, "transaction-1"))]).toEqual([{ kind: "already_settled" }])
  expect([...(await settleAgain("ODD", 4_000, "transaction-2"))]).toEqual([{ kind: "already_settled" }])
  const reviews = await sql<{ id: number }[]>`select id, kind, amount, decision from reviews`
  expect([...reviews]).toMatchObject([{ kind: "unmatched_payment", amount: 4_000, decision: null }])
  const decide = () => sql`
    select decided ->> 'kind' as kind
      from decide_review(
        1, '{}', ${reviews[0]?.id ?? 0}, 'settled', null, 'ODD', true, 'test', 'looked'
      ) as decided
  `
  expect([...(await decide())]).toEqual([{ kind: "decided" }])
  expect([...(await decide())]).toEqual([{ kind: "decided_before" }])
  expect([...(await sql`select balance from users`)]).toEqual([{ balance: 9_000 }])
})
