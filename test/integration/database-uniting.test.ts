import { afterAll, beforeAll, expect, test } from "bun:test"
import { pretendPayment, takeBackDemoBalances } from "../../src/database/demo-payments.ts"
import { claimNextOfUser } from "../../src/database/inbox.ts"
import { claimOutbox, markSent } from "../../src/database/outbox.ts"
import { openDeposit } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { readBalance } from "../../src/database/users.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { holdLock } from "../support/database-locks.ts"
import { channel, type Hearing, openHearing } from "../support/hearing.ts"
import {
  kept,
  newCustomer,
  newProduct,
  refusal,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables
let hearing: Hearing

beforeAll(async () => {
  hearing = await openHearing()
  tables = hearing.tables
})
afterAll(async () => await hearing.close())

test("a customer of a LID who turns out to be a customer of a number brings balance and orders along", async () => {
  const { database, sql } = tables
  const [lid, number] = [hearing.newLid(), await newCustomer(tables, 4_000)]
  const into = await userIdOf(tables, number)
  const productCode = await newProduct(tables, { units: 5 })
  const { userId: from } = await hearing.talk({ from: lid })
  await hearing.give(from, 7_500)
  const bought = await hearing.buy({ from: lid }, productCode)
  const unpaid = await hearing.buy({ from: lid }, productCode, "qris")
  if (bought.kind !== "paid" || unpaid.kind !== "awaiting_payment") throw new Error("nothing was bought")
  await sql`insert into conversations (user_id, step) values (${from}, 'address')`

  const met = await hearing.hear({ from: number, lid })
  expect(met).toMatchObject({ kind: "working", userId: into, united: true })
  expect(await hearing.isUnited(from, into)).toBe(true)
  expect((await readBalance(database, into)).balance).toBe(rupiah(10_500))
  expect((await readBalance(database, into)).movements[0]).toMatchObject({ kind: "union", amount: 6_500 })
  expect((await readBalance(database, from)).balance).toBe(rupiah(0))
  expect(await hearing.ordersOf(into)).toEqual([bought.order.orderCode, unpaid.order.orderCode])
  expect(await sql`select from conversations where user_id = ${into} and step = 'address'`).toHaveLength(1)
  const settled = await settlePayment(database, someProcess, {
    serves: [],
    reference: unpaid.payment.reference as ChargeReference,
    amount: rupiah(1_000),
    transactionId: "settled",
  })
  expect(settled).toMatchObject({ kind: "settled", userId: into })
  const sent: (string | null)[] = []
  for (;;) {
    const due = await claimOutbox(database, someProcess, {
      channels: [channel],
      limit: 10,
      broadcastsMax: 1,
      number,
    })
    if (due.length === 0) break
    sent.push(...due.map(({ kind }) => kind))
    expect(due.map(({ to }) => to)).toEqual([lid])
    await markSent(
      database,
      someProcess,
      due.map(({ id }) => id),
    )
  }
  expect(sent).toEqual(["text", "goods", "text", "goods"])
  expect(await auditBooks(sql)).toEqual([])
})

test("messages that wait under the LID are answered to the customer of the number", async () => {
  const { database } = tables
  const [lid, number] = [hearing.newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const first = await hearing.hearClaimed({ from: lid })
  await hearing.hear({ from: lid })
  await tables.sql`update inbox set state = 'waiting', claimed_by = null where id = ${first.inboxId}`
  expect(await hearing.hear({ from: number, lid })).toMatchObject({
    kind: "waiting",
    userId: into,
    united: true,
  })
  let message = await claimNextOfUser(database, someProcess, into)
  expect(message?.inboxId).toBe(first.inboxId)
  let answered = 0
  while (message) {
    expect(message.userId).toBe(into)
    message = (await hearing.answer(message)).next
    answered += 1
  }
  expect(answered).toBe(3)
})

test("two unpaid orders keep their customers apart until one is over", async () => {
  const { sql } = tables
  const [lid, number] = [hearing.newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const productCode = await newProduct(tables, { units: 2 })
  const { userId: from } = await hearing.talk({ from: lid })
  await hearing.give(from, 300)
  await hearing.buy({ from: lid }, productCode, "qris")
  const other = await hearing.buy({ from: number }, productCode, "qris")
  expect(await hearing.hear({ from: number, lid })).toMatchObject({ userId: into, united: false })
  expect((await readBalance(tables.database, from)).balance).toBe(rupiah(300))
  await hearing.answerAll(into)
  if (other.kind !== "awaiting_payment") throw new Error("nothing was ordered")
  await sql`select cancel_order(${into}, ${other.order.orderCode})`
  expect(await hearing.hear({ from: number, lid })).toMatchObject({ userId: into, united: true })
  expect(await hearing.isUnited(from, into)).toBe(true)
  await hearing.answerAll(into)
})

test("a customer whose message is being handled is united at the next message", async () => {
  const [lid, number] = [hearing.newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const held = await hearing.hearClaimed({ from: lid })
  expect(await hearing.hear({ from: number, lid })).toMatchObject({
    kind: "working",
    userId: into,
    united: false,
  })
  await hearing.answer(held)
  expect(await hearing.hear({ from: number, lid })).toMatchObject({
    kind: "waiting",
    userId: into,
    united: true,
  })
  expect(await hearing.isUnited(held.userId, into)).toBe(true)
})

test("nobody waits for a customer whom somebody else holds: uniting is tried again", async () => {
  const [lid, number] = [hearing.newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const { userId: from } = await hearing.talk({ from: lid })
  for (const userId of [from, into]) {
    const lock = await holdLock(tables.sql, `select from users where id = ${userId} for no key update`)
    expect(await hearing.hear({ from: number, lid })).toMatchObject({ userId: into, united: false })
    await lock.release()
  }
  expect(await hearing.hear({ from: number, lid })).toMatchObject({ userId: into, united: true })
})

test("somebody blocked under one address is blocked under both", async () => {
  const [lid, number] = [hearing.newLid(), await newCustomer(tables)]
  const { userId } = await hearing.talk({ from: lid })
  await tables.sql`update users set blocked_at = now() where id = ${userId}`
  expect(await hearing.hear({ from: number, lid })).toMatchObject({
    united: true,
    message: { blocked: true },
  })
})

test("pretended money is taken back also from who it came to by being united", async () => {
  const { database, sql } = tables
  const [lid, number] = [hearing.newLid(), await newCustomer(tables, 3_000)]
  const into = await userIdOf(tables, number)
  const message = await hearing.hearClaimed({ from: lid })
  const payment = await openDeposit(database, message, {
    amount: rupiah(50_000),
    reference: "D-UNITED-1",
    provider: "demo",
    payToken: "token-of-a-united-deposit",
    holdSeconds: 900,
  })
  await sql`update payments set state = 'pending' where id = ${payment.id}`
  expect(await pretendPayment(database, payment.reference)).toBe(true)
  await settlePayment(database, someProcess, {
    serves: [],
    reference: "D-UNITED-1" as ChargeReference,
    amount: rupiah(50_000),
    transactionId: "demo",
  })
  await hearing.answer(message)
  await hearing.give(message.userId, 500)
  expect(await hearing.hear({ from: number, lid })).toMatchObject({ united: true })
  await takeBackDemoBalances(database)
  expect((await readBalance(database, into)).balance).toBe(rupiah(3_500))
  await takeBackDemoBalances(database)
  expect((await readBalance(database, into)).balance).toBe(rupiah(3_500))
})

test("what belongs to a customer passes to nobody but the one they turned out to be", async () => {
  const { sql } = tables
  const productCode = await newProduct(tables, { units: 5 })
  const [one, other] = [await newCustomer(tables, 5_000), await newCustomer(tables)]
  const otherId = await userIdOf(tables, other)
  const placed = await hearing.buy({ from: one }, productCode, "qris")
  if (placed.kind !== "awaiting_payment") throw new Error("nothing was ordered")
  const { orderCode } = placed.order
  expect(await refusal(sql`update orders set user_id = ${otherId} where code = ${orderCode}`)).toBe(kept)
  expect(await refusal(sql`update payments set user_id = ${otherId} where id = ${placed.payment.id}`)).toBe(
    kept,
  )
  expect(await refusal(sql`update users set number = '6281999' where number = ${one}`)).toBe(kept)
  expect(await refusal(sql`update users set number = null where number = ${one}`)).toBe(kept)
  const united = sql`update users set united_into = ${otherId} where number = ${one}`
  expect(await refusal(united)).toBe("users_legal_unions")
})
