import { expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
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

test("the books of a shop that sold by balance and by QRIS, and lost a buyer, are right", async () => {
  const tables = await openTables()
  try {
    await trade(tables)
    const audit = await auditDatabase(tables.database)
    expect(audit.checks.filter(({ violations }) => violations > 0)).toEqual([])
    expect(audit.ok).toBe(true)
    expect(audit.checks.every(({ count }) => count > 0)).toBe(true)
    expect(audit.totals).toMatchObject({
      orders: 5,
      ordersByStatus: { paid: 2, delivered: 1, awaiting_payment: 1, cancelled: 1 },
      units: { available: 6, held: 2, sold: 2 },
      customers: 4,
      balances: 7_500,
      revenue: 3_000,
      paymentsInReview: 0,
      messagesGivenUp: 0,
    })
  } finally {
    await tables.close()
  }
})

test("an empty shop's books are right", async () => {
  const tables = await openTables()
  try {
    const audit = await auditDatabase(tables.database)
    expect(audit.ok).toBe(true)
    expect(audit.totals.units).toEqual({ available: 0, held: 0, sold: 0 })
  } finally {
    await tables.close()
  }
})

const saldoOrder = "(select min(id) from orders where method = 'saldo' and kind = 'digital')"
const waitingOrder = "(select id from orders where status = 'awaiting_payment')"
const soldUnit = "(select min(id) from stock_units where state = 'sold')"

test.each([
  ["ledger_sums_to_zero", "update ledger_entries set amount = amount + 1 where id = 1"],
  ["ledger_transactions_sum_to_zero", "delete from ledger_entries where transaction_id = 1"],
  ["balances_equal_their_entries", "update users set balance = balance + 1 where id = 1"],
  [
    "balances_not_negative",
    "alter table users drop constraint users_balance_check; update users set balance = -1 where id = 1",
  ],
  ["order_totals_equal_their_lines", `update orders set total = total + 1 where id = ${saldoOrder}`],
  ["order_totals_equal_their_lines", `delete from order_lines where order_id = ${saldoOrder}`],
  [
    "one_unpaid_order_per_customer",
    `drop index orders_one_unpaid_per_user;
     update orders set status = 'awaiting_payment',
        user_id = (select user_id from orders where id = ${waitingOrder}),
            expires_at = now() where status = 'cancelled'`,
  ],
  ["orders_sold_once", `update ledger_transactions set kind = 'refund' where order_id = ${saldoOrder}`],
  [
    "orders_sold_once",
    `drop index ledger_transactions_one_sale_per_order;
     insert into ledger_transactions (key, kind, order_id) values ('again', 'sale', ${saldoOrder});
     insert into ledger_entries (transaction_id, account, amount)
     select id, account, amount
        from ledger_transactions, (values ('revenue', 9), ('opening', -9)) as a(account, amount)
      where key = 'again'`,
  ],
  ["orders_sold_once", `update orders set status = 'paid' where id = ${waitingOrder}`],
  ["payments_booked_once", "update ledger_transactions set key = 'x' where key like 'payment:%'"],
  ["payments_booked_once", "update payments set state = 'expired', resolution = null where state = 'paid'"],
  ["payments_booked_once", "update payments set resolution = 'balance' where state = 'paid'"],
  ["payments_equal_their_orders", `update payments set amount = amount + 1 where order_id = ${waitingOrder}`],
  ["units_fit_their_orders", `update stock_units set order_id = ${waitingOrder} where id = ${soldUnit}`],
  ["units_fit_their_orders", `update stock_units set state = 'sold' where state = 'held'`],
  [
    "orders_have_their_units",
    `update stock_units set state = 'available', order_id = null where id = ${soldUnit}`,
  ],
  [
    "units_not_sold_twice",
    `alter table stock_units drop constraint stock_units_product_id_fingerprint_key;
     update stock_units set fingerprint = 'same' where product_id = (select max(product_id) from stock_units)`,
  ],
  [
    "stock_not_negative",
    "alter table products drop constraint products_stock_check; update products set stock = -1 where kind = 'physical'",
  ],
  ["paid_goods_are_promised", `delete from outbox where order_id = ${saldoOrder}`],
  ["delivered_goods_were_sent", "update outbox set state = 'waiting' where state = 'sent'"],
  ["customers_have_an_address", "update users set number = null where id = 2"],
  [
    "united_customers_have_nothing",
    "update lids set user_id = (select max(id) from users where united_into is not null)",
  ],
  [
    "united_customers_have_nothing",
    "update orders set user_id = (select max(id) from users where united_into is not null) where id = 1",
  ],
  ["unpaid_goods_are_not_promised", `update outbox set order_id = ${waitingOrder} where kind = 'goods'`],
])("%s is noticed when it is broken by hand", async (name, damage) => {
  const tables = await openTables()
  const hand = ownConnection(tables)
  try {
    await trade(tables)
    await hand`set session_replication_role = replica`
    await hand.unsafe(damage)
    const audit = await auditDatabase(tables.database)
    expect(audit.ok).toBe(false)
    expect(audit.checks.find((check) => check.name === name)?.violations).toBeGreaterThan(0)
  } finally {
    await hand.end()
    await tables.close()
  }
})

test("what a process that is gone has held for over a minute is counted, and is no violation", async () => {
  const tables = await openTables()
  try {
    await say(tables, await newCustomer(tables))
    const now = await auditDatabase(tables.database)
    expect(now.totals.abandonedClaims).toBe(0)
    await tables.sql`update inbox set received_at = now() - interval '2 minutes'`
    const later = await auditDatabase(tables.database)
    expect([later.ok, later.totals.abandonedClaims]).toEqual([true, 1])
    const holder = ownConnection(tables)
    await holder`select pg_advisory_lock(process_lock_class(), claimed_by) from inbox`
    const held = await auditDatabase(tables.database)
    await holder.end()
    expect(held.totals.abandonedClaims).toBe(0)
  } finally {
    await tables.close()
  }
})

/**
 * Five orders: paid from the balance, delivered after QRIS, physical, unpaid, and cancelled; and two
 * customers who turned out to be one.
 */
async function trade(tables: TestTables): Promise<void> {
  const { sql } = tables
  const [digital, other] = [await newProduct(tables, { units: 5 }), await newProduct(tables, { units: 5 })]
  const physical = await newProduct(tables, { stock: 3 })
  const rich = await newCustomer(tables, 5_000)
  await order(tables, await say(tables, rich), { productCode: digital })
  await order(tables, await say(tables, await newCustomer(tables, 4_500)), { productCode: physical })
  const qris = await orderByQris(tables, { productCode: digital, number: await newCustomer(tables) })
  await sql`select customer_at(null, '12345@lid', '')`
  await sql`select customer_at(${rich}, '12345@lid', '')`
  const settle = (reference: string) =>
    sql`select settle_payment(1, '{}', ${reference}, 1000, 'transaction', true)`
  await settle(qris.payment.reference)
  const sent = await sql<{ id: number }[]>`
    update outbox set state = 'sending', claimed_by = 1
     where kind = 'goods' and order_id = (select order_id from payments where state = 'paid')
    returning id
  `
  await sql`select mark_sent(1, ${sent.map(({ id }) => id)})`
  const cancelled = await newCustomer(tables)
  await orderByQris(tables, { productCode: other, number: cancelled })
  await sql`select cancel_order(id, null) from users where number = ${cancelled}`
  await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  await orderByQris(tables, { productCode: other, number: cancelled, quantity: 2 })
}
