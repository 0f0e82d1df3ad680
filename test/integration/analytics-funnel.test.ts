import { afterAll, beforeAll, expect, test } from "bun:test"
import { connectTo } from "../../src/database/connect.ts"
import { migrate } from "../../src/database/migrate.ts"
import { migrations } from "../../src/database/migrations.ts"
import { refundOrder } from "../../src/database/refunds.ts"
import { emptyDatabase } from "../support/engines.ts"
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
import { warrantyDesk } from "../support/warranty.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables(4)
})
afterAll(() => tables.close())

/** The steps of one order as they were written. */
async function stepsOf(orderCode: string): Promise<readonly string[]> {
  const rows = await tables.sql<{ step: string }[]>`
    select step
      from events
      join orders on orders.id = events.order_id
     where orders.code = ${orderCode}
     order by events.id
  `
  return rows.map(({ step }) => step)
}

const settle = (reference: string, transaction = "t-1") =>
  tables.sql`select settle_payment(1, '{}', ${reference}, 1000, ${transaction}, true)`

const giveBack = (orderCode: string, request: string) =>
  refundOrder(tables.database, someProcess, {
    providers: [],
    orderCode,
    destination: "saldo",
    request,
    again: false,
    reason: "test",
    actor: "test",
  })

test("a sale from the balance takes each step once, however often its goods are sent", async () => {
  const desk = warrantyDesk(tables)
  const { orderCode } = await desk.bought(await newProduct(tables, { units: 1 }))
  const [goods] = await tables.sql<{ id: number; user_id: number }[]>`
    update outbox
       set state = 'sending', claimed_by = ${someProcess}
     where kind = 'goods' and order_id = (select id from orders where code = ${orderCode})
    returning id, user_id
  `
  await tables.sql`select mark_sent(${someProcess}, array[${goods?.id ?? 0}]::bigint[])`
  await tables.sql`
    select promise_message(${someProcess}, '{}', 'test', ${goods?.user_id ?? 0}, 'goods', null, '{"resent": true}',
                           (select id from orders where code = ${orderCode}), null)
  `
  await desk.deliverAll()
  expect(await stepsOf(orderCode)).toEqual(["checkout", "paid", "delivered"])
})

test("an order by QRIS takes each step once, also when it is paid twice, and late", async () => {
  const productCode = await newProduct(tables, { units: 3 })
  const { payment, order: placed } = await orderByQris(tables, {
    productCode,
    number: await newCustomer(tables),
  })
  expect(await stepsOf(placed.orderCode)).toEqual(["checkout"])
  await tables.sql`update orders set expires_at = now() where code = ${placed.orderCode}`
  await tables.sql`select expire_payments(1, '{}', 10)`
  await settle(payment.reference)
  await settle(payment.reference)
  await settle(payment.reference, "t-2")
  expect(await stepsOf(placed.orderCode)).toEqual(["checkout", "paid"])
})

test("physical goods are delivered once, however often it is noted", async () => {
  const message = await say(tables, await newCustomer(tables, 1_000))
  const placed = await order(tables, message, { productCode: await newProduct(tables, { stock: 1 }) })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  const { orderCode } = placed.order
  for (let time = 0; time < 3; time += 1)
    await tables.sql`select note_delivered(id) from orders where code = ${orderCode}`
  expect(await stepsOf(orderCode)).toEqual(["checkout", "paid", "delivered"])
})

test("an order is noted as given back once all of it is", async () => {
  const message = await say(tables, await newCustomer(tables, 1_000))
  const placed = await order(tables, message, { productCode: await newProduct(tables, { units: 1 }) })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  const { orderCode } = placed.order
  await tables.sql`select refund_order(1, '{}', ${orderCode}, 400, 'saldo', 'R1', false, 'test', 'test')`
  expect(await stepsOf(orderCode)).toEqual(["checkout", "paid"])
  await giveBack(orderCode, "R2")
  await giveBack(orderCode, "R2")
  expect(await stepsOf(orderCode)).toEqual(["checkout", "paid", "refunded"])
})

test("a shop that is updated keeps each step of its orders once, and notes what was given back", async () => {
  const place = await emptyDatabase()
  const shop = "warung"
  await migrate(
    place.address,
    shop,
    migrations.filter(({ name }) => name < "0023"),
  )
  const sql = connectTo(place.address, shop, 1)
  await sql`set session_replication_role = replica`
  await sql`insert into users (number) values ('6281100000001')`
  await sql`
    insert into orders (code, user_id, kind, status, method, total, channel)
    select 'OLD-' || number, 1, 'digital', status, 'saldo', 1000, 'test'
      from (values (1, 'refunded'), (2, 'delivered')) as given (number, status)
  `
  await sql`
    insert into events (step, user_id, order_id)
    values ('greeting', 1, null), ('greeting', 1, null), ('paid', 1, 1), ('paid', 1, 1), ('paid', 1, 2)
  `
  await migrate(place.address, shop)
  const steps = await sql`select step, order_id from events order by id`
  expect([...steps]).toEqual([
    { step: "greeting", order_id: null },
    { step: "greeting", order_id: null },
    { step: "paid", order_id: 1 },
    { step: "paid", order_id: 2 },
    { step: "refunded", order_id: 1 },
  ])
  await sql.end({ timeout: 5 })
  await place.drop()
})
