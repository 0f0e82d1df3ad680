import { afterAll, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import { findProduct, saveProducts } from "../../src/database/products.ts"
import { stockDemoCatalog } from "../../src/operations/demo-catalog.ts"
import type { FileLine } from "../../src/operations/read-file.ts"
import { openVault } from "../../src/operations/vault.ts"
import { unitContext } from "../../src/shop/add-stock.ts"
import { importCatalog } from "../../src/shop/import-catalog.ts"
import { importCustomers } from "../../src/shop/import-customers.ts"
import { importStock } from "../../src/shop/import-stock.ts"
import { rupiah } from "../../src/shop/money.ts"
import { openTables } from "../support/selling.ts"

const tables = await openTables()
afterAll(() => tables.close())
const { database, sql } = tables
const vault = openVault("a1".repeat(32))
const batch = "test"

test("a catalogue with one bad row changes nothing, and every bad row is told, the known ones too", async () => {
  await sell("OLD", "physical", 3)
  const outcome = await importCatalog(
    database,
    "code,name,price,kind\nNEW-1,x,1000,digital\nOLD,x,1000,digital\nNEW-2,x,1.000,digital\n",
  )
  expect(outcome).toEqual({
    kind: "refused",
    problems: [
      { line: 3, reason: expect.stringContaining("kind of OLD is physical") },
      { line: 4, reason: expect.stringContaining("price") },
    ],
  })
  const kindOnly = await importCatalog(
    database,
    "code,name,price,kind\nNEW-1,x,1000,digital\nOLD,x,1000,digital\n",
  )
  expect(kindOnly).toMatchObject({ kind: "refused", problems: [{ line: 3 }] })
  expect(await findProduct(database, "NEW-1")).toBeUndefined()
  expect(await findProduct(database, "OLD")).toMatchObject({ kind: "physical", price: rupiah(1_000) })
})

test("a known product is changed, and what the file leaves out stays as it is", async () => {
  await sell("KEEP", "physical", 7)
  const outcome = await importCatalog(database, "code,name,price,kind\nKEEP,New name,2000,physical\n")
  expect(outcome).toMatchObject({ kind: "imported", added: 0, changed: 1, retired: [] })
  expect(await productRow("KEEP")).toMatchObject({ name: "New name", description: "kept", stock: 7 })
  await importCatalog(database, "code,name,price,kind,description,stock\nKEEP,New name,2000,physical,,9\n")
  expect(await productRow("KEEP")).toMatchObject({ description: "", stock: 9 })
})

test("a file without warranty days leaves them as they are, and one with them sets them", async () => {
  const warrantyOf = async () => (await findProduct(database, "GUARD"))?.warrantyDays
  await importCatalog(database, "code,name,price,kind,warranty_days\nGUARD,x,1000,digital,30\n")
  expect(await warrantyOf()).toBe(30)
  await importCatalog(database, "code,name,price,kind\nGUARD,x,1000,digital\n")
  expect(await warrantyOf()).toBe(30)
  await importCatalog(database, "code,name,price,kind,warranty_days\nGUARD,x,1000,digital,0\n")
  expect(await warrantyOf()).toBe(0)
})

test("the demo's products go at the first import, and their units are never sold as real ones", async () => {
  const shop = await openTables()
  try {
    expect(await stockDemoCatalog(shop.database, vault)).toBe(true)
    const file = "code,name,price,kind\nKOPI-1,Real coffee,20000,digital\nKAOS-L,Now a voucher,1000,digital\n"
    const outcome = await importCatalog(shop.database, file)
    if (outcome.kind !== "imported") throw new Error("it was refused")
    expect(outcome).toMatchObject({ added: 2, changed: 0 })
    expect(outcome.retired.toSorted()).toContain("KOPI-1")
    expect(outcome.retired).toHaveLength(7)
    const onSale = await shop.sql`
      select code, name, free_stock(id) as free from products where hidden_at is null order by code
    `
    expect([...onSale]).toEqual([
      { code: "KAOS-L", name: "Now a voucher", free: 0 },
      { code: "KOPI-1", name: "Real coffee", free: 0 },
    ])
    expect(await importCatalog(shop.database, file)).toMatchObject({ added: 0, changed: 2, retired: [] })
    expect(await stockDemoCatalog(shop.database, vault)).toBe(false)
    expect((await auditDatabase(shop.database)).ok).toBe(true)
  } finally {
    await shop.close()
  }
})

test("two imports of one catalogue at once are as one", async () => {
  const rows = Array.from({ length: 300 }, (_, place) => `TWIN-${place},x,1000,digital`)
  const head = "code,name,price,kind"
  const outcomes = await Promise.all([
    importCatalog(database, [head, ...rows].join("\n")),
    importCatalog(database, [head, ...rows.toReversed()].join("\n")),
  ])
  expect(outcomes.map(({ kind }) => kind)).toEqual(["imported", "imported"])
  const [row] = await sql`select count(*)::integer as count from products where code like 'TWIN-%'`
  expect(row?.count).toBe(300)
})

test("each line of a stock file becomes a unit once, in the file's order", async () => {
  await sell("CODES", "digital", 0)
  const lines = ["ONE", "  TWO ", "", "ONE", "   ", "THREE 🙂"]
  expect(await stock("CODES", lines)).toEqual({ kind: "added", added: 3, duplicates: 1, blank: 2 })
  expect(await stock("CODES", ["FOUR", ...lines])).toMatchObject({ added: 1, duplicates: 4 })
  expect(await unitsOf("CODES")).toEqual(["ONE", "TWO", "THREE 🙂", "FOUR"])
})

test("a stock file with a bad line adds nothing and names the lines", async () => {
  await sell("STRICT", "digital", 0)
  const outcome = await stock("STRICT", ["good", "x".repeat(501), "y".repeat(500), "bell\u0007", undefined])
  expect(outcome).toEqual({
    kind: "refused",
    problems: [
      { line: 2, reason: expect.stringContaining("longer than 500") },
      { line: 4, reason: expect.stringContaining("control character") },
      { line: 5, reason: expect.stringContaining("longer than 500") },
    ],
  })
  expect(await unitsOf("STRICT")).toEqual([])
  expect(await stock("STRICT", ["", ""])).toMatchObject({ kind: "refused" })
})

test("thousands of units go in as one: when the file fails in the middle, none of them is there", async () => {
  await sell("MANY", "digital", 0)
  const lines = Array.from({ length: 2_500 }, (_, place) => `unit ${place}`)
  let reads = 0
  const readFile = async function* (): AsyncGenerator<FileLine> {
    reads += 1
    for (const [place, text] of lines.entries()) {
      if (reads === 2 && place === 2_100) throw new Error("the disk is gone")
      yield { line: place + 1, text }
    }
  }
  await expect(importStock(database, vault, { code: "MANY", readFile, batch })).rejects.toThrow(
    "disk is gone",
  )
  expect(await unitsOf("MANY")).toEqual([])
  expect(await stock("MANY", lines)).toMatchObject({ added: 2_500, duplicates: 0 })
})

test("units are not taken for a product that is unknown or physical", async () => {
  await sell("SHIRT", "physical", 1)
  expect(await stock("NOWHERE", ["x"])).toEqual({ kind: "unknown_product" })
  expect(await stock("SHIRT", ["x"])).toEqual({ kind: "not_digital" })
})

test("customers come with their balances through the ledger; the known ones are reported and left alone", async () => {
  const first = await importCustomers(database, "number,name,balance\n628999000001,Ani,50000\n")
  expect(first).toEqual({ kind: "imported", added: 1, known: [] })
  const again = "number,name,balance\n08999000002,Budi,1000\n+62 8999-000001,Other,99\n628999000003,Citra,\n"
  expect(await importCustomers(database, again)).toEqual({
    kind: "imported",
    added: 2,
    known: [{ line: 3, number: "628999000001" }],
  })
  const rows = await sql`select name, balance from users where number like '6289990000%' order by number`
  expect([...rows]).toEqual([
    { name: "Ani", balance: 50_000 },
    { name: "Budi", balance: 1_000 },
    { name: "Citra", balance: 0 },
  ])
  expect((await auditDatabase(database)).ok).toBe(true)
})

async function sell(code: string, kind: "digital" | "physical", stock: number): Promise<void> {
  const words = { name: code, category: "", description: "kept" }
  await saveProducts(database, [{ code, ...words, price: rupiah(1_000), kind, stock }])
}

function stock(code: string, texts: ReadonlyArray<string | undefined>) {
  const readFile = async function* (): AsyncGenerator<FileLine> {
    for (const [place, text] of texts.entries()) yield { line: place + 1, text }
  }
  return importStock(database, vault, { code, readFile, batch })
}

async function productRow(code: string) {
  const [row] = await sql`select name, description, stock from products where code = ${code}`
  return row
}

async function unitsOf(code: string): Promise<string[]> {
  const rows = await sql<{ payload: Uint8Array }[]>`
    select payload from stock_units
     where product_id = (select id from products where code = ${code})
     order by id
  `
  return rows.map(({ payload }) => vault.open(payload, unitContext))
}
