import { afterAll, beforeAll, expect, test } from "bun:test"
import { cancelOrder } from "../../src/database/orders.ts"
import type { PaymentRow } from "../../src/database/payments.ts"
import { decideReview, type Review, readReviews } from "../../src/database/reviews.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { forgetOldNonces, readListenerVitals, readStaticPayment } from "../../src/database/static-payments.ts"
import { auditBooks } from "../support/audit-books.ts"
import {
  kept,
  newCustomer,
  newProduct,
  openTables,
  order,
  ownConnection,
  refusal,
  say,
  someProcess,
  type TestTables,
} from "../support/selling.ts"
import { forward, staticPayment } from "../support/static-selling.ts"

let tables: TestTables
let price = 100_000

beforeAll(async () => {
  tables = await openTables()
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  await tables.close()
})

/** A payment of a price that no other test asks for. */
async function awaited({ units = 2 } = {}) {
  price += 1_000
  const productCode = await newProduct(tables, { units }, price)
  return { productCode, payment: await staticPayment(tables, productCode) }
}

const minutes = (count: number, from = new Date()) => new Date(from.getTime() + count * 60_000)

const settle = ({ reference, amount }: PaymentRow) =>
  settlePayment(tables.database, someProcess, { serves: [], reference, amount, transactionId: "listener-1" })

async function lastReview(): Promise<Review | undefined> {
  return (await readReviews(tables.database, { limit: 1_000 })).at(-1)
}

async function matchOf({ reference }: PaymentRow) {
  return (await readStaticPayment(tables.database, reference))?.match
}

test("a notification of exactly one living amount pays for it, and is stored to be worked", async () => {
  const { payment } = await awaited()
  await awaited()
  const recorded = await forward(tables, payment.amount)
  expect(recorded).toMatchObject({ kind: "matched", reference: payment.reference })
  if (recorded.kind !== "matched") throw new Error("not matched")
  expect(await matchOf(payment)).toEqual({ eventId: recorded.eventId, amount: payment.amount })
  const events = await tables.sql`
    select payment_events.*
      from payment_events
     where id = ${recorded.eventId}
       and not exists (select from payment_event_outcomes where event_id = payment_events.id)
  `
  expect(events).toMatchObject([{ provider: "static_qris", reference: payment.reference }])
})

test("the very same notification, or request, twenty times at once has one effect", async () => {
  const { payment } = await awaited()
  const same = { fingerprint: "the very same notification" }
  const requests = Array.from({ length: 20 }, (_, place) =>
    forward(tables, payment.amount, place < 10 ? { ...same, nonce: "one nonce" } : same),
  )
  const kinds = (await Promise.all(requests)).map(({ kind }): string => kind)
  expect(kinds.toSorted()).toEqual([...Array.from({ length: 19 }, () => "duplicate"), "matched"])
  expect((await forward(tables, payment.amount, same)).kind).toBe("duplicate")
})

test("a nonce is good for one notification, until it is too old to be replayed", async () => {
  const { database, sql } = tables
  const first = await awaited()
  const second = await awaited()
  const nonce = "a nonce that is used twice"
  expect((await forward(tables, first.payment.amount, { nonce })).kind).toBe("matched")
  expect((await forward(tables, second.payment.amount, { nonce })).kind).toBe("nonce_used")
  expect(await matchOf(second.payment)).toBeNull()
  await sql`update listener_nonces set seen_at = now() - interval '25 hours' where nonce = ${nonce}`
  const before = await sql`select from listener_nonces`
  await forgetOldNonces(database, { ageHours: 24, limit: 10 })
  expect(await sql`select from listener_nonces`).toHaveLength(before.length - 1)
  expect(await sql`select from listener_nonces where nonce = ${nonce}`).toHaveLength(0)
})

test("another notification of an amount that was paid is for a person, before and after it is settled", async () => {
  const { payment } = await awaited()
  expect((await forward(tables, payment.amount)).kind).toBe("matched")
  expect(await forward(tables, payment.amount)).toMatchObject({ kind: "review", why: "paid_before" })
  await settle(payment)
  expect(await forward(tables, payment.amount)).toMatchObject({ kind: "review", why: "paid_before" })
  const review = await lastReview()
  expect(review).toMatchObject({
    kind: "unmatched_payment",
    provider: "static_qris",
    amount: payment.amount,
    reference: payment.reference,
    evidence: { why: "paid_before", package: "id.dana", candidates: review?.orderCode },
  })
})

test("money for a payment that ended is for a person", async () => {
  const { payment } = await awaited()
  await cancelOrder(tables.sql, payment.user_id, undefined)
  expect(await forward(tables, payment.amount)).toMatchObject({ kind: "review", why: "late" })
  expect(await matchOf(payment)).toBeNull()
})

test("money that came outside the time of its payment is for a person, give or take two minutes", async () => {
  const { payment } = await awaited()
  const outside = [
    { postedAt: minutes(-3), why: "too_early" },
    { postedAt: minutes(3, new Date(payment.expires_at)), why: "late" },
  ]
  for (const { postedAt, why } of outside)
    expect(await forward(tables, payment.amount, { postedAt })).toMatchObject({ kind: "review", why })
  expect((await forward(tables, payment.amount, { postedAt: minutes(-1) })).kind).toBe("matched")
  const other = await awaited()
  const postedAt = minutes(1, new Date(other.payment.expires_at))
  expect((await forward(tables, other.payment.amount, { postedAt })).kind).toBe("matched")
})

test("an amount of nobody, one above the maximum, and words in doubt are for a person", async () => {
  const { payment } = await awaited()
  const { amount } = payment
  expect(await forward(tables, 77)).toMatchObject({ kind: "review", why: "no_such_amount" })
  expect(await forward(tables, amount, { amountMax: amount - 1 })).toMatchObject({ why: "above_maximum" })
  const doubts = [
    { reading: "no_amount", amounts: [] },
    { reading: "several_amounts", amounts: [amount, 5_000_000] },
    { reading: "not_incoming", amounts: [amount] },
  ]
  for (const doubt of doubts)
    expect(await forward(tables, amount, doubt)).toMatchObject({ kind: "review", why: doubt.reading })
  expect(await matchOf(payment)).toBeNull()
  expect((await forward(tables, amount, { amountMax: amount })).kind).toBe("matched")
})

test("of several amounts the one that somebody was asked for is proposed to the person", async () => {
  const { payment } = await awaited()
  const amounts = [payment.amount, 5_000_000]
  await forward(tables, payment.amount, { reading: "several_amounts", amounts })
  expect(await lastReview()).toMatchObject({ amount: payment.amount, reference: payment.reference })
  await forward(tables, payment.amount, { reading: "several_amounts", amounts: [5, 6] })
  expect(await lastReview()).toMatchObject({ amount: null, evidence: { amounts: "5, 6" } })
})

test("doubtful words about nobody's amount are the seller's own, unless they say that money came", async () => {
  const { database, sql } = tables
  const { payment } = await awaited()
  const said = { isIncoming: false, rawBody: "the words of a promotion" }
  const reviews = await sql`select from reviews`
  const own = [
    { reading: "not_incoming", amounts: [4_321] },
    { reading: "several_amounts", amounts: [4_321, 8_765] },
    { reading: "no_amount", amounts: [] },
    { reading: "unreadable_amount", amounts: [] },
  ]
  for (const doubt of own)
    expect(await forward(tables, 0, { ...said, ...doubt })).toMatchObject({ kind: "ignored" })
  expect(await sql`select from reviews`).toHaveLength(reviews.length)
  expect(await sql`select from payment_events where raw_body like '%promotion%'`).toHaveLength(0)

  const came = { reading: "several_amounts", amounts: [4_321, 8_765], isIncoming: true }
  expect(await forward(tables, 0, came)).toMatchObject({ kind: "review" })
  const theirs = { ...said, reading: "not_incoming", amounts: [4_321, payment.amount] }
  expect(await forward(tables, 0, theirs)).toMatchObject({ kind: "review", why: "not_incoming" })
  await cancelOrder(database.sql, payment.user_id, undefined)
  expect(await forward(tables, 0, theirs)).toMatchObject({ kind: "review" })
  await sql`update static_amounts set free_at = now() - interval '1 second' where reference = ${payment.reference}`
  expect(await forward(tables, 0, theirs)).toMatchObject({ kind: "ignored" })
})

test("the same words without a time of their own, signed anew, pay once", async () => {
  const { payment } = await awaited()
  const at = new Date()
  const same = { timelessFingerprint: "the words of the third form" }
  const requests = [0, 0.1, 0.2, 9].map((late) =>
    forward(tables, payment.amount, { ...same, postedAt: minutes(late, at) }),
  )
  const kinds = (await Promise.all(requests)).map(({ kind }): string => kind)
  expect(kinds.toSorted()).toEqual(["duplicate", "duplicate", "duplicate", "matched"])
  await settle(payment)
  expect((await forward(tables, payment.amount, same)).kind).toBe("duplicate")
  const others = [
    { ...same, postedAt: minutes(22, at) },
    { timelessFingerprint: "other words", postedAt: at },
    { postedAt: at },
  ]
  for (const other of others)
    expect(await forward(tables, payment.amount, other)).toMatchObject({ kind: "review", why: "paid_before" })
})

test("what is nobody's business is stored without an effect", async () => {
  const { sql } = tables
  const { payment } = await awaited()
  const reviews = await sql`select from reviews`
  expect((await forward(tables, payment.amount, { reading: "ignored", amounts: [] })).kind).toBe("ignored")
  expect(await sql`select from reviews`).toHaveLength(reviews.length)
  const [outcome] = await sql`select outcome from payment_event_outcomes order by event_id desc limit 1`
  expect(outcome).toEqual({ outcome: "ignored" })
  expect(await matchOf(payment)).toBeNull()
})

test("how long the phone has been silent is known, and what waits for it", async () => {
  const other = await openTables()
  try {
    expect(await readListenerVitals(other.database)).toEqual({ silentSeconds: null, waiting: 0 })
    const productCode = await newProduct(other, { units: 2 })
    const ended = await staticPayment(other, productCode)
    await cancelOrder(other.sql, ended.user_id, undefined)
    await staticPayment(other, productCode)
    await forward(other, 5, { reading: "ignored", amounts: [] })
    const unguarded = ownConnection(other)
    await unguarded`set session_replication_role = replica`
    await unguarded`update payment_events set received_at = now() - interval '2 hours'`
    await unguarded.end()
    const { silentSeconds, waiting } = await readListenerVitals(other.database)
    expect(silentSeconds).toBeGreaterThanOrEqual(7_200)
    expect(waiting).toBe(1)
  } finally {
    await other.close()
  }
})

test("what was forwarded stays as it came", async () => {
  const { sql } = tables
  expect(await refusal(sql`update listener_notifications set amount = 1`)).toBe(kept)
  expect(await refusal(sql`delete from listener_notifications`)).toBe(kept)
})

test("late money that a person takes for its order gets the goods, or becomes balance when they are gone", async () => {
  const { database, sql } = tables
  const decide = async (units: number) => {
    const { payment, productCode } = await awaited({ units })
    await cancelOrder(database.sql, payment.user_id, undefined)
    if (units === 1) {
      const message = await say(tables, await newCustomer(tables, 1_000_000))
      expect((await order(tables, message, { productCode })).kind).toBe("paid")
    }
    await forward(tables, payment.amount)
    const review = await lastReview()
    if (!review) throw new Error("no review")
    const given = {
      id: review.id,
      reference: payment.reference,
      allowEqual: true,
      actor: "owner",
      reason: "seen",
    }
    const decided = await decideReview(database, someProcess, { ...given, decision: "settled" })
    const [user] = await sql<{ balance: number }[]>`select balance from users where id = ${payment.user_id}`
    const settled = decided.kind === "decided" ? decided.settlement : null
    return {
      resolution: settled?.kind === "settled" ? settled.resolution : decided.kind,
      isWhole: user?.balance === (units === 1 ? payment.amount : payment.unique_extra),
    }
  }
  expect(await decide(2)).toEqual({ resolution: "late_goods", isWhole: true })
  expect(await decide(1)).toEqual({ resolution: "late_balance", isWhole: true })
  const [clearing] = await sql`
    select count(*)::integer as entries from ledger_entries where account = 'clearing:static_qris'
  `
  expect(clearing?.entries).toBeGreaterThan(1)
})
