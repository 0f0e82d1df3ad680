import { afterAll, beforeAll, expect, test } from "bun:test"
import { packOrder, shipOrder } from "../../src/database/fulfilment.ts"
import { cancelOrder } from "../../src/database/orders.ts"
import { expirePayments } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { rupiah } from "../../src/shop/money.ts"
import { refundOrder } from "../../src/shop/refund-order.ts"
import { auditBooks } from "../support/audit-books.ts"
import { openDesk } from "../support/desk.ts"
import { home, parcel, sendTo } from "../support/parcels.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

const stockAtFirst = 24
const buyers = 60
const price = 1_000

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

/** What is on the shelf, and what is held, paid for, or gone to somebody for good; in one snapshot. */
async function pieces(productCode: string) {
  const [row] = await tables.sql<{ shelf: number; taken: number }[]>`
    select products.stock as shelf,
           coalesce(sum(order_lines.quantity) filter (
             where orders.status in ('awaiting_payment', 'paid', 'packing', 'shipped', 'completed')
                or orders.shipped_at is not null
           ), 0)::integer as taken
      from products
      left join order_lines on order_lines.product_id = products.id
      left join orders on orders.id = order_lines.order_id
     where products.code = ${productCode}
     group by products.id
  `
  if (!row) throw new Error("there is no product")
  return row
}

/** One buyer's whole story, in one of the ways there are; which one follows from who they are. */
async function buy(productCode: string, place: number): Promise<string> {
  const number = await newCustomer(tables, 5 * price)
  const quantity = 1 + (place % 2)
  const method = place % 3 === 0 ? "saldo" : "qris"
  const message = await say(tables, number)
  const placed = await order(tables, message, { productCode, quantity, method })
  if (placed.kind === "sold_out") return placed.kind
  if (placed.kind !== "paid" && placed.kind !== "awaiting_payment")
    throw new Error(`the order was ${placed.kind}`)
  const { orderCode } = placed.order
  if (placed.kind === "awaiting_payment") {
    const userId = await userIdOf(tables, number)
    if (place % 5 === 1) return (await cancelOrder(tables.sql, userId, orderCode)).kind
    if (place % 5 === 2) {
      await tables.sql`update orders set expires_at = now() where code = ${orderCode}`
      await expirePayments(tables.database, someProcess, { serves: [], limit: 10 })
    }
    const { reference } = placed.payment
    const amount = rupiah(placed.payment.amount)
    const given = { serves: [], reference, amount, transactionId: `t-${reference}` }
    // Of an order that has just expired it is late money, which gets the goods only where some are left.
    const settled = await settlePayment(tables.database, someProcess, given)
    if (settled.kind !== "settled") throw new Error(`the payment was ${settled.kind}`)
    if (settled.resolution !== "goods" && settled.resolution !== "late_goods") return settled.resolution
  }
  return await end(orderCode, place)
}

async function end(orderCode: string, place: number): Promise<string> {
  const refund = () =>
    refundOrder(desk.shop, {
      orderCode,
      amount: undefined,
      destination: "saldo",
      request: "S1",
      again: false,
      reason: "x",
      actor: "test",
    })
  if (place % 4 === 1) return (await refund()).kind
  if (place % 4 === 2) return "kept"
  await sendTo(tables, orderCode, home)
  await packOrder(tables.sql, { orderCode, actor: "test" })
  if (place % 4 === 0) await Promise.all([refund(), refund()])
  const { kind } = await shipOrder(tables.sql, { orderCode, actor: "test", ...parcel })
  return kind
}

test("a crowd buys, pays late, cancels and is refunded at once: no piece is sold twice and none is lost, at any instant", async () => {
  const productCode = await newProduct(tables, { stock: stockAtFirst }, price)
  let isOver = false
  const seen: number[] = []
  const watch = async () => {
    while (!isOver) {
      const { shelf, taken } = await pieces(productCode)
      seen.push(shelf + taken)
      expect(shelf).toBeGreaterThanOrEqual(0)
    }
  }
  const watching = watch()
  const ends = await Promise.all(
    Array.from({ length: buyers }, (_, place) => buy(productCode, place)),
  ).finally(() => {
    isOver = true
  })
  await watching
  expect(new Set(seen)).toEqual(new Set([stockAtFirst]))
  const { shelf, taken } = await pieces(productCode)
  expect(shelf + taken).toBe(stockAtFirst)
  expect(await auditBooks(tables.sql)).toEqual([])
  // The story had all of its kinds: else it proved less than it says.
  expect(ends).toContain("sold_out")
  expect(ends).toContain("cancelled")
  expect(ends).toContain("refunded")
  expect(ends).toContain("moved")

  const left = await Promise.all(
    Array.from({ length: shelf + 1 }, async () =>
      order(tables, await say(tables, await newCustomer(tables, price)), { productCode }),
    ),
  )
  const kinds = left.map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === "paid")).toHaveLength(shelf)
  expect(kinds.filter((kind) => kind === "sold_out")).toHaveLength(1)
  expect((await pieces(productCode)).shelf).toBe(0)
})
