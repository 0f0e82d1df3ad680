import { afterAll, beforeAll, expect, test } from "bun:test"
import type { ClaimedMessage } from "../../src/database/claimed-message.ts"
import { cancelOrder } from "../../src/database/orders.ts"
import { expirePayments } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { auditBooks } from "../support/audit-books.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  ownConnection,
  say,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables(50)
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

async function crowd(size: number, balance: number): Promise<ClaimedMessage[]> {
  const messages: ClaimedMessage[] = []
  for (let count = 0; count < size; count += 1) {
    messages.push(await say(tables, await newCustomer(tables, balance)))
  }
  return messages
}

const kinds = (outcomes: readonly { kind: string }[]) => outcomes.map(({ kind }) => kind).sort()

test("of fifty who want seven units at the same moment exactly seven get one, each another", async () => {
  const productCode = await newProduct(tables, { units: 7 })
  const messages = await crowd(50, 1_000)
  const outcomes = await Promise.all(messages.map((message) => order(tables, message, { productCode })))
  expect(kinds(outcomes)).toEqual([...Array(7).fill("paid"), ...Array(43).fill("sold_out")])
  const units = outcomes.flatMap((outcome) => (outcome.kind === "paid" ? outcome.units : []))
  expect(new Set(units).size).toBe(7)
})

test("of fifty who want one of seven physical pieces exactly seven get one", async () => {
  const productCode = await newProduct(tables, { stock: 7 })
  const messages = await crowd(50, 1_000)
  const outcomes = await Promise.all(messages.map((message) => order(tables, message, { productCode })))
  expect(kinds(outcomes)).toEqual([...Array(7).fill("paid"), ...Array(43).fill("sold_out")])
  const rows = await tables.sql`select stock from products where code = ${productCode}`
  expect(rows).toMatchObject([{ stock: 0 }])
})

test("fifty by saldo and by QRIS share what there is, and nobody gets a part of what was asked", async () => {
  const productCode = await newProduct(tables, { units: 20 })
  const messages = await crowd(50, 3_000)
  const outcomes = await Promise.all(
    messages.map((message, place) =>
      order(tables, message, { productCode, quantity: 3, method: place % 2 === 0 ? "saldo" : "qris" }),
    ),
  )
  const served = outcomes.filter(({ kind }) => kind !== "sold_out")
  // Those who looked at the same moment may have kept units from each other, never more than there are.
  expect(served.length).toBeLessThanOrEqual(6)
  expect(served.length).toBeGreaterThan(0)
  const taken = await tables.sql`
    select from stock_units
     where product_id = (select id from products where code = ${productCode})
       and order_id is not null
  `
  expect(taken).toHaveLength(served.length * 3)
})

test("a second purchase of a customer waits for the first, and then sees what it left", async () => {
  const { sql } = tables
  const productCode = await newProduct(tables, { units: 5 })
  const number = await newCustomer(tables, 1_000)
  const message = await say(tables, number)
  const holder = ownConnection(tables)
  const entered = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  const first = holder.begin(async (transaction) => {
    await transaction`select from users where id = ${message.userId} for no key update`
    await transaction`
      select book('spent elsewhere', 'adjustment', '', null,
                  'customer', ${message.userId}, 'adjustment', null, 600)
    `
    entered.resolve()
    await leave.promise
  })
  await entered.promise
  const second = order(tables, message, { productCode })
  const isWaiting = async () => {
    const rows = await sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and query like '%place_order%'
    `
    return rows.length > 0
  }
  for (let tries = 0; !(await isWaiting()); tries += 1) {
    if (tries > 2_000) throw new Error("the second purchase did not wait")
  }
  leave.resolve()
  await first
  expect(await second).toMatchObject({ kind: "insufficient_balance", balance: 400 })
  await holder.end({ timeout: 5 })
})

const racers = ["settle", "expire", "cancel", "buy"] as const
type Racer = (typeof racers)[number]

function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item) =>
    orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}

for (const kind of ["digital", "physical"] as const) {
  test(`payment, expiry, cancelling and another buyer race for one ${kind} piece, and the end is always explained`, async () => {
    const { database, sql } = tables
    const ends = new Set<string>()
    for (const sequence of [...orders(racers), ...orders(racers)]) {
      const productCode = await newProduct(tables, kind === "digital" ? { units: 1 } : { stock: 1 })
      const { payment } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
      const [rival] = await crowd(1, 1_000)
      if (!rival) throw new Error("no rival")
      await sql`update orders set expires_at = now() where user_id = ${payment.user_id}`
      const run: Record<Racer, () => Promise<unknown>> = {
        settle: () =>
          settlePayment(database, someProcess, {
            serves: [],
            ...payment,
            transactionId: "t",
            amount: payment.amount,
          }),
        expire: () => expirePayments(database, someProcess, { serves: [], limit: 10 }),
        cancel: () => cancelOrder(database.sql, payment.user_id as UserId, undefined),
        buy: () => order(tables, rival, { productCode }),
      }
      await Promise.all(sequence.map((racer) => run[racer]()))
      const [end] = await sql<{ status: string; resolution: string; balance: number; rivals: number }[]>`
        select
          orders.status,
          payments.resolution,
          users.balance,
          (select count(*)::integer from orders where user_id = ${rival.userId}) as rivals
        from orders
        join payments on payments.order_id = orders.id
        join users on users.id = orders.user_id
        where orders.user_id = ${payment.user_id}
      `
      if (!end) throw new Error("the order is gone")
      const gotGoods = end.status === "paid"
      const status = gotGoods ? "paid" : "ended"
      ends.add(`${status} ${end.resolution}, balance ${end.balance}, rival ${end.rivals}`)
      const stock = await sql`select free_stock(id) as free from products where code = ${productCode}`
      expect(stock).toMatchObject([{ free: gotGoods || end.rivals === 1 ? 0 : 1 }])
      const told = await sql<{ kind: string }[]>`
        select outbox.kind from outbox where user_id = ${payment.user_id} and kind <> 'order_expired'
      `
      const goods = kind === "digital" ? "goods" : "order_paid"
      expect(told.map((row) => row.kind)).toEqual([gotGoods ? goods : "late_balance"])
    }
    const legal = [
      "paid goods, balance 0, rival 0",
      "paid late_goods, balance 0, rival 0",
      "ended late_balance, balance 1000, rival 1",
    ]
    expect(legal).toEqual(expect.arrayContaining([...ends]))
  })
}
