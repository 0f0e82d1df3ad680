import { afterAll, beforeAll, expect, test } from "bun:test"
import { tellAlerts } from "../../src/database/alerts.ts"
import { tellOrdersToPack } from "../../src/database/fulfilment.ts"
import { endIdleConversations, keepDelivery, lookUpPurchase } from "../../src/database/guided-orders.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
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

let tables: TestTables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const home = { recipient: "Budi", address: "Jl. Mawar 1, Solo" }

async function bought(given: { units: number } | { stock: number }) {
  const number = await newCustomer(tables, 50_000)
  const productCode = await newProduct(tables, given)
  const placed = await order(tables, await say(tables, number), { productCode })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  const userId = await userIdOf(tables, number)
  return { userId, orderCode: placed.order.orderCode, productCode }
}

const deliveryOf = async (orderCode: string) => {
  const [row] = await tables.sql`select delivery from orders where code = ${orderCode}`
  return row?.delivery
}

const keep = (userId: UserId, orderCode: string, delivery = home) =>
  keepDelivery(tables.sql, { userId, orderCode, delivery })

test("only its own customer says where an order goes, and it is remembered for their next one", async () => {
  const { userId, orderCode, productCode } = await bought({ stock: 3 })
  const other = await userIdOf(tables, await newCustomer(tables))
  expect(await keep(other, orderCode)).toEqual({ kind: "not_found" })
  expect(await deliveryOf(orderCode)).toEqual({})
  await tables.sql`update orders set delivery = '{"note": "fragile"}' where code = ${orderCode}`
  expect(await keep(userId, orderCode)).toEqual({ kind: "kept" })
  expect(await deliveryOf(orderCode)).toEqual({ note: "fragile", ...home })
  const asked = { productCode, quantity: 1, orderCode: undefined }
  expect((await lookUpPurchase(tables.database, userId, asked)).remembered).toEqual(home)
  expect((await lookUpPurchase(tables.database, other, asked)).remembered).toBeNull()
})

test("an order that is on its way, and one that is not sent at all, keep what they have", async () => {
  const parcel = await bought({ stock: 1 })
  expect(await keep(parcel.userId, parcel.orderCode)).toEqual({ kind: "kept" })
  await tables.sql`select pack_order(${parcel.orderCode}, 'test')`
  await tables.sql`select ship_order(${parcel.orderCode}, 'JNE', 'CGK1', 'test')`
  const shipped = { kind: "refused" as const, status: "shipped" as const, isDigital: false }
  expect(await keep(parcel.userId, parcel.orderCode)).toEqual(shipped)
  const digital = await bought({ units: 1 })
  expect(await keep(digital.userId, digital.orderCode)).toMatchObject({ kind: "refused", isDigital: true })
  expect(await deliveryOf(digital.orderCode)).toEqual({})
})

test("an address that is changed after the operators knew it is on the record, and they hear of the last one", async () => {
  const { sql, database } = tables
  const owner = await newCustomer(tables)
  await say(tables, owner)
  await sql`update users set role = 'owner' where number = ${owner}`
  const tell = (calm = true) => tellAlerts(database, { at: new Date(), calm })
  const { userId, orderCode } = await bought({ stock: 1 })
  await keep(userId, orderCode)
  await keep(userId, orderCode, { ...home, address: "Jl. Kenanga 2" })
  expect(await tell()).toBe(0)
  await tellOrdersToPack(sql, { limit: 100 })
  await keep(userId, orderCode, { ...home, address: "Jl. Kenanga 2" })
  expect(await tell()).toBe(0)
  await keep(userId, orderCode, { ...home, address: "Jl. Melati 3" })
  expect(await tell(false)).toBe(0)
  await sql`select pack_order(${orderCode}, 'test')`
  await keep(userId, orderCode, { ...home, address: "Jl. Anggrek 4" })
  expect([await tell(), await tell()]).toEqual([1, 0])
  const [word] = await sql`select user_id, data from outbox where kind = 'operator_alerts' order by id desc`
  const address = "Jl. Anggrek 4"
  expect(word).toMatchObject({
    user_id: await userIdOf(tables, owner),
    data: { alerts: [{ kind: "new_address", orderCode, recipient: "Budi", address }] },
  })
  await keep(userId, orderCode)
  expect(await tell()).toBe(1)
  const record = await sql`
    select actor, details #>> '{before,address}' as before
      from audit_log
     where action = 'change_address'
     order by id
  `
  expect([...record]).toEqual(
    ["Jl. Kenanga 2", "Jl. Melati 3", "Jl. Anggrek 4"].map((before) => ({ actor: `user:${userId}`, before })),
  )
})

test("what a purchase is said to cost is what the sale reckons: own price, quantity and voucher", async () => {
  const { sql, database } = tables
  const number = await newCustomer(tables, 7_000)
  const userId = await userIdOf(tables, number)
  const productCode = await newProduct(tables, { units: 9 }, 1_000)
  const look = async (quantity: number) =>
    (await lookUpPurchase(database, userId, { productCode, quantity, orderCode: undefined })).product
  expect(await look(2)).toEqual({
    maxQuantity: 100,
    price: rupiah(1_000),
    discount: rupiah(0),
    voucherCode: null,
    total: rupiah(2_000),
  })
  await sql`
    insert into product_prices (product_id, role, min_quantity, price)
    select id, special.* from products, (values ('', 3, 900), ('reseller', 1, 800)) as special
     where code = ${productCode}
  `
  await sql`
    with made as (
      insert into vouchers (code, amount, min_total, created_by)
      values ('HEMAT', 500, 2500, 'test')
      returning id
    )
    insert into voucher_choices (user_id, voucher_id) select ${userId}, id from made
  `
  expect(await look(2)).toMatchObject({ price: 1_000, discount: 0, voucherCode: null, total: 2_000 })
  expect(await look(3)).toMatchObject({ price: 900, discount: 500, voucherCode: "HEMAT", total: 2_200 })
  const message = await say(tables, number)
  const given = { productCode, quantity: 3, expectedTotal: rupiah(2_200), method: "saldo" as const }
  expect(await order(tables, message, given)).toMatchObject({ kind: "paid", order: { total: 2_200 } })
  await sql`update users set role = 'reseller' where id = ${userId}`
  expect(await look(1)).toMatchObject({ price: 800, total: 800 })
  expect(
    (await lookUpPurchase(database, userId, { productCode, quantity: 1, orderCode: undefined })).balance,
  ).toBe(rupiah(4_800))
  await sql`update products set hidden_at = now() where code = ${productCode}`
  expect(await look(1)).toBeNull()
})

/** A customer who was asked something so long ago. */
async function askedBefore(
  minutes: number,
  step: string,
  data: Record<string, string> = {},
): Promise<UserId> {
  const userId = await userIdOf(tables, await newCustomer(tables))
  const { sql } = tables
  await sql`
    insert into conversations (user_id, step, data, channel, updated_at)
    values (${userId}, ${step}, ${sql.json(data)}, 'test', now() - make_interval(mins => ${minutes}))
  `
  return userId
}

async function farewells(userId: UserId): Promise<readonly unknown[]> {
  const rows = await tables.sql<{ data: unknown }[]>`
    select data from outbox where user_id = ${userId} and kind = 'conversation_ended'
  `
  return rows.map(({ data }) => data)
}

const isOpen = async (userId: UserId) =>
  (await tables.sql`select from conversations where user_id = ${userId}`).length === 1

test("a silent conversation ends once, whoever looks, and one of a message that waits does not", async () => {
  const { sql, database } = tables
  const idle = await Promise.all(Array.from({ length: 7 }, () => askedBefore(31, "quantity")))
  const fresh = await askedBefore(29, "quantity")
  const waiting = await askedBefore(31, "summary")
  await sql`
    insert into inbox (channel, message_id, user_id, text, state)
    values ('test', 'late', ${waiting}, '1', 'waiting')
  `
  const ended = await Promise.all(
    Array.from({ length: 4 }, () => endIdleConversations(database, someProcess, 3)),
  )
  const last = await endIdleConversations(database, someProcess, 50)
  expect(ended.reduce((sum, count) => sum + count, last)).toBe(7)
  for (const userId of idle) expect(await farewells(userId)).toEqual([{}])
  for (const userId of [fresh, waiting]) {
    expect(await farewells(userId)).toEqual([])
    expect(await isOpen(userId)).toBe(true)
  }
})

test("an operator's question, and one about an address that is not wanted any more, end in silence", async () => {
  const operator = await askedBefore(40, "confirm", { line: ".refund" })
  const wanted = await bought({ stock: 1 })
  const given = await bought({ stock: 1 })
  await keep(given.userId, given.orderCode)
  for (const { userId, orderCode } of [wanted, given]) {
    const { sql } = tables
    await sql`delete from conversations where user_id = ${userId}`
    await sql`update outbox set created_at = now() - interval '1 hour' where user_id = ${userId}`
    await sql`update inbox set state = 'done', claimed_by = null where user_id = ${userId}`
    await sql`
      insert into conversations (user_id, step, data, channel, updated_at)
      values (${userId}, 'recipient', ${sql.json({ orderCode })}, 'test', now() - interval '40 minutes')
    `
  }
  await endIdleConversations(tables.database, someProcess, 50)
  expect(await isOpen(operator)).toBe(false)
  expect(await farewells(operator)).toEqual([])
  expect(await farewells(given.userId)).toEqual([])
  expect(await farewells(wanted.userId)).toEqual([{ orderCode: wanted.orderCode }])
})
