import { afterEach, beforeEach, expect, test } from "bun:test"
import { cancelOrder } from "../../src/database/orders.ts"
import { claimOutbox } from "../../src/database/outbox.ts"
import {
  askForRestock,
  endRestockAlert,
  listRestockAlerts,
  tellRestocked,
} from "../../src/database/restock-alerts.ts"
import { addUnits } from "../../src/database/stock.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { openHearing } from "../support/hearing.ts"
import { newCustomer, newProduct, someProcess, userIdOf } from "../support/selling.ts"
import { voucherDesk } from "../support/voucher-selling.ts"

let hearing: Awaited<ReturnType<typeof openHearing>>

beforeEach(async () => {
  hearing = await openHearing()
})
afterEach(() => hearing.close())

const openMax = 10

/** A customer who has written on WhatsApp, with what they may be told there. */
async function customer() {
  const number = hearing.newNumber()
  const { userId } = await hearing.talk({ from: number })
  return { number, userId }
}

const ask = (userId: UserId, code: string) => askForRestock(hearing.tables.sql, { userId, code, openMax })

async function waitingFor(code: string, count: number) {
  const customers = []
  for (let place = 0; place < count; place += 1) {
    const known = await customer()
    await ask(known.userId, code)
    customers.push(known)
  }
  return customers
}

async function restock(code: string, units: number): Promise<void> {
  const payloads = Array.from({ length: units }, () => Buffer.from(`${code} ${hearing.tables.newName()}`))
  await addUnits(
    hearing.tables.database,
    code,
    payloads.map((payload) => ({ payload, fingerprint: payload })),
    "restock",
  )
}

/** Returns how many were told now. */
async function tell(underwayMax = 20, channels: readonly string[] = ["whatsapp"]): Promise<number> {
  const given = { channels, underwayMax, waveSeconds: 1_800 }
  const products = await tellRestocked(hearing.tables.database, given)
  return products.reduce((sum, { told }) => sum + told, 0)
}

/** Who was promised word of what, in the order of promising. */
async function told(): Promise<readonly number[]> {
  const rows = await hearing.tables.sql<{ user_id: number }[]>`
    select user_id from outbox where kind = 'back_in_stock' order by id
  `
  return rows.map(({ user_id }) => user_id)
}

const allSent = () =>
  hearing.tables
    .sql`update outbox set state = 'sent', claimed_by = null, sent_at = now() where state <> 'sent'`

test("whoever waits for a product is told once when it is back, whoever asked first before the others", async () => {
  const code = await newProduct(hearing.tables, { units: 0 }, 7_500)
  const waiting = await waitingFor(code, 3)
  expect(await tell()).toBe(0)
  await restock(code, 1)
  expect(await tell()).toBe(3)
  expect(await told()).toEqual(waiting.map(({ userId }) => userId))
  const rows = await hearing.tables.sql`select channel, data from outbox where kind = 'back_in_stock' limit 1`
  expect(rows).toMatchObject([{ channel: "whatsapp", data: { code, name: `Product ${code}`, price: 7_500 } }])
  await restock(code, 5)
  expect(await tell()).toBe(0)
})

test("at most three are told for each unit; when nobody wants it for a while, the next ones are", async () => {
  const code = await newProduct(hearing.tables, { units: 0 })
  const waiting = await waitingFor(code, 8)
  await restock(code, 1)
  expect([await tell(), await tell()]).toEqual([3, 0])
  await restock(code, 1)
  expect([await tell(), await tell()]).toEqual([3, 0])
  await hearing.tables.sql`update restocks set began_at = now() - interval '31 minutes'`
  expect(await tell()).toBe(2)
  expect(await told()).toEqual(waiting.map(({ userId }) => userId))
})

test("goods that were sold out in between are a restock of their own", async () => {
  const { tables, buy } = hearing
  const code = await newProduct(tables, { units: 1 }, 1_000)
  const rich = await customer()
  await hearing.give(rich.userId, 3_000)
  await buy({ from: rich.number }, code)
  await waitingFor(code, 5)
  await restock(code, 1)
  expect(await tell()).toBe(3)
  await hearing.answerAll(rich.userId)
  await buy({ from: rich.number }, code)
  expect(await tell()).toBe(0)
  await restock(code, 1)
  expect(await tell()).toBe(2)
})

test("whoever holds the last one and lets it go again, over and over, has nobody else told of it", async () => {
  const { tables } = hearing
  const code = await newProduct(tables, { units: 0 })
  await waitingFor(code, 7)
  await restock(code, 1)
  expect(await tell()).toBe(3)
  const fickle = await newCustomer(tables)
  const fickleId = await userIdOf(tables, fickle)
  for (let round = 0; round < 3; round += 1) {
    expect((await voucherDesk(tables).buy(fickle, code, "qris")).kind).toBe("awaiting_payment")
    expect(await tell()).toBe(0)
    await cancelOrder(tables.database.sql, fickleId, undefined)
    expect(await tell()).toBe(0)
  }
  await restock(code, 1)
  expect(await tell()).toBe(3)
})

test("words that wait on a channel nobody serves keep nobody else from being told", async () => {
  const { sql } = hearing.tables
  const code = await newProduct(hearing.tables, { stock: 0 })
  const away = []
  for (let count = 0; count < 3; count += 1) {
    const { userId } = await hearing.talk({ from: hearing.newNumber() }, "gateway")
    await ask(userId, code)
    away.push(userId)
  }
  const [here] = await waitingFor(code, 1)
  await sql`update products set stock = 100 where code = ${code}`
  expect(await tell(2, ["gateway"])).toBe(2)
  expect(await tell(2)).toBe(1)
  expect(await told()).toEqual([...away.slice(0, 2), here?.userId ?? 0])
  await sql`update outbox set state = 'sent', sent_at = now() where kind = 'back_in_stock'`
  expect(await tell(2)).toBe(0)
  expect(await tell(2, ["gateway"])).toBe(1)
})

test("word that could not be sent for an hour is taken back, and its customer waits on, before the others", async () => {
  const { sql } = hearing.tables
  const code = await newProduct(hearing.tables, { units: 0 })
  const [first, second, third] = await waitingFor(code, 5)
  const messages = () => sql<{ message_id: string; user_id: number }[]>`
    select message_id, user_id from outbox where kind = 'back_in_stock' and state = 'waiting' order by id
  `
  await restock(code, 1)
  expect(await tell()).toBe(3)
  const before = await messages()
  await sql`
    update outbox set created_at = now() - interval '61 minutes'
     where kind = 'back_in_stock' and user_id <> ${third?.userId ?? 0}
  `
  expect(await tell(20, [])).toBe(0)
  expect((await messages()).map(({ user_id }) => user_id)).toEqual([third?.userId ?? 0])
  expect(await listRestockAlerts(sql, first?.userId ?? (0 as UserId))).toMatchObject([{ code }])
  expect(await tell()).toBe(2)
  // The same messages: one that was on its way after all comes to its phone once.
  const again = await messages()
  expect(again.slice(1)).toEqual(before.slice(0, 2))
  expect(await told()).toEqual([third, first, second].map((known) => known?.userId ?? 0))
})

test("only so many words wait to be sent at a time, and two processes tell nobody twice", async () => {
  const code = await newProduct(hearing.tables, { stock: 0 })
  const waiting = await waitingFor(code, 9)
  await hearing.tables.sql`update products set stock = 100 where code = ${code}`
  await Promise.all([tell(4), tell(4), tell(4), tell(4)])
  expect(await tell(4)).toBe(0)
  expect(await told()).toHaveLength(4)
  await allSent()
  expect(await tell(4)).toBe(4)
  await allSent()
  expect(await tell(4)).toBe(1)
  expect(await told()).toEqual(waiting.map(({ userId }) => userId))
})

test("who is blocked, or in the hands of a person, keeps waiting until that is over", async () => {
  const { sql } = hearing.tables
  const code = await newProduct(hearing.tables, { units: 0 })
  const [blocked, quiet, free] = await waitingFor(code, 3)
  await sql`update users set blocked_at = now() where id = ${blocked?.userId ?? 0}`
  await sql`update users set quiet_until = now() + interval '1 hour' where id = ${quiet?.userId ?? 0}`
  await restock(code, 2)
  expect(await tell()).toBe(1)
  expect(await told()).toEqual([free?.userId ?? 0])
  await sql`update users set quiet_until = now() - interval '1 second' where id = ${quiet?.userId ?? 0}`
  expect(await tell()).toBe(1)
  expect(await told()).toEqual([free?.userId ?? 0, quiet?.userId ?? 0])
})

test("word of a restock comes after everything that somebody waits for", async () => {
  const { tables, newNumber } = hearing
  const code = await newProduct(tables, { units: 0 })
  await waitingFor(code, 2)
  await allSent()
  await restock(code, 1)
  await tell()
  await hearing.talk({ from: newNumber() })
  const claimed = await claimOutbox(tables.database, someProcess, {
    channels: ["whatsapp"],
    limit: 10,
    broadcastsMax: 1,
  })
  expect(claimed.map(({ kind, lane }) => [kind, lane])).toEqual([
    ["text", undefined],
    ["back_in_stock", "broadcast"],
  ])
})

test("a hidden product is nobody's news, and one in stock is not waited for", async () => {
  const { sql } = hearing.tables
  const code = await newProduct(hearing.tables, { units: 0 })
  const { userId } = await customer()
  expect(await ask(userId, code)).toMatchObject({ kind: "noted" })
  expect(await ask(userId, code)).toMatchObject({ kind: "noted_before" })
  await restock(code, 2)
  await sql`update products set hidden_at = now() where code = ${code}`
  expect(await tell()).toBe(0)
  expect(await ask(userId, "NOTHING")).toEqual({ kind: "unknown_product" })
  await sql`update products set hidden_at = null where code = ${code}`
  expect(await ask((await customer()).userId, code)).toMatchObject({ kind: "in_stock", left: 2 })
})

test("ten products are waited for at most, and each of them can be let go", async () => {
  const { tables } = hearing
  const userId = await userIdOf(tables, await newCustomer(tables))
  const codes: string[] = []
  for (let count = 0; count <= openMax; count += 1) codes.push(await newProduct(tables, { units: 0 }))
  const asked = []
  for (const code of codes) asked.push((await ask(userId, code)).kind)
  expect(asked).toEqual([...Array(openMax).fill("noted"), "too_many"])
  const [first = "", ...rest] = codes
  expect(await endRestockAlert(tables.sql, { userId, code: first })).toBe(true)
  expect(await endRestockAlert(tables.sql, { userId, code: first })).toBe(false)
  const listed = await listRestockAlerts(tables.sql, userId)
  expect(listed.map(({ code }) => code)).toEqual(rest.slice(0, openMax - 1))
})

test("a customer who turns out to be another waits on as that one, once", async () => {
  const { tables, newLid, newNumber } = hearing
  const [both, only] = [await newProduct(tables, { units: 0 }), await newProduct(tables, { units: 0 })]
  const [lid, number] = [newLid(), newNumber()]
  const byLid = await hearing.hearAndSend({ from: lid }).then(() => hearing.talk({ from: lid }))
  const byNumber = await hearing.talk({ from: number })
  await ask(byLid.userId, both)
  await ask(byLid.userId, only)
  await ask(byNumber.userId, both)
  await hearing.talk({ from: number, lid })
  expect(await hearing.isUnited(byLid.userId, byNumber.userId)).toBe(true)
  const listed = await listRestockAlerts(tables.sql, byNumber.userId)
  expect(listed.map(({ code }) => code).sort()).toEqual([both, only].sort())
  expect(await listRestockAlerts(tables.sql, byLid.userId)).toEqual([])
})
