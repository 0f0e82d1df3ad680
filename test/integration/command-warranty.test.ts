import { afterAll, expect, test } from "bun:test"
import { runProgram } from "../../src/commands/program.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"
import { newCustomer, newProduct, openTables } from "../support/selling.ts"
import { warrantyDesk } from "../support/warranty.ts"

const folder = newFolder()
const tables = await openTables()
const desk = warrantyDesk(tables)
afterAll(async () => {
  await tables.close()
  folder[Symbol.dispose]()
})

const warranty = (...words: string[]) => {
  const { address } = tables
  if (address.kind !== "socket") throw new Error("the tests' PostgreSQL is on a socket")
  const { folder: host, user, database } = address
  return lapak(["warranty", ...words], {
    DATA_DIR: folder.dataDir,
    DATABASE_URL: `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`,
    REDIS_URL: "unix:/nowhere/redis.sock",
  })
}

test("a product's warranty is set on the record, listed, and taken away", async () => {
  const code = await newProduct(tables, { units: 4 })
  expect((await warranty()).stdout).toBe(
    "No product has a warranty.\n" +
      "A customer may make 3 claims in 30 days; more are for you to review.\n" +
      "\nNo defective unit was claimed.\n",
  )
  const set = await warranty(code.toLowerCase(), "7", "--policy", "refund")
  expect(set).toMatchObject({ exitCode: 0, stdout: `${code}: 7 days, refunded.\n` })
  expect((await warranty(code, "1")).stdout).toBe(`${code}: 1 day, refunded.\n`)
  expect((await warranty()).stdout).toContain(`${code}  Product ${code}  1 day, refunded\n`)

  const order = await desk.buy(await newCustomer(tables, 5_000), code, 3)
  await desk.deliverAll()
  await desk.claimGood(order, 1)
  expect((await warranty()).stdout).toMatch(
    new RegExp(`${code} {2}test {2}added \\d{4}-\\d\\d-\\d\\d {2}3 sold {2}1 defective {2}33\\.3 %`),
  )

  expect((await warranty(code, "0")).stdout).toBe(`${code}: no warranty.\n`)
  expect((await warranty("--limit", "1")).stdout).toContain("may make 1 claim in 30 days")
  const noted = await tables.sql`select details from audit_log where action = 'set_warranty' order by id desc`
  expect(noted.map(({ details }) => details)).toEqual([
    { days: 0 },
    { days: 1 },
    { days: 7, policy: "refund" },
  ])
})

test("a product that is not there, or is physical, is told so", async () => {
  expect(await warranty("NEVER-WAS", "7")).toMatchObject({ exitCode: 1, stdout: "" })
  const physical = await warranty(await newProduct(tables, { stock: 1 }), "7")
  expect(physical.exitCode).toBe(1)
  expect(physical.stderr).toContain("is a physical product")
})

test.each([
  [["A"], "DAYS is missing"],
  [["A", "x"], "DAYS must be a whole number"],
  [["A", "3651"], "DAYS must be a whole number from 0 to 3650"],
  [["A", "7", "--policy", "both"], "--policy is replace or refund"],
  [["--policy", "refund"], "--policy goes with CODE and DAYS"],
  [["--limit", "101"], "--limit must be a whole number from 0 to 100"],
  [["A", "7", "--limit", "1"], "--limit is the shop's"],
])("wrong words %p end with 2 and say what is wrong", async (words, reason) => {
  const complained: string[] = []
  const exitCode = await runProgram(["warranty", ...words], {
    environment: { DATA_DIR: "/dev/null/nowhere" },
    print: () => undefined,
    complain: (text) => void complained.push(text),
    write: async () => true,
    lines: async function* () {},
    interrupted: new AbortController().signal,
    newReference: () => "E-TEST",
  })
  expect(exitCode).toBe(2)
  expect(complained.join("\n")).toContain(reason)
})
