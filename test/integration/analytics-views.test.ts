import { afterAll, beforeAll, expect, test } from "bun:test"
import { createAnswering } from "../../src/database/answers.ts"
import type { Sql } from "../../src/database/connect.ts"
import { writeError } from "../../src/database/errors.ts"
import { readStats, type Stats } from "../../src/database/stats.ts"
import type { UserId } from "../../src/shop/ids.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  ownConnection,
  say,
  type TestTables,
} from "../support/selling.ts"
import { takeOddMoney, trade } from "../support/trading.ts"

let tables: TestTables
/** May move what happened to another time. */
let hand: Sql

beforeAll(async () => {
  tables = await openTables(4)
  hand = ownConnection(tables)
  await hand`set session_replication_role = replica`
})
afterAll(async () => {
  await hand.end({ timeout: 5 })
  await tables.close()
})

const sumOf = (rows: Stats["revenueByDay"] | Stats["revenueByProduct"]) => {
  const sum = { orders: 0, gross: 0, discounts: 0, refunded: 0, net: 0 }
  for (const row of rows) {
    sum.orders += row.orders
    sum.gross += row.gross
    sum.discounts += row.discounts
    sum.refunded += row.refunded
    sum.net += row.net
  }
  return sum
}

test("the net revenue is the ledger's, through discounts, refunds, reversals and late money", async () => {
  await tables.sql`
    insert into vouchers (code, amount, created_by) values ('HEMAT', 300, 'test')
  `
  const number = await newCustomer(tables, 5_000)
  await tables.sql`
    insert into voucher_choices (user_id, voucher_id)
    select users.id, vouchers.id from users, vouchers where number = ${number}
  `
  const productCode = await newProduct(tables, { units: 5 })
  const placed = await order(tables, await say(tables, number), { productCode, quantity: 2 })
  expect(placed).toMatchObject({ kind: "paid", order: { total: 1_700 } })
  await trade(tables)
  await takeOddMoney(tables)

  const { revenueByDay, revenueByProduct } = await readStats(tables.database, { days: 2 })
  const [ledger] = await tables.sql<{ revenue: number; sold: number; orders: number }[]>`
    select sum(amount)::bigint as revenue,
           (select sum(amount)::bigint from order_lines join orders on orders.id = order_id
             where paid_at is not null) as sold,
           (select count(*) from orders where paid_at is not null) as orders
      from ledger_entries
     where account = 'revenue'
  `
  const all = sumOf(revenueByDay)
  expect(all).toEqual(sumOf(revenueByProduct))
  expect(all.net).toBe(ledger?.revenue ?? 0)
  expect([all.gross, all.orders]).toEqual([ledger?.sold ?? 0, ledger?.orders ?? 0])
  expect(all.discounts).toBe(300)
  expect(all.refunded).toBeGreaterThan(0)
  expect(all.gross - all.discounts - all.refunded).toBe(all.net)
  const views = await tables.sql<{ days: number; products: number }[]>`
    select (select sum(net)::bigint from stats_revenue_by_day) as days,
           (select sum(net)::bigint from stats_revenue_by_product) as products
  `
  expect(views[0]).toEqual({ days: all.net, products: all.net })
})

test("days and hours are those of the shop's zone", async () => {
  await hand`update inbox set received_at = timestamptz '2026-03-01 16:59:59+00'`
  await hand`update events set at = timestamptz '2026-03-01 17:00:00+00'`
  const days = async () => {
    const [conversion] = await tables.sql`select to_char(min(day), 'YYYY-MM-DD') as day from stats_conversion`
    const [errors] = await tables.sql`select to_char(min(day), 'YYYY-MM-DD') as day from stats_error_rate`
    const hours = await tables.sql`select weekday, hour, messages > 0 as busy from stats_busiest_hours`
    return [conversion?.day, errors?.day, ...hours.map(({ weekday, hour, busy }) => [weekday, hour, busy])]
  }
  expect(await days()).toEqual(["2026-03-02", "2026-03-01", [7, 23, true], [1, 0, false]])
  await tables.sql`insert into settings (key, value) values ('zone', '"Asia/Kathmandu"')`
  expect(await days()).toEqual(["2026-03-01", "2026-03-01", [7, 22, true]])
  await tables.sql`update settings set value = '"+09:00"' where key = 'zone'`
  expect((await days())[0]).toBe("2026-03-02")
  await tables.sql`delete from settings where key = 'zone'`
})

test("people are counted once a day at each step, also those who turned out to be one", async () => {
  await hand`delete from events`
  const number = await newCustomer(tables)
  const [known] = await tables.sql<{ id: UserId }[]>`select id from users where number = ${number}`
  const answer = createAnswering(tables.database, () => [])
  for (const step of ["greeting", "greeting", "catalogue"] as const)
    await answer(await say(tables, number), { text: "halo", step })
  await hand`
    with former as (insert into users (number, united_into) values (null, ${known?.id ?? 0}) returning id)
    insert into events (step, user_id) select 'greeting', id from former
  `
  await hand`
    insert into events (at, step, user_id)
    select now() - interval '2 days', 'greeting', id from users where id = ${known?.id ?? 0}
  `
  const { conversion, people } = await readStats(tables.database, { days: 7 })
  const counts = { greeted: 1, checkedOut: 0, paid: 0, delivered: 0 }
  expect(conversion.map(({ day: _, ...one }) => one)).toEqual([
    { ...counts, sawCatalogue: 0 },
    { ...counts, sawCatalogue: 1 },
  ])
  expect(people).toEqual({ people: 1, ...counts, sawCatalogue: 1 })
  expect((await readStats(tables.database, { days: 1 })).conversion).toHaveLength(1)
})

test("a customer who buys again is a repeat customer, one whose purchase was given back is none", async () => {
  await hand`update orders set paid_at = now() - interval '60 days' where paid_at is not null`
  const productCode = await newProduct(tables, { units: 9 })
  const [twice, once, never] = [
    await newCustomer(tables, 5_000),
    await newCustomer(tables, 5_000),
    await newCustomer(tables, 5_000),
  ]
  const buy = async (number: string) => await order(tables, await say(tables, number), { productCode })
  await buy(twice)
  await hand`
    update orders
       set paid_at = now() - interval '40 days'
     where user_id = (select id from users where number = ${twice})
  `
  await buy(twice)
  await buy(once)
  const returned = await buy(never)
  if (returned.kind !== "paid") throw new Error(`the order was ${returned.kind}`)
  const { orderCode } = returned.order
  await tables.sql`select refund_order(1, '{}', ${orderCode}, null, 'saldo', 'R', false, 'test', 'test')`
  const { repeatCustomers } = await readStats(tables.database, { days: 30 })
  expect(repeatCustomers).toEqual({ customers: 2, repeatCustomers: 1, orders: 2 })
})

test("the error rate is of the messages that came, and other errors are beside it", async () => {
  await hand`delete from inbox`
  await hand`delete from message_counts`
  const number = await newCustomer(tables)
  for (let time = 0; time < 4; time += 1)
    await createAnswering(tables.database, () => [])(await say(tables, number), { text: "ok" })
  await writeError(tables.database, { reference: "E-1", operation: "handle_message", code: "TypeError" })
  await writeError(tables.database, { reference: "E-2", operation: "expire_orders", code: "XX000" })
  await writeError(tables.database, { reference: "E-3", operation: "expire_orders", code: "XX000" })
  const { errorRate, errors } = await readStats(tables.database, { days: 1 })
  expect(errorRate).toMatchObject([{ messages: 4, failed: 1, rate: 0.25 }])
  expect(errors).toEqual([
    { operation: "expire_orders", code: "XX000", times: 2, latestReference: "E-3" },
    { operation: "handle_message", code: "TypeError", times: 1, latestReference: "E-1" },
  ])
})
