import type { Sql } from "../../src/database/connect.ts"
import { takeBackDemoBalances } from "../../src/database/demo-payments.ts"
import { openDeposit } from "../../src/database/payments.ts"
import { raiseReview } from "../../src/database/reviews.ts"
import { rupiah } from "../../src/shop/money.ts"
import { newCustomer, newProduct, order, orderByQris, say, type TestTables } from "./selling.ts"

/**
 * Five orders: paid from the balance, delivered after QRIS, physical and shipped, unpaid, and cancelled; and
 * two customers who turned out to be one.
 */
export async function trade(tables: TestTables): Promise<void> {
  const { sql } = tables
  const [digital, other] = [await newProduct(tables, { units: 5 }), await newProduct(tables, { units: 5 })]
  const physical = await newProduct(tables, { stock: 3 })
  const rich = await newCustomer(tables, 5_000)
  await order(tables, await say(tables, rich), { productCode: digital })
  await order(tables, await say(tables, await newCustomer(tables, 4_500)), { productCode: physical })
  await sql`update orders set delivery = '{"recipient": "Budi", "address": "Jl. Kopi 1"}' where kind = 'physical'`
  await sql`select pack_order(code, 'test') from orders where kind = 'physical'`
  await sql`select ship_order(code, 'JNE', 'JP1', 'test') from orders where kind = 'physical'`
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

/**
 * Money in every way that is not simple: more than was asked for, twice, less; a top-up that was spent and
 * taken back; refunds in each state; goods charged back and refunded at the provider; what a person decided
 * on; and pretended balances taken back.
 */
export async function takeOddMoney(tables: TestTables): Promise<void> {
  const { sql, database } = tables
  const productCode = await newProduct(tables, { units: 9 })
  const buy = async () =>
    (await orderByQris(tables, { productCode, number: await newCustomer(tables) })).payment
  const settle = (reference: string, amount: number, transaction = "t-1") =>
    sql`select settle_payment(1, '{}', ${reference}, ${amount}, ${transaction}, true)`
  const reverse = (reference: string, kind: string, amount: number) =>
    sql`select record_reversal(1, '{}', ${reference}, 't-1', ${kind}, ${amount})`

  const twice = await buy()
  await settle(twice.reference, 1_250)
  await settle(twice.reference, 1_000, "t-2")
  const [bought] = await sql<{ id: number }[]>`select order_id as id from payments where id = ${twice.id}`
  const paidTo = { orderId: bought?.id ?? 0, userId: twice.user_id }
  await refundByHand(sql, { ...paidTo, amount: 300, state: "done" })
  await refundByHand(sql, { ...paidTo, amount: 200, state: "requested", paymentId: twice.id })
  await refundByHand(sql, { ...paidTo, amount: 100, state: "failed", paymentId: twice.id })
  await refundByHand(sql, { ...paidTo, amount: 100, state: "done", paymentId: twice.id })
  await sql`
    with claim as (
      insert into warranty_claims (order_id, unit_id, refunded, inbox_id)
      select order_id, min(id), 50, 1000 from stock_units where order_id = ${paidTo.orderId} group by order_id
      returning id
    )
    select book('warranty:' || id, 'refund', '', ${paidTo.orderId}::bigint,
                'revenue', null, 'customer', ${paidTo.userId}::bigint, 50),
           promise_message(1, '{}', 'test', ${paidTo.userId}, 'warranty_replaced', null,
                           jsonb_build_object('claimId', id), ${paidTo.orderId}, null)
      from claim
  `
  await settle((await buy()).reference, 900)
  for (const kind of ["chargeback", "refund"]) {
    const { reference } = await buy()
    await settle(reference, 1_000)
    await reverse(reference, kind, 1_000)
  }

  const spender = await newCustomer(tables)
  const deposit = await openDeposit(database, await say(tables, spender), {
    amount: rupiah(2_200),
    reference: "D-ODD-1",
    provider: "demo",
    payToken: "token-of-the-page-of-a-deposit",
    holdSeconds: 900,
  })
  await sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  await settle(deposit.reference, 2_200)
  await order(tables, await say(tables, spender), { productCode })
  await reverse(deposit.reference, "denial", 2_200)

  await decideAll(tables, (await buy()).reference)
  await takeBackDemoBalances(database)
}

async function refundByHand(
  sql: Sql,
  given: {
    orderId: number
    userId: number
    amount: number
    state: "done" | "requested" | "failed"
    paymentId?: number
  },
): Promise<void> {
  const { orderId, userId, amount, state, paymentId } = given
  await sql.begin(async (transaction) => {
    const [made] = await transaction<{ id: number }[]>`
      insert into refunds (key, order_id, payment_id, amount, state, reason, actor, ended_at, failure)
      values (gen_random_uuid(), ${orderId}, ${paymentId ?? null}, ${amount}, ${state}, 'test', 'test',
              ${state === "requested" ? null : new Date()}, ${state === "failed" ? "refused" : null})
      returning id
    `
    const book = (step: string, from: string, to: string) => transaction`
      select book(${`refund:${made?.id}${step}`}, 'refund', 'test', ${orderId},
                  ${from}, null, ${to}, ${to === "customer" ? userId : null}, ${amount})
    `
    await book("", "revenue", paymentId === undefined ? "customer" : "refunds_due")
    if (state === "failed") await book(":failed", "refunds_due", "revenue")
    if (state === "done" && paymentId !== undefined) await book(":done", "refunds_due", "clearing:demo")
  })
}

/** One thing on the review list for each way to decide it, and pretended balances taken back. */
async function decideAll(tables: TestTables, reference: string): Promise<void> {
  const { sql, database } = tables
  const [finder] = await sql<{ id: number }[]>`select min(id) as id from users where united_into is null`
  const found = async (key: string, amount: number) =>
    raiseReview(database, {
      key,
      kind: "unmatched_payment",
      provider: "demo",
      amount: rupiah(amount),
      evidence: {},
    })
  const decide = (id: number | undefined, decision: string, userId: number | null, settles: string | null) =>
    sql`select decide_review(1, '{}', ${id ?? 0}, ${decision}, ${userId}, ${settles}, true, 'test', 'test')`
  await decide(await found("credited", 400), "credited", finder?.id ?? null, null)
  await decide(await found("settled", 1_000), "settled", null, reference)
  await decide(await found("dismissed", 70), "dismissed", null, null)
}
