import { afterAll, beforeAll, expect, test } from "bun:test"
import { openDatabase } from "../../src/database/connect.ts"
import { cancelOrder } from "../../src/database/orders.ts"
import { expirePayments, openDeposit } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { untilBlocked } from "../support/database-locks.ts"
import { testShop } from "../support/engines.ts"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  ownConnection,
  refusal,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"
import { forward, leaveFree, orderStatic, paymentOf, staticPayment } from "../support/static-selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

const free = (...extras: number[]) => extras

/** The day after a payment ended is over. */
const cool = ({ sql }: TestTables, reference: string) =>
  sql`update static_amounts set free_at = now() - interval '1 second' where reference = ${reference}`

test("an order asks for its price and 1 to 999 rupiah more, never a round sum, agreed once and for all", async () => {
  const { sql } = tables
  const productCode = await newProduct(tables, { units: 1 }, 12_345)
  const payment = await staticPayment(tables, productCode)
  expect(payment.provider).toBe("static_qris")
  expect(payment.unique_extra).toBeGreaterThanOrEqual(1)
  expect(payment.unique_extra).toBeLessThanOrEqual(999)
  expect(payment.amount).toBe(rupiah(12_345 + payment.unique_extra))
  expect(payment.amount % 100).not.toBe(0)
  expect(await refusal(sql`update payments set unique_extra = 0 where id = ${payment.id}`)).toBe(kept)
})

test("orders of one price at the same moment, by two processes, never ask for the same amount", async () => {
  const price = 20_000
  const productCode = await newProduct(tables, { units: 40 }, price)
  await leaveFree(tables, price, free(...Array.from({ length: 20 }, (_, place) => place * 3 + 1)))
  const other = openDatabase({
    address: tables.address,
    shop: testShop,
    metrics: {
      queryDuration: () => undefined,
      databaseError: () => undefined,
      transaction: () => undefined,
      pool: () => undefined,
    },
  })
  const processes = [tables, { ...tables, database: other }]
  const placed = await Promise.all(
    Array.from({ length: 26 }, (_, place) => orderStatic(processes[place % 2] ?? tables, productCode)),
  )
  await other.close()
  const amounts = placed.flatMap((one) => (one.kind === "awaiting_payment" ? [one.payment.amount] : []))
  expect(amounts.toSorted((one, next) => one - next)).toEqual(
    Array.from({ length: 20 }, (_, place) => rupiah(price + place * 3 + 1)),
  )
  expect(placed.filter(({ kind }) => kind === "no_free_amount")).toHaveLength(6)
})

test("an amount that somebody takes at this very moment is not given to another", async () => {
  const price = 30_000
  await leaveFree(tables, price, free(77))
  const productCode = await newProduct(tables, { units: 2 }, price)
  const takerId = await userIdOf(tables, await newCustomer(tables))
  const first = ownConnection(tables)
  const taker = await first.reserve()
  await taker`begin`
  await taker`select take_static_amount(${price}, ${takerId}, 'A-REFERENCE-OF-THE-TEST')`
  await taker`
    insert into payments (reference, provider, purpose, user_id, amount, unique_extra, pay_token, channel,
                          expires_at)
    select 'A-REFERENCE-OF-THE-TEST', provider, purpose, user_id, ${price + 77}, 77,
           'the-page-of-the-first-taker', channel, now() + interval '15 minutes'
      from payments
     where reference = ${`FULL-${price}-1`}
  `
  const second = orderStatic(tables, productCode)
  await untilBlocked(tables.sql, "place_orders")
  await taker`commit`
  taker.release()
  expect((await second).kind).toBe("no_free_amount")
  await first.end()
})

test("where no amount is free the order is not made, and nothing is held", async () => {
  const { sql } = tables
  const price = 40_000
  await leaveFree(tables, price, free())
  const digital = await newProduct(tables, { units: 1 }, price)
  const physical = await newProduct(tables, { stock: 3 }, price)
  for (const code of [digital, physical])
    expect(await orderStatic(tables, code)).toEqual({ kind: "no_free_amount" })
  const [left] = await sql<{ units: number; stock: number; orders: number }[]>`
    select (select free_stock(id) from products where code = ${digital}) as units,
           (select free_stock(id) from products where code = ${physical}) as stock,
           (select count(*)::integer from order_lines join products on products.id = product_id
             where code in (${digital}, ${physical})) as orders
  `
  expect(left).toEqual({ units: 1, stock: 3, orders: 0 })
})

test("an amount stays taken for a day after its payment ended, however it ended, and is free then", async () => {
  const { sql, database } = tables
  const price = 50_000
  await leaveFree(tables, price, free(11, 22, 33))
  const productCode = await newProduct(tables, { units: 10 }, price)
  const payments = await Promise.all([1, 2, 3].map(() => staticPayment(tables, productCode)))
  const [expiring, cancelled, paid] = payments
  if (!expiring || !cancelled || !paid) throw new Error("no payments")
  await sql`update orders set expires_at = now() where id in (
    select order_id from payments where id = ${expiring.id}
  )`
  await expirePayments(database, someProcess, { serves: [], limit: 100 })
  await cancelOrder(database.sql, cancelled.user_id, undefined)
  const { reference, amount } = paid
  await settlePayment(database, someProcess, { serves: [], reference, amount, transactionId: "listener-1" })
  const rows = await sql<{ cooling: boolean }[]>`
    select free_at > now() + interval '23 hours' and free_at <= now() + interval '24 hours' as cooling
      from static_amounts
     where reference in ${sql(payments.map((payment) => payment.reference))}
  `
  expect(rows.map(({ cooling }) => cooling)).toEqual([true, true, true])
  expect((await orderStatic(tables, productCode)).kind).toBe("no_free_amount")
  await cool(tables, expiring.reference)
  expect(paymentOf(await orderStatic(tables, productCode)).amount).toBe(expiring.amount)
})

test("whoever cancels and asks for the same price again is asked for the same amount", async () => {
  const { sql, database } = tables
  const price = 80_000
  const productCode = await newProduct(tables, { units: 10 }, price)
  const number = await newCustomer(tables)
  const askAgain = async () => {
    const payment = await staticPayment(tables, productCode, number)
    await cancelOrder(database.sql, payment.user_id, undefined)
    await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
    return payment
  }
  const first = await askAgain()
  for (let time = 1; time <= 8; time += 1) expect((await askAgain()).amount).toBe(first.amount)
  const [taken] = await sql`
    select count(*)::integer as count from static_amounts where amount between ${price} and ${price + 999}
  `
  expect(taken).toEqual({ count: 1 })
  const other = await staticPayment(tables, productCode)
  expect(other.amount).not.toBe(first.amount)
})

test("an amount about which something was said is not asked for again, nor is one that was paid", async () => {
  const { sql, database } = tables
  const productCode = await newProduct(tables, { units: 10 }, 81_000)
  const number = await newCustomer(tables)
  const first = await staticPayment(tables, productCode, number)
  await cancelOrder(database.sql, first.user_id, undefined)
  expect((await forward(tables, first.amount)).kind).toBe("review")
  await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  const second = await staticPayment(tables, productCode, number)
  expect(second.amount).not.toBe(first.amount)
  const { reference, amount } = second
  await settlePayment(database, someProcess, { serves: [], reference, amount, transactionId: "listener-2" })
  await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  const third = await staticPayment(tables, productCode, number)
  expect([first.amount, second.amount]).not.toContain(third.amount)
})

test("a customer has five unpaid amounts at most, and those of others stay free", async () => {
  const { sql, database } = tables
  const number = await newCustomer(tables)
  const outcomes: string[] = []
  const prices = [90_000, 91_000, 92_000, 93_000, 94_000, 95_000]
  for (const price of prices) {
    const productCode = await newProduct(tables, { units: 2 }, price)
    const placed = await orderStatic(tables, productCode, number)
    outcomes.push(placed.kind)
    if (placed.kind === "awaiting_payment") await cancelOrder(database.sql, placed.payment.user_id, undefined)
    else expect((await orderStatic(tables, productCode)).kind).toBe("awaiting_payment")
    await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  }
  expect(outcomes).toEqual([...Array.from({ length: 5 }, () => "awaiting_payment"), "no_free_amount"])
})

test("what was paid does not count among a customer's amounts", async () => {
  const { sql, database } = tables
  const number = await newCustomer(tables)
  for (const price of [96_000, 97_000, 98_000, 99_000, 100_000, 101_000]) {
    const productCode = await newProduct(tables, { units: 1 }, price)
    const { reference, amount } = await staticPayment(tables, productCode, number)
    const given = { serves: [], reference, amount, transactionId: "listener-3" }
    expect((await settlePayment(database, someProcess, given)).kind).toBe("settled")
    await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  }
})

test("a top-up asks for an amount of its own, too, and the same one when it is asked for again", async () => {
  const { database, newName } = tables
  const number = await newCustomer(tables)
  const ask = async (amount: number) => {
    const name = newName()
    const message = await say(tables, number)
    return await openDeposit(database, message, {
      amount: rupiah(amount),
      reference: `D-${name}-1`,
      provider: "static_qris",
      payToken: `static-token-of-the-page-of-${name}`,
      holdSeconds: 900,
    }).finally(() => tables.sql`select finish_message(${message.inboxId}, ${someProcess})`)
  }
  const first = await ask(60_000)
  expect(first.amount).toBe(rupiah(60_000 + first.unique_extra))
  expect((await ask(60_000)).id).toBe(first.id)
  await leaveFree(tables, 70_000, free())
  expect(await refusal(ask(70_000))).toBe("LP002")
})

test("an order paid otherwise asks for its price alone", async () => {
  const productCode = await newProduct(tables, { units: 1 }, 1_000)
  const message = await say(tables, await newCustomer(tables))
  const placed = await order(tables, message, { productCode, method: "qris" })
  expect(paymentOf(placed)).toMatchObject({ provider: "demo", amount: 1_000, unique_extra: 0 })
})
