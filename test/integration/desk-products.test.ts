import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Statements } from "../../src/database/connect.ts"
import { saveProducts } from "../../src/database/products.ts"
import { openVault } from "../../src/operations/vault.ts"
import { addPastedUnits } from "../../src/shop/add-pasted-units.ts"
import { countGoods } from "../../src/shop/count-goods.ts"
import { addProduct, previewHiding, setProductHidden } from "../../src/shop/manage-product.ts"
import { rupiah } from "../../src/shop/money.ts"
import { setPrice, showPrices } from "../../src/shop/set-price.ts"
import { auditBooks } from "../support/audit-books.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  say,
  type TestTables,
} from "../support/selling.ts"

const vault = openVault("5e".repeat(32))
const actor = "user:1"
let tables: TestTables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

const within = <Result>(work: (statements: Statements) => Promise<Result>) => tables.sql.begin(work)
const paste = (statements: Statements, code: string, lines: readonly string[]) =>
  addPastedUnits(statements, vault, { code, lines, batch: "chat:M1", actor })

const described = (code: string) => ({
  code,
  name: "Sendiri",
  price: rupiah(5_000),
  category: "",
  description: "",
  kind: "digital" as const,
  stock: 0,
})

test("what was undone by a crash is done again with the same counts", async () => {
  const code = await newProduct(tables, { units: 0 })
  const lines = ["one", "two", "one", "\u0007"]
  const undone: unknown[] = []
  const crash = within(async (statements) => {
    undone.push(await paste(statements, code, lines))
    throw new Error("killed before the commit")
  })
  expect(crash).rejects.toThrow("killed")
  await crash.catch(() => undefined)
  const outcome = await within((statements) => paste(statements, code, lines))
  expect(outcome).toMatchObject({ kind: "added", added: 2, repeated: 1, known: 0 })
  expect(undone).toEqual([outcome])
})

test("two operators who paste the same list at once add each unit once", async () => {
  const code = await newProduct(tables, { units: 0 })
  const lines = Array.from({ length: 50 }, (_, place) => `both-${place}`)
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => within((statements) => paste(statements, code, lines))),
  )
  const added = outcomes.map((outcome) => (outcome.kind === "added" ? outcome.added : -1))
  expect(added.sort((one, other) => one - other)).toEqual([0, 0, 50])
})

test("the demo's products go off sale with the first real one, and give their codes free", async () => {
  const demo = { ...described("DEMO-KOPI"), name: "Contoh", demo: true }
  await saveProducts(tables.database, [demo])
  const goods = await within((statements) => paste(statements, "DEMO-KOPI", ["real"]))
  expect(goods.kind).toBe("demo_product")
  const added = await within((statements) =>
    addProduct(statements, { product: described("DEMO-KOPI"), actor }),
  )
  expect(added).toMatchObject({
    kind: "added",
    retired: ["DEMO-KOPI"],
    product: { name: "Sendiri", isDemo: false },
  })
  const again = await within((statements) =>
    addProduct(statements, { product: described("DEMO-KOPI"), actor }),
  )
  expect(again).toMatchObject({ kind: "exists", product: { name: "Sendiri" } })
})

test("a demo product that was hidden comes back, and is out of the way of a real one of its code", async () => {
  await saveProducts(tables.database, [{ ...described("DEMO-TEH"), demo: true }])
  const hide = (isHidden: boolean) =>
    within((statements) => setProductHidden(statements, { code: "DEMO-TEH", isHidden, actor }))
  expect((await hide(true)).kind).toBe("hidden")
  expect((await hide(false)).kind).toBe("unhidden")
  await hide(true)
  const product = described("DEMO-TEH")
  const added = await within((statements) => addProduct(statements, { product, actor }))
  expect(added).toMatchObject({ kind: "added", product: { isDemo: false, isHidden: false } })
})

test("an order that is open when its product goes off sale is paid and delivered all the same", async () => {
  const productCode = await newProduct(tables, { units: 1 })
  const number = await newCustomer(tables)
  const placed = await orderByQris(tables, { productCode, number })
  const meant = await within((statements) => previewHiding(statements, productCode))
  expect(meant).toMatchObject({ kind: "hideable", openOrders: 1 })
  await within((statements) => setProductHidden(statements, { code: productCode, isHidden: true, actor }))
  await tables.sql`select settle_payment(1, '{}', ${placed.payment.reference}, 1000, 't', true)`
  const [row] = await tables.sql<{ sold: number }[]>`
    select sold_stock(id) as sold from products where code = ${productCode}
  `
  expect(row?.sold).toBe(1)
  await tables.sql`update inbox set state = 'done', claimed_by = null where state = 'working'`
  const refused = await order(tables, await say(tables, await newCustomer(tables, 5_000)), { productCode })
  expect(refused.kind).toBe("unknown_product")
})

test("goods that are counted while they are bought are never fewer than none, and each is counted", async () => {
  const productCode = await newProduct(tables, { stock: 20 })
  const buyers = await Promise.all(Array.from({ length: 10 }, () => newCustomer(tables, 5_000)))
  const messages = await Promise.all(buyers.map((number) => say(tables, number)))
  const taking = Array.from({ length: 15 }, () =>
    within((statements) =>
      countGoods(statements, { code: productCode, count: { how: "by", amount: -1 }, actor }),
    ),
  )
  const buying = messages.map((message) => order(tables, message, { productCode }))
  const taken = (await Promise.all(taking)).filter(({ kind }) => kind === "counted").length
  const sold = (await Promise.all(buying)).filter(({ kind }) => kind === "paid").length
  const [row] = await tables.sql<{ stock: number }[]>`select stock from products where code = ${productCode}`
  expect(row?.stock).toBe(20 - taken - sold)
  expect(row?.stock).toBeGreaterThanOrEqual(0)
  expect(taken + sold).toBe(20)
})

test("prices that are set at once by two never leave a special one above the own one", async () => {
  const code = await newProduct(tables, { units: 0 }, 10_000)
  const set = (role: "" | "reseller", price: number) =>
    within((statements) =>
      setPrice(statements, { code, place: { role, minQuantity: 1 }, price: rupiah(price), actor }),
    )
  await Promise.all([set("reseller", 9_000), set("", 6_000), set("reseller", 8_000), set("", 7_000)])
  const shown = await within((statements) => showPrices(statements, code))
  if (shown.kind !== "prices") throw new Error("the product is gone")
  expect(shown.steps.filter(({ price }) => price > shown.product.price)).toEqual([])
})
