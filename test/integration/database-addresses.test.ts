import { afterAll, beforeAll, expect, test } from "bun:test"
import { createAnswering } from "../../src/database/answers.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import { pretendPayment, takeBackDemoBalances } from "../../src/database/demo-payments.ts"
import {
  type AcceptedMessage,
  type Address,
  acceptMessages,
  type ClaimedMessage,
  claimNextOfUser,
} from "../../src/database/inbox.ts"
import { claimOutbox, markSent } from "../../src/database/outbox.ts"
import { openDeposit, settlePayment } from "../../src/database/payments.ts"
import { readBalance } from "../../src/database/users.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { holdLock, untilBlocked } from "../support/database-locks.ts"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  refusal,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

const channel = "whatsapp"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  expect((await auditDatabase(tables.database)).ok).toBe(true)
  await tables.close()
})

const newLid = () => `7${tables.newName().slice(1).padStart(9, "0")}@lid`
const newNumber = () => `62855${tables.newName().slice(1).padStart(6, "0")}`

async function hear(address: Address, on = channel): Promise<AcceptedMessage> {
  const [accepted] = await acceptMessages(tables.database, someProcess, [
    { channel: on, id: tables.newName(), text: "hello", ...address },
  ])
  if (!accepted) throw new Error("the message was not accepted")
  return accepted
}

/** A message that is handled at once. */
async function hearClaimed(address: Address, on = channel): Promise<ClaimedMessage> {
  const accepted = await hear(address, on)
  if (accepted.kind !== "working") throw new Error(`the message was ${accepted.kind}`)
  return accepted.message
}

const answer = (message: ClaimedMessage) =>
  createAnswering(tables.database, () => [])(message, { text: `to ${message.messageId}` })

/** Hears and answers a message; returns who wrote it. */
async function talk(address: Address, on = channel) {
  const message = await hearClaimed(address, on)
  await answer(message)
  return message
}

async function give(userId: number, amount: number): Promise<void> {
  const key = tables.newName()
  await tables.sql`
    select book(${key}, 'adjustment', '', null, 'adjustment', null, 'customer', ${userId}, ${amount})
  `
}

async function buy(address: Address, productCode: string, method: "saldo" | "qris" = "saldo") {
  const message = await hearClaimed(address)
  const placed = await order(tables, message, { productCode, method })
  if (placed.kind === "awaiting_payment") await answer(message)
  return placed
}

const ordersOf = async (userId: number) => {
  const rows = await tables.sql<{ code: string }[]>`
    select code from orders where user_id = ${userId} order by id
  `
  return rows.map(({ code }) => code)
}

const isUnited = async (from: number, into: number) => {
  const rows = await tables.sql`select from users where id = ${from} and united_into = ${into}`
  return rows.length === 1
}

test("somebody who writes under a LID alone is one customer, and is answered there", async () => {
  const lid = newLid()
  const first = await talk({ from: lid })
  expect(first).toMatchObject({ number: null, address: lid })
  expect((await talk({ from: lid })).userId).toBe(first.userId)
})

test("a customer of a LID whose number becomes known is the same customer under both", async () => {
  const [lid, number] = [newLid(), newNumber()]
  const { userId } = await talk({ from: lid })
  expect(await talk({ from: number, lid })).toMatchObject({ userId, number, address: lid })
  expect(await talk({ from: number }, "test")).toMatchObject({ userId, number, address: number })
  expect(await talk({ from: lid })).toMatchObject({ userId, number, address: lid })
})

test("a customer of a number who appears with a LID is the same customer under both", async () => {
  const [lid, number] = [newLid(), await newCustomer(tables, 5_000)]
  const userId = await userIdOf(tables, number)
  expect(await talk({ from: number, lid })).toMatchObject({ userId, number, address: lid, balance: 5_000 })
  expect(await talk({ from: lid })).toMatchObject({ userId, number })
})

test("somebody new with both addresses is one customer", async () => {
  const [lid, number] = [newLid(), newNumber()]
  const { userId } = await talk({ from: number, lid })
  expect((await talk({ from: lid })).userId).toBe(userId)
  expect((await talk({ from: number }, "test")).userId).toBe(userId)
})

test("on WhatsApp a message goes to the LID that was seen last, elsewhere to the number", async () => {
  const { database } = tables
  const [older, newer, number] = [newLid(), newLid(), newNumber()]
  const where = async (on: string) => {
    await createAnswering(database, () => [])(await hearClaimed({ from: number }, on), { text: "yes" })
    const [envelope] = await claimOutbox(database, someProcess, {
      channels: [on],
      limit: 1,
      broadcastsMax: 1,
      number,
    })
    if (envelope) await markSent(database, someProcess, [envelope.id])
    return envelope?.to
  }
  expect(await where(channel)).toBe(number)
  await hearAndSend({ from: number, lid: older })
  expect(await where(channel)).toBe(older)
  await hearAndSend({ from: number, lid: newer })
  expect(await where(channel)).toBe(newer)
  await hearAndSend({ from: number, lid: older })
  expect(await where(channel)).toBe(older)
  expect(await where("gateway")).toBe(number)
})

/** Answers a message and sends the answer, so that nothing waits. */
async function hearAndSend(address: Address): Promise<void> {
  const { promise } = await createAnswering(tables.database, () => [channel])(await hearClaimed(address), {
    text: "yes",
  })
  await markSent(tables.database, someProcess, [promise.id])
}

test("a customer of a LID who turns out to be a customer of a number brings balance and orders along", async () => {
  const { database, sql } = tables
  const [lid, number] = [newLid(), await newCustomer(tables, 4_000)]
  const into = await userIdOf(tables, number)
  const productCode = await newProduct(tables, { units: 5 })
  const { userId: from } = await talk({ from: lid })
  await give(from, 7_500)
  const bought = await buy({ from: lid }, productCode)
  const unpaid = await buy({ from: lid }, productCode, "qris")
  if (bought.kind !== "paid" || unpaid.kind !== "awaiting_payment") throw new Error("nothing was bought")
  await sql`insert into conversations (user_id, step) values (${from}, 'address')`

  const met = await hear({ from: number, lid })
  expect(met).toMatchObject({ kind: "working", userId: into, united: true })
  expect(await isUnited(from, into)).toBe(true)
  expect((await readBalance(database, into)).balance).toBe(rupiah(10_500))
  expect((await readBalance(database, into)).movements[0]).toMatchObject({ kind: "union", amount: 6_500 })
  expect((await readBalance(database, from)).balance).toBe(rupiah(0))
  expect(await ordersOf(into)).toEqual([bought.order.orderCode, unpaid.order.orderCode])
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
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const first = await hearClaimed({ from: lid })
  await hear({ from: lid })
  await tables.sql`update inbox set state = 'waiting', claimed_by = null where id = ${first.inboxId}`
  expect(await hear({ from: number, lid })).toMatchObject({ kind: "waiting", userId: into, united: true })
  let message = await claimNextOfUser(database, someProcess, into)
  expect(message?.inboxId).toBe(first.inboxId)
  let answered = 0
  while (message) {
    expect(message.userId).toBe(into)
    message = (await answer(message)).next
    answered += 1
  }
  expect(answered).toBe(3)
})

test("two unpaid orders keep their customers apart until one is over", async () => {
  const { sql } = tables
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const productCode = await newProduct(tables, { units: 2 })
  const { userId: from } = await talk({ from: lid })
  await give(from, 300)
  await buy({ from: lid }, productCode, "qris")
  const other = await buy({ from: number }, productCode, "qris")
  expect(await hear({ from: number, lid })).toMatchObject({ userId: into, united: false })
  expect((await readBalance(tables.database, from)).balance).toBe(rupiah(300))
  await answerAll(into)
  if (other.kind !== "awaiting_payment") throw new Error("nothing was ordered")
  await sql`select cancel_order(${into}, ${other.order.orderCode})`
  expect(await hear({ from: number, lid })).toMatchObject({ userId: into, united: true })
  expect(await isUnited(from, into)).toBe(true)
  await answerAll(into)
})

async function answerAll(userId: number): Promise<void> {
  const rows = await tables.sql<{ id: number }[]>`
    select id from inbox where user_id = ${userId} and state = 'working'
  `
  for (const { id } of rows) await tables.sql`select answer_message(${id}, ${someProcess}, '{}', 'yes', null)`
}

test("a customer whose message is being handled is united at the next message", async () => {
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const held = await hearClaimed({ from: lid })
  expect(await hear({ from: number, lid })).toMatchObject({ kind: "working", userId: into, united: false })
  await answer(held)
  expect(await hear({ from: number, lid })).toMatchObject({ kind: "waiting", userId: into, united: true })
  expect(await isUnited(held.userId, into)).toBe(true)
})

test("nobody waits for a customer whom somebody else holds: uniting is tried again", async () => {
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const { userId: from } = await talk({ from: lid })
  for (const userId of [from, into]) {
    const lock = await holdLock(tables.sql, `select from users where id = ${userId} for no key update`)
    expect(await hear({ from: number, lid })).toMatchObject({ userId: into, united: false })
    await lock.release()
  }
  expect(await hear({ from: number, lid })).toMatchObject({ userId: into, united: true })
})

/** What the operator finds of numbers that came with another LID. */
async function notedLids(userId: number): Promise<readonly string[]> {
  const rows = await tables.sql<{ lid: string }[]>`
    select details ->> 'lid' as lid
      from audit_log
     where actor = 'lapak' and action = 'number_with_another_lid' and subject = ${`user:${userId}`}
     order by id
  `
  return rows.map(({ lid }) => lid)
}

test("who changes the number of their phone keeps balance and number in the shop: the LID is the same", async () => {
  const { sql } = tables
  const [lid, former, now] = [newLid(), await newCustomer(tables, 500), newNumber()]
  const { userId } = await talk({ from: former, lid })
  expect(await talk({ from: now, lid })).toMatchObject({ userId, number: former, balance: 500, address: lid })
  expect(await talk({ from: lid })).toMatchObject({ userId, number: former })
  expect(await talk({ from: former })).toMatchObject({ userId })
  expect(await sql`select from users where number = ${now}`).toHaveLength(0)
  expect(await notedLids(userId)).toEqual([])
})

test("a number stays with its customer when it comes with another LID, and the operator can see it", async () => {
  const [first, second, third] = [newLid(), newLid(), newLid()]
  const number = await newCustomer(tables, 500)
  const userId = await userIdOf(tables, number)
  expect((await talk({ from: number, lid: first })).userId).toBe(userId)
  expect(await notedLids(userId)).toEqual([])
  for (const lid of [second, first, second, third])
    expect(await talk({ from: number, lid })).toMatchObject({ userId, address: lid, balance: 500 })
  expect(await notedLids(userId)).toEqual([second, third])
})

test("a LID goes with a number that has a customer, once noted, however often it changes sides", async () => {
  const [lid, one, other] = [newLid(), await newCustomer(tables), await newCustomer(tables)]
  const [oneId, otherId] = [await userIdOf(tables, one), await userIdOf(tables, other)]
  await talk({ from: one, lid })
  for (const [from, userId] of [
    [other, otherId],
    [one, oneId],
    [other, otherId],
  ] as const) {
    expect((await talk({ from, lid })).userId).toBe(userId)
    expect((await talk({ from: lid })).userId).toBe(userId)
  }
  expect(await notedLids(otherId)).toEqual([lid])
  expect(await notedLids(oneId)).toEqual([lid])
})

test("a customer without a number who comes to one with another LID is united and noted", async () => {
  const [first, second, number] = [newLid(), newLid(), await newCustomer(tables)]
  const userId = await userIdOf(tables, number)
  await talk({ from: number, lid: first })
  await talk({ from: second })
  expect(await hear({ from: number, lid: second })).toMatchObject({ userId, united: true })
  expect(await notedLids(userId)).toEqual([second])
})

test("somebody blocked under one address is blocked under both", async () => {
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const { userId } = await talk({ from: lid })
  await tables.sql`update users set blocked_at = now() where id = ${userId}`
  expect(await hear({ from: number, lid })).toMatchObject({ united: true, message: { blocked: true } })
})

test("a new customer who appears under every address at once is one customer", async () => {
  const { sql } = tables
  for (let round = 0; round < 30; round += 1) {
    const [lid, number] = [newLid(), newNumber()]
    const addresses: Address[] = [{ from: number, lid }, { from: lid }, { from: number }]
    await Promise.all(Array.from({ length: 4 }, () => addresses.map((address) => hear(address))).flat())
    await sql`
      update inbox set state = 'done', claimed_by = null
       where state = 'working'
         and user_id in (
           select id from users where number = ${number}
           union
           select user_id from lids where lid = ${lid}
         )
    `
    await talkOnce({ from: number, lid })
    const [known] = await sql<{ by_lid: number; by_number: number }[]>`
      select (select user_id from lids where lid = ${lid}) as by_lid,
             (select id from users where number = ${number}) as by_number
    `
    expect(known?.by_lid).toBe(known?.by_number)
  }
  expect(await auditBooks(sql)).toEqual([])
})

/** Hears a message whatever waits before it. */
const talkOnce = async (address: Address) => void (await hear(address))

test("buying, paying and uniting at once lose nothing", async () => {
  const { database, sql } = tables
  const productCode = await newProduct(tables, { units: 200 })
  for (let round = 0; round < 15; round += 1) {
    const [lid, number] = [newLid(), await newCustomer(tables, 1_000)]
    const into = await userIdOf(tables, number)
    const { userId: from } = await talk({ from: lid })
    await give(from, 2_000)
    const unpaid = await buy({ from: lid }, productCode, "qris")
    if (unpaid.kind !== "awaiting_payment") throw new Error("nothing was ordered")
    const buying = async () => {
      const accepted = await hear({ from: lid })
      if (accepted.kind !== "working") return
      const { message } = accepted
      const placed = await order(tables, message, { productCode, method: "saldo" })
      if (placed.kind !== "paid") await answer(message)
    }
    const settling = () =>
      settlePayment(database, someProcess, {
        serves: [],
        reference: unpaid.payment.reference as ChargeReference,
        amount: rupiah(1_000),
        transactionId: "settled",
      })
    await Promise.all([buying(), settling(), hear({ from: number, lid }), hear({ from: number, lid })])
    await answerAll(from)
    expect((await hear({ from: number, lid })).userId).toBe(into)
    expect(await isUnited(from, into)).toBe(true)
    const bought = (await ordersOf(into)).length
    expect((await readBalance(database, into)).balance).toBe(rupiah(3_000 - 1_000 * (bought - 1)))
  }
  expect(await auditBooks(sql)).toEqual([])
})

test("a message under a LID that arrives while its customer is united goes to the united one", async () => {
  const { sql } = tables
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const { userId: from } = await talk({ from: lid })
  const connection = await sql.reserve()
  await connection`begin`
  await connection`select unite_customers(${from}, ${into})`
  const hearing = hear({ from: lid })
  await untilBlocked(sql, "accept_messages")
  await connection`commit`
  connection.release()
  expect(await hearing).toMatchObject({ kind: "working", userId: into })
})

test("pretended money is taken back also from who it came to by being united", async () => {
  const { database, sql } = tables
  const [lid, number] = [newLid(), await newCustomer(tables, 3_000)]
  const into = await userIdOf(tables, number)
  const message = await hearClaimed({ from: lid })
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
  await answer(message)
  await give(message.userId, 500)
  expect(await hear({ from: number, lid })).toMatchObject({ united: true })
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
  const placed = await buy({ from: one }, productCode, "qris")
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

test("a customer always has an address", async () => {
  const { sql } = tables
  expect(await refusal(sql`insert into users (number) values (null)`)).toBe("users_have_an_address")
  const lid = newLid()
  await talk({ from: lid })
  expect(await refusal(sql`delete from lids where lid = ${lid}`)).toBe("users_have_an_address")
  expect(await refusal(sql`insert into lids (lid, user_id) select 'x@lid', id from users limit 1`)).toBe(
    "lids_lid_check",
  )
})
