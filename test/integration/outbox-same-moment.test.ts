import { afterEach, beforeEach, expect, test } from "bun:test"
import type { Sql } from "../../src/database/connect.ts"
import { claimOutbox } from "../../src/database/outbox.ts"
import { holdLock, untilBlocked } from "../support/database-locks.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  orderByQris,
  ownConnection,
  someProcess,
  type TestTables,
  userIdOf,
} from "../support/selling.ts"

let tables: TestTables
let locking: Sql
let watching: Sql

beforeEach(async () => {
  tables = await openTables(1)
  locking = ownConnection(tables)
  watching = ownConnection(tables)
})
afterEach(async () => {
  await locking.end()
  await watching.end()
  await tables.close()
})

const claim = () =>
  claimOutbox(tables.database, someProcess, { channels: ["test"], limit: 10, broadcastsMax: 1 })

/** Claims while all of this happens: after the claim's statement began, before it looks at the messages. */
async function claimWhile(statements: string) {
  // The first look of a connection also asks what a message is, and would be stopped at that already.
  await claim()
  const lock = await holdLock(locking, "lock table outbox in access exclusive mode")
  const claimed = claim()
  await untilBlocked(watching, "claim_outbox")
  await lock.run(statements)
  await lock.commit()
  return await claimed
}

test("goods that are paid for in the very moment of a look go out with their units", async () => {
  const productCode = await newProduct(tables, { units: 1 })
  const { payment } = await orderByQris(tables, { productCode, number: "6281100000001" })
  const claimed = await claimWhile(`
    select settle_payment(${someProcess}, '{}', '${payment.reference}', ${payment.amount}, 'money', true)
  `)
  expect(claimed.map(({ kind, units }) => ({ kind, units: units.length }))).toEqual([
    { kind: "goods", units: 1 },
  ])
})

test("a message to somebody who came in the very moment of a look goes to them", async () => {
  const claimed = await claimWhile(`
    with came as (
      insert into users (number) values ('6281100000002') returning id
    )
    insert into outbox (channel, user_id, kind, text, state)
    select 'test', id, 'text', 'hello', 'waiting' from came
  `)
  expect(claimed.map(({ to, text }) => ({ to, text }))).toEqual([{ to: "6281100000002", text: "hello" }])
})

test("a message keeps the language it was promised in, whatever its customer chooses before it is sent", async () => {
  const number = await newCustomer(tables)
  const userId = await userIdOf(tables, number)
  await tables.sql`
    insert into outbox (channel, user_id, kind, text, state)
    values ('test', ${userId}, 'text', 'hello', 'waiting')
  `
  await tables.sql`update users set language = 'en' where id = ${userId}`
  expect(await claim()).toMatchObject([{ to: number, language: "id" }])
})
