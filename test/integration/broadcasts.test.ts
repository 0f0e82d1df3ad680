import { afterEach, beforeEach, expect, test } from "bun:test"
import {
  type BroadcastProgress,
  chooseBroadcasts,
  readAudience,
  readLatestBroadcast,
  startBroadcast,
  steerBroadcast,
  workBroadcasts,
} from "../../src/database/broadcasts.ts"
import { acceptMessages, recoverAbandoned } from "../../src/database/inbox.ts"
import { claimOutbox, type Envelope, giveUp, markSent, postpone } from "../../src/database/outbox.ts"
import { newCustomer, openTables, someProcess, type TestTables, userIdOf } from "../support/selling.ts"

let tables: TestTables
let at: Date

beforeEach(async () => {
  tables = await openTables()
  at = new Date()
})
afterEach(() => tables.close())

const channel = "gateway"
const hourMs = 3_600_000
const gap = { gapMs: 4_000, underWayMax: 5, calm: true }

async function writes(number: string, on = channel): Promise<void> {
  await acceptMessages(tables.database, someProcess, [
    { channel: on, id: tables.newName(), from: number, text: "halo" },
  ])
  await tables.sql`update inbox set state = 'done', claimed_by = null`
}

/** Somebody who wrote just now. */
async function visitor(on = channel): Promise<string> {
  const number = await newCustomer(tables)
  await writes(number, on)
  return number
}

async function visitors(count: number): Promise<readonly string[]> {
  const numbers: string[] = []
  for (let place = 0; place < count; place += 1) numbers.push(await visitor())
  return numbers
}

async function newOwner(): Promise<string> {
  const owner = await visitor()
  await tables.sql`update users set role = 'owner' where number = ${owner}`
  return owner
}

const audience = (days = 30) =>
  readAudience(tables.sql, { days, channels: [channel, "whatsapp"], at }).then(({ people }) => people)

async function start(request = tables.newName(), text = "Promo!") {
  const owner = await newOwner()
  const startedBy = await userIdOf(tables, owner)
  const channels = [channel, "whatsapp"]
  const started = await startBroadcast(tables.sql, { startedBy, request, text, days: 30, channels, at })
  return { owner, started }
}

/** The clock goes on, and the job runs. */
async function later(ms: number, calm = true): Promise<boolean> {
  at = new Date(at.getTime() + ms)
  return await workBroadcasts(tables.database, { at, ...gap, calm })
}

const claim = (on: readonly string[] = [channel, "whatsapp"]) =>
  claimOutbox(tables.database, someProcess, { channels: on, limit: 64, broadcastsMax: 64 })

/** Everything that waits goes out; returns the broadcasts among it. */
async function send(): Promise<readonly Envelope[]> {
  const claimed = await claim()
  await markSent(
    tables.database,
    someProcess,
    claimed.map(({ id }) => id),
  )
  return claimed.filter(({ kind }) => kind === "broadcast")
}

/** Runs and sends until nothing is left to be sent; returns who got it, in order. */
async function sendAll(): Promise<readonly string[]> {
  const reached: string[] = []
  for (let rounds = 0; rounds < 100; rounds += 1) {
    await later(gap.gapMs)
    reached.push(...(await send()).map(({ to }) => to))
    if ((await progress()).state !== "running") return reached
  }
  throw new Error("the broadcast has no end")
}

async function progress(): Promise<BroadcastProgress> {
  const latest = await readLatestBroadcast(tables.sql)
  if (!latest) throw new Error("there is no broadcast")
  return latest
}

async function reportsTo(number: string): Promise<readonly string[]> {
  const rows = await tables.sql<{ event: string }[]>`
    select data ->> 'event' as event
      from outbox
      join users on users.id = user_id
     where kind = 'broadcast_report' and users.number = ${number}
     order by outbox.id
  `
  return rows.map(({ event }) => event)
}

test("it goes to those who wrote first and recently, each once, on the channel they wrote on last", async () => {
  const { sql } = tables
  const [longAgo, silent, here, moved] = [
    await visitor(),
    await newCustomer(tables),
    await visitor(),
    await visitor(),
  ]
  await sql`
    update inbox
       set received_at = now() - interval '20 days'
     where user_id = (select id from users where number = ${longAgo})
  `
  await writes(moved, "whatsapp")
  await writes(await newCustomer(tables), "console")
  await writes(await newCustomer(tables), "elsewhere")
  expect([await audience(), await audience(14)]).toEqual([3, 2])
  await start()
  const reached = await sendAll()
  expect([...reached].sort()).toEqual([longAgo, here, moved].sort())
  expect(reached).not.toContain(silent)
  const channels = await sql<{ channel: string }[]>`
    select outbox.channel
      from outbox
      join users on users.id = user_id
     where users.number = ${moved} and kind = 'broadcast'
  `
  expect(channels).toEqual([{ channel: "whatsapp" }] as never)
})

test("nobody gets it who said stop, is blocked, runs the shop, or is being answered by a person", async () => {
  const { sql } = tables
  const [stopped, blocked, admin, answered, reseller] = await visitors(5)
  await chooseBroadcasts(sql, { userId: await userIdOf(tables, stopped ?? ""), wanted: false })
  await sql`update users set blocked_at = now() where number = ${blocked ?? ""}`
  await sql`update users set role = 'admin' where number = ${admin ?? ""}`
  await sql`update users set quiet_until = now() + interval '1 hour' where number = ${answered ?? ""}`
  await sql`update users set role = 'reseller' where number = ${reseller ?? ""}`
  const found = await readAudience(sql, { days: 30, channels: [channel], at })
  expect(found).toEqual({ people: 1, optedOut: 1, personAnswers: 1, hadOne: 0 })
  await start()
  expect(await sendAll()).toEqual([reseller ?? ""])
})

test("who says stop, is blocked or gets a person while it runs is left out of the rest", async () => {
  const numbers = await visitors(4)
  await start()
  await later(0)
  const [first] = await send()
  const [stopped = "", blocked = "", answered = ""] = numbers.filter((number) => number !== first?.to)
  await chooseBroadcasts(tables.sql, { userId: await userIdOf(tables, stopped), wanted: false })
  await tables.sql`update users set blocked_at = now() where number = ${blocked}`
  await tables.sql`update users set quiet_until = now() + interval '1 hour' where number = ${answered}`
  expect(await sendAll()).toEqual([])
  expect(await progress()).toMatchObject({ state: "finished", sent: 1, leftOut: 3, total: 4 })
})

test("who says stop, is blocked or gets a person while it waits for its channel does not get it", async () => {
  const [stopped = "", blocked = "", answered = "", late = "", still = ""] = await visitors(5)
  await start()
  for (let rounds = 0; rounds < 5; rounds += 1) await later(gap.gapMs)
  expect(await progress()).toMatchObject({ waiting: 5 })
  await chooseBroadcasts(tables.sql, { userId: await userIdOf(tables, stopped), wanted: false })
  await tables.sql`update users set blocked_at = now() where number = ${blocked}`
  await tables.sql`update users set quiet_until = now() + interval '1 hour' where number = ${answered}`
  expect(await progress()).toMatchObject({ waiting: 2, leftOut: 3 })
  // What becomes so by itself is found at the next look.
  await tables.sql`alter table users disable trigger users_leave_broadcasts`
  await tables.sql`update users set blocked_at = now() where number = ${late}`
  await later(0)
  expect((await send()).map(({ to }) => to)).toEqual([still])
  expect(await progress()).toMatchObject({ leftOut: 4 })
})

test("what was on its way to somebody who says stop, and comes back unsent, is not sent again", async () => {
  const userId = await userIdOf(tables, await visitor())
  await start()
  await later(0)
  const [tried] = (await claim()).filter(({ kind }) => kind === "broadcast")
  if (!tried) throw new Error("nothing was promised")
  await chooseBroadcasts(tables.sql, { userId, wanted: false })
  await postpone(tables.database, tried, { delayMs: 0, reason: "gone" })
  expect(await send()).toEqual([])
  expect(await progress()).toMatchObject({ leftOut: 1, waiting: 0 })
})

test("a channel that is away holds up no other, and gets the rest one by one when it is back", async () => {
  for (let count = 0; count < 8; count += 1) await visitor("whatsapp")
  const here = await visitors(8)
  await start()
  const reached: string[] = []
  const go = async (on: readonly string[]) => {
    await later(gap.gapMs)
    const claimed = (await claim(on)).filter(({ kind }) => kind === "broadcast")
    const ids = claimed.map(({ id }) => id)
    await markSent(tables.database, someProcess, ids)
    return claimed.map(({ to }) => to)
  }
  for (let rounds = 0; rounds < 20; rounds += 1) reached.push(...(await go([channel])))
  expect([...reached].sort()).toEqual([...here].sort())
  await later(20 * 60_000)
  await later(gap.gapMs)
  const waiting = await tables.sql`select from outbox where kind = 'broadcast' and state = 'waiting'`
  expect(waiting).toHaveLength(1)
  const counts: number[] = []
  for (let rounds = 0; rounds < 9; rounds += 1) counts.push((await go(["whatsapp"])).length)
  expect(Math.max(...counts)).toBe(1)
  expect(await progress()).toMatchObject({ sent: 16, waiting: 0, state: "finished" })
})

test("in the quiet hours nothing goes out, and it goes on by itself after them", async () => {
  await visitors(3)
  await start()
  await later(0)
  expect(await later(gap.gapMs, false)).toBe(false)
  expect(await send()).toEqual([])
  expect(await progress()).toMatchObject({ state: "running", waiting: 3 })
  expect(await sendAll()).toHaveLength(3)
})

test("saying stop and start again is remembered, and each is a change once", async () => {
  const userId = await userIdOf(tables, await visitor())
  const choose = (wanted: boolean) => chooseBroadcasts(tables.sql, { userId, wanted })
  expect([await choose(true), await choose(false), await choose(false)]).toEqual([false, true, false])
  expect(await audience()).toBe(0)
  expect([await choose(true), await choose(true)]).toEqual([true, false])
  expect(await audience()).toBe(1)
})

test("nobody gets two in a day, also when two customers turn out to be one", async () => {
  await visitors(2)
  await start()
  expect(await sendAll()).toHaveLength(2)
  const later23Hours = new Date(at.getTime() + 23 * hourMs)
  expect(await readAudience(tables.sql, { days: 30, channels: [channel], at: later23Hours })).toMatchObject({
    people: 0,
    hadOne: 2,
  })
  at = new Date(at.getTime() + 25 * hourMs)
  expect(await audience()).toBe(2)

  const known = await visitor()
  const lid = "123456789012345@lid"
  await writes(lid, "whatsapp")
  await start()
  const before = await tables.sql`select from broadcast_recipients where broadcast_id = 2`
  expect(before).toHaveLength(4)
  await acceptMessages(tables.database, someProcess, [
    { channel: "whatsapp", id: "both", from: known, lid, text: "halo" },
  ])
  const reached = await sendAll()
  expect(reached).toHaveLength(3)
  expect(await progress()).toMatchObject({ sent: 3, leftOut: 1 })
})

test("one is under way at a time, and asked for twice by the same message it is started once", async () => {
  await visitors(3)
  const { started } = await start("M1")
  expect(started).toMatchObject({ kind: "started", people: 3 })
  expect((await start("M1")).started).toEqual(started)
  expect((await start("M2")).started).toEqual({ kind: "under_way" })
  await steerBroadcast(tables.sql, { wish: "pause", at })
  expect((await start("M2")).started).toEqual({ kind: "under_way" })
  await steerBroadcast(tables.sql, { wish: "stop", at })
  expect((await start("M2")).started).toMatchObject({ kind: "started" })
})

test("with nobody to get it nothing is started", async () => {
  expect((await start()).started).toEqual({ kind: "nobody" })
  expect(await tables.sql`select from broadcasts`).toHaveLength(0)
})

test("one goes each few seconds, and few are on their way at once", async () => {
  await visitors(8)
  await start()
  expect(await later(0)).toBe(true)
  expect(await later(gap.gapMs - 1)).toBe(false)
  expect(await later(1)).toBe(true)
  for (let rounds = 0; rounds < 8; rounds += 1) await later(gap.gapMs)
  expect(await claim()).toHaveLength(gap.underWayMax)
})

test("of a stopped broadcast nothing more goes out, and what was on its way and comes back neither", async () => {
  await visitors(6)
  await start()
  for (let rounds = 0; rounds < 4; rounds += 1) await later(gap.gapMs)
  const [arrives, failing, lost] = await claim()
  if (!arrives || !failing || !lost) throw new Error("nothing was promised")
  const stopped = await steerBroadcast(tables.sql, { wish: "stop", at })
  expect(stopped).toMatchObject({ kind: "steered", broadcast: { state: "stopped", withdrawn: 2 } })
  await markSent(tables.database, someProcess, [arrives.id])
  await postpone(tables.database, failing, { delayMs: 0, reason: "not acknowledged" })
  await recoverAbandoned(tables.database)
  await later(gap.gapMs)
  expect(await claim()).toEqual([])
  expect(await progress()).toMatchObject({ state: "stopped", sent: 1, withdrawn: 5, waiting: 0 })
  expect(await steerBroadcast(tables.sql, { wish: "stop", at })).toEqual({ kind: "none" })
})

test("stopped while messages come back and others are fed, it ends, and nothing of it goes out", async () => {
  const { database, sql } = tables
  await visitors(8)
  await start()
  for (let rounds = 0; rounds < 5; rounds += 1) await later(gap.gapMs)
  const claimed = await claim()
  const feedAt = new Date(at.getTime() + gap.gapMs)
  await Promise.all([
    ...claimed.map((envelope) => postpone(database, envelope, { delayMs: 0, reason: "gone" })),
    steerBroadcast(sql, { wish: "stop", at }),
    workBroadcasts(database, { at: feedAt, ...gap }),
  ])
  expect(await claim()).toEqual([])
  expect(await progress()).toMatchObject({ state: "stopped", sent: 0, waiting: 0, withdrawn: 8 })
})

test("a paused broadcast waits, and goes on where it was: each message keeps its id, nobody gets it twice", async () => {
  const numbers = await visitors(5)
  await start()
  await later(0)
  const [first] = await send()
  await later(gap.gapMs)
  const [tried] = await claim()
  if (!first || !tried) throw new Error("nothing was promised")
  await steerBroadcast(tables.sql, { wish: "pause", at })
  await postpone(tables.database, tried, { delayMs: 0, reason: "not acknowledged" })
  expect(await later(60_000)).toBe(false)
  expect(await claim()).toEqual([])
  expect(await progress()).toMatchObject({ state: "paused", pausedFor: "operator", waiting: 4, sent: 1 })

  expect(await steerBroadcast(tables.sql, { wish: "resume", at })).toMatchObject({ kind: "steered" })
  await later(0)
  const [again] = await send()
  expect([again?.to, again?.messageId]).toEqual([tried.to, tried.messageId])
  const reached = [first.to, tried.to, ...(await sendAll())]
  expect([...reached].sort()).toEqual([...numbers].sort())
})

test("two processes that feed it at once, and one that dies between, reach everybody once", async () => {
  const numbers = await visitors(12)
  await start()
  const reached: string[] = []
  for (let rounds = 0; rounds < 40; rounds += 1) {
    at = new Date(at.getTime() + gap.gapMs)
    const feed = () => workBroadcasts(tables.database, { at, ...gap })
    await Promise.all([feed(), feed(), feed()])
    const claimed = (await claim()).filter(({ kind }) => kind === "broadcast")
    // Every third round the process that sends dies before it says that it did.
    if (rounds % 3 === 0) await recoverAbandoned(tables.database)
    else
      await markSent(
        tables.database,
        someProcess,
        claimed.map(({ id }) => id),
      )
    if (rounds % 3 !== 0) reached.push(...claimed.map(({ to }) => to))
  }
  expect([...reached].sort()).toEqual([...numbers].sort())
  expect(await progress()).toMatchObject({ state: "finished", sent: 12 })
  const ids = await tables.sql`select distinct message_id from outbox where kind = 'broadcast'`
  expect(ids).toHaveLength(12)
})

test("WhatsApp's warning pauses it and tells the owners; it goes on when the rest is over and they say so", async () => {
  const { sql } = tables
  await visitor("whatsapp")
  await visitor()
  const { owner } = await start()
  const until = new Date(at.getTime() + hourMs)
  await sql`insert into whatsapp_account (paused_until) values (${until})`
  expect(await later(0)).toBe(false)
  expect(await progress()).toMatchObject({ state: "paused", pausedFor: "warning", waiting: 2 })
  expect(await reportsTo(owner)).toEqual(["paused"])
  expect(await steerBroadcast(sql, { wish: "resume", at })).toMatchObject({ kind: "rests" })
  await later(2 * hourMs)
  expect(await progress()).toMatchObject({ state: "paused" })
  await steerBroadcast(sql, { wish: "resume", at })
  expect(await sendAll()).toHaveLength(2)
  expect(await reportsTo(owner)).toEqual(["paused", "finished"])
})

test("five failures in a row pause it, and one that fails for long holds up nobody", async () => {
  await visitors(12)
  const { owner } = await start()
  await later(0)
  const [stuck] = (await claim()).filter(({ kind }) => kind === "broadcast")
  if (!stuck) throw new Error("nothing was promised")
  await postpone(tables.database, stuck, { delayMs: hourMs, reason: "no phone is known there" })
  await later(16 * 60_000)
  expect(await progress()).toMatchObject({ state: "running", failed: 1 })
  for (let rounds = 0; rounds < 6; rounds += 1) {
    for (const envelope of await claim()) await giveUp(tables.database, envelope, "refused")
    await later(gap.gapMs)
  }
  expect(await progress()).toMatchObject({ state: "paused", pausedFor: "failures", failed: 5 })
  expect(await reportsTo(owner)).toContain("paused")
})

test("who started it hears at each quarter and at the end, and nobody else does", async () => {
  const other = await newOwner()
  await visitors(8)
  const { owner } = await start()
  await sendAll()
  expect(await reportsTo(owner)).toEqual(["quarter", "quarter", "quarter", "finished"])
  expect(await reportsTo(other)).toEqual([])
  expect(await progress()).toMatchObject({ state: "finished", sent: 8, waiting: 0 })
})
