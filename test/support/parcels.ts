import { settlePayment } from "../../src/database/settlements.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { OrderStatus } from "../../src/shop/order-states.ts"
import {
  newCustomer,
  newProduct,
  order,
  orderByQris,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "./selling.ts"

export const home = { recipient: "Budi Santoso", address: "Jl. Kopi 1, Bandung 40111" } as const
export const parcel = { courier: "JNE REG", tracking: "JP1234567890" } as const

/** A paid order of physical goods; sent to `home` unless its customer has not said where to. */
export async function paidParcel(
  tables: TestTables,
  given: { hasAddress?: boolean; price?: number; number?: string } = {},
) {
  const { hasAddress = true, price = 10_000 } = given
  const productCode = await newProduct(tables, { stock: 5 }, price)
  const number = given.number ?? (await newCustomer(tables, price))
  const message = await say(tables, number)
  const placed = await order(tables, message, { productCode })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  const { orderCode } = placed.order
  await sendTo(tables, orderCode, hasAddress ? home : {})
  return { orderCode, number, productCode, userId: await userIdOf(tables, number) }
}

export async function sendTo({ sql }: TestTables, orderCode: string, delivery: object): Promise<void> {
  await sql`update orders set delivery = ${sql.json({ ...delivery })} where code = ${orderCode}`
}

/** An order of physical goods that waits for its payment. */
export async function unpaidParcel(tables: TestTables) {
  const productCode = await newProduct(tables, { stock: 5 }, 10_000)
  const placed = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  const { reference, amount } = placed.payment
  return { orderCode: placed.order.orderCode, productCode, reference, amount: rupiah(amount) }
}

/** The same, paid through its provider. */
export async function parcelPaidByQris(tables: TestTables) {
  const unpaid = await unpaidParcel(tables)
  const { reference, amount } = unpaid
  const given = { serves: [], reference, amount, transactionId: `t-${reference}` }
  await settlePayment(tables.database, someProcess, given)
  await sendTo(tables, unpaid.orderCode, home)
  return unpaid
}

/** The order as it stands, and the kinds of messages about its way that its customer was promised. */
export async function parcelState({ sql }: TestTables, orderCode: string) {
  const [row] = await sql<{ status: OrderStatus; delivery: object; told: string[]; done: string[] }[]>`
    select status, delivery,
           (select coalesce(array_agg(kind::text order by id), '{}')
              from outbox
             where order_id = orders.id
               and kind in ('order_packing', 'order_shipped', 'order_completed', 'address_wanted')) as told,
           (select coalesce(array_agg(action || ' by ' || actor order by id), '{}')
              from audit_log
             where subject = 'order:' || orders.id) as done
      from orders
     where code = ${orderCode}
  `
  if (!row) throw new Error("there is no order")
  return row
}
