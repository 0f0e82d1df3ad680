import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { decideReview } from "../../src/shop/decide-review.ts"
import { reconcilePayments } from "../../src/shop/reconcile-payments.ts"
import { receiveNotification } from "../../src/shop/record-payment.ts"
import { replayEvent } from "../../src/shop/work-payment-events.ts"
import { auditBooks } from "../support/audit-books.ts"
import { type MidtransDesk, openMidtransDesk, price } from "../support/midtrans-desk.ts"
import { newCustomer } from "../support/selling.ts"

let desk: MidtransDesk
let unknowns = 0

beforeAll(async () => {
  desk = await openMidtransDesk()
})
beforeEach(() => desk.simulator.faults.clear())
afterAll(async () => {
  const { database, sql } = desk.tables
  expect((await auditDatabase(database)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  expect(await auditBooks(sql)).toEqual([])
  await desk[Symbol.asyncDispose]()
})

/** The status API is a state behind for the next answers; as many as one try asks for. */
const lag = (times = 1) => desk.simulator.faults.plan("status", { kind: "stale", times })

/** A charge at Midtrans of an order that this shop does not have, as after an old backup. */
async function unknownCharge(): Promise<ChargeReference> {
  unknowns += 1
  const reference = `LPK-BACKUP-${unknowns}` as ChargeReference
  await desk.charge(reference)
  return reference
}

async function notifyLast(reference: string) {
  return await desk.notify(desk.lastNotification(reference))
}

async function paidOrder() {
  const order = await desk.order()
  desk.simulator.pay(order.reference)
  expect(await notifyLast(order.reference)).toBe("settled")
  return order
}

const outcomesOf = async (reference: string) => (await desk.outcomes(reference)).map(({ outcome }) => outcome)

test("money taken back while the status lags is booked back, though nobody asks for the charge any more", async () => {
  for (const end of ["refund", "chargeBack", "deny"] as const) {
    const { reference } = await paidOrder()
    await desk.tables.sql`update payments set next_ask_at = null, asks = 5 where reference = ${reference}`
    desk.simulator[end](reference)
    lag()
    expect(await notifyLast(reference)).toBeUndefined()
    await desk.workOpen()
    expect(await outcomesOf(reference)).toEqual(["settled", "reversed"])
    expect(await desk.books(reference)).toMatchObject({ returned: price })
  }
})

test("a second partial refund that the status does not list yet is asked for once more, soon", async () => {
  const { reference } = await paidOrder()
  const { simulator, tables } = desk
  simulator.refundAmount(reference, 3_000)
  await notifyLast(reference)
  await tables.sql`update payments set next_ask_at = null, asks = 5 where reference = ${reference}`
  await notifyLast(reference)
  const [payment] = await tables.sql`
    select next_ask_at < now() + interval '10 minutes' as soon from payments where reference = ${reference}
  `
  expect(payment).toEqual({ soon: true })
})

test("to be asked for once more costs a charge none of its later turns", async () => {
  const { reference } = await paidOrder()
  const { tables, simulator } = desk
  await tables.sql`
    update payments set next_ask_at = now() + interval '6 days', asks = 4 where reference = ${reference}
  `
  simulator.refundAmount(reference, 3_000)
  await notifyLast(reference)
  await desk.reconcile(reference)
  const [payment] = await tables.sql`
    select next_ask_at > now() + interval '5 days' as late from payments where reference = ${reference}
  `
  expect(payment).toEqual({ late: true })
})

test("a return that the provider does not bear out within an hour has its charge asked for anew", async () => {
  const { reference } = await paidOrder()
  const { tables, simulator } = desk
  await tables.sql`update payments set next_ask_at = null, asks = 5 where reference = ${reference}`
  await desk.storeOld(reference, "chargeback", 2)
  await desk.workOpen()
  expect(await outcomesOf(reference)).toEqual(["settled", "already_settled"])
  simulator.chargeBack(reference)
  const [payment] = await tables.sql`
    select asks, next_ask_at < now() + interval '10 minutes' as soon
      from payments
     where reference = ${reference}
  `
  expect(payment).toEqual({ asks: 0, soon: true })
  await desk.reconcile(reference)
  expect(await desk.books(reference)).toMatchObject({ returned: price })
})

test("a settlement that the status lags behind is booked when it says so", async () => {
  const { reference } = await desk.order()
  desk.simulator.pay(reference)
  lag()
  expect(await notifyLast(reference)).toBeUndefined()
  await desk.workOpen()
  expect(await outcomesOf(reference)).toEqual(["settled"])
})

test("what the provider never bears out ends after an hour as the provider said", async () => {
  const { reference } = await desk.order()
  await desk.storeOld(reference, "settlement", 2)
  await desk.workOpen()
  expect(await outcomesOf(reference)).toEqual(["not_paid"])
  expect(await desk.reviews(reference)).toEqual([])
})

test("money for an order nobody knows is found although the status lags", async () => {
  const reference = await unknownCharge()
  desk.simulator.pay(reference)
  lag()
  expect(await notifyLast(reference)).toBeUndefined()
  expect(await desk.reviews(reference)).toEqual([])
  await desk.workOpen()
  expect(await desk.reviews(reference)).toMatchObject([{ kind: "unknown_payment", amount: price }])
})

test("each of two transactions of an order nobody knows is a review of its own", async () => {
  const reference = await unknownCharge()
  desk.simulator.pay(reference)
  const first = desk.lastNotification(reference)
  desk.simulator.openAgain(reference)
  desk.simulator.pay(reference)
  for (const body of [first, desk.lastNotification(reference), first]) await desk.notify(body)
  expect(await desk.reviews(reference)).toHaveLength(2)
})

test("money for an order nobody knows that the provider never shows is a person's after a day", async () => {
  await desk.storeOld("SITE-9", "settlement", 25)
  await desk.workOpen()
  expect(await outcomesOf("SITE-9")).toEqual(["gave_up"])
  expect(await desk.reviews("SITE-9")).toMatchObject([
    { kind: "unknown_payment", amount: null, evidence: { why: "behind", claimedState: "settlement" } },
  ])
})

test("money that a person gave to somebody, and that the bank takes back, is a person's again", async () => {
  const reference = await unknownCharge()
  desk.simulator.pay(reference)
  await notifyLast(reference)
  const number = await newCustomer(desk.tables)
  const [review] = await desk.reviews(reference)
  if (!review) throw new Error("there is no review")
  const decided = {
    id: review.id,
    decision: { kind: "credited", number },
    actor: "test",
    reason: "his",
  } as const
  expect(await decideReview(desk.shop, decided)).toMatchObject({ kind: "decided" })
  desk.simulator.chargeBack(reference)
  expect(await notifyLast(reference)).toBe("reversed")
  expect(await notifyLast(reference)).toBe("already_reversed")
  expect(await desk.reviews(reference)).toMatchObject([
    { kind: "reversal", amount: price, number, evidence: { reversal: "chargeback", reviewId: review.id } },
  ])
})

test("money that a person decided on is said to be decided when its notification is run again", async () => {
  const reference = await unknownCharge()
  desk.simulator.pay(reference)
  await notifyLast(reference)
  const [review] = await desk.reviews(reference)
  if (!review) throw new Error("there is no review")
  const dismissed = {
    id: review.id,
    decision: { kind: "dismissed" },
    actor: "test",
    reason: "a test",
  } as const
  await decideReview(desk.shop, dismissed)
  const [event] = await desk.tables.sql<{ id: number }[]>`
    select id from payment_events where reference = ${reference}
  `
  const replayed = await replayEvent(desk.shop, { eventId: event?.id ?? 0, actor: "test" })
  expect(replayed).toMatchObject({ outcome: "decided_by_person" })
})

test("a paid charge whose answers can't be read is on the review list after a day, with its order", async () => {
  const { reference, code } = await desk.order()
  desk.simulator.pay(reference)
  desk.simulator.faults.plan("status", { kind: "edited", fields: { gross_amount: "10000" } })
  await desk.storeOld(reference, "settlement", 25)
  await desk.workOpen()
  expect(await outcomesOf(reference)).toEqual(["gave_up"])
  expect(await desk.reviews(reference)).toMatchObject([
    { kind: "unknown_payment", reference, orderCode: code, evidence: { why: "unreadable" } },
  ])
})

test("a notification that says nothing of money is given up without troubling a person", async () => {
  const { reference } = await desk.order()
  desk.simulator.faults.plan("status", { kind: "edited", fields: { gross_amount: "10000" } })
  await desk.storeOld(reference, "pending", 25)
  await desk.workOpen()
  expect(await outcomesOf(reference)).toEqual(["gave_up"])
  expect(await desk.reviews(reference)).toEqual([])
})

test("a charge of no money at all can't be read, and holds up no other", async () => {
  const { reference } = await desk.order()
  desk.simulator.pay(reference)
  desk.simulator.faults.plan("status", { kind: "edited", fields: { gross_amount: "0.00" } })
  expect(await desk.notify(desk.lastNotification(reference))).toBeUndefined()
})

test("one event or charge whose handling fails holds up no other, and patience ends it", async () => {
  const { sql } = desk.tables
  const broken = await desk.order()
  const whole = await desk.order()
  for (const { reference } of [broken, whole]) {
    desk.simulator.pay(reference)
    await receiveNotification(desk.shop, "midtrans", desk.lastNotification(reference))
  }
  await sql.unsafe(`
    create function fail_for_one() returns trigger language plpgsql as $$
    begin
      if new.transaction_id = '${desk.simulator.transaction(broken.reference)?.transactionId}' then
        raise exception 'this one can not be booked';
      end if;
      return new;
    end $$;
    create trigger fails_for_one before insert on receipts for each row execute function fail_for_one();
  `)
  await sql`update payments set next_ask_at = null`
  await sql`
    update payments set next_ask_at = now() - interval '1 minute' where reference = ${broken.reference}
  `
  await desk.storeOld(broken.reference, "settlement", 25)
  await desk.workOpen()
  expect(await desk.books(whole.reference)).toMatchObject({ status: "paid" })
  expect(await outcomesOf(broken.reference)).toEqual([null, "gave_up"])
  const third = await desk.order()
  desk.simulator.pay(third.reference)
  await sql`update payments set next_ask_at = now() where reference = ${third.reference}`
  await reconcilePayments(desk.shop)
  expect(await desk.books(third.reference)).toMatchObject({ status: "paid" })
  await sql`drop function fail_for_one cascade`
  await desk.workOpen()
  expect(await desk.books(broken.reference)).toMatchObject({ status: "paid" })
})

test("an open event is found among the open ones alone, and leaves them when it is concluded", async () => {
  const { sql } = desk.tables
  await sql`
    insert into payment_event_outcomes (event_id, outcome)
    select event_id, 'not_paid' from open_payment_events
  `
  const { reference } = await desk.order()
  desk.simulator.faults.plan("status", { kind: "http", status: 500, times: 1 })
  expect(await notifyLast(reference)).toBeUndefined()
  const open = () => sql`select reference from open_payment_events join payment_events on id = event_id`
  expect([...(await open())]).toEqual([{ reference }])
  await desk.workOpen()
  expect([...(await open())]).toEqual([])
})
