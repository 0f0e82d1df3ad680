import { afterEach, beforeEach, expect, test } from "bun:test"
import { openDatabase } from "../../src/database/connect.ts"
import {
  askAgain,
  askToPair,
  holdAccount,
  isLeaseLost,
  pauseSending,
  readAccount,
  releaseAccount,
  saveCreds,
  showAccount,
  wipeAccount,
} from "../../src/database/whatsapp-account.ts"
import { type KeyEntry, readKeys, writeKeys } from "../../src/database/whatsapp-keys.ts"
import {
  findSent,
  forgetOldSent,
  readRetryCount,
  saveRetryCount,
  saveSent,
} from "../../src/database/whatsapp-sent.ts"
import { testShop } from "../support/engines.ts"
import { openTables, refusal, type TestTables } from "../support/selling.ts"

const ttlMs = 60_000
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const textOf = (value: Uint8Array | null | undefined) => value && Buffer.from(value).toString()

let tables: TestTables

beforeEach(async () => {
  tables = await openTables()
})
afterEach(() => tables.close())

async function take(holder: string): Promise<number> {
  const held = await holdAccount(tables.database, { holder, ttlMs })
  if (!held) throw new Error("the account is another's")
  return held.epoch
}

/** As if the holder had been silent for longer than its lease. */
const letLeaseRunOut = () => tables.sql`
  update whatsapp_account set held_until = clock_timestamp() - interval '1 second'
`

test("an account that nobody has turned on is off", async () => {
  const account = await readAccount(tables.database)
  expect(account).toMatchObject({ state: "off", held: false, creds: null, pausedForMs: 0, pairingAsked: 0 })
  expect(account).toMatchObject({ phone: null, qr: null, pairingWantedSecondsAgo: null, problem: null })
})

test("of ten processes that want the account at once, one has it", async () => {
  const quiet = () => undefined
  const metrics = { queryDuration: quiet, databaseError: quiet, transaction: quiet, pool: quiet }
  const processes = Array.from({ length: 10 }, () =>
    openDatabase({ address: tables.address, shop: testShop, metrics, connectionsMax: 1 }),
  )
  for (let round = 1; round <= 5; round += 1) {
    const outcomes = await Promise.all(
      processes.map((database, place) => holdAccount(database, { holder: `round ${round} ${place}`, ttlMs })),
    )
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([{ epoch: round }])
    await letLeaseRunOut()
  }
  await Promise.all(processes.map((database) => database.close()))
})

test("a lease is renewed by its holder, and taken over only when it ran out or was let go of", async () => {
  const { database } = tables
  expect(await take("one")).toBe(1)
  expect(await take("one")).toBe(1)
  expect(await holdAccount(database, { holder: "two", ttlMs })).toBeUndefined()
  await letLeaseRunOut()
  expect(await take("two")).toBe(2)
  expect(await holdAccount(database, { holder: "one", ttlMs })).toBeUndefined()
  await releaseAccount(database, { holder: "one" })
  expect((await readAccount(database)).held).toBe(true)
  await releaseAccount(database, { holder: "two" })
  await releaseAccount(database, { holder: "two" })
  expect((await readAccount(database)).held).toBe(false)
  expect(await take("two")).toBe(3)
})

test("nobody but the present holder writes anything", async () => {
  const { database } = tables
  const former = await take("one")
  const writes = (epoch: number) => [
    () => saveCreds(database, epoch, { creds: bytes("creds"), phone: "62811" }),
    () => writeKeys(database, epoch, [{ type: "session", id: "a", value: bytes("key") }]),
    () => saveSent(database, epoch, { id: "M1", message: bytes("sent") }),
    () => pauseSending(database, epoch, { ms: 1, reason: "x" }),
    () => showAccount(database, epoch, { state: "open" }),
    () => wipeAccount(database, epoch, "logged_out"),
  ]
  for (const write of writes(former)) await write()
  await letLeaseRunOut()
  const current = await take("two")
  for (const write of writes(former)) expect(await write().catch(isLeaseLost)).toBe(true)
  for (const write of writes(former)) expect(await refusal(write())).toBe("LP002")
  for (const write of writes(current)) await write()
  await releaseAccount(database, { holder: "two" })
  for (const write of writes(current)) expect(await write().catch(isLeaseLost)).toBe(true)
})

test("what the former holder writes while it is taken over from is read by the next one, or refused", async () => {
  const { database } = tables
  for (let round = 1; round <= 20; round += 1) {
    const former = await take(`former ${round}`)
    await letLeaseRunOut()
    const writing = Array.from({ length: 8 }, (_, place) => {
      const id = `${round}.${place}`
      return writeKeys(database, former, [{ type: "session", id, value: bytes(id) }]).then(
        () => id,
        (error: unknown) => {
          if (!isLeaseLost(error)) throw error
          return undefined
        },
      )
    })
    const taking = async () => {
      await take(`next ${round}`)
      return await readKeys(
        database,
        "session",
        Array.from({ length: 8 }, (_, place) => `${round}.${place}`),
      )
    }
    const [seen, ...written] = await Promise.all([taking(), ...writing])
    expect([...seen.keys()].sort()).toEqual(written.filter((id) => id !== undefined).sort())
    await releaseAccount(database, { holder: `next ${round}` })
  }
})

test("812 keys are written at once, and nulls remove them", async () => {
  const { database } = tables
  const epoch = await take("one")
  const ids = Array.from({ length: 812 }, (_, place) => `${place}`)
  await writeKeys(
    database,
    epoch,
    ids.map((id) => ({ type: "pre-key", id, value: bytes(`key ${id}`) })),
  )
  await writeKeys(database, epoch, [{ type: "session", id: "7", value: bytes("another") }])
  const stored = await readKeys(database, "pre-key", [...ids, "unknown"])
  expect(stored.size).toBe(812)
  expect(textOf(stored.get("811"))).toBe("key 811")
  await writeKeys(
    database,
    epoch,
    ids.map((id) => ({ type: "pre-key", id, value: Number(id) % 2 === 0 ? null : bytes(`new ${id}`) })),
  )
  const rest = await readKeys(database, "pre-key", ids)
  expect(rest.size).toBe(406)
  expect(textOf(rest.get("7"))).toBe("new 7")
  expect(textOf((await readKeys(database, "session", ["7"])).get("7"))).toBe("another")
  await writeKeys(database, epoch, [])
  expect(await readKeys(database, "pre-key", [])).toEqual(new Map())
})

test("a key that is named twice is what was said last", async () => {
  const { database } = tables
  const epoch = await take("one")
  const entry = (id: string, text: string | null): KeyEntry => ({
    type: "session",
    id,
    value: text === null ? null : bytes(text),
  })
  await writeKeys(database, epoch, [
    entry("a", "first"),
    entry("a", "last"),
    entry("b", "kept"),
    entry("b", null),
    entry("c", null),
    entry("c", "made"),
  ])
  const stored = await readKeys(database, "session", ["a", "b", "c"])
  expect([...stored].map(([id, value]) => [id, textOf(value)]).sort()).toEqual([
    ["a", "last"],
    ["c", "made"],
  ])
})

test("being logged out forgets what the account was logged in with, and nothing else", async () => {
  const { database } = tables
  const epoch = await take("one")
  await saveCreds(database, epoch, { creds: bytes("creds"), phone: "62811" })
  await writeKeys(database, epoch, [{ type: "session", id: "a", value: bytes("key") }])
  await saveRetryCount(database, "M1", 2)
  await saveSent(database, epoch, { id: "M1", message: bytes("sent") })
  await askToPair(database, { phone: "62899" })
  await wipeAccount(database, epoch, "logged_out")
  const account = await readAccount(database)
  expect(account).toMatchObject({ state: "logged_out", creds: null, phone: null, pairingPhone: "62899" })
  expect((await readKeys(database, "session", ["a"])).size).toBe(0)
  expect(await readRetryCount(database, "M1")).toBe(0)
  expect(textOf(await findSent(database, "M1"))).toBe("sent")
})

test("the codes for pairing are shown only while their holder is there", async () => {
  const { database } = tables
  const epoch = await take("one")
  await showAccount(database, epoch, { state: "pairing", qr: bytes("qr"), pairingCode: bytes("code") })
  const shown = await readAccount(database)
  expect([shown.state, textOf(shown.qr), textOf(shown.pairingCode)]).toEqual(["pairing", "qr", "code"])
  await letLeaseRunOut()
  const alone = await readAccount(database)
  expect(alone).toMatchObject({ state: "connecting", qr: null, pairingCode: null, held: false })
  await take("two")
  expect(await readAccount(database)).toMatchObject({ state: "connecting", qr: null, pairingCode: null })
})

test("a state that has to be mended by somebody stays when its holder goes", async () => {
  const { database } = tables
  for (const state of ["logged_out", "replaced", "stopped"] as const) {
    const epoch = await take(`holder of ${state}`)
    await showAccount(database, epoch, { state, problem: "somebody has to look" })
    await releaseAccount(database, { holder: `holder of ${state}` })
    expect(await readAccount(database)).toMatchObject({ state, problem: "somebody has to look" })
    await take("next")
    expect(await readAccount(database)).toMatchObject({ state })
    await releaseAccount(database, { holder: "next" })
  }
  expect(await readAccount(database)).toMatchObject({ state: "stopped" })
  await askAgain(database)
  expect(await readAccount(database)).toMatchObject({ state: "connecting", problem: null })
})

test("a wish to pair is seen by the holder, and ends when the account is open", async () => {
  const { database } = tables
  await askToPair(database)
  expect(await readAccount(database)).toMatchObject({ state: "connecting", pairingAsked: 0, held: false })
  const epoch = await take("one")
  await askToPair(database, { phone: "62811" })
  await askToPair(database, { phone: "62811" })
  await askToPair(database)
  const asked = await readAccount(database)
  expect(asked).toMatchObject({ pairingPhone: "62811", pairingAsked: 2 })
  expect(asked.pairingWantedSecondsAgo).toBeLessThan(60)
  await showAccount(database, epoch, { state: "pairing" })
  expect((await readAccount(database)).pairingWantedSecondsAgo).not.toBeNull()
  await showAccount(database, epoch, { state: "open" })
  const open = await readAccount(database)
  expect(open).toMatchObject({ state: "open", pairingPhone: null, pairingWantedSecondsAgo: null })
  expect(open.pairingAsked).toBe(2)
})

test("a pause of sending outlives its holder, and ends by itself", async () => {
  const { database, sql } = tables
  const epoch = await take("one")
  await pauseSending(database, epoch, { ms: 3_600_000, reason: "463" })
  await letLeaseRunOut()
  const paused = await readAccount(database)
  expect(paused.pauseReason).toBe("463")
  expect(paused.pausedForMs).toBeGreaterThan(3_000_000)
  await sql`update whatsapp_account set paused_until = clock_timestamp() - interval '1 second'`
  expect(await readAccount(database)).toMatchObject({ pausedForMs: 0, pauseReason: null })
})

test("what was sent under an id stays what it is, until it is old", async () => {
  const { database, sql } = tables
  const epoch = await take("one")
  expect(textOf(await saveSent(database, epoch, { id: "M1", message: bytes("first") }))).toBe("first")
  expect(textOf(await saveSent(database, epoch, { id: "M1", message: bytes("second") }))).toBe("first")
  expect(await findSent(database, "M2")).toBeUndefined()
  await saveRetryCount(database, "M1", 1)
  await saveRetryCount(database, "M1", 2)
  expect(await readRetryCount(database, "M1")).toBe(2)
  await forgetOldSent(database, { ageDays: 7, limit: 10 })
  expect(textOf(await findSent(database, "M1"))).toBe("first")
  await sql`update whatsapp_sent set created_at = now() - interval '8 days'`
  await sql`update whatsapp_retries set at = now() - interval '8 days'`
  await forgetOldSent(database, { ageDays: 7, limit: 10 })
  expect(await findSent(database, "M1")).toBeUndefined()
  expect(await readRetryCount(database, "M1")).toBe(0)
})
