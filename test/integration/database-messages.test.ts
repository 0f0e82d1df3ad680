import { afterAll, beforeAll, expect, test } from "bun:test"
import { createAnswering } from "../../src/database/answers.ts"
import type { ClaimedMessage } from "../../src/database/claimed-message.ts"
import {
  acceptMessages,
  claimMessages,
  claimNextOfUser,
  type MessagePromise,
  recoverAbandoned,
} from "../../src/database/inbox.ts"
import { claimOutbox, type Envelope, markSent } from "../../src/database/outbox.ts"
import { resendGoods } from "../../src/database/past-orders.ts"
import { claimProcess } from "../../src/database/process-claim.ts"
import { createLog } from "../../src/operations/log.ts"
import type { ProcessId } from "../../src/shop/ids.ts"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  orderByQris,
  refusal,
  say,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

const log = createLog({ level: "silent" })
const channel = "test"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const send = (from: string, ids: readonly string[], owner = someProcess) =>
  acceptMessages(
    tables.database,
    owner,
    ids.map((id) => ({ channel, id, from, text: `text of ${id}` })),
  )

const newIds = (count: number) => Array.from({ length: count }, tables.newName)

const answer = (message: ClaimedMessage, text: string, serves: readonly string[] = []) =>
  createAnswering(tables.database, () => serves)(message, { text })

async function promisesTo(number: string): Promise<number> {
  const rows = await tables.sql`
    select from outbox join users on users.id = outbox.user_id where users.number = ${number}
  `
  return rows.length
}

async function nextProcess(): Promise<ProcessId> {
  const [row] = await tables.sql<{ id: ProcessId }[]>`select nextval('process_ids')::integer as id`
  if (!row) throw new Error("no process number")
  return row.id
}

/** A message that a process has accepted, died over, and that another process has claimed since. */
async function takenOver(from: string): Promise<{ former: ClaimedMessage; current: ClaimedMessage }> {
  const former = await say(tables, from, await nextProcess())
  await recoverAbandoned(tables.database)
  const current = await claimNextOfUser(tables.database, await nextProcess(), former.userId)
  if (!current) throw new Error("the message was not given back")
  return { former, current }
}

test("what happened is neither changed nor removed", async () => {
  const { sql } = tables
  await newCustomer(tables, 1)
  const message = await say(tables, await newCustomer(tables))
  await createAnswering(tables.database, () => [])(message, { text: "hello", step: "greeting" })
  await sql`
    insert into payment_events (provider, reference, claimed_state, raw_body) values ('demo', 'x', 'paid', '')
  `
  await sql`insert into payment_event_outcomes (event_id, outcome) select id, 'settled' from payment_events`
  for (const table of ["events", "audit_log", "payment_events", "payment_event_outcomes"]) {
    const [column] = await sql<{ name: string }[]>`
      select attname as name from pg_attribute where attrelid = ${table}::regclass and attnum = 2
    `
    const name = sql(column?.name ?? "")
    expect(await sql`select from ${sql(table)}`).not.toHaveLength(0)
    expect(await refusal(sql`update ${sql(table)} set ${name} = ${name}`)).toBe(kept)
    expect(await refusal(sql`delete from ${sql(table)}`)).toBe(kept)
    expect(await refusal(sql`truncate ${sql(table)} cascade`)).toBe(kept)
  }
})

test("the same message from twenty connections at once is stored and claimed once", async () => {
  const from = await newCustomer(tables)
  const [id = ""] = newIds(1)
  const outcomes = (await Promise.all(Array.from({ length: 20 }, () => send(from, [id])))).flat()
  const kinds = outcomes.map(({ kind }) => kind).sort()
  expect(kinds).toEqual([...Array(19).fill("duplicate"), "working"])
  expect(await tables.sql`select from inbox where message_id = ${id}`).toHaveLength(1)
})

test("a customer who writes for the first time twenty times at once is one customer, served one by one", async () => {
  const from = "6285511112222"
  const outcomes = (await Promise.all(newIds(20).map((id) => send(from, [id])))).flat()
  expect(outcomes.filter(({ kind }) => kind === "working")).toHaveLength(1)
  expect(outcomes.filter(({ kind }) => kind === "waiting")).toHaveLength(19)
  expect(await tables.sql`select from users where number = ${from}`).toHaveLength(1)
})

test("of one customer one message is worked on, and one sent on a channel, at a time", async () => {
  const { sql } = tables
  const from = await newCustomer(tables)
  await send(from, newIds(2))
  const userId = await userIdOf(tables, from)
  const both = sql`update inbox set state = 'working', claimed_by = 1 where user_id = ${userId}`
  expect(await refusal(both)).toBe("inbox_one_working_per_user")
  const sending = () => sql`
    insert into outbox (channel, user_id, kind, text, state, claimed_by)
    values (${channel}, ${userId}, 'text', 'x', 'sending', 1)
  `
  await sending()
  expect(await refusal(sending())).toBe("outbox_one_sending_per_user")
})

test("a message beyond those that may wait is refused, and its customer told once", async () => {
  const from = await newCustomer(tables)
  const outcomes = await send(from, newIds(25))
  const kinds = outcomes.map(({ kind }) => kind)
  expect(kinds).toEqual(["working", ...Array(19).fill("waiting"), ...Array(5).fill("refused")])
  expect(await promisesTo(from)).toBe(1)
})

test("a customer's messages are taken in their order, each when the one before is answered", async () => {
  const from = await newCustomer(tables)
  const ids = newIds(4)
  const [first] = await send(from, ids)
  let message = first?.kind === "working" ? first.message : undefined
  const taken: string[] = []
  while (message) {
    taken.push(message.messageId)
    expect(await claimNextOfUser(tables.database, await nextProcess(), message.userId)).toBeUndefined()
    message = (await answer(message, "yes")).next
  }
  expect(taken).toEqual(ids)
})

test("while one process takes a customer's oldest message, another does not take the next", async () => {
  const { sql, database } = tables
  const from = await newCustomer(tables)
  await send(from, newIds(2), await nextProcess())
  await recoverAbandoned(database)
  const userId = await userIdOf(tables, from)
  const other = await nextProcess()
  await sql.begin(async (transaction) => {
    await transaction`select claim_next_of_user(${someProcess}, ${userId})`
    const rows = await sql`select * from claim_next_of_user(${other}, ${userId}) where inbox_id is not null`
    expect(rows).toHaveLength(0)
  })
})

test("processes that claim at once share the customers, each to one", async () => {
  const { database } = tables
  const dead = await nextProcess()
  const numbers: string[] = []
  for (let count = 0; count < 12; count += 1) {
    const from = await newCustomer(tables)
    await send(from, newIds(2), dead)
    numbers.push(from)
  }
  await recoverAbandoned(database)
  const owners = await Promise.all(Array.from({ length: 6 }, nextProcess))
  const claimed: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const rounds = await Promise.all(owners.map((owner) => claimMessages(database, owner, { limit: 100 })))
    claimed.push(...rounds.flat().map(({ address }) => address))
  }
  expect(claimed.filter((number) => numbers.includes(number)).sort()).toEqual(numbers.sort())
})

test("who lost a message cannot answer it, and what it did with it is undone", async () => {
  const number = await newCustomer(tables, 9_000)
  const productCode = await newProduct(tables, { units: 3 })
  await order(tables, await say(tables, number), { productCode })
  const before = await promisesTo(number)
  const { former, current } = await takenOver(number)
  expect(await refusal(answer(former, "late"))).toBe("LP001")
  expect(await refusal(order(tables, former, { productCode }))).toBe("LP001")
  const [bought] = await tables.sql<
    { code: string }[]
  >`select code from orders where user_id = ${former.userId}`
  const resent = resendGoods(tables.database, former, { serves: [], orderCode: bought?.code ?? "" })
  expect(await refusal(resent)).toBe("LP001")
  expect(await promisesTo(number)).toBe(before)
  expect(current.attempts).toBe(2)
  expect((await answer(current, "in time")).promise.state).toBe("waiting")
  expect(await refusal(answer(current, "twice"))).toBe("LP001")
})

test("a message that was handled when its process died makes no second order", async () => {
  const number = await newCustomer(tables)
  const productCode = await newProduct(tables, { units: 3 })
  const former = await say(tables, number, await nextProcess())
  const first = await order(tables, former, { productCode, method: "qris" })
  await recoverAbandoned(tables.database)
  const current = await claimNextOfUser(tables.database, await nextProcess(), former.userId)
  if (!current) throw new Error("the message was not given back")
  const second = await order(tables, current, { productCode, method: "qris" })
  expect(second).toEqual(first)
  expect(await tables.sql`select from orders where user_id = ${former.userId}`).toHaveLength(1)
})

test("only the claims of processes that are gone are given back", async () => {
  const { database, address } = tables
  const alive = await claimProcess(address, database, log)
  const leaving = await claimProcess(address, database, log)
  const [aliveId, leavingId] = [alive.current(), leaving.current()]
  if (aliveId === undefined || leavingId === undefined) throw new Error("no process number")
  const [kept, given] = [await newCustomer(tables), await newCustomer(tables)]
  await recoverAbandoned(database)
  const keptMessage = await say(tables, kept, aliveId)
  await answer(keptMessage, "mine", [channel])
  await say(tables, kept, aliveId)
  await answer(await say(tables, given, leavingId), "theirs", [channel])
  await say(tables, given, leavingId)
  expect(await recoverAbandoned(database)).toEqual({ inbox: 0, outbox: 0 })
  await leaving.close()
  expect(await recoverAbandoned(database)).toEqual({ inbox: 1, outbox: 1 })
  await alive.close()
})

test("a customer's messages go out one after the other, in the order they were promised", async () => {
  const { database } = tables
  const number = await newCustomer(tables)
  const promises: MessagePromise[] = []
  for (const text of ["one", "two", "three"]) {
    promises.push((await answer(await say(tables, number), text, [channel])).promise)
  }
  expect(promises.map(({ state }) => state)).toEqual(["sending", "waiting", "waiting"])
  const sent = ["one"]
  const claim = () =>
    claimOutbox(database, someProcess, { channels: [channel], limit: 10, broadcastsMax: 1, number })
  expect(await claim()).toEqual([])
  let last: Pick<Envelope, "id"> | undefined = promises[0]
  while (last) {
    await markSent(database, someProcess, [last.id])
    const [next] = await claim()
    if (next) sent.push(next.text ?? "")
    last = next
  }
  expect(sent).toEqual(["one", "two", "three"])
})

test("promises made at once by several connections are sent one at a time", async () => {
  const { sql } = tables
  const userId = await userIdOf(tables, await newCustomer(tables))
  const made = await Promise.all(
    Array.from(
      { length: 20 },
      (_, place) => sql<{ promise: { state: string } }[]>`
        select promise_message(
          ${someProcess}, ${[channel]}::text[], ${channel}, ${userId},
          'text', ${`reply ${place}`}, '{}', null, null
        ) as promise
      `,
    ),
  )
  const states = made.flat().map(({ promise }) => promise.state)
  expect(states.filter((state) => state === "sending")).toHaveLength(1)
  expect(states.filter((state) => state === "waiting")).toHaveLength(19)
})

test("goods are sent again with the same units, only to who bought them and only when they are paid", async () => {
  const { database } = tables
  const number = await newCustomer(tables, 9_000)
  const productCode = await newProduct(tables, { units: 3 })
  const placed = await order(tables, await say(tables, number), { productCode, quantity: 2 })
  if (placed.kind !== "paid") throw new Error(placed.kind)
  const { orderCode } = placed.order
  const again = await resendGoods(database, await say(tables, number), { serves: [], orderCode })
  expect(again?.units).toEqual(placed.units)
  const stranger = await say(tables, await newCustomer(tables))
  expect(await resendGoods(database, stranger, { serves: [], orderCode })).toBeUndefined()
  const debtor = await newCustomer(tables)
  const unpaid = await orderByQris(tables, { productCode, number: debtor })
  const [message] = await tables.sql<{ inbox_id: ClaimedMessage["inboxId"] }[]>`
    select id as inbox_id from inbox where user_id = ${unpaid.payment.user_id}
  `
  if (!message) throw new Error("the message is gone")
  const open = { ...stranger, inboxId: message.inbox_id }
  const early = { serves: [], orderCode: unpaid.order.orderCode }
  expect(await resendGoods(database, open, early)).toBeUndefined()
})
