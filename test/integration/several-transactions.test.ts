import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import { closeCharge } from "../../src/shop/close-charges.ts"
import { replayEvent } from "../../src/shop/work-payment-events.ts"
import { auditBooks } from "../support/audit-books.ts"
import { type MidtransDesk, openMidtransDesk, price } from "../support/midtrans-desk.ts"

let desk: MidtransDesk

beforeAll(async () => {
  desk = await openMidtransDesk()
})
afterAll(async () => {
  const { database, sql } = desk.tables
  expect((await auditDatabase(database)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  expect(await auditBooks(sql)).toEqual([])
  await desk[Symbol.asyncDispose]()
})

const latestId = (reference: string) => desk.simulator.transaction(reference)?.transactionId ?? ""

/** An order whose charge was paid by a first transaction, and the id and the notification of that. */
async function paidFirst() {
  const order = await desk.order()
  desk.simulator.pay(order.reference)
  return { ...order, first: latestId(order.reference), body: desk.lastNotification(order.reference) }
}

test("money behind a later attempt that nobody paid gets the goods, by its notification", async () => {
  const { reference, first, body } = await paidFirst()
  desk.simulator.openAgain(reference)
  expect(await desk.notify(body)).toBe("settled")
  expect(await desk.books(reference)).toMatchObject({ resolution: "goods", status: "paid", came: [first] })
})

test("of two paid transactions of one charge each is booked, whatever the order of the notifications", async () => {
  for (const isReversed of [false, true]) {
    const { reference, first, body } = await paidFirst()
    desk.simulator.openAgain(reference)
    desk.simulator.pay(reference)
    const bodies = [body, desk.lastNotification(reference)]
    for (const one of isReversed ? bodies.toReversed() : bodies) await desk.notify(one)
    const books = await desk.books(reference)
    expect(books).toMatchObject({ resolution: "goods", status: "paid", balance: price })
    expect(books?.came.toSorted()).toEqual([first, latestId(reference)].toSorted())
  }
})

test("a transaction that was seen once is asked for again behind a later one, without any notification", async () => {
  const { reference } = await desk.order()
  const first = latestId(reference)
  await desk.reconcile(reference)
  desk.simulator.openAgain(reference)
  desk.simulator.pay(first)
  await desk.reconcile(reference)
  expect(await desk.books(reference)).toMatchObject({ resolution: "goods", came: [first] })
  desk.simulator.chargeBack(first)
  await desk.reconcile(reference)
  expect(await desk.books(reference)).toMatchObject({ status: "refunded", returned: price })
  const asked = () => desk.simulator.requests().filter(({ path }) => path.includes(first)).length
  const before = asked()
  await desk.reconcile(reference)
  expect(asked()).toBe(before)
})

test("a notification run again asks for its own transaction as well", async () => {
  const { reference } = await desk.order()
  const body = desk.lastNotification(reference)
  expect(await desk.notify(body)).toBe("not_paid")
  await desk.tables.sql`update payment_transactions set state = 'cancelled'`
  const first = latestId(reference)
  desk.simulator.openAgain(reference)
  desk.simulator.pay(first)
  const [event] = await desk.tables.sql<{ id: number }[]>`
    select id from payment_events where reference = ${reference}
  `
  const replayed = await replayEvent(desk.shop, { eventId: event?.id ?? 0, actor: "test" })
  expect(replayed).toMatchObject({ kind: "replayed", outcome: "settled" })
  expect(await desk.books(reference)).toMatchObject({ status: "paid", came: [first] })
})

test("a transaction of another order that a notification names pays for nothing but its own", async () => {
  const paid = await paidFirst()
  const { reference } = await desk.order()
  const forged = desk.simulator.forge(reference, { transaction_id: paid.first }, "settlement")
  expect(await desk.notify(forged)).toBeUndefined()
  expect(await desk.books(reference)).toMatchObject({ status: "awaiting_payment", came: [] })
  expect(await desk.books(paid.reference)).toMatchObject({ status: "awaiting_payment" })
})

test("a card's money that was captured is never given back by closing its order", async () => {
  const { code, reference } = await desk.order()
  const { simulator, shop, provider } = desk
  simulator.capture(reference)
  await desk.expire(code)
  await desk.reconcile(reference)
  expect(simulator.transaction(reference)?.state).toBe("capture")
  expect(await desk.books(reference)).toMatchObject({ resolution: "late_goods", status: "paid" })
  await closeCharge(shop, provider, { reference, isClosed: false })
  expect(simulator.transaction(reference)?.state).toBe("capture")
})

test("closing an order ends each of its transactions that nobody paid, and books the one that was", async () => {
  const { code, reference } = await desk.order()
  const { simulator } = desk
  const first = latestId(reference)
  await desk.reconcile(reference)
  simulator.openAgain(reference)
  await desk.expire(code)
  await desk.reconcile(reference)
  expect([first, reference].map((id) => simulator.transaction(id)?.state)).toEqual(["cancel", "cancel"])
  const [payment] = await desk.tables.sql`select closed_at from payments where reference = ${reference}`
  expect(payment?.closed_at).not.toBeNull()
})

test("a charge of a payment that is open again is not cancelled", async () => {
  const { reference } = await desk.order()
  const closed = await closeCharge(desk.shop, desk.provider, { reference, isClosed: false })
  expect(closed).toBe("open")
  expect(desk.simulator.transaction(reference)?.state).toBe("pending")
})
