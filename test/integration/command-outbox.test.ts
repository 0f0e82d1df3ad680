import { afterAll, beforeAll, expect, test } from "bun:test"
import { connectTo, type DatabaseAddress, type Sql } from "../../src/database/connect.ts"
import { freshDatabase, type TestDatabase, testShop } from "../support/engines.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"

const folder = newFolder()
let database: TestDatabase
let sql: Sql

beforeAll(async () => {
  database = await freshDatabase()
  sql = connectTo(database.address, testShop, 1)
})

afterAll(async () => {
  await sql.end()
  await database.drop()
  folder[Symbol.dispose]()
})

const outbox = (...words: string[]) =>
  lapak(["outbox", ...words], {
    DATA_DIR: folder.dataDir,
    DATABASE_URL: urlOf(database.address),
    REDIS_URL: "unix:/nowhere/redis.sock",
  })

test("an outbox without given up messages says so", async () => {
  expect(await outbox()).toMatchObject({ exitCode: 0, stdout: "No message was given up.\n" })
  expect((await outbox("--retry")).stdout).toContain("nothing to send again")
  expect(await sql`select from audit_log where action = 'retry_given_up'`).toHaveLength(0)
})

test("given up messages are listed without the customers' numbers, and put back all at once", async () => {
  await sql`insert into users (number) values ('6281299900890')`
  await sql`
    insert into outbox (channel, user_id, kind, data, state, attempts, failure)
    select 'gateway', id, 'order_expired', '{"orderCode": "LPK-7K2M9Q3"}', 'given_up', 140, 'status 500'
      from users
  `
  await sql`
    insert into outbox (channel, user_id, kind, text, state)
    select 'gateway', id, 'text', words, state
      from users, (values ('hello', 'given_up'), ('x', 'sent')) as given (words, state)
  `
  const listed = await outbox()
  expect(listed.exitCode).toBe(0)
  expect(listed.stdout).toContain("2 messages were given up:")
  expect(listed.stdout).toMatch(/Z {2}gateway {2}order_expired {2}LPK-7K2M9Q3 {2}6281…890 {2}status 500\n/)
  expect(listed.stdout).toMatch(/Z {2}gateway {2}text {2}- {2}6281…890 {2}unknown\n/)
  expect(listed.stdout).toContain("lapak outbox --retry")
  expect(listed.stdout).not.toMatch(/6281299900890|hello/)

  const retried = await outbox("--retry")
  expect(retried).toMatchObject({ exitCode: 0 })
  expect(retried.stdout).toContain("2 messages were put back")
  expect(await sql`select state, attempts, failure from outbox order by id`).toMatchObject([
    { state: "waiting", attempts: 0, failure: null },
    { state: "waiting", attempts: 0, failure: null },
    { state: "sent" },
  ])
  const noted = await sql`select actor, details from audit_log where action = 'retry_given_up'`
  expect(noted).toMatchObject([{ actor: "shell", details: { count: 2 } }])
  expect((await outbox()).stdout).toBe("No message was given up.\n")
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
