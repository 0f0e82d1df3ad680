import { afterEach, beforeEach, expect, test } from "bun:test"
import { noteRedis, tellAlerts, watchMessages, watchOrders, watchStock } from "../../src/database/alerts.ts"
import { writeError } from "../../src/database/errors.ts"
import { acceptMessages } from "../../src/database/inbox.ts"
import { handOverChat, resumeChatOf } from "../../src/database/quiet-chats.ts"
import { decideReview, raiseReview } from "../../src/database/reviews.ts"
import { tellOperators } from "../../src/shop/alert-operators.ts"
import { readHouseSettings } from "../../src/shop/house.ts"
import { defaultSettings } from "../../src/shop/house-settings.ts"
import { rupiah } from "../../src/shop/money.ts"
import { createRedisWatch } from "../../src/shop/watch-redis.ts"
import { openDesk } from "../support/desk.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables
let owner: string
let at: Date

beforeEach(async () => {
  tables = await openTables()
  at = new Date()
  owner = await operator("owner")
})
afterEach(() => tables.close())

const minuteMs = 60_000
const largeOrder = rupiah(100_000)

async function operator(role: "owner" | "admin"): Promise<string> {
  const number = await newCustomer(tables)
  await acceptMessages(tables.database, someProcess, [
    { channel: "gateway", id: tables.newName(), from: number, text: "halo" },
  ])
  await tables.sql`update users set role = ${role} where number = ${number}`
  await tables.sql`update inbox set state = 'done', claimed_by = null`
  return number
}

async function look(): Promise<void> {
  await watchStock(tables.database, at)
  await watchOrders(tables.database, { at, largeOrder })
  await watchMessages(tables.database, at)
}
const tell = (calm = true) => tellAlerts(tables.database, { at, calm })

/** The clock goes on; what there is to tell is looked for and told. */
async function later(minutes: number, calm = true): Promise<number> {
  at = new Date(at.getTime() + minutes * minuteMs)
  await look()
  return await tell(calm)
}

type Told = Readonly<{ kind: string; data: { alerts?: readonly Readonly<Record<string, unknown>>[] } }>

/** What an operator was told since the last time this was asked. */
async function told(number = owner): Promise<readonly Told[]> {
  return await tables.sql<Told[]>`
    with told as (
      delete from outbox
       where user_id = (select id from users where number = ${number})
         and kind in ('operator_alerts', 'review_raised')
      returning id, kind, data
    )
    select kind, data from told order by id
  `
}

const toldKinds = async (number = owner) =>
  (await told(number)).map(({ kind, data }) => data.alerts?.map((alert) => alert.kind) ?? [kind])

/** Nobody has written from here: operators cannot be told. */
const nobodyHears = () => tables.sql`update users set last_channel = null`
const hears = (number: string) =>
  tables.sql`update users set last_channel = 'gateway' where number = ${number}`

async function buy(productCode: string, count = 1): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    const number = await newCustomer(tables, 1_000_000)
    const placed = await order(tables, await say(tables, number), { productCode })
    expect(placed.kind).toBe("paid")
  }
}

const restock = (code: string, stock: number) =>
  tables.sql`update products set stock = stock + ${stock} where code = ${code}`

test("a stock that falls to its level is told once, and again only after there was more of it", async () => {
  const code = await newProduct(tables, { stock: 5 })
  expect(await later(0)).toBe(0)
  await buy(code)
  expect(await later(1)).toBe(0)
  await buy(code)
  expect(await later(1)).toBe(1)
  expect(await told()).toMatchObject([{ data: { alerts: [{ kind: "low_stock", code, left: 3 }] } }])
  await buy(code, 3)
  expect(await later(1)).toBe(0)
  await restock(code, 2)
  expect(await later(1)).toBe(0)
  await buy(code)
  expect(await later(1)).toBe(1)
  expect(await told()).toMatchObject([{ data: { alerts: [{ left: 1 }] } }])
})

test("a product that sold out is looked at by the index, also where nobody counted since it was full", async () => {
  const { sql } = tables
  await newProduct(tables, { units: 3_000 })
  await sql`analyze stock_units`
  await sql.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`
    await transaction`update stock_units set state = 'sold', order_id = 1`
  })
  const scanned = await sql.begin(async (transaction) => {
    const scans = async () => {
      const rows = await transaction<{ name: string; scans: number }[]>`
        select relname as name, pg_stat_get_xact_numscans(oid)::integer as scans
          from pg_class
         where relname like 'stock_units%'
           and relnamespace = current_schema()::regnamespace
      `
      return new Map(rows.map(({ name, scans }) => [name, scans]))
    }
    const before = await scans()
    await transaction`select * from unsold_stock()`
    await transaction`select is_in_stock(products) from products`
    const after = [...(await scans())]
    return after.filter(([name, scans]) => scans !== before.get(name)).map(([name]) => name)
  })
  expect(scanned).toEqual(["stock_units_available"])
})

test("holds that come and go are no news, and neither is a stock that never was more", async () => {
  const units = await newProduct(tables, { units: 4 })
  const small = await newProduct(tables, { units: 1 })
  await newProduct(tables, { stock: 0 })
  expect(await later(0)).toBe(0)
  const number = await newCustomer(tables)
  await orderByQris(tables, { productCode: units, number })
  expect(await later(1)).toBe(0)
  const held = await tables.sql`select from stock_units where state = 'held'`
  expect(held).toHaveLength(1)
  await buy(small)
  expect(await later(1)).toBe(1)
  expect(await told()).toMatchObject([{ data: { alerts: [{ code: small, left: 0 }] } }])
})

test("a large order is told when it is paid, once, to owners and admins", async () => {
  const admin = await operator("admin")
  const dear = await newProduct(tables, { units: 9 }, 100_000)
  const cheap = await newProduct(tables, { units: 9 }, 99_999)
  await buy(cheap)
  await buy(dear)
  expect(await later(0)).toBe(2)
  expect(await later(1)).toBe(0)
  const [row] = await tables.sql<{ code: string }[]>`select code from orders where total = 100000`
  const alert = { kind: "large_order", orderCode: row?.code, total: 100_000 }
  expect(await told()).toMatchObject([{ data: { alerts: [alert] } }])
  expect(await told(admin)).toMatchObject([{ data: { alerts: [alert] } }])
})

test("in quiet hours money and goods wait, and come in one message in the morning; trouble does not wait", async () => {
  const dear = await newProduct(tables, { stock: 4 }, 100_000)
  await look()
  await buy(dear)
  await raiseReview(tables.database, { key: "odd", kind: "unmatched_payment", evidence: {} })
  expect(await later(1, false)).toBe(0)
  await noteRedis(tables.database, { isAway: true, at })
  expect(await later(1, false)).toBe(1)
  expect(await toldKinds()).toEqual([["redis_away"]])
  expect(await later(60, true)).toBe(1)
  expect((await toldKinds()).map((kinds) => [...kinds].sort())).toEqual([
    ["large_order", "low_stock", "review"],
  ])
})

test("what is over by the morning is not told any more", async () => {
  const code = await newProduct(tables, { stock: 4 })
  await look()
  await buy(code)
  const id = await raiseReview(tables.database, { key: "odd", kind: "unmatched_payment", evidence: {} })
  if (id === undefined) throw new Error("it was raised before")
  expect(await later(1, false)).toBe(0)
  await restock(code, 10)
  const decision = { decision: "dismissed", allowEqual: false, actor: "test", reason: "seen" } as const
  await decideReview(tables.database, someProcess, { id, ...decision })
  expect(await later(60, true)).toBe(0)
})

test("the quiet hours go over midnight, and are those of the shop's zone", async () => {
  const { shop, close } = await openDesk(tables)
  const setting = (key: string, value: unknown) => tables.sql`
    insert into settings (key, value) values (${key}, ${tables.sql.json(value as string)})
    on conflict (key) do update set value = excluded.value
  `
  let reviews = 0
  const toldAt = async (time: string) => {
    reviews += 1
    await raiseReview(tables.database, { key: `odd ${reviews}`, kind: "unmatched_payment", evidence: {} })
    await tellOperators({ ...shop, clock: () => new Date(time) })
    return (await told()).length
  }
  // In Jakarta, where nothing else is said: 22.00 to 06.00.
  expect(await toldAt("2026-03-01T14:59:59Z")).toBe(1)
  expect(await toldAt("2026-03-01T15:00:00Z")).toBe(0)
  expect(await toldAt("2026-03-01T17:30:00Z")).toBe(0)
  expect(await toldAt("2026-03-01T22:59:59Z")).toBe(0)
  expect(await toldAt("2026-03-01T23:00:00Z")).toBe(1)
  await setting("zone", "Asia/Jayapura")
  expect(await toldAt("2026-03-01T13:00:00Z")).toBe(0)
  expect(await toldAt("2026-03-01T21:00:00Z")).toBe(1)
  await setting("quiet_hours", { from: 1, to: 5 })
  expect(await toldAt("2026-03-01T13:00:00Z")).toBe(1)
  await setting("quiet_hours", "off")
  expect(await toldAt("2026-03-01T17:00:00Z")).toBe(1)
  await setting("zone", "Mars/Olympus")
  await setting("quiet_hours", { from: 99 })
  await setting("summary_hour", "off")
  await setting("large_order", -1)
  expect(await readHouseSettings(tables.database)).toEqual({ ...defaultSettings, summaryHour: null })
  await close()
})

test("what two processes find is raised once and told once", async () => {
  const dear = await newProduct(tables, { stock: 4 }, 100_000)
  await look()
  await buy(dear)
  at = new Date(at.getTime() + minuteMs)
  await Promise.all([look(), look(), look()])
  const counts = await Promise.all([tell(), tell(), tell()])
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
  expect((await toldKinds()).map((kinds) => [...kinds].sort())).toEqual([["large_order", "low_stock"]])
})

test("who never wrote is not written to, and hears of what lasts once they do", async () => {
  await nobodyHears()
  await noteRedis(tables.database, { isAway: true, at })
  expect(await tell()).toBe(0)
  await hears(owner)
  expect(await tell()).toBe(1)
  expect(await toldKinds()).toEqual([["redis_away"]])
})

test("what an operator with too much unread did not hear is told once they read it", async () => {
  await tables.sql`
    insert into outbox (channel, user_id, kind, data, state)
    select 'gateway', id, 'operator_alerts', '{"alerts": []}', 'waiting' from users, generate_series(1, 5)
     where number = ${owner}
  `
  await noteRedis(tables.database, { isAway: true, at })
  expect(await tell()).toBe(0)
  expect(await told()).toHaveLength(5)
  expect(await tell()).toBe(1)
  expect(await toldKinds()).toEqual([["redis_away"]])
})

test("what nobody there may hear of keeps nothing else waiting", async () => {
  await nobodyHears()
  await tables.sql`
    insert into alerts (key, kind, data, raised_at)
    select 'review:' || number, 'review', jsonb_build_object('reviewId', number), ${at} - interval '1 hour'
      from generate_series(1001, 1100) as number
  `
  const admin = await operator("admin")
  const dear = await newProduct(tables, { units: 9 }, 100_000)
  await buy(dear)
  expect(await later(0)).toBe(1)
  expect(await toldKinds(admin)).toEqual([["large_order"]])
})

test("a product that is hidden is no news, and shown again it is", async () => {
  const code = await newProduct(tables, { stock: 4 })
  await look()
  await buy(code)
  expect(await later(1, false)).toBe(0)
  const hide = (at: Date | null) => tables.sql`update products set hidden_at = ${at} where code = ${code}`
  await hide(at)
  expect(await later(1)).toBe(0)
  await hide(null)
  expect(await later(1)).toBe(1)
  expect(await told()).toMatchObject([{ data: { alerts: [{ kind: "low_stock", code, left: 3 }] } }])
})

test("a customer who wants a person while no operator can be told is told of later", async () => {
  await nobodyHears()
  const number = await newCustomer(tables)
  await handOverChat(tables.sql, await userIdOf(tables, number), 12)
  const words = () => tables.sql`select from outbox where kind = 'person_wanted'`
  expect([await tell(), (await words()).length]).toEqual([0, 0])
  await hears(owner)
  expect([await tell(), await tell(), (await words()).length]).toEqual([1, 0, 1])
  await nobodyHears()
  await tables.sql`delete from outbox where kind = 'person_wanted'`
  await resumeChatOf(tables.sql, await userIdOf(tables, number))
  await handOverChat(tables.sql, await userIdOf(tables, number), 12)
  await resumeChatOf(tables.sql, await userIdOf(tables, number))
  await hears(owner)
  expect([await tell(), (await words()).length]).toEqual([0, 0])
})

test("trouble is told once while it lasts, taken back when it ends unheard, and told anew an hour later", async () => {
  const note = (isAway: boolean) => noteRedis(tables.database, { isAway, at })
  await note(true)
  await note(true)
  expect([await tell(), await tell()]).toEqual([1, 0])
  await note(false)
  expect(await told()).toEqual([])
  await note(true)
  expect(await tell()).toBe(0)
  at = new Date(at.getTime() + 61 * minuteMs)
  await note(true)
  expect(await tell()).toBe(1)
})

test("messages that wait for long, that were given up, or that nobody answers are trouble", async () => {
  const { sql } = tables
  const numbers = [await newCustomer(tables), await newCustomer(tables), await newCustomer(tables)]
  for (const number of numbers)
    await sql`
      insert into outbox (channel, user_id, kind, text, state)
      select 'gateway', id, 'text', 'word', 'waiting' from users where number = ${number}
    `
  expect(await later(9)).toBe(0)
  expect(await later(2)).toBe(1)
  expect(await told()).toMatchObject([{ data: { alerts: [{ kind: "messages_stuck", count: 3 }] } }])
  await sql`
    insert into outbox (channel, user_id, kind, text, state, failure)
    select 'gateway', id, 'text', 'word', 'given_up', 'refused'
      from users, generate_series(1, 5)
     where number = ${owner}
  `
  // They were tried for a day.
  await sql`update outbox set created_at = now() - interval '25 hours' where state = 'given_up'`
  expect(await later(1)).toBe(1)
  expect(await toldKinds()).toEqual([["messages_given_up"]])
  await say(tables, numbers[0] ?? "")
  expect(await later(30)).toBe(1)
  expect(await toldKinds()).toEqual([["messages_unanswered"]])
})

test("five messages that failed in ten minutes are trouble", async () => {
  const fail = () =>
    writeError(tables.database, { reference: "ABCD", operation: "handle_message", code: "TypeError" })
  for (let failed = 0; failed < 4; failed += 1) await fail()
  expect(await later(1)).toBe(0)
  await fail()
  expect(await later(1)).toBe(1)
  expect(await toldKinds()).toEqual([["messages_failing"]])
})

test("a Redis that is away for ten minutes is trouble", async () => {
  let isReady = true
  const watch = createRedisWatch({ database: tables.database, isReady: () => isReady, clock: () => at })
  const watchLater = async (minutes: number) => {
    at = new Date(at.getTime() + minutes * minuteMs)
    await watch()
    await tell()
    return await toldKinds()
  }
  expect(await watchLater(0)).toEqual([])
  isReady = false
  expect([await watchLater(1), await watchLater(9)]).toEqual([[], []])
  expect(await watchLater(1)).toEqual([["redis_away"]])
  isReady = true
  expect(await watchLater(1)).toEqual([])
})
