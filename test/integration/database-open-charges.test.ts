import { afterAll, beforeAll, expect, test } from "bun:test"
import { type DueCharge, noteAsked, noteSilence, takeDueCharge } from "../../src/database/open-charges.ts"
import type { PaymentRow } from "../../src/database/payments.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  orderByQris,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

let tables: TestTables

beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const minute = 60
const hour = 60 * minute
const day = 24 * hour

async function newPayment(): Promise<PaymentRow> {
  const productCode = await newProduct(tables, { units: 1 })
  const { payment } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  return payment
}

const take = (providers = ["demo"]) => takeDueCharge(tables.database, { providers, leaseSeconds: 120 })

/** In how many seconds a payment is asked for next; undefined when never. */
async function secondsLeft({ reference }: Pick<PaymentRow, "reference">): Promise<number | undefined> {
  const [row] = await tables.sql<{ left: number | null }[]>`
    select extract(epoch from next_ask_at - now())::float8 as left
      from payments
     where reference = ${reference}
  `
  return row?.left ?? undefined
}

/** The pauses of a payment in one state, each answered, until it is asked for no more. */
async function pausesIn(
  { reference }: PaymentRow,
  state: DueCharge["state"],
  most: number,
): Promise<number[]> {
  const pauses: number[] = []
  for (let asks = 0; asks < most; asks += 1) {
    const left = await secondsLeft({ reference })
    if (left === undefined) return pauses
    pauses.push(left)
    await noteAsked(
      tables.database,
      { reference, state, provider: "demo", isClosed: false },
      { isClosed: false },
    )
  }
  return pauses
}

async function end({ id }: PaymentRow, state: "expired" | "cancelled" | "failed"): Promise<void> {
  await tables.sql`update payments set state = ${state} where id = ${id}`
}

function expectRarer(pauses: readonly number[]): void {
  for (const [place, pause] of pauses.entries())
    expect(pause).toBeGreaterThan((pauses[place - 1] ?? 0) * 0.85)
}

test("an open charge is asked for after half a minute, then rarer, and as long as it is open", async () => {
  const pauses = await pausesIn(await newPayment(), "requested", 30)
  expect(pauses).toHaveLength(30)
  expect(pauses[0]).toBeGreaterThan(20)
  expect(pauses[0]).toBeLessThan(35)
  expectRarer(pauses)
  expect(Math.max(...pauses)).toBeLessThan(6 * minute)
})

test("an ended charge is asked for at once, then rarer and rarer, for more than two days", async () => {
  for (const state of ["expired", "cancelled", "failed"] as const) {
    const payment = await newPayment()
    await end(payment, state)
    const pauses = await pausesIn(payment, state, 30)
    expect(pauses[0]).toBeLessThanOrEqual(0)
    expect(pauses.length).toBeLessThan(15)
    expectRarer(pauses.slice(1))
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThan(2 * day)
  }
})

test("a paid charge is asked for within minutes, hours, a day and a week, and then no more", async () => {
  const payment = await newPayment()
  const { reference, amount } = payment
  await settlePayment(tables.database, someProcess, { serves: [], reference, amount, transactionId: "t-1" })
  const pauses = await pausesIn(payment, "paid", 30)
  const times = pauses.map((_, place) => pauses.slice(0, place + 1).reduce((sum, pause) => sum + pause))
  const around = [5 * minute, 30 * minute, 6 * hour, day, 7 * day]
  expect(times).toHaveLength(around.length)
  for (const [place, time] of times.entries()) {
    expect(time / (around[place] ?? 0)).toBeGreaterThan(0.95)
    expect(time / (around[place] ?? 0)).toBeLessThan(1.15)
  }
})

test("a silent provider is asked again soon and then rarer, and silence is no answer", async () => {
  const payment = await newPayment()
  await end(payment, "expired")
  const { reference } = payment
  const pauses: number[] = []
  for (let time = 0; time < 12; time += 1) {
    await noteSilence(tables.database, { reference, state: "expired", provider: "demo", isClosed: false })
    pauses.push((await secondsLeft(payment)) ?? 0)
  }
  expect(pauses[0]).toBeLessThanOrEqual(20)
  expect(Math.min(...pauses)).toBeGreaterThan(5)
  expect(pauses[11]).toBeGreaterThan(2 * minute)
  expect(Math.max(...pauses)).toBeLessThan(7 * minute)
  const [row] = await tables.sql`select asks, silences from payments where reference = ${reference}`
  expect(row).toEqual({ asks: 0, silences: 12 })
  await noteAsked(
    tables.database,
    { reference, state: "expired", provider: "demo", isClosed: false },
    { isClosed: true },
  )
  const [after] = await tables.sql`
    select asks, silences, closed_at is not null as closed from payments where reference = ${reference}
  `
  expect(after).toEqual({ asks: 1, silences: 0, closed: true })
})

test("an answer about a state that is over leaves the schedule of the new one alone", async () => {
  const payment = await newPayment()
  await end(payment, "cancelled")
  const { reference } = payment
  await noteAsked(
    tables.database,
    { reference, state: "pending", provider: "demo", isClosed: false },
    { isClosed: false },
  )
  expect(await secondsLeft(payment)).toBeLessThanOrEqual(0)
})

test("each due charge is taken by one of many processes, the longest due first, and is due again after a lease", async () => {
  await tables.sql`update payments set next_ask_at = null`
  const payments = [await newPayment(), await newPayment(), await newPayment()]
  for (const [place, { id }] of payments.entries())
    await tables.sql`
      update payments set next_ask_at = now() - make_interval(mins => ${3 - place}) where id = ${id}
    `
  expect(await take(["midtrans"])).toBeUndefined()
  expect((await take())?.reference).toBe(payments[0]?.reference)
  const rest = await Promise.all(Array.from({ length: 10 }, () => take()))
  const taken = rest.flatMap((charge) => (charge ? [charge.reference] : []))
  expect(new Set(taken)).toEqual(new Set(payments.slice(1).map(({ reference }) => reference)))
  expect(taken).toHaveLength(2)
  for (const payment of payments) expect(await secondsLeft(payment)).toBeGreaterThan(60)
})
