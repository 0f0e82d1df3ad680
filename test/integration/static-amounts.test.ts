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
} from "../support/selling.ts"
import { leaveFree, orderStatic, paymentOf, staticPayment } from "../support/static-selling.ts"

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
  const first = ownConnection(tables)
  const taker = await first.reserve()
  await taker`begin`
  await taker`select take_static_amount(${price}, 'A-REFERENCE-OF-THE-TEST')`
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
  await cancelOrder(database, cancelled.user_id, undefined)
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
