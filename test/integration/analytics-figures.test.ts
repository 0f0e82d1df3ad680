import { afterAll, beforeAll, expect, test } from "bun:test"
import { countFigures } from "../../src/database/figures.ts"
import { forgetOldMessages } from "../../src/database/inbox.ts"
import { findProduct, listProducts, saveProducts } from "../../src/database/products.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  ownConnection,
  say,
  type TestTables,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const soldOf = async (code: string) => (await findProduct(tables.database, code))?.sold

/** Counts until so many of each are sold: what other tests on this server are writing may hold it up. */
const countsTo = async (wanted: Readonly<Record<string, number>>) => {
  const codes = Object.keys(wanted)
  await eventually(`sold is ${JSON.stringify(wanted)}`, async () => {
    await countFigures(tables.database)
    const sold = await Promise.all(codes.map(soldOf))
    return codes.every((code, place) => sold[place] === wanted[code])
  })
}

const buy = async (productCode: string, quantity = 1) => {
  const placed = await order(tables, await say(tables, await newCustomer(tables, 100_000)), {
    productCode,
    quantity,
  })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  return placed.order.orderCode
}

const giveBack = (orderCode: string, amount: number | null, request: string) =>
  tables.sql`
    select refund_order(1, '{}', ${orderCode}, ${amount}, 'saldo', ${request}, false, 'test', 'test')
  `

test("what was sold is counted, and what was given back whole is not", async () => {
  const code = await newProduct(tables, { units: 9 })
  const physical = await newProduct(tables, { stock: 9 })
  await buy(code, 2)
  const partly = await buy(code)
  const wholly = await buy(code, 3)
  await buy(physical, 4)
  await orderByQris(tables, { productCode: code, number: await newCustomer(tables) })
  await countsTo({ [code]: 6, [physical]: 4 })

  await giveBack(partly, 500, "R1")
  await giveBack(wholly, null, "R2")
  await countsTo({ [code]: 3, [physical]: 4 })
  const listed = await listProducts(tables.database)
  expect(listed.find((product) => product.code === code)?.sold).toBe(3)
})

test("several processes at once count everything once", async () => {
  const code = await newProduct(tables, { units: 12 })
  for (let time = 0; time < 12; time += 1) await buy(code)
  await Promise.all(Array.from({ length: 8 }, () => countFigures(tables.database)))
  await countsTo({ [code]: 12 })
})

test("a sale that was being written while later ones were counted is counted when it is there", async () => {
  const code = await newProduct(tables, { units: 2 })
  const [slow, quick] = [
    await orderByQris(tables, { productCode: code, number: await newCustomer(tables) }),
    await orderByQris(tables, { productCode: code, number: await newCustomer(tables) }),
  ]
  const other = ownConnection(tables)
  await other.begin(async (transaction) => {
    await transaction`select settle_payment(1, '{}', ${slow.payment.reference}, 1000, 't', true)`
    await tables.sql`select settle_payment(1, '{}', ${quick.payment.reference}, 1000, 't', true)`
    await countFigures(tables.database)
  })
  await other.end({ timeout: 5 })
  await countsTo({ [code]: 2 })
})

test("messages stay counted after they are forgotten", async () => {
  const counted = async () => {
    const [row] = await tables.sql<{ messages: number }[]>`
      select sum(messages)::integer as messages from messages_since('-infinity')
    `
    return row?.messages
  }
  const before = (await counted()) ?? 0
  await tables.sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  await say(tables, await newCustomer(tables))
  expect(await counted()).toBe(before + 1)
  await eventually("it is counted", async () => {
    await countFigures(tables.database)
    const [row] = await tables.sql<{ messages: number }[]>`
      select sum(messages)::integer as messages from message_counts
    `
    return row?.messages === before + 1
  })
  expect(await counted()).toBe(before + 1)
  await tables.sql`
    update inbox set state = 'done', claimed_by = null, received_at = now() - interval '40 days'
  `
  await forgetOldMessages(tables.database, { ageDays: 30, limit: 10_000 })
  expect(await tables.sql`select from inbox`).toHaveLength(0)
  expect(await counted()).toBe(before + 1)
})

test("a product is new for two weeks, and one of the demo never is", async () => {
  const [fresh, old] = [await newProduct(tables, { units: 0 }), await newProduct(tables, { units: 0 })]
  await tables.sql`update products set created_at = now() - interval '15 days' where code = ${old}`
  const words = { name: "Demo", category: "", description: "", stock: 0 }
  await saveProducts(tables.database, [
    { code: "DEMO-1", price: rupiah(1_000), kind: "digital", demo: true, ...words },
  ])
  const isNew = async (code: string) => (await findProduct(tables.database, code))?.isNew
  expect([await isNew(fresh), await isNew(old), await isNew("DEMO-1")]).toEqual([true, false, false])
})
