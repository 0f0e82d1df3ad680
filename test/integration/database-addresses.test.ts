import { afterAll, beforeAll, expect, test } from "bun:test"
import { createAnswering } from "../../src/database/answers.ts"
import { claimOutbox, markSent } from "../../src/database/outbox.ts"
import { channel, type Hearing, openHearing } from "../support/hearing.ts"
import { newCustomer, refusal, someProcess, type TestTables, userIdOf } from "../support/selling.ts"

let tables: TestTables
let hearing: Hearing

beforeAll(async () => {
  hearing = await openHearing()
  tables = hearing.tables
})
afterAll(async () => await hearing.close())

test("somebody who writes under a LID alone is one customer, and is answered there", async () => {
  const lid = hearing.newLid()
  const first = await hearing.talk({ from: lid })
  expect(first).toMatchObject({ number: null, address: lid })
  expect((await hearing.talk({ from: lid })).userId).toBe(first.userId)
})

test("a customer of a LID whose number becomes known is the same customer under both", async () => {
  const [lid, number] = [hearing.newLid(), hearing.newNumber()]
  const { userId } = await hearing.talk({ from: lid })
  expect(await hearing.talk({ from: number, lid })).toMatchObject({ userId, number, address: lid })
  expect(await hearing.talk({ from: number }, "test")).toMatchObject({ userId, number, address: number })
  expect(await hearing.talk({ from: lid })).toMatchObject({ userId, number, address: lid })
})

test("a customer of a number who appears with a LID is the same customer under both", async () => {
  const [lid, number] = [hearing.newLid(), await newCustomer(tables, 5_000)]
  const userId = await userIdOf(tables, number)
  expect(await hearing.talk({ from: number, lid })).toMatchObject({
    userId,
    number,
    address: lid,
    balance: 5_000,
  })
  expect(await hearing.talk({ from: lid })).toMatchObject({ userId, number })
})

test("somebody new with both addresses is one customer", async () => {
  const [lid, number] = [hearing.newLid(), hearing.newNumber()]
  const { userId } = await hearing.talk({ from: number, lid })
  expect((await hearing.talk({ from: lid })).userId).toBe(userId)
  expect((await hearing.talk({ from: number }, "test")).userId).toBe(userId)
})

test("on WhatsApp a message goes to the LID that was seen last, elsewhere to the number", async () => {
  const { database } = tables
  const [older, newer, number] = [hearing.newLid(), hearing.newLid(), hearing.newNumber()]
  const where = async (on: string) => {
    await createAnswering(database, () => [])(await hearing.hearClaimed({ from: number }, on), {
      text: "yes",
    })
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
  await hearing.hearAndSend({ from: number, lid: older })
  expect(await where(channel)).toBe(older)
  await hearing.hearAndSend({ from: number, lid: newer })
  expect(await where(channel)).toBe(newer)
  await hearing.hearAndSend({ from: number, lid: older })
  expect(await where(channel)).toBe(older)
  expect(await where("gateway")).toBe(number)
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
  const [lid, former, now] = [hearing.newLid(), await newCustomer(tables, 500), hearing.newNumber()]
  const { userId } = await hearing.talk({ from: former, lid })
  expect(await hearing.talk({ from: now, lid })).toMatchObject({
    userId,
    number: former,
    balance: 500,
    address: lid,
  })
  expect(await hearing.talk({ from: lid })).toMatchObject({ userId, number: former })
  expect(await hearing.talk({ from: former })).toMatchObject({ userId })
  expect(await sql`select from users where number = ${now}`).toHaveLength(0)
  expect(await notedLids(userId)).toEqual([])
})

test("a number stays with its customer when it comes with another LID, and the operator can see it", async () => {
  const [first, second, third] = [hearing.newLid(), hearing.newLid(), hearing.newLid()]
  const number = await newCustomer(tables, 500)
  const userId = await userIdOf(tables, number)
  expect((await hearing.talk({ from: number, lid: first })).userId).toBe(userId)
  expect(await notedLids(userId)).toEqual([])
  for (const lid of [second, first, second, third])
    expect(await hearing.talk({ from: number, lid })).toMatchObject({ userId, address: lid, balance: 500 })
  expect(await notedLids(userId)).toEqual([second, third])
})

test("a LID goes with a number that has a customer, once noted, however often it changes sides", async () => {
  const [lid, one, other] = [hearing.newLid(), await newCustomer(tables), await newCustomer(tables)]
  const [oneId, otherId] = [await userIdOf(tables, one), await userIdOf(tables, other)]
  await hearing.talk({ from: one, lid })
  for (const [from, userId] of [
    [other, otherId],
    [one, oneId],
    [other, otherId],
  ] as const) {
    expect((await hearing.talk({ from, lid })).userId).toBe(userId)
    expect((await hearing.talk({ from: lid })).userId).toBe(userId)
  }
  expect(await notedLids(otherId)).toEqual([lid])
  expect(await notedLids(oneId)).toEqual([lid])
})

test("a customer without a number who comes to one with another LID is united and noted", async () => {
  const [first, second, number] = [hearing.newLid(), hearing.newLid(), await newCustomer(tables)]
  const userId = await userIdOf(tables, number)
  await hearing.talk({ from: number, lid: first })
  await hearing.talk({ from: second })
  expect(await hearing.hear({ from: number, lid: second })).toMatchObject({ userId, united: true })
  expect(await notedLids(userId)).toEqual([second])
})

test("a customer always has an address", async () => {
  const { sql } = tables
  expect(await refusal(sql`insert into users (number) values (null)`)).toBe("users_have_an_address")
  const lid = hearing.newLid()
  await hearing.talk({ from: lid })
  expect(await refusal(sql`delete from lids where lid = ${lid}`)).toBe("users_have_an_address")
  expect(await refusal(sql`insert into lids (lid, user_id) select 'x@lid', id from users limit 1`)).toBe(
    "lids_lid_check",
  )
})
