import { afterAll, beforeAll, expect, test } from "bun:test"
import { tellAlerts } from "../../src/database/alerts.ts"
import { connectTo } from "../../src/database/connect.ts"
import { acceptMessages } from "../../src/database/inbox.ts"
import { migrate } from "../../src/database/migrate.ts"
import { migrations } from "../../src/database/migrations.ts"
import { promiseNotice } from "../../src/database/operator-notices.ts"
import { raiseReview } from "../../src/database/reviews.ts"
import { appointOwners, findSilentOwners } from "../../src/database/users.ts"
import { decideReview } from "../../src/shop/decide-review.ts"
import { rupiah } from "../../src/shop/money.ts"
import { openDesk } from "../support/desk.ts"
import { emptyDatabase, testShop } from "../support/engines.ts"
import { newCustomer, openTables, someProcess, type TestTables } from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

/** A message, finished and forgotten as those of 30 days ago are. */
async function wroteLongAgo(from: string, channel: string): Promise<void> {
  await acceptMessages(tables.database, someProcess, [{ channel, id: tables.newName(), from, text: "hi" }])
  await tables.sql`delete from inbox where user_id = (select id from users where number = ${from})`
}

const raise = () =>
  raiseReview(tables.database, {
    key: tables.newName(),
    kind: "unknown_payment",
    provider: "demo",
    amount: rupiah(5_000),
    evidence: {},
  })

async function told(number: string, kind: string): Promise<readonly string[]> {
  const rows = await tables.sql<{ channel: string }[]>`
    select channel
      from outbox
      join users on users.id = user_id
     where users.number = ${number} and outbox.kind = ${kind}
     order by outbox.id
  `
  return rows.map(({ channel }) => channel)
}

async function roleOf(number: string): Promise<string | undefined> {
  const [row] = await tables.sql<{ role: string }[]>`select role from users where number = ${number}`
  return row?.role
}

test("an owner is told where they wrote last, however long ago that was", async () => {
  const owner = await newCustomer(tables)
  await appointOwners(tables.database, [owner])
  await raise()
  expect(await tellAlerts(tables.database, { at: new Date(), calm: true })).toBe(0)
  expect(await findSilentOwners(tables.database, [owner])).toEqual([owner])

  await wroteLongAgo(owner, "whatsapp")
  await wroteLongAgo(owner, "gateway")
  await wroteLongAgo(owner, "console")
  expect(await findSilentOwners(tables.database, [owner, "628990000001"])).toEqual(["628990000001"])
  expect(await told(owner, "review_raised")).toEqual([])
  expect(await tellAlerts(tables.database, { at: new Date(), calm: true })).toBe(1)
  expect(await told(owner, "review_raised")).toEqual(["gateway"])
  const texts = { id: "Ada apa", en: "Something" }
  const notice = { notice: "something", texts, channels: ["gateway", "whatsapp"] }
  expect(await promiseNotice(tables.database, notice)).toBe(1)
  expect(await promiseNotice(tables.database, { ...notice, notice: "other", channels: ["whatsapp"] })).toBe(0)
  expect(await told(owner, "text")).toEqual(["gateway"])
})

test("a customer hears of found money where they wrote last, however long ago that was", async () => {
  const { shop, close } = await openDesk(tables)
  const number = await newCustomer(tables)
  await wroteLongAgo(number, "gateway")
  const id = await raise()
  if (id === undefined) throw new Error("it was raised before")
  await decideReview(shop, { id, decision: { kind: "credited", number }, actor: "test", reason: "seen" })
  expect(await told(number, "review_credited")).toEqual(["gateway"])
  await close()
})

test("somebody who writes this customer at the moment holds up no message", async () => {
  const number = await newCustomer(tables)
  await tables.sql.begin(async (other) => {
    await other`select from users where number = ${number} for no key update`
    await wroteLongAgo(number, "gateway")
  })
  expect(await findSilentOwners(tables.database, [number])).toEqual([number])
  await wroteLongAgo(number, "gateway")
  expect(await findSilentOwners(tables.database, [number])).toEqual([])
})

test("a number taken off the list is no owner any more, and the record says so", async () => {
  const [first, second] = [await newCustomer(tables), await newCustomer(tables)]
  await appointOwners(tables.database, [first, second, second])
  expect([await roleOf(first), await roleOf(second)]).toEqual(["owner", "owner"])
  await appointOwners(tables.database, [])
  expect([await roleOf(first), await roleOf(second)]).toEqual(["owner", "owner"])
  await appointOwners(tables.database, [second])
  await appointOwners(tables.database, [second])
  expect([await roleOf(first), await roleOf(second)]).toEqual(["customer", "owner"])
  const record = await tables.sql<{ action: string }[]>`
    select action
      from audit_log
      join users on subject = 'user:' || users.id
     where users.number = ${first}
     order by audit_log.id
  `
  expect(record.map(({ action }) => action)).toEqual(["appoint_owner", "dismiss_owner"])
})

test("who wrote before the channel was remembered is known by the messages that are there", async () => {
  const place = await emptyDatabase()
  const before = migrations.findIndex(({ name }) => name.startsWith("0013"))
  await migrate(place.address, testShop, migrations.slice(0, before))
  const sql = connectTo(place.address, testShop, 1)
  await sql`insert into users (number) values ('628119000001'), ('628119000002')`
  await sql`
    insert into inbox (channel, message_id, user_id, text, state)
    select channel, channel, users.id, 'hi', 'done'
      from users, unnest(array['whatsapp', 'gateway', 'try']) as channel
     where number = '628119000001'
  `
  await migrate(place.address, testShop, migrations)
  const remembered = await sql`select last_channel_of(id) as channel from users order by number`
  expect(remembered).toMatchObject([{ channel: "gateway" }, { channel: null }])
  await sql.end()
  await place.drop()
})
