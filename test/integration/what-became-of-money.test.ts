import { afterAll, beforeAll, expect, test } from "bun:test"
import { cancelOrder } from "../../src/database/orders.ts"
import { findOrder } from "../../src/database/past-orders.ts"
import { findPaymentPage, type PaymentRow } from "../../src/database/payments.ts"
import { recordReversal, settlePayment } from "../../src/database/settlements.ts"
import { readBalance } from "../../src/database/users.ts"
import { rupiah } from "../../src/shop/money.ts"
import { refundOrder } from "../../src/shop/refund-order.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { openDesk } from "../support/desk.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  orderByQris,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

const price = 10_000

let tables: TestTables
let shop: Shop
let close: () => Promise<void>

beforeAll(async () => {
  tables = await openTables()
  const desk = await openDesk(tables)
  shop = desk.shop
  close = desk.close
})

afterAll(async () => {
  await close()
  await tables.close()
})

async function unpaid(): Promise<PaymentRow> {
  const productCode = await newProduct(tables, { units: 1 }, price)
  const number = await newCustomer(tables)
  const { payment } = await orderByQris(tables, { productCode, number })
  await tables.sql`update inbox set state = 'done', claimed_by = null where user_id = ${payment.user_id}`
  return payment
}

const settle = ({ reference }: PaymentRow, amount: number, transactionId = "t-1") =>
  settlePayment(tables.database, someProcess, {
    serves: [],
    reference,
    amount: rupiah(amount),
    transactionId,
  })

const takeBack = ({ reference }: PaymentRow, reversal: "refund" | "chargeback", reversedTotal: number) =>
  recordReversal(tables.database, someProcess, {
    serves: [],
    reference,
    transactionId: "t-1",
    reversal,
    reversedTotal: rupiah(reversedTotal),
  })

async function movementsOf({ user_id: userId }: PaymentRow): Promise<(readonly [string, number])[]> {
  const { movements } = await readBalance(tables.database, userId)
  return movements.map(({ kind, amount }) => [kind, amount])
}

const pageOf = ({ pay_token: token }: PaymentRow) => findPaymentPage(tables.database, token)

test("too little is called so on the page and in the balance", async () => {
  const payment = await unpaid()
  await settle(payment, 9_000)
  expect(await movementsOf(payment)).toEqual([["underpaid", 9_000]])
  expect(await pageOf(payment)).toMatchObject({
    resolution: "underpaid_balance",
    received: 9_000,
    sentBack: 0,
  })
})

test("what came beyond the price, and what came twice, are called so", async () => {
  const payment = await unpaid()
  await settle(payment, price + 623)
  await settle(payment, price, "t-2")
  expect(await movementsOf(payment)).toEqual([
    ["paid_twice", price],
    ["surplus", 623],
  ])
  const page = await pageOf(payment)
  expect(page).toMatchObject({ resolution: "goods", received: 2 * price + 623, orderTotal: price })
})

test("what the bank takes back and what the shop sends back are told apart", async () => {
  const [charged, sent] = [await unpaid(), await unpaid()]
  for (const payment of [charged, sent]) await settle(payment, 9_000)
  await takeBack(charged, "chargeback", 9_000)
  await takeBack(sent, "refund", 4_000)
  expect(await movementsOf(charged)).toEqual([
    ["reversal", -9_000],
    ["underpaid", 9_000],
  ])
  expect(await movementsOf(sent)).toEqual([
    ["sent_back", -4_000],
    ["underpaid", 9_000],
  ])
  expect(await pageOf(charged)).toMatchObject({ sentBack: 0, takenBack: 9_000 })
  expect(await pageOf(sent)).toMatchObject({ sentBack: 4_000, takenBack: 0 })
})

test("a refund stands on the page, and its reason is for the record alone", async () => {
  const payment = await unpaid()
  await settle(payment, price)
  const view = await pageOf(payment)
  await refundOrder(shop, {
    orderCode: view?.orderCode ?? "",
    amount: rupiah(4_000),
    destination: "saldo",
    again: false,
    reason: "he shouts",
    request: "r-1",
    actor: "test",
  })
  const { movements } = await readBalance(tables.database, payment.user_id)
  expect(movements).toMatchObject([{ kind: "refund", amount: 4_000, reason: "" }])
  expect(await pageOf(payment)).toMatchObject({ resolution: "goods", received: price, backToBalance: 4_000 })
})

test("an order says what of it went back, and what is on its way back", async () => {
  const payment = await unpaid()
  await settle(payment, price)
  const orderCode = (await pageOf(payment))?.orderCode ?? ""
  const order = () => findOrder(tables.database, payment.user_id, orderCode)
  expect(await order()).toMatchObject({ returned: 0, returning: 0 })
  const given = { orderCode, again: false, reason: "test", actor: "test" }
  const back = { ...given, amount: rupiah(4_000), destination: "saldo", request: "r-2" } as const
  await refundOrder(shop, back)
  await tables.sql`
    insert into refunds (key, order_id, payment_id, amount, state, reason, actor)
    select 'on-its-way', order_id, id, 1000, 'requested', 'test', 'test' from payments where id = ${payment.id}
  `
  expect(await order()).toMatchObject({ returned: 4_000, returning: 1_000 })
})

test("money for a cancelled order is late on the page, and so is its movement", async () => {
  const payment = await unpaid()
  await cancelOrder(tables.sql, payment.user_id, undefined)
  await tables.sql`delete from stock_units where last_held_by = (select order_id from payments where id = ${payment.id})`
  await settle(payment, price)
  expect(await movementsOf(payment)).toEqual([["late_payment", price]])
  expect(await pageOf(payment)).toMatchObject({ resolution: "late_balance", received: price })
})
