import { afterAll, beforeAll, expect, test } from "bun:test"
import { createAnswering } from "../../src/database/answers.ts"
import { type Address, acceptMessages, claimNextOfUser } from "../../src/database/inbox.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { newCustomer, openTables, someProcess, type TestTables, userIdOf } from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const newLid = () => `7${tables.newName().slice(1).padStart(9, "0")}@lid`
const newNumber = () => `62855${tables.newName().slice(1).padStart(6, "0")}`

async function hear(id: string, address: Address, channel = "whatsapp") {
  const [accepted] = await acceptMessages(tables.database, someProcess, [
    { channel, id, text: "hello", ...address },
  ])
  if (!accepted) throw new Error("the message was not accepted")
  return accepted
}

/** Answers everything that waits, so that nothing hinders a union. */
async function answerAll(userId: UserId): Promise<void> {
  await tables.sql`
    update inbox set state = 'waiting', claimed_by = null where user_id = ${userId} and state = 'working'
  `
  for (;;) {
    const message = await claimNextOfUser(tables.database, someProcess, userId)
    if (!message) return
    await createAnswering(tables.database, () => [])(message, { text: "yes" })
  }
}

test("a message that comes again under the customer's other address is the same message", async () => {
  const [lid, number] = [newLid(), newNumber()]
  const { userId } = await hear("M1", { from: lid })
  expect(await hear("M1", { from: number, lid })).toMatchObject({ kind: "duplicate", userId })
  expect(await hear("M1", { from: number })).toMatchObject({ kind: "duplicate", userId })
  expect(await hear("M1", { from: lid })).toMatchObject({ kind: "duplicate", userId })
})

test("it stays the same message when its customer turns out to be another one, at once or later", async () => {
  const [lid, number] = [newLid(), await newCustomer(tables)]
  const into = await userIdOf(tables, number)
  const { userId: from } = await hear("M2", { from: lid })
  expect(from).not.toBe(into)
  expect(await hear("M2", { from: number, lid })).toMatchObject({ kind: "duplicate", united: false })
  await answerAll(from)
  expect(await hear("M2", { from: number, lid })).toMatchObject({ kind: "duplicate", united: true })
  for (const address of [{ from: number, lid }, { from: number }, { from: lid }])
    expect(await hear("M2", address)).toMatchObject({ kind: "duplicate", userId: into })
  expect(await hear("M3", { from: number })).toMatchObject({ kind: "working", userId: into })
})

test("the same id of two customers is two messages", async () => {
  const [one, other] = [await newCustomer(tables), await newCustomer(tables)]
  const [first, second] = [await hear("M4", { from: one }), await hear("M4", { from: other })]
  expect([first.kind, second.kind]).toEqual(["working", "working"])
  if (second.kind !== "working") throw new Error("it was not stored")
  expect(second.message.messageId).toBe(`M4/${second.userId}`)
  const rows = await tables.sql`
    select from inbox where channel = 'whatsapp' and message_id = ${second.message.messageId}
  `
  expect(rows).toHaveLength(1)
})

test("the longest id is stored, and known again", async () => {
  const from = await newCustomer(tables)
  const ids = ["a", "b"].map((last) => `${"x".repeat(127)}${last}`)
  const kinds = []
  for (const id of [...ids, ...ids]) kinds.push((await hear(id, { from })).kind)
  expect(kinds).toEqual(["working", "waiting", "duplicate", "duplicate"])
})

test("on another channel an id is one message, whoever sends it", async () => {
  const [one, other] = [await newCustomer(tables), await newCustomer(tables)]
  const first = await hear("M5", { from: one }, "gateway")
  if (first.kind !== "working") throw new Error("it was not stored")
  expect(first.message.messageId).toBe("M5")
  expect((await hear("M5", { from: other }, "gateway")).kind).toBe("duplicate")
})
