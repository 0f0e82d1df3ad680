import { afterEach, beforeEach, expect, test } from "bun:test"
import type { Channel, OutboundMessage, SendOutcome } from "../../src/channels/channel.ts"
import { forgetOldMessages } from "../../src/database/inbox.ts"
import { claimOutbox, type Envelope, readOutboxState } from "../../src/database/outbox.ts"
import { createLog } from "../../src/operations/log.ts"
import { createOutbox, type Outbox } from "../../src/outbox/outbox.ts"
import { eventually } from "../support/eventually.ts"
import { newCustomer, openTables, someProcess, type TestTables, userIdOf } from "../support/selling.ts"

const channel = "whatsapp"
const broadcastsMax = 8

let tables: TestTables
let outbox: Outbox | undefined

beforeEach(async () => {
  tables = await openTables()
})
afterEach(async () => {
  await outbox?.stop()
  outbox = undefined
  await tables.close()
})

/** Promises a message that waits for its turn. */
async function promise(number: string, kind: "text" | "broadcast", text: string): Promise<void> {
  const userId = await userIdOf(tables, number)
  await tables.sql`
    insert into outbox (channel, user_id, kind, text, state)
    values (${channel}, ${userId}, ${kind}, ${text}, 'waiting')
  `
}

async function broadcast(count: number): Promise<readonly string[]> {
  const numbers: string[] = []
  for (let place = 0; place < count; place += 1) {
    const number = await newCustomer(tables)
    await promise(number, "broadcast", `news for ${number}`)
    numbers.push(number)
  }
  return numbers
}

const claim = (limit: number, broadcasts = broadcastsMax) =>
  claimOutbox(tables.database, someProcess, { channels: [channel], limit, broadcastsMax: broadcasts })

/** A way out that holds what it is told to hold, and takes only while it is open. */
function newWay(holds: (message: OutboundMessage) => boolean = () => false) {
  const begun: OutboundMessage[] = []
  const held = Promise.withResolvers<void>()
  let isOpen = true
  const channelMade: Channel = {
    name: channel,
    send: async (message): Promise<SendOutcome> => {
      begun.push(message)
      if (holds(message)) await held.promise
      return { kind: "delivered" }
    },
    takes: () => isOpen,
    stop: async () => undefined,
  }
  return {
    channel: channelMade,
    begun,
    release: () => held.resolve(),
    open: () => {
      isOpen = true
    },
    shut: () => {
      isOpen = false
    },
  }
}

function openOutbox(way: Channel): Outbox {
  outbox = createOutbox({
    database: tables.database,
    owner: () => someProcess,
    channels: [way],
    writeWords: ({ text }) => ({ text: text ?? "" }),
    openUnit: (sealed) => sealed,
    log: createLog({ level: "silent" }),
    newReference: () => "E-TEST",
    noteError: async () => undefined,
    random: () => 0.5,
    onSent: () => undefined,
    lookIntervalMs: 50,
  })
  return outbox
}

const unsent = async () => (await readOutboxState(tables.database)).waiting

test("a reply that is promised later overtakes other customers' broadcasts", async () => {
  await broadcast(20)
  await promise(await newCustomer(tables), "text", "a reply")
  const claimed = await claim(3)
  expect(claimed.map(({ text }) => text?.slice(0, 4))).toEqual(["a re", "news", "news"])
  expect(claimed.map(({ lane }) => lane)).toEqual([undefined, "broadcast", "broadcast"])
})

test("only so many broadcasts are claimed, and the rest in order later", async () => {
  const numbers = await broadcast(12)
  const first = await claim(64)
  expect(first.map(({ to }) => to)).toEqual([...numbers.slice(0, broadcastsMax)])
  expect(await claim(64, 0)).toEqual([])
  expect((await claim(64, 100)).map(({ to }) => to)).toEqual([...numbers.slice(broadcastsMax)])
})

test("a customer's reply stays behind their own broadcast, which then goes as the reply would", async () => {
  await broadcast(3)
  const number = await newCustomer(tables)
  await promise(number, "broadcast", "news")
  await promise(number, "text", "a reply")
  const [news, ...rest] = await claim(64, 0)
  expect(news).toMatchObject({ to: number, text: "news", kind: "broadcast" })
  expect([news?.lane, rest]).toEqual([undefined, []])
  await tables.sql`update outbox set state = 'sent', claimed_by = null where id = ${news?.id ?? 0}`
  expect((await claim(64, 0)).map(({ text }) => text)).toEqual(["a reply"])
})

test("eight broadcasts are under way at most, and a reply goes out beside them", async () => {
  await broadcast(20)
  const way = newWay(({ lane }) => lane === "broadcast")
  const sender = openOutbox(way.channel)
  sender.start()
  await eventually("eight broadcasts are under way", () => way.begun.length === broadcastsMax)
  for (const text of ["one", "two"]) {
    const reply = await newCustomer(tables)
    await promise(reply, "text", text)
    sender.wake()
    await eventually("the reply is sent", () => way.begun.some((message) => message.text === text))
  }
  expect(way.begun).toHaveLength(broadcastsMax + 2)
  expect(way.begun.filter(({ lane }) => lane === undefined)).toHaveLength(2)
  way.release()
  await eventually("everything is sent", async () => (await unsent()) === 0)
  expect(way.begun).toHaveLength(22)
})

test("while a channel takes nothing its messages wait, and no attempt is used up", async () => {
  const number = await newCustomer(tables)
  await promise(number, "text", "a reply")
  const way = newWay()
  way.shut()
  const sender = openOutbox(way.channel)
  expect(sender.takes()).toEqual([])
  await sender.idle()
  expect(way.begun).toEqual([])
  expect(await tables.sql`select from outbox where state = 'waiting' and attempts = 0`).toHaveLength(1)
  way.open()
  expect(sender.takes()).toEqual([channel])
  await sender.idle()
  expect(way.begun.map(({ to }) => to)).toEqual([number])
  expect(await tables.sql`select from outbox where state = 'sent' and attempts = 1`).toHaveLength(1)
})

test("a channel that stops taking after the claim gives the message back untried", async () => {
  await promise(await newCustomer(tables), "text", "a reply")
  const claimed: readonly Envelope[] = await claim(1)
  const way = newWay()
  way.shut()
  const sender = openOutbox(way.channel)
  sender.deliver(claimed)
  await eventually("the message waits again", async () => {
    const rows = await tables.sql`select from outbox where state = 'waiting' and attempts = 0`
    return rows.length === 1
  })
  expect(way.begun).toEqual([])
})

test("broadcasts count as messages that wait, and those that were sent are forgotten when old", async () => {
  await broadcast(3)
  expect(await readOutboxState(tables.database)).toMatchObject({ waiting: 3, givenUp: 0 })
  const way = newWay()
  await openOutbox(way.channel).idle()
  expect(await readOutboxState(tables.database)).toEqual({ waiting: 0, oldestSeconds: 0, givenUp: 0 })
  await tables.sql`update outbox set created_at = now() - interval '31 days'`
  await forgetOldMessages(tables.database, { ageDays: 30, limit: 2 })
  expect(await tables.sql`select from outbox`).toHaveLength(1)
})

test("of all that was said or could not be, only what proves that goods were handed over is kept", async () => {
  const number = await newCustomer(tables)
  await tables.sql`delete from outbox`
  await tables.sql`
    insert into outbox (channel, user_id, kind, text, state, created_at)
    select 'gateway', users.id, kind, case when kind in ('text', 'broadcast') then 'word' end, state,
           now() - interval '31 days'
      from users,
           unnest(array['sent', 'given_up', 'waiting']) as state,
           (
             select (regexp_matches(pg_get_constraintdef(oid), '''(\\w+)''::text', 'g'))[1] as kind
               from pg_constraint
              where conname = 'outbox_kind_check' and connamespace = current_schema()::regnamespace
           ) as kinds
     where users.number = ${number} and kind <> 'goods'
  `
  await forgetOldMessages(tables.database, { ageDays: 30, limit: 10_000 })
  const left = await tables.sql<{ kind: string }[]>`
    select distinct kind::text from outbox where state <> 'waiting' order by kind
  `
  expect(left.map(({ kind }) => kind)).toEqual(["order_shipped", "warranty_replaced"])
  expect((await tables.sql`select from outbox where state = 'waiting'`).length).toBeGreaterThan(25)
})
