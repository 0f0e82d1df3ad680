import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import { cancelOrder } from "../../src/database/orders.ts"
import { expirePayments, openDeposit, type PaymentRow } from "../../src/database/payments.ts"
import { concludeRefund } from "../../src/database/refunds.ts"
import { decideReview, raiseReview } from "../../src/database/reviews.ts"
import {
  endReversedPayment,
  type ReversalKind,
  recordReversal,
  settlePayment,
} from "../../src/database/settlements.ts"
import type { RefundId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { type PaymentOutcome, readOutcomes } from "../support/payment-outcomes.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  say,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})

afterAll(async () => {
  const audit = await auditDatabase(tables.database)
  expect(audit.checks.filter(({ violations }) => violations > 0)).toEqual([])
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

const price = 1_000

/** An order of one unit for 1000, to be paid by QRIS. */
async function unpaid({ goods = { units: 1 } as { units: number } | { stock: number } } = {}) {
  const productCode = await newProduct(tables, goods, price)
  const number = await newCustomer(tables)
  const { payment } = await orderByQris(tables, { productCode, number })
  await tables.sql`update inbox set state = 'done', claimed_by = null where user_id = ${payment.user_id}`
  return { payment, productCode, number }
}

const settle = (
  { reference }: PaymentRow,
  amount = price,
  transactionId = "t-1",
  rules: { allowEqual?: boolean; onlyBalance?: boolean } = {},
) =>
  settlePayment(tables.database, someProcess, {
    serves: [],
    reference,
    amount: rupiah(amount),
    transactionId,
    ...rules,
  })

const reverse = (
  { reference }: PaymentRow,
  reversal: ReversalKind,
  reversedTotal: number,
  transactionId = "t-1",
) =>
  recordReversal(tables.database, someProcess, {
    serves: [],
    reference,
    transactionId,
    reversal,
    reversedTotal: rupiah(reversedTotal),
  })

async function outcomeOf({ reference }: PaymentRow): Promise<PaymentOutcome> {
  const outcome = (await readOutcomes(tables.sql, [reference])).get(reference)
  if (!outcome) throw new Error("there is no such payment")
  return outcome
}

async function endUnpaid({ user_id: userId }: PaymentRow, end: "expired" | "cancelled"): Promise<void> {
  if (end === "cancelled") await cancelOrder(tables.sql, userId, undefined)
  else {
    await tables.sql`update orders set expires_at = now() - interval '1 second' where user_id = ${userId}`
    await expirePayments(tables.database, someProcess, { serves: [], limit: 100 })
  }
}

async function buy(productCode: string, number?: string) {
  const buyer = number ?? (await newCustomer(tables, price))
  return await order(tables, await say(tables, buyer), { productCode })
}

/** Our own refund of an order's payment, through its provider, as far as it has come. */
async function refundThroughProvider(
  { id }: PaymentRow,
  amount: number,
  state: "requested" | "done",
): Promise<void> {
  await tables.sql.begin(async (sql) => {
    const [made] = await sql<{ id: number; orderId: number; provider: string }[]>`
      insert into refunds (key, order_id, payment_id, amount, state, reason, actor, ended_at)
      select gen_random_uuid(), order_id, id, ${amount}, ${state}, 'test', 'test',
             ${state === "done" ? new Date() : null}
        from payments
       where id = ${id}
      returning id, order_id as "orderId"
    `
    const name = `refund:${made?.id}`
    const orderId = made?.orderId ?? 0
    await sql`select book(${name}, 'refund', '', ${orderId}, 'revenue', null, 'refunds_due', null, ${amount})`
    if (state === "done")
      await sql`
        select book(${`${name}:done`}, 'refund', '', ${orderId}, 'refunds_due', null, 'clearing:demo', null, ${amount})
      `
  })
}

async function reviewOf({ id }: PaymentRow) {
  const rows = await tables.sql<{ kind: string; amount: number; evidence: Record<string, unknown> }[]>`
    select kind, amount, evidence from reviews where payment_id = ${id} order by id
  `
  return rows
}

test("an order paid twice by two transactions gets its goods once, and the second money as balance", async () => {
  const { payment } = await unpaid()
  expect(await settle(payment)).toMatchObject({ resolution: "goods", isSecond: false })
  expect(await settle(payment, price, "t-2")).toMatchObject({
    resolution: "already_paid_balance",
    isSecond: true,
  })
  expect(await settle(payment, price, "t-2")).toEqual({ kind: "already_settled" })
  expect(await outcomeOf(payment)).toMatchObject({
    order: "paid",
    balance: price,
    cleared: -2 * price,
    told: ["goods waiting", `late_balance ${price} waiting`],
  })
})

test("two transactions that are told of at the same moment are one for the goods and one for the balance", async () => {
  const { payment } = await unpaid()
  const told = ["t-1", "t-2", "t-1", "t-2", "t-1", "t-2"].map((transaction) =>
    settle(payment, price, transaction),
  )
  const outcomes = (await Promise.all(told)).map((one) =>
    one.kind === "settled" ? one.resolution : one.kind,
  )
  expect(outcomes.toSorted()).toEqual(
    [...Array(4).fill("already_settled"), "already_paid_balance", "goods"].toSorted(),
  )
  expect(await outcomeOf(payment)).toMatchObject({ balance: price, cleared: -2 * price })
})

test.each(["awaiting", "expired", "cancelled"] as const)(
  "more than the price for an order that is %s gets the goods, and the rest as balance",
  async (status) => {
    const { payment } = await unpaid()
    if (status !== "awaiting") await endUnpaid(payment, status)
    expect(await settle(payment, price + 250)).toMatchObject({
      resolution: status === "awaiting" ? "goods" : "late_goods",
    })
    expect(await outcomeOf(payment)).toMatchObject({
      order: "paid",
      balance: 250,
      ledger: ["sale: clearing:demo -1250", "sale: customer 250", "sale: revenue 1000"],
    })
  },
)

test.each(["awaiting", "expired", "cancelled"] as const)(
  "less than the price for an order that is %s becomes balance, and its goods are free",
  async (status) => {
    const { payment, productCode } = await unpaid()
    if (status !== "awaiting") await endUnpaid(payment, status)
    expect(await settle(payment, price - 1)).toMatchObject({
      resolution: "underpaid_balance",
      freed: status === "awaiting" ? [{ code: productCode, quantity: 1 }] : [],
    })
    expect(await outcomeOf(payment)).toMatchObject({
      payment: "paid underpaid_balance",
      order: status === "expired" ? "expired" : "cancelled",
      balance: price - 1,
      ledger: [`late_payment: clearing:demo -${price - 1}`, `late_payment: customer ${price - 1}`],
    })
    expect((await buy(productCode)).kind).toBe("paid")
  },
)

test("what is added to too little pays nothing more than a balance: the order has ended", async () => {
  const { payment } = await unpaid()
  await settle(payment, 400)
  expect(await settle(payment, 600, "t-2")).toMatchObject({ resolution: "already_paid_balance" })
  expect(await outcomeOf(payment)).toMatchObject({ order: "cancelled", balance: 1_000, cleared: -1_000 })
})

test.each([
  [false, "late_balance", price],
  [true, "late_goods", 0],
] as const)(
  "late money whose very goods are gone, equal ones allowed %p: %s",
  async (allowEqual, resolution, balance) => {
    const { payment, productCode } = await unpaid({ goods: { units: 2 } })
    await endUnpaid(payment, "expired")
    expect((await buy(productCode)).kind).toBe("paid")
    expect(await settle(payment, price, "t-1", { allowEqual })).toMatchObject({ resolution })
    expect((await outcomeOf(payment)).balance).toBe(balance)
  },
)

test("late money gets the very goods it was promised, even where equal ones are not allowed", async () => {
  const { payment } = await unpaid()
  await endUnpaid(payment, "cancelled")
  expect(await settle(payment, price, "t-1", { allowEqual: false })).toMatchObject({
    resolution: "late_goods",
  })
})

test("money of which a part went back before it was heard of becomes balance, not goods", async () => {
  const { payment, productCode } = await unpaid()
  expect(await settle(payment, price, "t-1", { onlyBalance: true })).toMatchObject({
    resolution: "underpaid_balance",
    freed: [{ code: productCode, quantity: 1 }],
  })
  expect(await reverse(payment, "refund", 300)).toMatchObject({ kind: "reversed", amount: 300, lost: 0 })
  expect(await outcomeOf(payment)).toMatchObject({ order: "cancelled", balance: 700, cleared: -700 })
})

test("money that came and went in full before it was heard of leaves nothing, and its goods are free", async () => {
  const { payment, productCode } = await unpaid()
  expect(await endReversedPayment(tables.database, payment.reference)).toEqual([
    { code: productCode, quantity: 1 },
  ])
  expect(await endReversedPayment(tables.database, payment.reference)).toBeUndefined()
  expect(await outcomeOf(payment)).toMatchObject({ payment: "cancelled", order: "cancelled", ledger: [] })
})

test("a refund at the provider, said in steps, is booked step by step and ends the order with the last one", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  expect(await reverse(payment, "refund", 300)).toMatchObject({ kind: "reversed", amount: 300 })
  expect(await reverse(payment, "refund", 300)).toEqual({ kind: "explained" })
  expect(await reverse(payment, "refund", 200)).toEqual({ kind: "explained" })
  expect(await outcomeOf(payment)).toMatchObject({ order: "paid", cleared: -700 })
  expect(await reverse(payment, "refund", 1_000)).toMatchObject({ kind: "reversed", amount: 700 })
  expect(await outcomeOf(payment)).toMatchObject({
    order: "refunded",
    balance: 0,
    cleared: 0,
    told: ["goods given_up", "payment_reversed 300 waiting", "payment_reversed 700 waiting"],
    reviews: [],
  })
})

test("more than came is never taken back", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  expect(await reverse(payment, "chargeback", 9_000)).toMatchObject({ amount: price, lost: 0 })
  expect(await reverse(payment, "denial", 9_000)).toEqual({ kind: "explained" })
})

test("a reversal told of ten times at once is booked once", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  const told = await Promise.all(Array.from({ length: 10 }, () => reverse(payment, "chargeback", price)))
  expect(told.filter(({ kind }) => kind === "reversed")).toHaveLength(1)
  expect(await outcomeOf(payment)).toMatchObject({ cleared: 0, reviews: [`reversal ${price}`] })
})

test("a deposit taken back after it was spent is a loss as far as it was spent, and for a person to look at", async () => {
  const number = await newCustomer(tables)
  const payment = await openDeposit(tables.database, await say(tables, number), {
    amount: rupiah(2_500),
    reference: `D-${number}`,
    provider: "demo",
    payToken: `token-of-the-page-of-${number}`,
    holdSeconds: 900,
  })
  await tables.sql`update inbox set state = 'done', claimed_by = null where user_id = ${payment.user_id}`
  expect(await settle(payment, 2_500)).toMatchObject({ resolution: "balance" })
  expect((await buy(await newProduct(tables, { units: 1 }), number)).kind).toBe("paid")
  expect(await reverse(payment, "denial", 2_500)).toMatchObject({ amount: 2_500, lost: 1_000 })
  const [user] = await tables.sql`select balance from users where number = ${number}`
  expect(user).toMatchObject({ balance: 0 })
  expect(await reviewOf(payment)).toMatchObject([
    { kind: "reversal", amount: 2_500, evidence: { fromSale: 0, fromBalance: 1_500, lost: 1_000 } },
  ])
})

test("a chargeback of goods that were delivered is a loss, and for a person to look at", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  const sent = await tables.sql<{ id: number }[]>`
    update outbox set state = 'sending', claimed_by = ${someProcess}
     where user_id = ${payment.user_id} and kind = 'goods'
    returning id
  `
  await tables.sql`select mark_sent(${someProcess}, ${sent.map(({ id }) => id)})`
  expect((await outcomeOf(payment)).order).toBe("delivered")
  expect(await reverse(payment, "chargeback", price)).toMatchObject({
    kind: "reversed",
    amount: price,
    freed: [],
  })
  expect(await outcomeOf(payment)).toMatchObject({
    order: "refunded",
    told: ["goods sent", `payment_reversed ${price} waiting`],
    ledger: [
      "reversal: clearing:demo 1000",
      "reversal: losses -1000",
      "sale: clearing:demo -1000",
      "sale: revenue 1000",
    ],
  })
  expect(await reviewOf(payment)).toMatchObject([
    { kind: "reversal", evidence: { orderStatus: "delivered", fromSale: price, fromBalance: 0, lost: 0 } },
  ])
})

test("physical goods that were not sent yet are for sale again when their money is taken back", async () => {
  const { payment, productCode } = await unpaid({ goods: { stock: 1 } })
  await settle(payment)
  expect(await reverse(payment, "chargeback", price)).toMatchObject({
    freed: [{ code: productCode, quantity: 1 }],
  })
  const [product] = await tables.sql`select stock from products where code = ${productCode}`
  expect(product).toMatchObject({ stock: 1 })
})

test.each(["requested", "done"] as const)(
  "our own refund through the provider, %s, is explained when the provider tells of it",
  async (state) => {
    const { payment } = await unpaid()
    await settle(payment)
    await refundThroughProvider(payment, 400, state)
    expect(await reverse(payment, "refund", 400)).toEqual({ kind: "explained" })
    expect(await reverse(payment, "refund", 500)).toMatchObject({ kind: "reversed", amount: 100 })
    expect((await outcomeOf(payment)).order).toBe("paid")
  },
)

test("what a person decided on is not booked once more when the provider's word can be read after all", async () => {
  const { payment } = await unpaid()
  const { reference } = payment
  const id = await raiseReview(tables.database, {
    key: `gave_up:${reference}`,
    kind: "unknown_payment",
    provider: "demo",
    amount: rupiah(price),
    evidence: { reference, transactionId: "t-1" },
  })
  if (id === undefined) throw new Error("it was raised before")
  const decided = await decideReview(tables.database, someProcess, {
    id,
    decision: "settled",
    reference,
    allowEqual: true,
    actor: "test",
    reason: "seen in the dashboard",
  })
  expect(decided).toMatchObject({ kind: "decided", settlement: { resolution: "goods" } })
  expect(await settle(payment)).toEqual({ kind: "already_settled" })
  expect(await settle(payment, price, "t-2")).toMatchObject({ resolution: "already_paid_balance" })
})

test("our own refund of an order that was paid twice is explained, from whichever payment it went back", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  await settle(payment, price, "t-2")
  await refundThroughProvider(payment, 400, "done")
  expect(await reverse(payment, "refund", 400, "t-2")).toEqual({ kind: "explained" })
  expect((await outcomeOf(payment)).balance).toBe(price)
})

test("a chargeback after our own refund takes back the rest, and the refund is not booked again", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  await refundThroughProvider(payment, 400, "done")
  expect(await reverse(payment, "chargeback", price)).toMatchObject({
    kind: "reversed",
    amount: 600,
    lost: 0,
  })
  expect(await outcomeOf(payment)).toMatchObject({ order: "refunded", cleared: 0, reviews: ["reversal 600"] })
})

test("an order stays paid while a refund of it is on its way, whatever else was taken back", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  await refundThroughProvider(payment, 400, "requested")
  expect(await reverse(payment, "chargeback", price)).toMatchObject({ kind: "reversed", amount: 600 })
  expect((await outcomeOf(payment)).order).toBe("paid")
})

test("of two refunds on their way the last one that is done refunds the order, and a failed one leaves it paid", async () => {
  const orderAfter = async (...failures: (string | undefined)[]) => {
    const { payment } = await unpaid()
    await settle(payment)
    for (const amount of [400, 600]) await refundThroughProvider(payment, amount, "requested")
    const orders: string[] = []
    const rows = await tables.sql<{ id: RefundId }[]>`
      select id from refunds where payment_id = ${payment.id} order by id
    `
    for (const [place, { id }] of rows.entries()) {
      await concludeRefund(tables.database, someProcess, { id, failure: failures[place] })
      orders.push((await outcomeOf(payment)).order)
    }
    return orders
  }
  expect(await orderAfter(undefined, undefined)).toEqual(["paid", "refunded"])
  expect(await orderAfter(undefined, "refused")).toEqual(["paid", "paid"])
  expect(await orderAfter("refused", undefined)).toEqual(["paid", "paid"])
})

test("a second transaction that expires or is refused takes nothing of the first", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  expect(await reverse(payment, "denial", price, "t-2")).toEqual({ kind: "not_received" })
  expect(await endReversedPayment(tables.database, payment.reference)).toBeUndefined()
  expect(await outcomeOf(payment)).toMatchObject({
    payment: "paid goods",
    order: "paid",
    cleared: -price,
    told: ["goods waiting"],
  })
})

test("a second payment that is taken back is taken from the balance it became, and the goods stay sold", async () => {
  const { payment } = await unpaid()
  await settle(payment)
  await settle(payment, price, "t-2")
  expect(await reverse(payment, "refund", price, "t-2")).toMatchObject({ amount: price, lost: 0 })
  expect(await outcomeOf(payment)).toMatchObject({ order: "paid", balance: 0, cleared: -price, reviews: [] })
})
