import { afterAll, beforeAll, expect, test } from "bun:test"
import { cancelOrder } from "../../src/database/orders.ts"
import { expirePayments, type PaymentRow } from "../../src/database/payments.ts"
import { type Settlement, settlePayment } from "../../src/database/settlements.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  refusal,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

const settle = ({ reference, amount }: Pick<PaymentRow, "reference" | "amount">): Promise<Settlement> =>
  settlePayment(tables.database, someProcess, { serves: [], reference, amount, transactionId: "t-1" })

const expire = () => expirePayments(tables.database, someProcess, { serves: [], limit: 100 })

const endTime = ({ user_id: userId }: PaymentRow) =>
  tables.sql`update orders set expires_at = now() - interval '1 second' where user_id = ${userId}`

async function unpaid(quantity = 1, units = 1) {
  const productCode = await newProduct(tables, { units })
  const number = await newCustomer(tables)
  const { payment } = await orderByQris(tables, { productCode, number, quantity })
  return { payment, productCode, number }
}

async function buyRest(productCode: string): Promise<string> {
  const message = await say(tables, await newCustomer(tables, 100_000))
  return (await order(tables, message, { productCode })).kind
}

async function kindsPromised({ user_id: userId }: PaymentRow): Promise<string[]> {
  const rows = await tables.sql<{ kind: string }[]>`
    select kind from outbox where user_id = ${userId} order by id
  `
  return rows.map(({ kind }) => kind)
}

async function balanceOf({ user_id: userId }: PaymentRow): Promise<number | undefined> {
  const [user] = await tables.sql<{ balance: number }[]>`select balance from users where id = ${userId}`
  return user?.balance
}

async function statusOf({ id }: PaymentRow): Promise<string | undefined> {
  const [order] = await tables.sql<{ status: string }[]>`
    select status from orders join payments on payments.order_id = orders.id where payments.id = ${id}
  `
  return order?.status
}

/** Another charge for the same order, as a second attempt makes it. */
async function secondPayment({ id }: PaymentRow): Promise<PaymentRow> {
  const [row] = await tables.sql<PaymentRow[]>`
    insert into payments (reference, provider, purpose, user_id, order_id, amount, state, pay_token,
                          channel, expires_at)
    select reference || '-again', provider, purpose, user_id, order_id, amount, 'expired', pay_token || '2',
           channel, expires_at
      from payments
     where id = ${id}
    returning *
  `
  if (!row) throw new Error("no second payment")
  return row
}

test("a paid payment stays paid, as it was", async () => {
  const { sql } = tables
  const { payment } = await unpaid()
  await settle(payment)
  const attempts = [
    sql`update payments set state = 'expired', resolution = null where id = ${payment.id}`,
    sql`update payments set resolution = 'balance' where id = ${payment.id}`,
    sql`update payments set paid_at = now() + interval '1 second' where id = ${payment.id}`,
  ]
  for (const attempt of attempts) expect(await refusal(attempt)).toBe("payments_stay_paid")
})

test("what a payment asks for stays as it was agreed", async () => {
  const { sql } = tables
  const { payment } = await unpaid()
  expect(await refusal(sql`update payments set amount = 1 where id = ${payment.id}`)).toBe(kept)
  expect(await refusal(sql`update payments set reference = 'other' where id = ${payment.id}`)).toBe(kept)
  expect(await refusal(sql`update payments set user_id = user_id where id = ${payment.id}`)).toBe(kept)
  expect(await refusal(sql`delete from payments where id = ${payment.id}`)).toBe(kept)
  expect(await refusal(sql`truncate payments cascade`)).toBe(kept)
})

test("an order has one open payment, references are unique, and paid says what became of the money", async () => {
  const { sql } = tables
  const { payment } = await unpaid()
  const second = await secondPayment(payment)
  const reopen = sql`update payments set state = 'pending' where id = ${second.id}`
  expect(await refusal(reopen)).toBe("payments_one_open_per_order")
  expect(await refusal(secondPayment(payment))).toBe("payments_reference_key")
  const silent = sql`update payments set state = 'paid' where id = ${second.id}`
  expect(await refusal(silent)).toBe("payments_check1")
  await settle(payment)
  const twice = sql`update payments set state = 'paid', resolution = 'late_goods' where id = ${second.id}`
  expect(await refusal(twice)).toBe("payments_one_for_goods_per_order")
})

test("goods are promised for an order only", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables))
  const homeless = tables.sql`
    insert into outbox (channel, user_id, kind, state) values ('test', ${userId}, 'goods', 'waiting')
  `
  expect(await refusal(homeless)).toMatch(/^outbox_check/)
})

test("a payment reported twenty times at once has its effect once", async () => {
  const { payment } = await unpaid(2, 5)
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => settle(payment)))
  expect(outcomes.filter(({ kind }) => kind === "settled")).toHaveLength(1)
  expect(outcomes.filter(({ kind }) => kind === "already_settled")).toHaveLength(19)
  expect(await kindsPromised(payment)).toEqual(["goods"])
  const sold = await tables.sql`
    select from stock_units
      join payments using (order_id)
     where payments.id = ${payment.id}
       and stock_units.state = 'sold'
  `
  expect(sold).toHaveLength(2)
})

test("a payment nobody asked for changes nothing", async () => {
  const reference = "UNKNOWN-1" as PaymentRow["reference"]
  expect(await settle({ reference, amount: rupiah(5) })).toEqual({ kind: "unknown_payment" })
})

test("less than the price becomes balance, ends the order and frees its goods; the customer is told once", async () => {
  const { payment, productCode } = await unpaid()
  const less = { ...payment, amount: rupiah(payment.amount - 1) }
  expect(await settle(less)).toMatchObject({
    kind: "settled",
    resolution: "underpaid_balance",
    freed: [{ code: productCode, quantity: 1 }],
  })
  expect(await settle(less)).toEqual({ kind: "already_settled" })
  expect(await kindsPromised(payment)).toEqual(["late_balance"])
  expect(await balanceOf(payment)).toBe(payment.amount - 1)
  expect(await statusOf(payment)).toBe("cancelled")
  expect(await buyRest(productCode)).toBe("paid")
})

test("more than the price gets the goods, and the rest becomes balance", async () => {
  const { payment } = await unpaid()
  const more = { ...payment, amount: rupiah(payment.amount + 250) }
  expect(await settle(more)).toMatchObject({ kind: "settled", resolution: "goods" })
  expect(await kindsPromised(payment)).toEqual(["goods"])
  expect(await balanceOf(payment)).toBe(250)
})

test("an unpaid order frees its units when its time is over, and its customer is told once", async () => {
  const { payment, productCode } = await unpaid(2, 2)
  expect(await buyRest(productCode)).toBe("sold_out")
  await endTime(payment)
  const rounds = await Promise.all(Array.from({ length: 10 }, expire))
  expect(rounds.flat()).toEqual([[{ code: productCode, quantity: 2 }]])
  expect(await kindsPromised(payment)).toEqual(["order_expired"])
  expect(await buyRest(productCode)).toBe("paid")
  expect(await buyRest(productCode)).toBe("paid")
})

test("money that comes late gets the goods when they are still there", async () => {
  const { payment, productCode } = await unpaid()
  await endTime(payment)
  await expire()
  expect(await settle(payment)).toMatchObject({
    resolution: "late_goods",
    taken: [{ code: productCode, quantity: 1 }],
  })
  expect(await kindsPromised(payment)).toEqual(["order_expired", "goods"])
  expect(await balanceOf(payment)).toBe(0)
})

test("money that comes late becomes balance when the goods are gone", async () => {
  const { payment, productCode } = await unpaid()
  await cancelOrder(tables.sql, payment.user_id as UserId, undefined)
  expect(await buyRest(productCode)).toBe("paid")
  expect(await settle(payment)).toMatchObject({ resolution: "late_balance", taken: [] })
  expect(await kindsPromised(payment)).toEqual(["late_balance"])
  expect(await balanceOf(payment)).toBe(payment.amount)
})

test("late money for physical goods takes them from the stock, or becomes balance", async () => {
  const { database, sql } = tables
  const payLate = async (stockThen: number) => {
    const productCode = await newProduct(tables, { stock: 1 })
    const { payment } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
    await cancelOrder(database.sql, payment.user_id as UserId, undefined)
    await sql`update products set stock = ${stockThen} where code = ${productCode}`
    const settled = await settle(payment)
    const [product] = await sql<{ stock: number }[]>`select stock from products where code = ${productCode}`
    return { resolution: settled.kind === "settled" && settled.resolution, stock: product?.stock }
  }
  expect(await payLate(1)).toEqual({ resolution: "late_goods", stock: 0 })
  expect(await payLate(0)).toEqual({ resolution: "late_balance", stock: 0 })
})

test("a second payment of a paid order becomes balance", async () => {
  const { payment } = await unpaid(1, 2)
  const second = await secondPayment(payment)
  expect(await settle(payment)).toMatchObject({ resolution: "goods" })
  expect(await settle(second)).toMatchObject({ resolution: "already_paid_balance" })
  expect(await balanceOf(payment)).toBe(payment.amount)
  expect(await kindsPromised(payment)).toEqual(["goods", "late_balance"])
})
