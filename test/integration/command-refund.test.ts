import { afterAll, beforeAll, expect, test } from "bun:test"
import type { DatabaseAddress } from "../../src/database/connect.ts"
import { raiseReview } from "../../src/database/reviews.ts"
import { rupiah } from "../../src/shop/money.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"
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

const run = (...words: string[]) =>
  lapak(words, {
    DATA_DIR: folder.dataDir,
    DATABASE_URL: urlOf(tables.address),
    REDIS_URL: "unix:/nowhere/redis.sock",
  })

async function paidOrder() {
  const number = await newCustomer(tables, 10_000)
  const productCode = await newProduct(tables, { units: 1 }, 10_000)
  const placed = await order(tables, await say(tables, number), { productCode })
  if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
  return { number, orderCode: placed.order.orderCode }
}

test("an order is refunded from the shell once, and a repeated command says how to do it once more", async () => {
  const { orderCode, number } = await paidOrder()
  const words = ["refund", orderCode.toLowerCase(), "4000", "--reason", "half of it was broken"]
  const first = await run(...words)
  expect(first.stdout).toContain("Rp 4.000")
  expect(first.stdout).toContain("Left to refund: Rp 6.000")
  expect(first.exitCode).toBe(0)
  const second = await run(...words)
  expect(second.exitCode).toBe(0)
  expect(second.stdout).toContain(`lapak refund ${orderCode} 4000 --to saldo --again`)
  expect((await run(...words, "--again")).stdout).toContain("Left to refund: Rp 2.000")
  expect(await tables.sql`select balance from users where number = ${number}`).toMatchObject([
    { balance: 8_000 },
  ])
})

test("a refund that can't be is refused with a reason, and a wrong call with how to call it", async () => {
  const { orderCode } = await paidOrder()
  const refused = await run("refund", orderCode, "--to", "provider", "--reason", "x")
  expect(refused).toMatchObject({ exitCode: 1 })
  expect(refused.stdout).toContain("was paid from the balance")
  expect(await run("refund", "LPK-NOBODYS", "--reason", "x")).toMatchObject({ exitCode: 1 })
  for (const words of [
    [orderCode],
    [orderCode, "--reason", ""],
    [orderCode, "--to", "bank", "--reason", "x"],
    [orderCode, "4.000", "--reason", "x"],
    [orderCode, "0", "--reason", "x"],
  ])
    expect(await run("refund", ...words)).toMatchObject({ exitCode: 2 })
  expect(
    await tables.sql`select from refunds join orders on orders.id = order_id where code = ${orderCode}`,
  ).toHaveLength(0)
})

test("what waits for a decision is listed, shown and decided from the shell", async () => {
  expect((await run("reviews")).stdout).toContain("Nothing waits for a decision")
  const number = await newCustomer(tables)
  const id = await raiseReview(tables.database, {
    key: "found",
    kind: "unknown_payment",
    provider: "midtrans",
    amount: rupiah(7_000),
    evidence: { reference: "OLD-17" },
  })
  for (const words of [["reviews"], ["reviews", String(id)]]) {
    const { stdout, exitCode } = await run(...words)
    expect(exitCode).toBe(0)
    for (const part of [`#${id}`, "Rp 7.000", "OLD-17", `lapak review ${id} --credit NUMBER`])
      expect(stdout).toContain(part)
  }
  const credit = ["review", String(id), "--credit", number, "--reason", "sent the receipt"]
  expect(await run(...credit, "--dismiss")).toMatchObject({ exitCode: 2 })
  expect(await run(...credit, "--amount", "7.000")).toMatchObject({ exitCode: 2 })
  expect(await run(...credit, "--amount", "6000")).toMatchObject({ exitCode: 1 })
  for (const words of [["--took", "4000"], ["--made"], ["--not-made"]])
    expect(await run("review", String(id), ...words, "--reason", "x")).toMatchObject({ exitCode: 1 })
  expect(await run("review", String(id), "--reason", "x")).toMatchObject({ exitCode: 2 })
  expect(await run("review", String(id), "--settle", "NOBODYS", "--reason", "x")).toMatchObject({
    exitCode: 1,
  })
  expect(await run(...credit)).toMatchObject({ exitCode: 0 })
  expect(await run(...credit)).toMatchObject({ exitCode: 1 })
  expect(await tables.sql`select balance from users where number = ${number}`).toMatchObject([
    { balance: 7_000 },
  ])
  expect((await run("reviews")).stdout).toContain("Nothing waits for a decision")
  expect((await run("reviews", String(id))).stdout).toContain("sent the receipt")
  expect(await run("reviews", "999999")).toMatchObject({ exitCode: 1 })
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
