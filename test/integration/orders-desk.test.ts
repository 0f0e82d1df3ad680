import { afterAll, beforeAll, expect, test } from "bun:test"
import { shipOrder } from "../../src/database/fulfilment.ts"
import { findReceipt } from "../../src/database/order-receipt.ts"
import { listUnshipped, readDeskOrder, searchOrders } from "../../src/database/orders-desk.ts"
import { readSales } from "../../src/database/sales-figures.ts"
import { packOrder } from "../../src/shop/fulfil-order.ts"
import { rupiah } from "../../src/shop/money.ts"
import { refundOrder } from "../../src/shop/refund-order.ts"
import { openDesk } from "../support/desk.ts"
import { home, paidParcel, parcel, parcelPaidByQris, unpaidParcel } from "../support/parcels.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  say,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables
let desk: Awaited<ReturnType<typeof openDesk>>
beforeAll(async () => {
  tables = await openTables()
  desk = await openDesk(tables)
})
afterAll(async () => {
  await desk.close()
  await tables.close()
})

const refund = (orderCode: string, amount?: number) =>
  refundOrder(desk.shop, {
    orderCode,
    amount: amount === undefined ? undefined : rupiah(amount),
    destination: "saldo",
    request: tables.newName(),
    again: false,
    reason: "x",
    actor: "test",
  })

async function buy(productCode: string, number: string, quantity = 1): Promise<string> {
  const bought = await order(tables, await say(tables, number), { productCode, quantity })
  if (bought.kind !== "paid") throw new Error(`it was ${bought.kind}`)
  return bought.order.orderCode
}

test("an order is found by its code or a part of it, its customer's number however it is written, and its product", async () => {
  const number = await newCustomer(tables, 9_000)
  const [one, other] = [
    await newProduct(tables, { units: 20 }, 100),
    await newProduct(tables, { stock: 9 }, 100),
  ]
  const codes = [await buy(one, number), await buy(other, number)]
  const found = async (text: string) =>
    (await searchOrders(tables.sql, text)).map(({ orderCode }) => orderCode)
  expect(await found(codes[0] ?? "")).toEqual([codes[0] ?? ""])
  expect(await found(`#${codes[1]?.toLowerCase()}`)).toEqual([codes[1] ?? ""])
  const local = `0${number.slice(2)}`
  const spaced = `+62 ${number.slice(2, 5)}-${number.slice(5, 9)}-${number.slice(9)}`
  for (const text of [number, local, spaced, number.slice(-6)])
    expect({ text, codes: await found(text) }).toEqual({ text, codes: codes.toReversed() })
  expect(await found(one)).toEqual([codes[0] ?? ""])
  expect(await found(one.toLowerCase())).toEqual([codes[0] ?? ""])
  expect(await found("%")).toEqual([])
  expect(await found("_____")).toEqual([])
  expect(await found("99999999")).toEqual([])
  const [newest] = await searchOrders(tables.sql, number)
  expect(newest).toMatchObject({ number, status: "paid", total: 100, summary: `1 × Product ${other}` })

  for (let more = 0; more < 12; more += 1) await buy(one, number)
  expect(await searchOrders(tables.sql, number)).toHaveLength(10)
})

test("an operator sees of one order whose it is, what it holds, how it was paid, each step and each refund", async () => {
  const { orderCode, number } = await paidParcel(tables)
  await packOrder(tables.sql, { orderCode, actor: "test" })
  await shipOrder(tables.sql, { orderCode, actor: "test", ...parcel })
  await refund(orderCode, 4_000)
  const seen = await readDeskOrder(tables.sql, orderCode)
  expect(seen).toMatchObject({
    ...{ orderCode, number, status: "shipped", kind: "physical", method: "saldo", payment: null },
    ...{ total: 10_000, returned: 4_000, returning: 0, delivery: { ...home, ...parcel }, completedAt: null },
    refunds: [{ amount: 4_000, state: "done", destination: "saldo" }],
  })
  for (const at of [seen?.paidAt, seen?.packedAt, seen?.shippedAt, seen?.refunds[0]?.at])
    expect(at).toBeInstanceOf(Date)
  const byQris = await parcelPaidByQris(tables)
  expect(await readDeskOrder(tables.sql, byQris.orderCode)).toMatchObject({
    method: "qris",
    payment: { provider: "demo", reference: byQris.reference, state: "paid" },
  })
  expect(await readDeskOrder(tables.sql, "NO-SUCH-ORDER")).toBeUndefined()
})

test("what is to be shipped is listed, the longest paid first, and what is unpaid, shipped or given back is not", async () => {
  const before = (await listUnshipped(tables.sql)).count
  const [first, second] = [await paidParcel(tables), await paidParcel(tables, { hasAddress: false })]
  const [shipped, givenBack] = [await paidParcel(tables), await paidParcel(tables)]
  await unpaidParcel(tables)
  await packOrder(tables.sql, { orderCode: second.orderCode, actor: "test" })
  await packOrder(tables.sql, { orderCode: shipped.orderCode, actor: "test" })
  await shipOrder(tables.sql, { orderCode: shipped.orderCode, actor: "test", ...parcel })
  await refund(givenBack.orderCode)
  await tables.sql`update orders set paid_at = now() - interval '3 days' where code = ${second.orderCode}`
  const { orders, count } = await listUnshipped(tables.sql)
  expect(count).toBe(before + 2)
  expect(orders[0]).toMatchObject({ orderCode: second.orderCode, status: "packing", hasAddress: false })
  expect(orders.at(-1)).toMatchObject({ orderCode: first.orderCode, status: "paid", hasAddress: true })
})

test("sales are those of the day, week and month of the shop's own zone, with what went back and the top products", async () => {
  const fresh = await openTables()
  const other = await openDesk(fresh)
  try {
    const number = await newCustomer(fresh, 100_000)
    const products = [
      await newProduct(fresh, { units: 9 }, 1_000),
      await newProduct(fresh, { stock: 9 }, 5_000),
    ]
    const sell = async (place: number, quantity: number, paidAt: string) => {
      const bought = await order(fresh, await say(fresh, number), {
        productCode: products[place] ?? "",
        quantity,
      })
      if (bought.kind !== "paid") throw new Error(`it was ${bought.kind}`)
      await fresh.sql`update orders set paid_at = ${paidAt}::timestamptz where code = ${bought.order.orderCode}`
      return bought.order.orderCode
    }
    // In Jakarta it is Wednesday the 18th from 17:00 UTC of the 17th on.
    await sell(0, 3, "2026-11-17T17:00:00Z")
    const returned = await sell(1, 1, "2026-11-18T16:59:59Z")
    await sell(1, 1, "2026-11-17T16:59:59Z")
    await sell(0, 1, "2026-11-15T17:00:00Z")
    await sell(1, 2, "2026-11-15T16:59:59Z")
    await sell(0, 1, "2026-10-31T16:59:59Z")
    const asked = {
      amount: rupiah(2_000),
      destination: "saldo",
      again: false,
      reason: "x",
      actor: "test",
    } as const
    await refundOrder(other.shop, { ...asked, orderCode: returned, request: "S1" })
    await fresh.sql`alter table ledger_transactions disable trigger all`
    await fresh.sql`update ledger_transactions set created_at = '2026-11-18T10:00:00Z' where kind = 'refund'`

    const at = new Date("2026-11-18T12:00:00Z")
    expect(await readSales(fresh.sql, { period: "day", at })).toEqual({
      period: "day",
      since: new Date("2026-11-17T17:00:00Z"),
      ...{ orders: 2, revenue: rupiah(8_000), refunded: rupiah(2_000) },
      top: [
        { code: products[0] ?? "", name: `Product ${products[0]}`, quantity: 3, amount: rupiah(3_000) },
        { code: products[1] ?? "", name: `Product ${products[1]}`, quantity: 1, amount: rupiah(5_000) },
      ],
    })
    expect(await readSales(fresh.sql, { period: "week", at })).toMatchObject({
      since: new Date("2026-11-15T17:00:00Z"),
      ...{ orders: 4, revenue: 14_000 },
    })
    expect(await readSales(fresh.sql, { period: "month", at })).toMatchObject({ orders: 5, revenue: 24_000 })
    await fresh.sql`insert into settings (key, value) values ('zone', '"Asia/Jayapura"')`
    expect(await readSales(fresh.sql, { period: "day", at })).toMatchObject({ orders: 2, revenue: 8_000 })
    const late = new Date("2026-11-18T15:00:00Z")
    expect(await readSales(fresh.sql, { period: "day", at: late })).toMatchObject({
      orders: 1,
      revenue: 5_000,
    })
    const never = new Date("2020-01-01T00:00:00Z")
    expect(await readSales(fresh.sql, { period: "day", at: never })).toMatchObject({
      orders: 0,
      revenue: 0,
      top: [],
    })
  } finally {
    await other.close()
    await fresh.close()
  }
})

test("a receipt is of the named order, else of the last paid one, and only of the customer's own", async () => {
  const number = await newCustomer(tables, 1_000)
  const userId = await userIdOf(tables, number)
  expect(await findReceipt(tables.database, userId, undefined)).toEqual({ kind: "not_found" })
  const orderCode = await buy(await newProduct(tables, { units: 1 }), number)
  const unpaid = await unpaidParcel(tables)
  const found = { kind: "receipt", receipt: { orderCode, total: 1_000, method: "saldo", returned: 0 } }
  expect(await findReceipt(tables.database, userId, undefined)).toMatchObject(found)
  expect(await findReceipt(tables.database, userId, orderCode)).toMatchObject(found)
  expect(await findReceipt(tables.database, userId, unpaid.orderCode)).toEqual({ kind: "not_found" })
  const [other] = await tables.sql<{ id: typeof userId }[]>`
    select user_id as id from orders where code = ${unpaid.orderCode}
  `
  expect(await findReceipt(tables.database, other?.id ?? userId, unpaid.orderCode)).toEqual({
    kind: "not_paid",
    orderCode: unpaid.orderCode,
    status: "awaiting_payment",
  })
})
