import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { findProduct } from "../../src/database/products.ts"
import { type Rupiah, rupiah } from "../../src/shop/money.ts"
import { priceFor, priceSteps } from "../../src/shop/prices.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newCustomer, newProduct, openTables, order, say, type TestTables } from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

type Tier = Readonly<{ role: "" | "reseller"; minQuantity: number; price: number }>

async function newTiered(tiers: readonly Tier[], price = 1_000, units = 0): Promise<string> {
  const code = await newProduct(tables, { units }, price)
  await tables.sql`
    insert into product_prices (product_id, role, min_quantity, price)
    select products.id, role, "minQuantity", tier.price
      from products,
           jsonb_to_recordset(${tables.sql.json(tiers.map((tier) => ({ ...tier })))})
             as tier(role text, "minQuantity" integer, price bigint)
     where products.code = ${code}
  `
  return code
}

async function buy(code: string, role: "customer" | "reseller", quantity: number): Promise<Rupiah> {
  const number = await newCustomer(tables, 1_000_000)
  await tables.sql`update users set role = ${role} where number = ${number}`
  const placed = await order(tables, await say(tables, number), { productCode: code, quantity })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  return placed.order.total
}

test("a customer pays the lowest price that fits their role and quantity", async () => {
  const tiers: readonly Tier[] = [
    { role: "", minQuantity: 5, price: 900 },
    { role: "reseller", minQuantity: 1, price: 850 },
    { role: "reseller", minQuantity: 10, price: 700 },
  ]
  const code = await newTiered(tiers, 1_000, 50)
  const totals: number[] = []
  for (const [role, quantity] of [
    ["customer", 1],
    ["customer", 4],
    ["customer", 5],
    ["customer", 10],
    ["reseller", 1],
    ["reseller", 5],
    ["reseller", 10],
  ] as const)
    totals.push(await buy(code, role, quantity))
  expect(totals).toEqual([1_000, 4_000, 4_500, 9_000, 850, 4_250, 7_000])
  const lines = await tables.sql`select unit_price, quantity from order_lines order by id desc limit 1`
  expect(lines).toMatchObject([{ unit_price: 700, quantity: 10 }])
})

const tier = fc.record({
  role: fc.constantFrom("" as const, "reseller" as const),
  minQuantity: fc.integer({ min: 2, max: 12 }),
  price: fc.integer({ min: 1, max: 1_500 }),
})

test("what is shown is what the sale reckons, for every role and quantity", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(tier, { maxLength: 5, selector: ({ role, minQuantity }) => `${role} ${minQuantity}` }),
      fc.constantFrom("customer" as const, "reseller" as const, "admin" as const),
      async (tiers, role) => {
        const code = await newTiered(tiers)
        const product = await findProduct(tables.database, code)
        if (!product) throw new Error("there is no product")
        const rows = await tables.sql<{ quantity: number; price: number }[]>`
          select quantity, price_of(products.id, ${role}, quantity) as price
            from products, generate_series(1, 13) as quantity
           where code = ${code}
           order by quantity
        `
        const shown = rows.map(({ quantity }) => ({ quantity, price: priceFor(product, { role, quantity }) }))
        expect<unknown>(shown).toEqual([...rows])
        const steps = [{ minQuantity: 1, price: priceFor(product, { role, quantity: 1 }) }].concat(
          priceSteps(product, role),
        )
        const bySteps = rows.map(({ quantity }) => ({
          quantity,
          price: steps.findLast(({ minQuantity }) => minQuantity <= quantity)?.price,
        }))
        expect<unknown>(bySteps).toEqual([...rows])
      },
    ),
    { numRuns: 25 },
  )
})

test("a product that was cached before there were special prices costs what it did", () => {
  const product = { price: rupiah(1_000) }
  expect<number>(priceFor(product, { role: "reseller", quantity: 5 })).toBe(1_000)
  expect(priceSteps(product, "reseller")).toEqual([])
})
