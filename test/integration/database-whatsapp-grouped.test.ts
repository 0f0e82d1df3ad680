import { afterEach, beforeEach, expect, test } from "bun:test"
import { holdAccount, isLeaseLost, releaseAccount } from "../../src/database/whatsapp-account.ts"
import { groupWhatsAppWrites } from "../../src/database/whatsapp-grouped.ts"
import { type KeyEntry, readKeys } from "../../src/database/whatsapp-keys.ts"
import { findSent } from "../../src/database/whatsapp-sent.ts"
import { openTables, type TestTables } from "../support/selling.ts"

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const textOf = (value: Uint8Array | undefined) => value && Buffer.from(value).toString()
const session = (id: string, text: string | null): KeyEntry => ({
  type: "session",
  id,
  value: text === null ? null : bytes(text),
})

let tables: TestTables

beforeEach(async () => {
  tables = await openTables()
})
afterEach(() => tables.close())

async function take(holder: string): Promise<number> {
  const held = await holdAccount(tables.database, { holder, ttlMs: 60_000 })
  if (!held) throw new Error("the account is another's")
  return held.epoch
}

/** In which transaction each of the rows was written. */
async function writersOf(table: "whatsapp_keys" | "whatsapp_sent"): Promise<string[]> {
  const { sql } = tables
  const rows = await sql<{ writer: string }[]>`select xmin::text as writer from ${sql(table)}`
  return rows.map(({ writer }) => writer)
}

test("keys that are written at the same moment share a commit, and of one key the last write counts", async () => {
  const epoch = await take("one")
  const { writeKeys } = groupWhatsAppWrites(tables.database)
  await Promise.all([
    writeKeys(epoch, [session("a", "1"), session("b", "1")]),
    writeKeys(epoch, [session("a", "2"), session("c", "2")]),
    writeKeys(epoch, [session("b", null), session("d", "3")]),
  ])
  const stored = await readKeys(tables.database, "session", ["a", "b", "c", "d"])
  const texts = [...stored].map(([id, value]) => [id, textOf(value)] as const)
  expect(Object.fromEntries(texts)).toEqual({ a: "2", c: "2", d: "3" })
  expect(new Set(await writersOf("whatsapp_keys")).size).toBe(1)
})

test("contents that are stored at the same moment share a commit, each with its own answer", async () => {
  const epoch = await take("one")
  const { saveSent } = groupWhatsAppWrites(tables.database)
  await saveSent(epoch, { id: "M1", message: bytes("first") })
  const kept = await Promise.all([
    saveSent(epoch, { id: "M2", message: bytes("two") }),
    saveSent(epoch, { id: "M1", message: bytes("second") }),
    saveSent(epoch, { id: "M3", message: bytes("three") }),
    saveSent(epoch, { id: "M3", message: bytes("other") }),
  ])
  expect(kept.map(textOf)).toEqual(["two", "first", "three", "three"])
  expect(textOf(await findSent(tables.database, "M3"))).toBe("three")
  expect(new Set(await writersOf("whatsapp_sent")).size).toBe(2)
})

test("what is written under an epoch that is over is refused, and what is under the new one is written", async () => {
  const former = await take("one")
  await releaseAccount(tables.database, { holder: "one" })
  const epoch = await take("two")
  const { writeKeys, saveSent } = groupWhatsAppWrites(tables.database)
  const outcomes = await Promise.allSettled([
    writeKeys(former, [session("a", "former")]),
    writeKeys(epoch, [session("b", "present")]),
    saveSent(former, { id: "M1", message: bytes("former") }),
    saveSent(epoch, { id: "M2", message: bytes("present") }),
  ])
  const refused = outcomes.map((outcome) => outcome.status === "rejected" && isLeaseLost(outcome.reason))
  expect(refused).toEqual([true, false, true, false])
  expect([...(await readKeys(tables.database, "session", ["a", "b"])).keys()]).toEqual(["b"])
  expect(await findSent(tables.database, "M1")).toBeUndefined()
})
