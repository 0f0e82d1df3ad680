import { afterAll, beforeAll, expect, test } from "bun:test"
import { runProgram } from "../../src/commands/program.ts"
import { createAnswering } from "../../src/database/answers.ts"
import type { DatabaseAddress } from "../../src/database/connect.ts"
import { writeError } from "../../src/database/errors.ts"
import { saveProducts } from "../../src/database/products.ts"
import { rupiah } from "../../src/shop/money.ts"
import { newFolder } from "../support/lapak-command.ts"
import { newCustomer, newProduct, openTables, order, say, type TestTables } from "../support/selling.ts"

const folder = newFolder()
let tables: TestTables

beforeAll(async () => {
  tables = await openTables(4)
})

afterAll(async () => {
  await tables.close()
  folder[Symbol.dispose]()
})

/** Runs `lapak stats` within this process. */
async function stats(...words: string[]) {
  const printed: string[] = []
  const complained: string[] = []
  const exitCode = await runProgram(["stats", ...words], {
    environment: {
      DATA_DIR: folder.dataDir,
      DATABASE_URL: urlOf(tables.address),
      REDIS_URL: "unix:/nowhere/redis.sock",
      LAPAK_SECRET: "5e".repeat(32),
    },
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
    write: async () => true,
    lines: async function* () {},
    interrupted: new AbortController().signal,
    newReference: () => "E-TEST",
  })
  return { exitCode, stdout: printed.join("\n"), stderr: complained.join("\n") }
}

test("a shop in which nothing happened is told so kindly", async () => {
  const { exitCode, stdout, stderr } = await stats()
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
  expect(stdout).toMatch(/^From \d{4}-\d\d-\d\d to today, in the zone Asia\/Jakarta\.$/m)
  expect(stdout).toContain("Nothing has happened in these days yet")
})

test("the figures stand in 80 columns, and as JSON", async () => {
  const answer = createAnswering(tables.database, () => [])
  const number = await newCustomer(tables, 900_000_000)
  await answer(await say(tables, number), { text: "halo", step: "greeting" })
  const productCode = await newProduct(tables, { units: 5 }, 1_000_000)
  const words = { category: "", description: "", stock: 0, kind: "digital" } as const
  const name = "Nama produk yang *panjang* sekali sehingga tidak muat di satu baris"
  await saveProducts(tables.database, [{ code: productCode, name, price: rupiah(123_456_789), ...words }])
  await order(tables, await say(tables, number), { productCode, quantity: 5 })
  const other = await newProduct(tables, { stock: 5 })
  const placed = await order(tables, await say(tables, number), { productCode: other })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  const { orderCode } = placed.order
  await tables.sql`select refund_order(1, '{}', ${orderCode}, 400, 'saldo', 'R', false, 'test', 'test')`
  await writeError(tables.database, { reference: "E-7K2M9QXA", operation: "handle_message", code: "23505" })

  const { exitCode, stdout } = await stats("--days", "1")
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Today, in the zone Asia\/Jakarta\.$/m)
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d +1 +0 +1 +1 +0$/m)
  expect(stdout).toContain("1 of 1 paid: 100%.\n1 customer bought and kept it; 1 of them has bought more")
  expect(stdout).toMatch(/^[A-Z][a-z]{2} \d\d:00-\d\d:59 +3 +2$/m)
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d +2 +617\.284\.945 +0 +400 +617\.284\.545$/m)
  expect(stdout).toMatch(/^N\d+ Nama produk .*… +5 +617\.283\.945 +0 +0 +617\.283\.945$/m)
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d +3 +1 +33%$/m)
  expect(stdout).toMatch(/^handle_message +23505 +1 +E-7K2M9QXA$/m)
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80)

  const json = JSON.parse((await stats("--days", "1", "--json")).stdout)
  expect(json).toMatchObject({
    zone: "Asia/Jakarta",
    people: { people: 1, greeted: 1, sawCatalogue: 0, checkedOut: 1, paid: 1, delivered: 0 },
    revenueByDay: [{ orders: 2, gross: 617_284_945, refunded: 400, net: 617_284_545 }],
    repeatCustomers: { customers: 1, repeatCustomers: 1, orders: 2 },
    errorRate: [{ messages: 3, failed: 1 }],
  })
})

test("only a number of days is told of", async () => {
  for (const days of ["0", "-1", "1.5", "many", "9999"]) {
    const { exitCode, stderr, stdout } = await stats("--days", days)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" })
    expect(stderr).toStartWith("--days must be ")
  }
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
