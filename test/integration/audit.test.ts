import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditDatabase, auditSnapshot } from "../../src/database/audit.ts"
import type { Sql } from "../../src/database/connect.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newCustomer, openTables, ownConnection, say, type TestTables } from "../support/selling.ts"
import { sellByStaticCode } from "../support/static-selling.ts"
import { takeOddMoney, trade } from "../support/trading.ts"
import { sellWithVoucher } from "../support/voucher-selling.ts"

let traded: TestTables
/** Reaches the traded tables without what guards them. */
let hand: Sql
/** What a payment by the static code left as balance. */
let extra: number

beforeAll(async () => {
  traded = await openTables(4)
  await trade(traded)
  await takeOddMoney(traded)
  extra = await sellByStaticCode(traded)
  await sellWithVoucher(traded)
  hand = ownConnection(traded)
  await hand`set session_replication_role = replica`
})

afterAll(async () => {
  await hand.end()
  await traded.close()
})

test("the books of a shop that sold in every way, refunded, and was taken back from, are right", async () => {
  const audit = await auditDatabase(traded.database)
  expect(audit.checks.filter(({ violations }) => violations > 0)).toEqual([])
  expect(audit.ok).toBe(true)
  expect(audit.checks.filter(({ count }) => count === 0)).toEqual([])
  expect(await auditBooks(traded.sql)).toEqual([])
  expect(audit.totals).toMatchObject({
    orders: 13,
    ordersByStatus: { paid: 6, delivered: 1, shipped: 1, awaiting_payment: 1, cancelled: 2, refunded: 2 },
    units: { available: 12, held: 2, sold: 9 },
    customers: 12,
    balances: 8_350 + extra,
    revenue: 8_250,
    clearing: { demo: 3_300, static_qris: 1_000 + extra },
    refundsDue: 200,
    losses: 2_000,
    reviewsOpen: 2,
  })
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
const ofSurplus =
  "transaction_id = (select transaction_id from ledger_entries where account = 'customer' and amount = 250)"
const ofUnited = "select (select max(id) from users where united_into is not null)"
const ofUnpaid = "select id, 'unpaid', amount from payments where state <> 'paid' limit 1"
const gift = `select 'gift', ${saldoOrder}, 1, 'done', 'x', 'x', now()`
const clearingEntry = "(select min(id) from ledger_entries where account = 'clearing:demo')"
const ofListener = "transaction_id like 'listener-%'"
const soldUnit = "(select min(id) from stock_units where state = 'sold')"

const damages: readonly (readonly [check: string, damage: string])[] = [
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
  ["payments_booked_once", "update ledger_transactions set key = 'x' || id where key like 'payment:%'"],
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
  ["vouchers_count_their_uses", "update vouchers set uses = uses + 1"],
  ["vouchers_count_their_uses", "update voucher_uses set state = 'released'"],
  [
    "vouchers_count_their_uses",
    "alter table vouchers drop constraint vouchers_uses_within_limit; update vouchers set uses_max = 1, uses = 2",
  ],
  ["discounts_have_their_voucher", "delete from voucher_uses"],
  ["discounts_have_their_voucher", "update voucher_uses set state = 'held'"],
  ["discounts_have_their_voucher", "update orders set discount = 0 where discount > 0"],
  ["discounts_have_their_voucher", "update orders set status = 'cancelled' where discount > 0"],
  ["paid_goods_are_promised", `delete from outbox where order_id = ${saldoOrder}`],
  ["warranty_is_promised", "delete from outbox where kind = 'warranty_replaced'"],
  ["warranty_is_promised", "update outbox set user_id = 1 where kind = 'warranty_replaced'"],
  ["shipments_are_promised", "delete from outbox where kind = 'order_shipped'"],
  [
    "shipments_are_promised",
    `update orders set delivery = delivery || '{"tracking": "JP2"}' where kind = 'physical'`,
  ],
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
  ["united_customers_have_nothing", `insert into restock_alerts (user_id, product_id) ${ofUnited}, 1`],
  ["united_customers_have_nothing", `insert into voucher_choices (user_id, voucher_id) ${ofUnited}, 1`],
  ["united_customers_have_nothing", `insert into voucher_guesses (user_id) ${ofUnited}`],
  ["unpaid_goods_are_not_promised", `update outbox set order_id = ${waitingOrder} where kind = 'goods'`],
  ["receipts_booked_once", "update ledger_transactions set key = 'x' || id where key like 'receipt:%'"],
  ["receipts_booked_once", "update ledger_transactions set kind = 'deposit' where key like 'receipt:%'"],
  ["receipts_booked_once", "update receipts set amount = amount + 1 where id = 1"],
  [
    "receipts_booked_once",
    "insert into receipts (payment_id, transaction_id, amount) select payment_id, 'new', 1 from receipts limit 1",
  ],
  ["receipts_booked_once", `update ledger_entries set amount = amount + 1 where ${ofSurplus}`],
  [
    "receipts_booked_once",
    `update ledger_entries set user_id = 1 where ${ofSurplus} and user_id is not null`,
  ],
  [
    "receipts_booked_once",
    `update ledger_entries set account = 'clearing:midtrans' where ${ofSurplus} and account = 'clearing:demo'`,
  ],
  ["payments_booked_once", "update payments set provider_transaction_id = 'other' where state = 'paid'"],
  ["payments_booked_once", `insert into receipts (payment_id, transaction_id, amount) ${ofUnpaid}`],
  ["payments_booked_once", "delete from receipts"],
  [
    "matched_notifications_are_booked",
    `update payment_events set received_at = now() - interval '16 minutes';
     delete from receipts where ${ofListener}`,
  ],
  ["matched_notifications_are_booked", `update receipts set amount = amount + 1 where ${ofListener}`],
  [
    "static_receipts_have_their_notification",
    `update receipts set transaction_id = 'listener-999' where ${ofListener}`,
  ],
  ["static_receipts_have_their_notification", "delete from listener_notifications"],
  ["static_receipts_have_their_notification", "update listener_notifications set amount = amount - 1"],
  ["static_receipts_have_their_notification", "update payments set provider = 'static_qris'"],
  ["refunds_booked_once", "update ledger_transactions set key = 'x' || id where key like 'refund:%'"],
  ["refunds_booked_once", "update ledger_transactions set kind = 'adjustment' where key like 'refund:%'"],
  ["refunds_booked_once", "update refunds set amount = amount + 1 where payment_id is null"],
  ["refunds_booked_once", "update refunds set state = 'done', ended_at = now() where state = 'requested'"],
  ["refunds_booked_once", "update refunds set state = 'done', failure = null where state = 'failed'"],
  [
    "refunds_booked_once",
    `insert into refunds (key, order_id, amount, state, reason, actor, ended_at) ${gift}`,
  ],
  ["warranty_refunds_booked_once", "update ledger_transactions set key = 'x' where key like 'warranty:%'"],
  ["warranty_refunds_booked_once", "update warranty_claims set refunded = refunded + 1"],
  ["warranty_refunds_booked_once", "delete from warranty_claims"],
  ["revenue_is_explained", "delete from warranty_claims"],
  ["reversals_booked_once", "update ledger_transactions set key = 'x' || id where key like 'reversal:%'"],
  [
    "reversals_booked_once",
    "update reversals set from_balance = from_balance - 1, lost = lost + 1 where from_balance > 0",
  ],
  ["reversals_booked_once", "update reversals set kind = 'refund' where kind = 'chargeback'"],
  ["reversals_booked_once", "delete from reversals"],
  [
    "reversals_within_receipts",
    "update reversals set lost = lost + 5000, amount = amount + 5000 where kind = 'chargeback'",
  ],
  ["orders_refunded_within_total", "update refunds set amount = 1001 where state = 'requested'"],
  [
    "orders_refunded_within_total",
    `update refunds set order_id = ${waitingOrder} where state = 'done' and payment_id is null`,
  ],
  ["refunded_orders_gave_all_back", "update orders set status = 'paid' where status = 'refunded'"],
  ["refunded_orders_gave_all_back", "update orders set status = 'refunded' where status = 'delivered'"],
  [
    "refunded_orders_gave_all_back",
    `update refunds set amount = 700 where state = 'requested';
     update orders set status = 'refunded' where id = (select order_id from refunds where state = 'requested')`,
  ],
  ["reviews_booked_once", "update ledger_transactions set key = 'x' || id where key like 'review:%'"],
  ["reviews_booked_once", "update reviews set amount = amount + 1 where decision = 'credited'"],
  [
    "reviews_booked_once",
    "update reviews set user_id = (select max(id) from users) where decision = 'credited'",
  ],
  ["reviews_booked_once", "update reviews set decision = 'dismissed' where decision = 'credited'"],
  ["reviews_booked_once", "update reviews set decision = 'dismissed' where decision = 'settled'"],
  ["reviews_booked_once", "update reviews set decision = 'settled' where decision = 'dismissed'"],
  ["reviews_booked_once", "update reviews set amount = amount + 1 where decision = 'settled'"],
  [
    "clearing_is_explained",
    `update ledger_entries set account = 'clearing:midtrans' where id = ${clearingEntry}`,
  ],
  [
    "clearing_is_explained",
    "update ledger_transactions set key = 'x' || id where key like 'demo-taken-back:%'",
  ],
  ["revenue_is_explained", "update ledger_entries set account = 'opening' where account = 'revenue'"],
  [
    "revenue_is_explained",
    "update ledger_entries set amount = amount - 1 where id = (select min(id) from ledger_entries where account = 'revenue')",
  ],
  ["customers_are_owed_their_balances", "update users set balance = balance + 1 where id = 1"],
  ["refunds_due_are_explained", "update refunds set amount = amount - 1 where state = 'requested'"],
  ["losses_are_explained", "update ledger_entries set amount = amount + 1 where account = 'losses'"],
]

test.each(damages)("%s is noticed when it is broken by hand", async (name, damage) => {
  // With one connection, a transaction can be open over several statements.
  await hand.unsafe("begin")
  try {
    await hand.unsafe(damage)
    const audit = await auditSnapshot(hand)
    expect(audit.ok).toBe(false)
    expect(audit.checks.find((check) => check.name === name)?.violations).toBeGreaterThan(0)
  } finally {
    await hand.unsafe("rollback")
  }
})

test("a notification that paid just now may still be on its way into the books", async () => {
  await hand.unsafe("begin")
  try {
    await hand.unsafe(`delete from receipts where ${ofListener}`)
    const { checks } = await auditSnapshot(hand)
    const check = checks.find(({ name }) => name === "matched_notifications_are_booked")
    expect(check).toMatchObject({ count: 1, violations: 0 })
  } finally {
    await hand.unsafe("rollback")
  }
})

test("every check is broken by hand here", async () => {
  const { checks } = await auditDatabase(traded.database)
  const broken = new Set(damages.map(([name]) => name))
  expect(checks.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
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
