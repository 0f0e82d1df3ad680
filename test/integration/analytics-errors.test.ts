import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Channel } from "../../src/channels/channel.ts"
import { houseTexts } from "../../src/conversation/texts/house-texts.ts"
import { isAway, openDatabase } from "../../src/database/connect.ts"
import { forgetOldErrors } from "../../src/database/errors.ts"
import { acceptMessages, letGoOfMessage } from "../../src/database/inbox.ts"
import { finishQuietly } from "../../src/database/quiet-chats.ts"
import { createMessageHandler } from "../../src/inbox/handle-message.ts"
import { createMetrics } from "../../src/operations/metrics.ts"
import { newReference } from "../../src/operations/new-reference.ts"
import { createErrorNotes, type Failure } from "../../src/operations/note-errors.ts"
import { startSchedule } from "../../src/operations/schedule.ts"
import { createOutbox } from "../../src/outbox/outbox.ts"
import { createHouse } from "../../src/shop/house.ts"
import type { UserId } from "../../src/shop/ids.ts"
import { openDesk } from "../support/desk.ts"
import { eventually } from "../support/eventually.ts"
import { quietLog } from "../support/gate.ts"
import {
  kept,
  newCustomer,
  openTables,
  refusal,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables
let nowMs = 0
const counted: string[] = []

beforeAll(async () => {
  tables = await openTables(4)
})
afterAll(() => tables.close())

const notes = (database = tables.database) =>
  createErrorNotes({
    database,
    metrics: { error: (operation) => counted.push(operation) },
    log: quietLog,
    clock: () => new Date(nowMs),
  })

const written = async () =>
  await tables.sql<Failure[]>`
    select reference, operation, code, channel, user_id as "userId" from errors order by id
  `

const handlerOf = ({ shop }: Awaited<ReturnType<typeof openDesk>>) =>
  createMessageHandler({
    shop,
    house: createHouse({ database: tables.database, log: quietLog, write: houseTexts }),
    payUrl: () => undefined,
    newReference,
    noteError: notes(),
    onHandled: () => undefined,
  })

test("a message that fails is written down under the reference its customer was told", async () => {
  const desk = await openDesk(tables)
  const handle = handlerOf(desk)
  const number = await newCustomer(tables)
  await handle({ ...(await say(tables, number)), attempts: 99 })
  await desk.close()
  const userId = await userIdOf(tables, number)
  const [error] = await written()
  expect(error).toMatchObject({ operation: "handle_message", code: "Error", channel: "test", userId })
  const [reply] = await tables.sql<{ text: string }[]>`select text from outbox where user_id = ${userId}`
  expect(reply?.text).toContain(error?.reference ?? "no reference")
  expect(counted).toEqual(["handle_message"])
})

test("an operator's words are forgotten however their message ends, and are theirs alone to command", async () => {
  const { database, sql } = tables
  const desk = await openDesk(tables)
  const [number, promoted] = [await newCustomer(tables), await newCustomer(tables)]
  await sql`update users set role = 'admin' where number = ${number}`
  const paste = ".stok KOPI-1\nF-payload"
  const hear = async () => {
    const heard = { channel: "test", id: tables.newName(), from: number, text: paste }
    const [accepted] = await acceptMessages(database, someProcess, [heard])
    if (accepted?.kind !== "working") throw new Error("the message waits")
    return accepted.message
  }
  await handlerOf(desk)({ ...(await hear()), attempts: 99 })
  await letGoOfMessage(database, await hear(), 1)
  const states =
    await sql`select state from inbox where user_id = ${await userIdOf(tables, number)} order by id`
  expect(states.map(({ state }) => state)).toEqual(["done", "refused"])
  expect(await sql`select from inbox where text like '%payload%'`).toHaveLength(0)

  const first = await say(tables, promoted)
  const cut = { channel: "test", id: tables.newName(), from: promoted, text: paste + "x".repeat(3_000) }
  await acceptMessages(database, someProcess, [cut])
  await sql`update users set role = 'admin' where number = ${promoted}`
  expect(await finishQuietly(database, first)).toMatchObject({ role: "customer" })
  await desk.close()
})

test("a message that is given up is written down, without a word of it", async () => {
  await tables.sql`delete from errors`
  const number = await newCustomer(tables)
  const userId = await userIdOf(tables, number)
  const way: Channel = {
    name: "gateway",
    send: async () => ({ kind: "refused", reason: "status 400" }),
    stop: async () => undefined,
  }
  const outbox = createOutbox({
    database: tables.database,
    owner: () => someProcess,
    channels: [way],
    writeWords: ({ text }) => ({ text: text ?? "" }),
    openUnit: (sealed) => sealed,
    log: quietLog,
    newReference,
    noteError: notes(),
    random: () => 0.5,
    onSent: () => undefined,
    lookIntervalMs: 50,
  })
  await tables.sql`
    select promise_message(1, '{}', 'gateway', ${userId}, 'text', 'a secret', '{}', null, null)
  `
  await outbox.idle()
  await outbox.stop()
  expect(await written()).toMatchObject([
    { operation: "send_message", code: "refused", channel: "gateway", userId },
  ])
})

test("a job that fails is written down, one that waits for PostgreSQL is not", async () => {
  await tables.sql`delete from errors`
  const job = (name: string, isExpected: boolean) => ({
    name,
    intervalMs: 60_000,
    run: () => Promise.reject(new RangeError("62811000000 wrote this")),
    isExpected: () => isExpected,
  })
  const schedule = startSchedule([job("expire_orders", false), job("expire_holds", true)], {
    log: quietLog,
    newReference,
    noteError: notes(),
  })
  await eventually("the job has failed", async () => (await written()).length > 0)
  await schedule.stop()
  expect(await written()).toMatchObject([
    { operation: "expire_orders", code: "RangeError", channel: null, userId: null },
  ])
})

test("a job whose statement takes too long is written down: nobody else would know", async () => {
  await tables.sql`delete from errors`
  const tooLong = () =>
    tables.database.ask("slow", () =>
      tables.sql.begin(async (transaction) => {
        await transaction`set local statement_timeout = 20`
        await transaction`select pg_sleep(5)`
      }),
    )
  const job = { name: "watch_stock", intervalMs: 60_000, run: tooLong, isExpected: isAway }
  const schedule = startSchedule([job], { log: quietLog, newReference, noteError: notes() })
  await eventually("the job has failed", async () => (await written()).length > 0)
  await schedule.stop()
  expect(await written()).toMatchObject([{ operation: "watch_stock", code: "57014" }])
})

test("an error that could not be written down is written down when it comes again", async () => {
  await tables.sql`delete from errors`
  const note = notes()
  const failure = { operation: "count_figures", error: "broken" }
  await tables.sql`alter table errors rename to errors_away`
  await note({ ...failure, reference: "E-1" })
  await tables.sql`alter table errors_away rename to errors`
  await note({ ...failure, reference: "E-2" })
  expect(await written()).toMatchObject([{ reference: "E-2" }])
})

test("an error that comes again and again is written down every few minutes, those of customers each time", async () => {
  await tables.sql`delete from errors`
  const note = notes()
  const failure = { operation: "reconcile_stock", reference: "E-1", error: "broken" }
  const about = async (minutes: number) => {
    nowMs = minutes * 60_000
    await note(failure)
  }
  for (const minutes of [0, 1, 9, 11, 12]) await about(minutes)
  await note({ ...failure, error: "broken otherwise" })
  await note({ ...failure, userId: 1 as UserId })
  await note({ ...failure, userId: 1 as UserId })
  expect((await written()).length).toBe(5)
})

test("an error that cannot be written down harms nobody", async () => {
  const away = openDatabase({
    address: { kind: "url", url: "postgres://nobody@127.0.0.1:1/nothing" },
    shop: "lapak",
    metrics: createMetrics().database,
    connectionsMax: 1,
  })
  counted.length = 0
  await notes(away)({ operation: "web_request", reference: "E-1", error: new Error("no") })
  await away.close()
  expect(counted).toEqual(["web_request"])
})

test("errors are never changed, and forgotten after their time, some at a time", async () => {
  await tables.sql`delete from errors`
  await tables.sql`
    insert into errors (at, reference, operation, code)
    select now() - make_interval(days => days), 'E-' || days, 'handle_message', 'Error'
      from unnest(array[1, 91, 92, 93]) as days
  `
  expect(await refusal(tables.sql`update errors set code = 'other'`)).toBe(kept)
  await forgetOldErrors(tables.database, { ageDays: 90, limit: 2 })
  expect((await written()).map(({ reference }) => reference)).toEqual(["E-1", "E-91"])
  await forgetOldErrors(tables.database, { ageDays: 90, limit: 2 })
  expect((await written()).map(({ reference }) => reference)).toEqual(["E-1"])
})
