import { afterAll, beforeAll, expect, test } from "bun:test"
import { createOrderPlacing } from "../../src/database/orders.ts"
import { type OrderStatus, orderMoves } from "../../src/shop/order-states.ts"
import { home, parcel } from "../support/parcels.ts"
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

const everyStatus: Readonly<Record<OrderStatus, true>> = {
  awaiting_payment: true,
  paid: true,
  delivered: true,
  packing: true,
  shipped: true,
  completed: true,
  expired: true,
  cancelled: true,
  refunded: true,
}
const statuses = Object.keys(everyStatus) as OrderStatus[]

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

/** The states on a legal way to this one, itself last. */
function wayTo(status: OrderStatus): string[] {
  const ways: string[][] = [["new"]]
  for (const way of ways) {
    if (way.at(-1) === status) return way.slice(1)
    for (const [from, to] of orderMoves) if (from === way.at(-1) && !way.includes(to)) ways.push([...way, to])
  }
  throw new Error(`no way leads to ${status}`)
}

async function insertOrder(status: string, userId: number): Promise<number> {
  const { sql, newName } = tables
  const [made] = await sql<{ id: number }[]>`
    insert into orders (code, user_id, kind, status, method, total, channel, expires_at, shipped_at, delivery)
    values (${`T-${newName()}-X`}, ${userId}, 'digital', ${status}, 'qris', 1000, 'test',
            now() + interval '1 hour', now(), ${sql.json({ ...home, ...parcel })})
    returning id
  `
  return made?.id ?? 0
}

async function orderIn(status: OrderStatus): Promise<number> {
  const userId = await userIdOf(tables, await newCustomer(tables))
  const [first = "", ...rest] = wayTo(status)
  const id = await insertOrder(first, userId)
  for (const next of rest) await tables.sql`update orders set status = ${next} where id = ${id}`
  return id
}

test("an order begins in the states it may begin in, and in no other", async () => {
  for (const status of statuses) {
    const userId = await userIdOf(tables, await newCustomer(tables))
    const legal = orderMoves.some(([from, to]) => from === "new" && to === status)
    const outcome = insertOrder(status, userId)
    if (legal) expect(await outcome).toBeGreaterThan(0)
    else expect(await refusal(outcome)).toBe("orders_legal_moves")
  }
})

for (const from of statuses) {
  test(`from ${from} an order goes where the list says, and nowhere else`, async () => {
    for (const to of [...statuses, "new", "lost"]) {
      if (to === from) continue
      const id = await orderIn(from)
      const legal = orderMoves.some(([listed, next]) => listed === from && next === to)
      const move = tables.sql`update orders set status = ${to} where id = ${id} returning status`
      if (legal) expect(await move).toMatchObject([{ status: to }])
      else expect(await refusal(move)).toBe("orders_legal_moves")
    }
  })
}

test("a customer has at most one unpaid order, also when two are made at once", async () => {
  const userId = await userIdOf(tables, await newCustomer(tables))
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => insertOrder("awaiting_payment", userId)))
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  expect(await refusal(insertOrder("awaiting_payment", userId))).toBe("orders_one_unpaid_per_user")
})

test("what was ordered stays as it was agreed", async () => {
  const { sql } = tables
  const productCode = await newProduct(tables, { units: 1 })
  const { order: words } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  const code = words.orderCode
  expect(await refusal(sql`update orders set total = 1 where code = ${code}`)).toBe(kept)
  expect(await refusal(sql`update orders set user_id = user_id where code = ${code}`)).toBe(kept)
  expect(await refusal(sql`update orders set kind = 'physical' where code = ${code}`)).toBe(kept)
  expect(await refusal(sql`update order_lines set quantity = 2, amount = 2 * unit_price`)).toBe(kept)
  expect(await refusal(sql`delete from order_lines`)).toBe(kept)
  expect(await refusal(sql`delete from orders where code = ${code}`)).toBe(kept)
  expect(await refusal(sql`truncate orders cascade`)).toBe(kept)
  expect(await refusal(sql`truncate products cascade`)).toBe(kept)
})

test("an order gets no line later, and costs what its lines cost", async () => {
  const { sql } = tables
  const bought = await newProduct(tables, { units: 1 })
  const other = await newProduct(tables, { units: 1 })
  const number = await newCustomer(tables, 5_000)
  await order(tables, await say(tables, number), { productCode: bought })
  const added = sql`
    insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
    select orders.id, products.id, products.name, 1, 500, 500
      from orders
      join users on users.id = user_id and number = ${number}
      join products on products.code = ${other}
  `
  expect(await refusal(added)).toBe("order_lines_add_up")
})

test("a line costs its price times its quantity, which is from 1 to 100", async () => {
  const id = await orderIn("awaiting_payment")
  const productCode = await newProduct(tables, { units: 1 })
  const line = (quantity: number, unitPrice: number, amount: number) => tables.sql`
    insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
    select ${id}, products.id, '', ${quantity}, ${unitPrice}, ${amount}
      from products
     where code = ${productCode}
  `
  expect(await refusal(line(3, 1_000, 2_999))).toBe("order_lines_check")
  expect(await refusal(line(1, 0, 0))).toBe("order_lines_unit_price_check")
  expect(await refusal(line(-1, 1_000, -1_000))).toBe("order_lines_quantity_check")
  expect(await refusal(line(101, 1_000, 101_000))).toBe("order_lines_quantity_check")
})

test("prices and totals are above zero, and stock is never below", async () => {
  const { sql } = tables
  const code = await newProduct(tables, { stock: 2 })
  const digital = await newProduct(tables, { units: 1 })
  expect(await refusal(sql`update products set price = 0 where code = ${code}`)).toBe("products_price_check")
  expect(await refusal(sql`update products set price = -1 where code = ${code}`)).toBe("products_price_check")
  expect(await refusal(sql`update products set stock = stock - 3 where code = ${code}`)).toBe(
    "products_stock_check",
  )
  expect(await refusal(sql`update products set stock = 1 where code = ${digital}`)).toBe("products_check")
  const free = sql`
    insert into orders (code, user_id, kind, status, method, total, channel)
    select 'T-FREE', id, 'digital', 'paid', 'saldo', 0, 'test' from users limit 1
  `
  expect(await refusal(free)).toBe("orders_total_check")
})

test("a product that was sold and a customer who has bought cannot be deleted", async () => {
  const { sql } = tables
  const code = await newProduct(tables, { units: 1 })
  const number = await newCustomer(tables)
  await orderByQris(tables, { productCode: code, number })
  expect(await refusal(sql`delete from products where code = ${code}`)).toMatch(/_product_id_fkey$/)
  expect(await refusal(sql`delete from users where number = ${number}`)).toMatch(/_user_id_fkey$/)
})

test("names keep characters of four bytes", async () => {
  const { sql } = tables
  const name = "𝔅𝔲𝔡𝔦 🦊 𠮷野"
  const number = await newCustomer(tables)
  await sql`update users set name = ${name} where number = ${number}`
  expect(await sql`select name from users where number = ${number}`).toMatchObject([{ name }])
})

test("QRIS that is not offered is said to be so, and holds nothing", async () => {
  const number = await newCustomer(tables, 500)
  const productCode = await newProduct(tables, { units: 1 })
  const message = await say(tables, number)
  const place = createOrderPlacing(tables.database, {
    serves: () => [],
    qrisProvider: undefined,
    holdSeconds: 900,
  })
  const request = { productCode, quantity: 1, orderCode: "T-NO-QRIS", payToken: "token-of-no-page-at-all" }
  expect(await place(message, { ...request, method: "qris" })).toEqual({ kind: "qris_not_offered" })
  expect(await place(message, { ...request, method: "auto" })).toMatchObject({ kind: "insufficient_balance" })
  expect(
    await tables.sql`select from stock_units where state <> 'available' and product_id = (
    select id from products where code = ${productCode}
  )`,
  ).toHaveLength(0)
})
