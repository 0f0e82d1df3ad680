import { afterAll, beforeAll, expect, test } from "bun:test"
import { cancelOrder } from "../../src/database/orders.ts"
import type { PaymentRow } from "../../src/database/payments.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newCustomer, newProduct, openTables, type TestTables, userIdOf } from "../support/selling.ts"
import { voucherDesk } from "../support/voucher-selling.ts"

let tables: TestTables
let desk: ReturnType<typeof voucherDesk>

beforeAll(async () => {
  tables = await openTables()
  desk = voucherDesk(tables)
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

const minuteMs = 60_000

/** Holds a product for as many minutes. */
async function holdFor(number: string, productCode: string, minutes: number): Promise<PaymentRow> {
  const payment = await desk.hold(number, productCode)
  await tables.sql`
    update orders
       set created_at = now() - ${minutes} * interval '1 minute'
     where id = (select order_id from payments where reference = ${payment.reference})
  `
  return payment
}

/** The same, and never pays. */
async function holdInVain(number: string, productCode: string, minutes = 15): Promise<PaymentRow> {
  const payment = await holdFor(number, productCode, minutes)
  await desk.expire(payment)
  return payment
}

/** The same, and cancels it. */
async function letGoAfter(number: string, productCode: string, minutes: number): Promise<void> {
  const payment = await holdFor(number, productCode, minutes)
  await cancelOrder(tables.sql, payment.user_id, undefined)
}

/** Lets time pass for what a customer has ordered. */
const later = (number: string, minutes: number) => tables.sql`
  update orders
     set created_at = created_at - ${minutes} * interval '1 minute',
         ended_at = ended_at - ${minutes} * interval '1 minute'
   where user_id = (select id from users where number = ${number})
`

async function pauseOf(number: string, productCode: string): Promise<number | string> {
  const placed = await desk.buy(number, productCode, "qris")
  if (placed.kind !== "holds_paused") return placed.kind
  return Math.round((new Date(placed.until).getTime() - Date.now()) / minuteMs)
}

test("who holds three times and never pays, pays from the balance alone for a while that grows", async () => {
  const productCode = await newProduct(tables, { units: 10 })
  const number = await newCustomer(tables, 10_000)
  for (let count = 0; count < 3; count += 1) await holdInVain(number, productCode)
  expect(await pauseOf(number, productCode)).toBe(15)
  expect((await desk.buy(await newCustomer(tables), productCode, "qris")).kind).toBe("awaiting_payment")

  await later(number, 16)
  await holdInVain(number, productCode)
  expect(await pauseOf(number, productCode)).toBe(30)
  await later(number, 31)
  await holdInVain(number, productCode)
  expect(await pauseOf(number, productCode)).toBe(60)

  expect((await desk.buy(number, productCode, "saldo")).kind).toBe("paid")
  expect(await pauseOf(number, productCode)).toBe("awaiting_payment")
})

test("the pause is a day at most, and who thinks better of it at once is not paused", async () => {
  const productCode = await newProduct(tables, { units: 1 })
  const number = await newCustomer(tables)
  for (let count = 0; count < 12; count += 1) await letGoAfter(number, productCode, 0.1)
  const pauses: (string | number)[] = []
  for (let count = 0; count < 11; count += 1) {
    await holdInVain(number, productCode)
    const pause = await pauseOf(number, productCode)
    pauses.push(pause)
    if (typeof pause === "string") await cancelOrder(tables.sql, await userIdOf(tables, number), undefined)
    else await later(number, pause + 1)
    // What was let go of at once neither counts nor hides what does.
    for (let each = 0; each < 3; each += 1) await letGoAfter(number, productCode, 0.05)
  }
  expect(pauses.slice(2)).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440])
})

test("who lets go just before a hold would count, again and again, is paused as well", async () => {
  const productCode = await newProduct(tables, { units: 1 })
  const number = await newCustomer(tables)
  for (let count = 0; count < 4; count += 1) await letGoAfter(number, productCode, 4.9)
  expect(await pauseOf(number, productCode)).toBe(15)
})

test("what money came for late, or too little of it, and what is a week ago counts no more", async () => {
  const productCode = await newProduct(tables, { units: 1 })
  const number = await newCustomer(tables)
  for (let count = 0; count < 9; count += 1) {
    await holdInVain(number, productCode)
    await later(number, 30 * 24 * 60)
  }
  const held: PaymentRow[] = []
  for (let count = 0; count < 3; count += 1) held.push(await holdInVain(number, productCode))
  expect(await pauseOf(number, productCode)).toBe(15)
  for (const payment of held)
    expect(await desk.pay({ ...payment, amount: rupiah(900) })).toMatchObject({
      resolution: "underpaid_balance",
    })
  expect(await pauseOf(number, productCode)).toBe("awaiting_payment")
})

test("late money for one of them begins the count anew", async () => {
  const productCode = await newProduct(tables, { units: 2 })
  const number = await newCustomer(tables)
  for (let count = 0; count < 2; count += 1) await holdInVain(number, productCode)
  const late = await holdInVain(number, productCode)
  expect(await pauseOf(number, productCode)).toBe(15)
  await desk.pay(late)
  expect(await pauseOf(number, productCode)).toBe("awaiting_payment")
})

test("a product that is held and not paid again and again is held in part only, and sold in full", async () => {
  const { sql } = tables
  const productCode = await newProduct(tables, { units: 10 })
  for (let count = 0; count < 9; count += 1) await holdInVain(await newCustomer(tables), productCode)
  const first = await desk.hold(await newCustomer(tables), productCode)
  await holdInVain(await newCustomer(tables), productCode)
  for (let count = 0; count < 4; count += 1) await desk.hold(await newCustomer(tables), productCode)
  const number = await newCustomer(tables, 10_000)
  expect(await desk.buy(number, productCode, "qris")).toEqual({ kind: "share_held", left: 0 })
  expect((await desk.buy(number, productCode, "saldo", 5)).kind).toBe("paid")
  expect(await desk.buy(number, productCode, "saldo")).toMatchObject({ kind: "sold_out" })

  await desk.expire(first)
  await sql`insert into settings (key, value) values ('hold_share', '100')`
  expect((await desk.buy(number, productCode, "qris")).kind).toBe("awaiting_payment")
  await sql`delete from settings where key = 'hold_share'`
})

test("so is one that is let go of just before its time is over; where it is sold out, that is said", async () => {
  const productCode = await newProduct(tables, { units: 2 })
  for (let count = 0; count < 10; count += 1) await letGoAfter(await newCustomer(tables), productCode, 14)
  const number = await newCustomer(tables, 10_000)
  await desk.hold(await newCustomer(tables), productCode)
  expect(await desk.buy(number, productCode, "qris")).toEqual({ kind: "share_held", left: 0 })
  expect(await desk.buy(number, productCode, "qris", 2)).toEqual({ kind: "sold_out", left: 1 })
})

test("a customer has one unpaid order at a time", async () => {
  const productCode = await newProduct(tables, { units: 2 })
  const number = await newCustomer(tables, 10_000)
  await desk.hold(number, productCode)
  expect((await desk.buy(number, productCode, "qris")).kind).toBe("unpaid_order")
  expect((await desk.buy(number, productCode, "saldo")).kind).toBe("unpaid_order")
})

test("codes of vouchers are guessed ten times a minute at most, and then after pauses that double", async () => {
  const { sql } = tables
  const number = await newCustomer(tables)
  const code = await desk.newVoucher()
  const miss = async () => {
    const chosen = await desk.choose(number, "NOSUCHCODE")
    if (chosen.kind !== "unknown" || chosen.pausedUntil === null) return chosen.kind
    return Math.round((new Date(chosen.pausedUntil).getTime() - Date.now()) / minuteMs)
  }
  const misses = async (count: number) => {
    const outcomes = []
    for (let each = 0; each < count; each += 1) outcomes.push(await miss())
    return outcomes
  }
  const endPause = (days = 0) => sql`
    update voucher_guesses set paused_until = now() - ${days} * interval '1 day' - interval '1 second'
  `
  expect(await misses(10)).toEqual([...Array(9).fill("unknown"), 5])
  expect(await desk.choose(number, code)).toMatchObject({ kind: "paused" })
  expect(await desk.choose(await newCustomer(tables), code)).toMatchObject({ kind: "chosen" })
  await endPause()
  expect((await misses(10)).at(-1)).toBe(10)
  await endPause()
  expect(await misses(9)).toEqual(Array(9).fill("unknown"))
  await sql`update voucher_guesses set counted_since = now() - interval '61 seconds'`
  expect((await misses(10)).at(-1)).toBe(20)
  await endPause(1)
  expect((await misses(10)).at(-1)).toBe(5)
})
