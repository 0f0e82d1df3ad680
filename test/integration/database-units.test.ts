import { afterAll, beforeAll, expect, test } from "bun:test"
import { cancelOrder } from "../../src/database/orders.ts"
import { addUnits } from "../../src/database/stock.ts"
import type { UserId } from "../../src/shop/ids.ts"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  refusal,
  say,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

/**
 * The orders of two customers for the same product, in which nothing is left: one held, or sold, and another.
 */
async function twoOrders(first: "held" | "sold") {
  const productCode = await newProduct(tables, { units: 2 })
  const number = await newCustomer(tables, 5_000)
  if (first === "held") await orderByQris(tables, { productCode, number })
  else await order(tables, await say(tables, number), { productCode })
  const other = await newCustomer(tables, 5_000)
  await order(tables, await say(tables, other), { productCode })
  const orderOf = async (owner: string) => {
    const userId = await userIdOf(tables, owner)
    const [row] = await tables.sql<{ id: number }[]>`select id from orders where user_id = ${userId}`
    return row?.id ?? 0
  }
  return {
    orderId: await orderOf(number),
    otherOrderId: await orderOf(other),
    userId: await userIdOf(tables, number),
  }
}

test("a sold unit stays with its order, as it is", async () => {
  const { sql } = tables
  const { orderId, otherOrderId } = await twoOrders("sold")
  const attempts = [
    sql`update stock_units set order_id = ${otherOrderId} where order_id = ${orderId}`,
    sql`update stock_units set state = 'available', order_id = null where order_id = ${orderId}`,
    sql`update stock_units set state = 'held' where order_id = ${orderId}`,
    sql`update stock_units set payload = 'x' where order_id = ${orderId}`,
    sql`update stock_units set fingerprint = 'x' where order_id = ${orderId}`,
    sql`delete from stock_units where order_id = ${orderId}`,
  ]
  for (const attempt of attempts) expect(await refusal(attempt)).toBe("stock_units_legal_moves")
  expect(await refusal(sql`truncate stock_units cascade`)).toBe(kept)
})

test("a held unit cannot pass to another order, nor be deleted", async () => {
  const { sql } = tables
  const { orderId, otherOrderId } = await twoOrders("held")
  const attempts = [
    sql`update stock_units set order_id = ${otherOrderId} where order_id = ${orderId}`,
    sql`update stock_units set order_id = ${otherOrderId}, state = 'sold' where order_id = ${orderId}`,
    sql`delete from stock_units where order_id = ${orderId}`,
  ]
  for (const attempt of attempts) expect(await refusal(attempt)).toBe("stock_units_legal_moves")
})

test("a unit of an unpaid order is not sold, and so never handed over", async () => {
  const { sql } = tables
  const { orderId, userId } = await twoOrders("held")
  const sell = () => sql`update stock_units set state = 'sold' where order_id = ${orderId}`
  expect(await refusal(sell())).toBe("stock_units_sold_when_paid")
  await cancelOrder(tables.sql, userId as UserId, undefined)
  const afterwards = sql`
    update stock_units
       set state = 'sold',
           order_id = ${orderId}
     where state = 'available'
       and product_id = (select product_id from order_lines where order_id = ${orderId})
  `
  expect(await refusal(afterwards)).toBe("stock_units_sold_when_paid")
})

test("a unit goes only to an order that has bought its product", async () => {
  const { sql } = tables
  const { orderId } = await twoOrders("sold")
  const productCode = await newProduct(tables, { units: 1 })
  const give = sql`
    update stock_units
       set state = 'sold',
           order_id = ${orderId}
     where product_id = (select id from products where code = ${productCode})
  `
  expect(await refusal(give)).toBe("stock_units_order_id_product_id_fkey")
})

test("a unit is free exactly when it has no order", async () => {
  const { sql } = tables
  const productCode = await newProduct(tables, { units: 1 })
  const free = sql`select id from products where code = ${productCode}`
  expect(await refusal(sql`update stock_units set state = 'held' where product_id = (${free})`)).toBe(
    "stock_units_check",
  )
})

test("the same payload is not put on sale twice in one product, also by two at once", async () => {
  const { sql, database } = tables
  const code = await newProduct(tables, { units: 0 })
  const units = ["one", "two", "one"].map((text) => ({
    payload: Buffer.from(text),
    fingerprint: Buffer.from(text),
  }))
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => addUnits(database, code, units, "")))
  const added = outcomes.map((outcome) => (outcome.kind === "added" ? outcome.added : 0))
  expect(added.reduce((sum, count) => sum + count, 0)).toBe(2)
  const again = sql`
    insert into stock_units (product_id, payload, fingerprint)
    select id, 'one', 'one' from products where code = ${code}
  `
  expect(await refusal(again)).toBe("stock_units_product_id_fingerprint_key")
  const other = await newProduct(tables, { units: 0 })
  expect(await addUnits(database, other, units, "")).toMatchObject({ added: 2, duplicates: 1 })
})
