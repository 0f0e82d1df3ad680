import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { replyToRefund } from "../../src/conversation/reply-to-owner.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import { readDeskFigures } from "../../src/database/desk-figures.ts"
import { refundOrder as refundInDatabase } from "../../src/database/refunds.ts"
import { recordReversal, settlePayment } from "../../src/database/settlements.ts"
import { askForRefunds } from "../../src/shop/ask-for-refunds.ts"
import { decideReview, listReviews } from "../../src/shop/decide-review.ts"
import type { ReviewId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import { type RefundAsked, refundOrder } from "../../src/shop/refund-order.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { auditBooks } from "../support/audit-books.ts"
import { openDesk, refundingProvider } from "../support/desk.ts"
import {
  newCustomer,
  newProduct,
  openTables,
  orderByQris,
  someProcess,
  type TestTables,
} from "../support/selling.ts"

const price = 10_000

let tables: TestTables
let shop: Shop
let close: () => Promise<void>
let provider: ReturnType<typeof refundingProvider>

beforeAll(async () => {
  tables = await openTables()
})

beforeEach(async () => {
  await close?.()
  provider = refundingProvider()
  const desk = await openDesk(tables, { providers: [provider.provider] })
  shop = desk.shop
  close = desk.close
})

afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  expect((await auditDatabase(tables.database)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  await close()
  await tables.close()
})

async function paidByQris() {
  const productCode = await newProduct(tables, { units: 1 }, price)
  const { payment, order } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  const { reference } = payment
  const transactionId = `t-${reference}`
  const given = { serves: [], reference, amount: rupiah(price), transactionId }
  await settlePayment(tables.database, someProcess, given)
  return { reference, transactionId, orderCode: order.orderCode }
}

const refund = (orderCode: string, asked: Partial<RefundAsked> = {}) =>
  refundOrder(shop, {
    orderCode,
    destination: "provider",
    request: tables.newName(),
    again: false,
    reason: "goods were broken",
    actor: "test",
    ...asked,
  })

/** As if its time had come. */
const askAgain = async () => {
  await tables.sql`update refunds set ask_at = now() where state = 'requested'`
  await askForRefunds(shop)
}

async function stateOf(orderCode: string) {
  const [row] = await tables.sql<{ status: string; states: string[]; messages: string[]; due: number }[]>`
    select orders.status,
           (select array_agg(state order by id) from refunds where order_id = orders.id) as states,
           (select array_agg(kind::text order by id) from outbox
             where order_id = orders.id and kind like '%refund%') as messages,
           (select coalesce(sum(amount), 0)::bigint
              from ledger_entries
              join ledger_transactions on ledger_transactions.id = transaction_id
             where order_id = orders.id
               and account = 'refunds_due') as due
      from orders
     where code = ${orderCode}
  `
  return row
}

const booked = async (orderCode: string, account: string) => {
  const [row] = await tables.sql<{ amount: number }[]>`
    select coalesce(sum(amount), 0)::bigint as amount
      from ledger_entries
      join ledger_transactions on ledger_transactions.id = transaction_id
      join orders on orders.id = order_id
     where code = ${orderCode}
       and account = ${account}
  `
  return row?.amount
}

test("a refund through the provider is asked for at once, booked, told, and the order is refunded", async () => {
  const { orderCode, reference } = await paidByQris()
  expect(await refund(orderCode, { request: "M7" })).toMatchObject({
    refund: { state: "done", destination: "provider", orderStatus: "refunded", left: 0 },
  })
  expect(provider.asked()).toMatchObject([
    { reference, refundKey: `${orderCode}-M7`, amount: price, reason: "goods were broken" },
  ])
  expect(await stateOf(orderCode)).toEqual({
    status: "refunded",
    states: ["done"],
    messages: ["refund_requested", "order_refunded"],
    due: 0,
  })
  expect(await booked(orderCode, "revenue")).toBe(0)
  expect(await booked(orderCode, "clearing:demo")).toBe(0)
})

test("one whose answer is lost is asked for again under the same key, and leaves the provider once", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("pays_in_silence")
  expect(await refund(orderCode)).toMatchObject({ refund: { state: "requested", orderStatus: "paid" } })
  expect(await stateOf(orderCode)).toMatchObject({
    status: "paid",
    due: price,
    messages: ["refund_requested"],
  })
  await askAgain()
  provider.becomes("pays")
  await askAgain()
  await askAgain()
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded", states: ["done"], due: 0 })
  expect(provider.asked()).toHaveLength(3)
  expect(new Set(provider.asked().map(({ refundKey }) => refundKey)).size).toBe(1)
  expect(provider.paidBack()).toBe(price)
})

test("a provider that is silent is not asked again before its time, and less and less often", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("is_silent")
  await refund(orderCode)
  const pauseOf = async () => {
    const [row] = await tables.sql<{ seconds: number }[]>`
      select extract(epoch from ask_at - asked_at)::float as seconds from refunds where state = 'requested'
    `
    return row?.seconds ?? 0
  }
  const first = await pauseOf()
  await askAgain()
  const second = await pauseOf()
  expect(first).toBeGreaterThan(1)
  expect(second).toBeGreaterThan(first)
  await tables.sql`update refunds set ask_at = now() + interval '1 hour' where state = 'requested'`
  await askForRefunds(shop)
  expect(provider.asked()).toHaveLength(2)
  provider.becomes("pays")
  await askAgain()
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded" })
})

test("one that stays uncertain for days is for a person to look at, once, and is not given up", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("is_silent")
  await refund(orderCode)
  expect(await readDeskFigures(tables.database)).toMatchObject({ refundsWaiting: 1 })
  await tables.sql`update refunds set created_at = now() - interval '4 days' where state = 'requested'`
  await askAgain()
  await askAgain()
  const reviews = await tables.sql`
    select reviews.kind, amount, evidence ->> 'refund' as refund
      from reviews
      join orders on orders.id = order_id
     where code = ${orderCode}
  `
  expect([...reviews]).toEqual([{ kind: "refund_failed", amount: price, refund: "requested" }])
  // It may still go through, so nothing of it is to be given back in another way.
  expect(await refund(orderCode, { destination: "saldo", again: true })).toEqual({ kind: "nothing_left" })
  provider.becomes("pays")
  await askAgain()
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded", states: ["done"] })
  expect(await readDeskFigures(tables.database)).toMatchObject({ refundsWaiting: 0 })
})

test("one that the provider refuses is the shop's again: a person is told, the order goes on, saldo is left", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("refuses")
  expect(await refund(orderCode)).toMatchObject({
    refund: {
      state: "failed",
      failure: "charge can't be refunded in its state",
      left: price,
      orderStatus: "paid",
    },
  })
  expect(await stateOf(orderCode)).toEqual({
    status: "paid",
    states: ["failed"],
    messages: ["refund_requested", "refund_failed"],
    due: 0,
  })
  expect(await booked(orderCode, "revenue")).toBe(price)
  expect(
    await tables.sql`
      select reviews.kind, evidence ->> 'reason' as reason
        from reviews
        join orders on orders.id = order_id
       where code = ${orderCode}
    `,
  ).toMatchObject([{ kind: "refund_failed", reason: "charge can't be refunded in its state" }])
  expect(await refund(orderCode, { destination: "saldo" })).toMatchObject({
    refund: { state: "done", left: 0 },
  })
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded", states: ["failed", "done"] })
})

test("an order is not refunded before all of its money is back, whichever part comes last", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("is_silent")
  await refund(orderCode, { amount: rupiah(4_000) })
  expect(await refund(orderCode, { destination: "saldo" })).toMatchObject({
    refund: { amount: 6_000, left: 0, orderStatus: "paid" },
  })
  provider.becomes("pays")
  await askAgain()
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded", states: ["done", "done"] })
  expect(provider.paidBack()).toBe(4_000)
})

test("a command that was killed before it asked is finished by a running shop", async () => {
  const { orderCode } = await paidByQris()
  const request = { orderCode, destination: "provider", request: "M8", again: false } as const
  const asked = { ...request, providers: ["demo"], reason: "broken", actor: "test" }
  await refundInDatabase(tables.database, someProcess, asked)
  // Whoever requested it asks at once; the others leave that to them for a moment.
  expect(
    await tables.sql`select ask_at > created_at as later from refunds where state = 'requested'`,
  ).toMatchObject([{ later: true }])
  await askAgain()
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded", states: ["done"] })
  // The message that asked for it, handled again, refunds nothing more and is told how it ended.
  expect(await refund(orderCode, { request: "M8" })).toMatchObject({
    kind: "refunded",
    refund: { state: "done" },
  })
  expect(provider.asked()).toHaveLength(1)
})

const openReviewOf = async (orderCode: string) => {
  const found = (await listReviews(shop)).reviews.find((review) => review.orderCode === orderCode)
  if (!found) throw new Error("there is no review")
  return found
}

const decide = (id: ReviewId, kind: "made" | "not_made") =>
  decideReview(shop, { id, decision: { kind }, actor: "test", reason: "seen in the panel" })

/** A refund that nobody can ask for: its provider was taken away, and days passed. */
async function leftBehind(amount?: number) {
  const paid = await paidByQris()
  provider.becomes("is_silent")
  await refund(paid.orderCode, amount === undefined ? {} : { amount: rupiah(amount) })
  await tables.sql`update refunds set created_at = now() - interval '4 days' where state = 'requested'`
  const alone = await openDesk(tables)
  await askForRefunds(alone.shop)
  await askForRefunds(alone.shop)
  await alone.close()
  return paid
}

test("one whose provider is no longer there is for a person to look at, once", async () => {
  const { orderCode } = await leftBehind()
  const { id, kind, amount } = await openReviewOf(orderCode)
  expect({ kind, amount }).toMatchObject({ kind: "refund_failed", amount: price })
  const raised = await tables.sql`
    select from reviews join orders on orders.id = order_id where code = ${orderCode}
  `
  expect(raised).toHaveLength(1)
  expect(await decide(id, "made")).toMatchObject({ kind: "decided" })
})

test("a person ends a refund that was made after all: booked, told, on the record, once", async () => {
  const { orderCode } = await leftBehind()
  const { id } = await openReviewOf(orderCode)
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => decide(id, "made")))
  expect(outcomes.filter(({ kind }) => kind === "decided")).toHaveLength(1)
  expect(outcomes.filter(({ kind }) => kind === "decided_before")).toHaveLength(5)
  expect(await stateOf(orderCode)).toEqual({
    status: "refunded",
    states: ["done"],
    messages: ["refund_requested", "order_refunded"],
    due: 0,
  })
  expect(await booked(orderCode, "clearing:demo")).toBe(0)
  expect(
    await tables.sql`select actor, details from audit_log where subject = ${`review:${id}`}`,
  ).toMatchObject([{ actor: "test", details: { decision: "made", reason: "seen in the panel" } }])
  // Nobody asks for it any more, whatever the provider would say.
  provider.becomes("pays")
  await askAgain()
  expect(provider.asked()).toHaveLength(1)
})

test("a person ends a refund that was not made: the money is the shop's, and saldo is left", async () => {
  const { orderCode } = await leftBehind(4_000)
  const { id } = await openReviewOf(orderCode)
  expect(await decide(id, "not_made")).toMatchObject({ kind: "decided", amount: 4_000 })
  expect(await stateOf(orderCode)).toMatchObject({
    status: "paid",
    states: ["failed"],
    messages: ["refund_requested", "refund_failed"],
    due: 0,
  })
  // The person knows: no other review is raised of it.
  expect((await listReviews(shop)).reviews.filter((review) => review.orderCode === orderCode)).toEqual([])
  expect(await refund(orderCode, { destination: "saldo" })).toMatchObject({ refund: { left: 0 } })
})

test("a refund that ended meanwhile is not ended by a person any more", async () => {
  const { orderCode } = await leftBehind()
  const { id } = await openReviewOf(orderCode)
  provider.becomes("pays")
  await askAgain()
  expect(await decide(id, "not_made")).toEqual({ kind: "refund_ended", state: "done" })
  const review = await openReviewOf(orderCode)
  for (const say of [textsFor("id"), textsFor("en")]) {
    expect(say.review(review)).not.toMatch(/gagal alasan|failed reason|\.refund /)
    expect(say.review(review)).toMatch(/sudah dipastikan berhasil|was confirmed since/)
  }
  await decideReview(shop, { id, decision: { kind: "dismissed" }, actor: "test", reason: "it went back" })
})

test("what is advised of a refund that failed is its own amount, and nothing once that went back", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("refuses")
  await refund(orderCode, { amount: rupiah(3_000) })
  const said = async (language: "id" | "en") => textsFor(language).review(await openReviewOf(orderCode))
  expect(await said("id")).toContain(`.refund ${orderCode} 3000 saldo alasan`)
  expect(await said("en")).toContain(`.refund ${orderCode} 3000 saldo reason`)
  expect(await said("id")).not.toContain("charge can't be refunded")
  expect(await refund(orderCode, { amount: rupiah(3_000), destination: "saldo" })).toMatchObject({
    refund: { amount: 3_000, left: 7_000 },
  })
  expect(await said("id")).not.toContain(".refund ")
  expect(await said("id")).toContain("Sejak itu sudah dikembalikan dengan cara lain: Rp 3.000")
})

test("nothing is advised while a refund is on its way, but how it is ended by hand", async () => {
  const { orderCode } = await leftBehind(3_000)
  const review = await openReviewOf(orderCode)
  const text = textsFor("id").review(review)
  expect(text).not.toContain(".refund ")
  for (const way of ["berhasil alasan", "gagal alasan"]) expect(text).toContain(`.tinjau ${review.id} ${way}`)
  // Dismissed, it would wait for ever unseen.
  const dismissal = { decision: { kind: "dismissed" }, actor: "test", reason: "later" } as const
  expect(await decideReview(shop, { id: review.id, ...dismissal })).toEqual({ kind: "refund_waits" })
  await decide(review.id, "made")
})

test("a repetition of one that is not confirmed says so, and keeps where the money was to go", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("is_silent")
  await refund(orderCode, { amount: rupiah(2_000) })
  const outcome = await refund(orderCode, { amount: rupiah(2_000), destination: "saldo" })
  const said = (language: "id" | "en") =>
    replyToRefund(outcome, { orderCode, destination: "saldo" }, textsFor(language))
  expect(said("en")).toContain("and is not confirmed yet")
  expect(said("en")).not.toContain("went back")
  expect(said("en")).toContain(`.refund ${orderCode} 2000 saldo --again`)
  expect(said("id")).toContain("belum pasti")
  expect(said("id")).not.toContain("sudah pernah dikembalikan")
  provider.becomes("pays")
  await askAgain()
})

test("several processes that ask at once book one refund once", async () => {
  const { orderCode } = await paidByQris()
  provider.becomes("is_silent")
  await refund(orderCode)
  provider.becomes("pays")
  await tables.sql`update refunds set ask_at = now() where state = 'requested'`
  await Promise.all(Array.from({ length: 8 }, () => askForRefunds(shop)))
  expect(provider.asked()).toHaveLength(2)
  expect(await stateOf(orderCode)).toMatchObject({ messages: ["refund_requested", "order_refunded"], due: 0 })
  expect(await booked(orderCode, "clearing:demo")).toBe(0)
})

test("what went back at our own asking is not taken for money that somebody took", async () => {
  const { orderCode, reference, transactionId } = await paidByQris()
  provider.becomes("pays_in_silence")
  await refund(orderCode, { amount: rupiah(3_000) })
  const told = { serves: [], reference, transactionId, reversal: "refund" as const }
  const part = { ...told, reversedTotal: rupiah(3_000) }
  expect(await recordReversal(tables.database, someProcess, part)).toEqual({ kind: "explained" })
  provider.becomes("pays")
  await askAgain()
  expect(await recordReversal(tables.database, someProcess, part)).toEqual({ kind: "explained" })
  const all = { ...told, reversedTotal: rupiah(price) }
  expect(await recordReversal(tables.database, someProcess, all)).toMatchObject({ amount: 7_000 })
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded" })
})

test("what the provider gave back by itself can't be refunded once more", async () => {
  const { orderCode, reference, transactionId } = await paidByQris()
  const told = { serves: [], reference, transactionId, reversal: "refund" as const }
  const half = { ...told, reversedTotal: rupiah(6_000) }
  expect(await recordReversal(tables.database, someProcess, half)).toMatchObject({ amount: 6_000 })
  expect(await refund(orderCode, { amount: rupiah(5_000) })).toEqual({
    kind: "more_than_left",
    left: rupiah(4_000),
  })
  expect(await refund(orderCode)).toMatchObject({ refund: { amount: 4_000, state: "done", left: 0 } })
  expect(await stateOf(orderCode)).toMatchObject({ status: "refunded" })
})
