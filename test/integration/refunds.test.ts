import { afterAll, beforeAll, expect, test } from "bun:test"
import { adjustBalance } from "../../src/database/adjust-balance.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import { readGivenUp, retryGivenUp } from "../../src/database/given-up.ts"
import { postpone } from "../../src/database/outbox.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import { type RefundAsked, type RefundedOrder, refundOrder } from "../../src/shop/refund-order.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { showBalance } from "../../src/shop/show-balance.ts"
import { auditBooks } from "../support/audit-books.ts"
import { openDesk, refundingProvider } from "../support/desk.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  refusal,
  say,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

const price = 10_000

let tables: TestTables
let shop: Shop
let close: () => Promise<void>
const provider = refundingProvider()

beforeAll(async () => {
  tables = await openTables()
  const desk = await openDesk(tables, { providers: [provider.provider] })
  shop = desk.shop
  close = desk.close
})

afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  const broken = (await auditDatabase(tables.database)).checks.filter(({ violations }) => violations > 0)
  expect(broken).toEqual([])
  await close()
  await tables.close()
})

/** An order of 10.000, paid from the balance; its goods still wait to be sent. */
async function paidFromBalance(kind: "digital" | "physical" = "digital") {
  const productCode = await newProduct(tables, kind === "digital" ? { units: 1 } : { stock: 5 }, price)
  const number = await newCustomer(tables, price)
  const placed = await order(tables, await say(tables, number), { productCode })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  return { number, productCode, orderCode: placed.order.orderCode }
}

/** The same, paid through the provider. */
async function paidByQris() {
  const productCode = await newProduct(tables, { units: 1 }, price)
  const number = await newCustomer(tables)
  const { payment, order: ordered } = await orderByQris(tables, { productCode, number })
  const { reference } = payment
  const given = { serves: [], reference, amount: rupiah(price), transactionId: `t-${reference}` }
  await settlePayment(tables.database, someProcess, given)
  return { number, productCode, reference, orderCode: ordered.orderCode }
}

const refund = (orderCode: string, asked: Partial<Omit<RefundAsked, "amount">> & { amount?: number } = {}) =>
  refundOrder(shop, {
    orderCode,
    destination: "saldo",
    request: tables.newName(),
    again: false,
    reason: "goods were broken",
    actor: "test",
    ...asked,
    amount: asked.amount === undefined ? undefined : rupiah(asked.amount),
  })

const atOnce = (count: number, ask: (place: number) => Promise<RefundedOrder>) =>
  Promise.all(Array.from({ length: count }, (_, place) => ask(place)))

async function stateOf(orderCode: string) {
  const [row] = await tables.sql<{ status: string; balance: number; refunded: number; messages: string[] }[]>`
    select orders.status, users.balance,
           (select coalesce(sum(amount), 0)::bigint from refunds
             where order_id = orders.id and state = 'done') as refunded,
           (select coalesce(array_agg(kind::text order by id), '{}') from outbox
             where order_id = orders.id and kind like '%refund%') as messages
      from orders
      join users on users.id = orders.user_id
     where orders.code = ${orderCode}
  `
  if (!row) throw new Error("there is no order")
  return row
}

test("all of an order goes back to the balance: booked, told, on the record, and the order is refunded", async () => {
  const { orderCode } = await paidFromBalance()
  const outcome = await refund(orderCode)
  expect(outcome).toMatchObject({
    kind: "refunded",
    refund: { state: "done", amount: price, left: 0, balance: price, orderStatus: "refunded" },
  })
  expect(await stateOf(orderCode)).toEqual({
    status: "refunded",
    balance: price,
    refunded: price,
    messages: ["order_refunded"],
  })
  expect(
    await tables.sql`
      select account, amount
        from ledger_entries
        join ledger_transactions on ledger_transactions.id = transaction_id
       where key = ${`refund:${outcome.kind === "refunded" ? outcome.refund.id : ""}`}
       order by account
    `,
  ).toMatchObject([
    { account: "customer", amount: price },
    { account: "revenue", amount: -price },
  ])
  expect(await tables.sql`select actor, details from audit_log where action = 'refund_order'`).toMatchObject([
    { actor: "test", details: { amount: price, reason: "goods were broken", destination: "saldo" } },
  ])
})

test("why an owner gave money back is not shown to the customer, and why a balance was credited is", async () => {
  const { orderCode, number } = await paidFromBalance()
  const given = { number, amount: rupiah(500), reason: "a gift", actor: "test", key: tables.newName() }
  await adjustBalance(tables.database, given)
  await refund(orderCode, { reason: "a thief, beware" })
  const [customer] = await tables.sql<{ id: UserId }[]>`select id from users where number = ${number}`
  const { movements } = await showBalance(shop, customer?.id ?? (0 as UserId))
  expect(movements.map(({ amount }) => amount)).toContain(rupiah(price))
  expect(JSON.stringify(movements)).not.toContain("thief")
  expect(JSON.stringify(movements)).toContain("a gift")
})

test("an order is given back in parts, and is refunded with the last of them", async () => {
  const { orderCode } = await paidFromBalance()
  expect(await refund(orderCode, { amount: 4_000 })).toMatchObject({ refund: { left: 6_000 } })
  expect(await stateOf(orderCode)).toMatchObject({ status: "paid", balance: 4_000 })
  expect(await refund(orderCode, { amount: 7_000 })).toEqual({ kind: "more_than_left", left: rupiah(6_000) })
  expect(await refund(orderCode)).toMatchObject({ refund: { amount: 6_000, left: 0 } })
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded", balance: price })
})

test("the same amount is not given back again unless that is said, whoever asks", async () => {
  const { orderCode } = await paidFromBalance()
  await refund(orderCode, { amount: 3_000 })
  expect(await refund(orderCode, { amount: 3_000, destination: "provider" })).toMatchObject({
    kind: "refunded_before",
    refund: { amount: 3_000, destination: "saldo", left: 7_000 },
  })
  expect(await refund(orderCode, { amount: 3_000, again: true })).toMatchObject({ kind: "refunded" })
  await refund(orderCode)
  expect(await refund(orderCode)).toMatchObject({ kind: "refunded_before", refund: { amount: 4_000 } })
  expect(await refund(orderCode, { again: true })).toEqual({ kind: "nothing_left" })
  expect(await stateOf(orderCode)).toMatchObject({ refunded: price, balance: price })
})

test("20 of the same refund at once give back once", async () => {
  for (const request of ["M1", undefined]) {
    const { orderCode } = await paidFromBalance()
    const outcomes = await atOnce(20, (place) =>
      refund(orderCode, { amount: 5_000, request: request ?? `S${place}` }),
    )
    const made = outcomes.filter(({ kind }) => kind === "refunded")
    // Under one name it is one refund that each is told of; under several the others came too late.
    expect(made).toHaveLength(request ? 20 : 1)
    expect(await stateOf(orderCode)).toEqual({
      status: "paid",
      balance: 5_000,
      refunded: 5_000,
      messages: ["order_refunded"],
    })
  }
})

test("parts asked for at once, to the balance and through the provider, never exceed the total", async () => {
  for (const mix of [["saldo"], ["provider"], ["saldo", "provider"]] as const) {
    const { orderCode } = await paidByQris()
    const before = provider.paidBack()
    const outcomes = await atOnce(12, (place) =>
      refund(orderCode, { amount: 3_000, again: true, destination: mix[place % mix.length] ?? "saldo" }),
    )
    expect(outcomes.filter(({ kind }) => kind === "refunded")).toHaveLength(3)
    expect(outcomes.filter(({ kind }) => kind === "more_than_left")).toHaveLength(9)
    const { balance, refunded } = await stateOf(orderCode)
    expect(refunded).toBe(9_000)
    expect(balance + provider.paidBack() - before).toBe(9_000)
  }
})

test("PostgreSQL alone refuses a refund that gives back more than the order cost", async () => {
  const { orderCode } = await paidFromBalance()
  await refund(orderCode, { amount: 6_000 })
  const tooMuch = tables.sql`
    insert into refunds (key, order_id, amount, state, reason, actor, ended_at)
    select 'too-much', id, 5000, 'done', 'x', 'test', now() from orders where code = ${orderCode}
  `
  expect(await refusal(tooMuch)).toBe("refunds_within_total")
})

test("what can't be refunded is refused plainly, and nothing is given back", async () => {
  expect(await refund("NO-SUCH-ORDER")).toEqual({ kind: "unknown_order" })
  const productCode = await newProduct(tables, { units: 1 })
  const unpaid = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  expect(await refund(unpaid.order.orderCode)).toEqual({ kind: "not_paid", status: "awaiting_payment" })
  const { orderCode } = await paidFromBalance()
  expect(await refund(orderCode, { destination: "provider" })).toEqual({ kind: "paid_from_balance" })
  const paid = await paidByQris()
  const elsewhere = await openDesk(tables)
  const asked = { request: "S1", again: false, reason: "x", actor: "test", destination: "provider" } as const
  expect(await refundOrder(elsewhere.shop, { ...asked, orderCode: paid.orderCode })).toEqual({
    kind: "provider_away",
    provider: "demo",
  })
  await elsewhere.close()
  expect(await stateOf(orderCode)).toMatchObject({ status: "paid", refunded: 0, messages: [] })
})

test("goods that were not sent stay unsent once their money is back, and nobody can put them back", async () => {
  const waiting = await paidFromBalance()
  const sending = await paidFromBalance()
  const goodsOf = (orderCode: string) => tables.sql`
    select outbox.id, state, failure
      from outbox
      join orders on orders.id = order_id
     where outbox.kind = 'goods' and orders.code = ${orderCode}
  `
  const [row] = await goodsOf(sending.orderCode)
  await tables.sql`update outbox set state = 'sending', claimed_by = ${someProcess} where id = ${row?.id}`
  await refund(waiting.orderCode)
  await refund(sending.orderCode)
  const withdrawn = [{ state: "given_up", failure: "refunded" }]
  expect(await goodsOf(waiting.orderCode)).toMatchObject(withdrawn)
  const failed = { id: row?.id, owner: someProcess } as Parameters<typeof postpone>[1]
  await postpone(tables.database, failed, { delayMs: 0, reason: "status 500" })
  expect(await goodsOf(sending.orderCode)).toMatchObject(withdrawn)
  expect(await retryGivenUp(tables.database, "test")).toBe(0)
  expect(await readGivenUp(tables.database, { limit: 10 })).toEqual({ messages: [], count: 0 })
  expect(await goodsOf(waiting.orderCode)).toMatchObject(withdrawn)
})

test("physical goods that were not shipped are for sale again, once", async () => {
  const { orderCode, productCode } = await paidFromBalance("physical")
  const stock = () => tables.sql`select stock from products where code = ${productCode}`
  expect(await stock()).toMatchObject([{ stock: 4 }])
  await refund(orderCode, { amount: 1_000 })
  expect(await stock()).toMatchObject([{ stock: 4 }])
  expect(await refund(orderCode)).toMatchObject({ freed: [{ code: productCode, quantity: 1 }] })
  expect(await stock()).toMatchObject([{ stock: 5 }])
})
