import { afterAll, beforeAll, expect, test } from "bun:test"
import type { ClaimedMessage } from "../../src/database/claimed-message.ts"
import { type Address, acceptMessages, claimNextOfUser } from "../../src/database/inbox.ts"
import { claimOutbox } from "../../src/database/outbox.ts"
import { finishQuietly, pauseChat, resumeChat } from "../../src/database/quiet-chats.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  orderByQris,
  refusal,
  someProcess,
  type TestTables,
} from "../support/selling.ts"
import { openStall } from "../support/stall.ts"

const channel = "whatsapp"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

async function hear(address: Address): Promise<ClaimedMessage> {
  const [accepted] = await acceptMessages(tables.database, someProcess, [
    { channel, id: tables.newName(), text: "hello", ...address },
  ])
  if (accepted?.kind !== "working") throw new Error(`the message was ${accepted?.kind}`)
  return accepted.message
}

/** Whether the shop is silent to somebody who writes under this address. */
async function isQuiet(address: Address): Promise<boolean> {
  const message = await hear(address)
  await finishQuietly(tables.database, message)
  return message.quiet
}

test("a paused chat is quiet under every address, until it is resumed under any", async () => {
  const { database } = tables
  const [number, lid] = [await newCustomer(tables), "700000001@lid"]
  expect(await isQuiet({ from: number, lid })).toBe(false)
  await pauseChat(database, { from: number, hours: 12 })
  expect(await isQuiet({ from: lid })).toBe(true)
  expect(await isQuiet({ from: number })).toBe(true)
  await resumeChat(database, { from: lid })
  await resumeChat(database, { from: lid })
  expect(await isQuiet({ from: number })).toBe(false)
})

test("a chat can be paused before its customer has ever written", async () => {
  const { database } = tables
  await pauseChat(database, { from: "700000002@lid", hours: 1 })
  await pauseChat(database, { from: "6285700000001", lid: "700000003@lid", hours: 1 })
  await pauseChat(database, { from: "6285700000002", hours: 1 })
  expect(await isQuiet({ from: "700000002@lid" })).toBe(true)
  expect(await isQuiet({ from: "700000003@lid" })).toBe(true)
  expect(await isQuiet({ from: "6285700000002" })).toBe(true)
  await resumeChat(database, { from: "6285700000009" })
  await resumeChat(database, { from: "6285700000001", lid: "700000003@lid" })
  expect(await isQuiet({ from: "6285700000001" })).toBe(false)
})

test("a pause ends by itself, and a shorter one does not cut a longer one", async () => {
  const { database, sql } = tables
  const number = await newCustomer(tables)
  await pauseChat(database, { from: number, hours: 12 })
  await pauseChat(database, { from: number, hours: 1 })
  await sql`update users set quiet_until = quiet_until - interval '11 hours' where number = ${number}`
  expect(await isQuiet({ from: number })).toBe(true)
  await sql`update users set quiet_until = quiet_until - interval '1 hour' where number = ${number}`
  expect(await isQuiet({ from: number })).toBe(false)
})

test("who runs the shop is never shut out, also when they got the role in a paused chat", async () => {
  const { database, sql } = tables
  const number = await newCustomer(tables)
  await pauseChat(database, { from: number, hours: 12 })
  const first = await hear({ from: number })
  expect(first.quiet).toBe(true)
  await acceptMessages(database, someProcess, [{ channel, id: tables.newName(), text: "next", from: number }])
  await sql`update users set role = 'admin' where number = ${number}`
  const next = await finishQuietly(database, first)
  expect(next).toMatchObject({ text: "next", quiet: false })
  if (next) await finishQuietly(database, next)
  expect(await isQuiet({ from: number })).toBe(false)
  expect(await sql`select from users where number = ${number} and is_quiet(users)`).toHaveLength(0)
})

test("whoever turns out to be a customer in a paused chat is in that chat", async () => {
  const { database } = tables
  const number = await newCustomer(tables)
  await pauseChat(database, { from: "700000004@lid", hours: 12 })
  expect(await isQuiet({ from: number, lid: "700000004@lid" })).toBe(true)
})

test("a message in a paused chat is finished once, without a word, and the next one is taken", async () => {
  const { database, sql } = tables
  const number = await newCustomer(tables)
  await pauseChat(database, { from: number, hours: 12 })
  const first = await hear({ from: number })
  const ids = Array.from({ length: 25 }, tables.newName)
  await acceptMessages(
    database,
    someProcess,
    ids.map((id) => ({ channel, id, from: number, text: id })),
  )
  const second = await finishQuietly(database, first)
  expect(second).toMatchObject({ text: ids[0], quiet: true })
  expect(await refusal(finishQuietly(database, first))).toBe("LP001")
  expect(await sql`select from outbox where user_id = ${first.userId}`).toHaveLength(0)
  expect(await sql`select from events where user_id = ${first.userId}`).toHaveLength(0)
  expect(await claimNextOfUser(database, someProcess, first.userId)).toBeUndefined()
})

test("goods that were paid for go out in a paused chat", async () => {
  const { database } = tables
  const number = await newCustomer(tables)
  const productCode = await newProduct(tables, { units: 1 })
  const { payment } = await orderByQris(tables, { productCode, number })
  await pauseChat(database, { from: number, hours: 12 })
  await settlePayment(database, someProcess, {
    serves: [],
    reference: payment.reference as ChargeReference,
    amount: rupiah(1_000),
    transactionId: "settled",
  })
  const due = await claimOutbox(database, someProcess, {
    channels: ["test"],
    limit: 10,
    broadcastsMax: 1,
    number,
  })
  expect(due.map(({ kind }) => kind)).toEqual(["goods"])
})

test("a running shop says nothing in a paused chat, and answers when it is over", async () => {
  await using stall = await openStall()
  const [number = ""] = await stall.welcome(1, 0)
  const shop = await stall.open()
  await stall.sql`select pause_chat(${number}, null, 12)`
  await stall.peer.send(shop.url, { id: "M1", from: number, text: ".menu" })
  await eventually("the message is finished", async () => {
    const rows = await stall.sql`select from inbox where message_id = 'M1' and state = 'done'`
    return rows.length === 1
  })
  await stall.sql`select resume_chat(${number}, null)`
  await stall.peer.send(shop.url, { id: "M2", from: number, text: ".menu" })
  await stall.atRest()
  expect(stall.peer.messages().map(({ inReplyTo }) => inReplyTo)).toEqual(["M2"])
})
