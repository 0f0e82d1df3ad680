import { afterAll, beforeAll, expect, test } from "bun:test"
import { adjustBalance } from "../../src/database/adjust-balance.ts"
import { pretendPayment, takeBackDemoBalances } from "../../src/database/demo-payments.ts"
import { openDeposit } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newCustomer, openTables, say, someProcess, type TestTables } from "../support/selling.ts"

let tables: TestTables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

test("a balance from pretended payments is taken back where real money is taken, and real money stays", async () => {
  const { database, sql } = tables
  const number = await newCustomer(tables, 3_000)
  const payment = await openDeposit(database, await say(tables, number), {
    amount: rupiah(50_000),
    reference: "D-PRETENDED-1",
    provider: "demo",
    payToken: "token-of-a-pretended-deposit",
    holdSeconds: 900,
  })
  await sql`update payments set state = 'pending' where id = ${payment.id}`
  expect(await pretendPayment(database, payment.reference)).toBe(true)
  await settlePayment(database, someProcess, {
    serves: [],
    reference: "D-PRETENDED-1" as ChargeReference,
    amount: rupiah(50_000),
    transactionId: "demo",
  })
  const spent = { number, amount: rupiah(-1_000), reason: "spent", actor: "test", key: "spent" }
  await adjustBalance(database, spent)

  const balance = async () => {
    const [row] = await sql<{ balance: number }[]>`select balance from users where number = ${number}`
    return row?.balance
  }
  expect(await takeBackDemoBalances(database)).toBe(1)
  expect(await balance()).toBe(2_000)
  const real = { number, amount: rupiah(75_000), reason: "real money", actor: "test", key: "real" }
  await adjustBalance(database, real)
  expect(await takeBackDemoBalances(database)).toBe(0)
  expect(await balance()).toBe(77_000)
  expect(await auditBooks(sql)).toEqual([])
})
