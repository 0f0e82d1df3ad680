import { afterAll, beforeAll, expect, test } from "bun:test"
import { replyToDecision } from "../../src/conversation/reply-to-owner.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import { raiseReview } from "../../src/database/reviews.ts"
import { settlePayment } from "../../src/database/settlements.ts"
import { type Decision, decideReview, listReviews, showReview } from "../../src/shop/decide-review.ts"
import type { ReviewId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { auditBooks } from "../support/audit-books.ts"
import { openDesk } from "../support/desk.ts"
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

beforeAll(async () => {
  tables = await openTables()
  const desk = await openDesk(tables)
  shop = desk.shop
  close = desk.close
})

afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  expect((await auditDatabase(tables.database)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  await close()
  await tables.close()
})

async function raise(given: Partial<Parameters<typeof raiseReview>[1]> = {}): Promise<ReviewId> {
  const id = await raiseReview(tables.database, {
    key: tables.newName(),
    kind: "unknown_payment",
    provider: "demo",
    amount: rupiah(price),
    evidence: { reference: "OLD-SHOP_17" },
    ...given,
  })
  if (id === undefined) throw new Error("it was raised before")
  return id
}

const decide = (id: ReviewId, decision: Decision) =>
  decideReview(shop, { id, decision, actor: "test", reason: "saw the receipt" })

async function balanceOf(number: string) {
  const [row] = await tables.sql<{ balance: number }[]>`select balance from users where number = ${number}`
  return row?.balance
}

test("money of nobody is given to the customer a person names, once, whoever decides at the same time", async () => {
  const number = await newCustomer(tables)
  const id = await raise()
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => decide(id, { kind: "credited", number })),
  )
  expect(outcomes.filter(({ kind }) => kind === "decided")).toHaveLength(1)
  expect(outcomes.filter(({ kind }) => kind === "decided_before")).toHaveLength(7)
  expect(await balanceOf(number)).toBe(price)
  expect(await showReview(shop, id)).toMatchObject({
    decision: "credited",
    decidedBy: "test",
    decidedReason: "saw the receipt",
    number,
  })
})

test("a number is taken as people write it", async () => {
  const number = await newCustomer(tables)
  const id = await raise()
  expect(await decide(id, { kind: "credited", number: `0${number.slice(2)}` })).toMatchObject({
    kind: "decided",
  })
  expect(await balanceOf(number)).toBe(price)
})

test("money of nobody is taken as an order's payment, by the order's code or the payment's reference", async () => {
  for (const by of ["code", "reference"] as const) {
    const productCode = await newProduct(tables, { units: 1 }, price)
    const { payment, order } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
    const named = by === "code" ? order.orderCode : payment.reference
    expect(await decide(await raise(), { kind: "settled", payment: named })).toMatchObject({
      kind: "decided",
      settlement: { kind: "settled", resolution: "goods" },
    })
    expect(await tables.sql`select status from orders where code = ${order.orderCode}`).toMatchObject([
      { status: "paid" },
    ])
  }
})

test("a decision that can't be carried out decides nothing", async () => {
  const id = await raise()
  expect(await decide(id, { kind: "credited", number: "6289999999999" })).toEqual({
    kind: "unknown_customer",
  })
  expect(await decide(id, { kind: "settled", payment: "NO-SUCH-ORDER" })).toEqual({ kind: "unknown_payment" })
  const other = await raise({ provider: "midtrans" })
  const productCode = await newProduct(tables, { units: 1 }, price)
  const { order } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  expect(await decide(other, { kind: "settled", payment: order.orderCode })).toEqual({
    kind: "other_provider",
  })
  const reversal = await raise({ kind: "reversal" })
  const number = await newCustomer(tables)
  expect(await decide(reversal, { kind: "credited", number })).toEqual({ kind: "no_money" })
  expect(await decide(9_999_999 as ReviewId, { kind: "dismissed" })).toEqual({ kind: "not_found" })
  for (const each of [id, other, reversal])
    expect(await showReview(shop, each)).toMatchObject({ decision: null })
  expect(await balanceOf(number)).toBe(0)
})

test("the list holds the open ones, the oldest first, and says when there are more", async () => {
  for (const { id } of (await listReviews(shop)).reviews) await decide(id, { kind: "dismissed" })
  const first = await raise()
  const second = await raise()
  const third = await raise()
  await decide(second, { kind: "dismissed" })
  const all = await listReviews(shop)
  expect(all.reviews.map(({ id }) => id)).toEqual([first, third])
  expect(all.hasMore).toBe(false)
  expect(await listReviews(shop, 1)).toMatchObject({ reviews: [{ id: first }], hasMore: true })
})

test("one is told with everything that is needed to decide it, in both languages", async () => {
  const number = await newCustomer(tables)
  const [user] = await tables.sql`select id from users where number = ${number}`
  const id = await raise({
    kind: "reversal",
    provider: "midtrans",
    userId: user?.id,
    evidence: { reversal: "chargeback", fromSale: 4_000, fromBalance: 5_000, lost: 1_000 },
  })
  const review = await showReview(shop, id)
  if (!review) throw new Error("there is no review")
  for (const [language, dismiss] of [
    ["id", "abaikan"],
    ["en", "dismiss"],
  ] as const) {
    const text = textsFor(language).review(review)
    for (const part of [
      `#${id}`,
      "Rp 10.000",
      "Midtrans",
      number,
      // All but what the balance gave is a loss, the sale's money too.
      language === "id" ? "Rugi: Rp 5.000" : "Loss: Rp 5.000",
      language === "id" ? "saldo pelanggan: Rp 5.000" : "balance: Rp 5.000",
      "chargeback",
    ])
      expect(text).toContain(part)
    expect(text).toContain(`${id} ${dismiss}`)
    // There is no money in it that could be given to anybody.
    expect(text).not.toMatch(/saldo NOMOR|balance NUMBER/)
  }
  const unknown = await showReview(shop, await raise())
  if (!unknown) throw new Error("there is no review")
  expect(textsFor("id").review(unknown)).toContain(`.tinjau ${unknown.id} saldo NOMOR alasan`)
  expect(textsFor("id").review(unknown)).toContain("OLD-SHOP_17")
})

test("where it is not known how much came, the person who decides says so, and nobody contradicts it", async () => {
  const number = await newCustomer(tables)
  const unnamed = await raise({ kind: "unmatched_payment", amount: undefined })
  expect(await decide(unnamed, { kind: "credited", number })).toEqual({ kind: "amount_missing" })
  const found = await showReview(shop, unnamed)
  if (!found) throw new Error("there is no review")
  expect(textsFor("id").review(found)).toContain(`.tinjau ${unnamed} saldo NOMOR JUMLAH alasan`)
  const seven = { kind: "credited", number, amount: rupiah(7_000) } as const
  expect(await decide(unnamed, seven)).toMatchObject({ kind: "decided", amount: 7_000 })
  expect(await balanceOf(number)).toBe(7_000)
  expect(await showReview(shop, unnamed)).toMatchObject({ amount: 7_000, decision: "credited" })
  const named = await raise()
  expect(await decide(named, seven)).toEqual({ kind: "other_amount", amount: rupiah(price) })
  expect(await decide(named, { ...seven, amount: rupiah(price) })).toMatchObject({ kind: "decided" })

  const productCode = await newProduct(tables, { units: 1 }, price)
  const { order } = await orderByQris(tables, { productCode, number: await newCustomer(tables) })
  const settled = await raise({ kind: "unmatched_payment", amount: undefined })
  const given = { kind: "settled", payment: order.orderCode, amount: rupiah(price) } as const
  expect(await decide(settled, given)).toMatchObject({ settlement: { resolution: "goods" } })
})

test("what became of money that is taken as a payment is said as it is: goods, or balance", async () => {
  const productCode = await newProduct(tables, { units: 1 }, price)
  const number = await newCustomer(tables)
  const { order } = await orderByQris(tables, { productCode, number })
  const said = async (amount: number) => {
    const id = await raise({ amount: rupiah(amount) })
    return replyToDecision(
      await decide(id, { kind: "settled", payment: order.orderCode }),
      id,
      textsFor("en"),
    )
  }
  expect(await said(price)).toContain("brought the goods")
  expect(await said(price)).toContain("customer's balance, because the order was paid before")
  expect(await balanceOf(number)).toBe(price)
})

test("money that was taken back without a word of how much is booked as a person saw it, once", async () => {
  const productCode = await newProduct(tables, { units: 1 }, price)
  const number = await newCustomer(tables)
  const { payment, order } = await orderByQris(tables, { productCode, number })
  const { reference } = payment
  const paid = { reference, transactionId: "t-1", amount: rupiah(price) }
  await settlePayment(tables.database, someProcess, { serves: [], ...paid })
  const evidence = { reference, transactionId: "t-1", reversal: "refund", paid: price }
  const id = await raise({ kind: "reversal_amount", amount: undefined, evidence })
  expect(await showReview(shop, id)).toMatchObject({ orderCode: order.orderCode, number, reference })
  expect(await decide(id, { kind: "credited", number })).toEqual({ kind: "no_money" })
  expect(await decide(id, { kind: "taken", amount: rupiah(price + 1) })).toEqual({
    kind: "more_than_came",
    came: rupiah(price),
  })
  expect(await decide(await raise(), { kind: "taken", amount: rupiah(1) })).toEqual({ kind: "no_reversal" })
  expect(await decide(id, { kind: "taken", amount: rupiah(4_000) })).toMatchObject({
    kind: "decided",
    reversal: { kind: "reversed", amount: 4_000 },
  })
  expect(await decide(id, { kind: "taken", amount: rupiah(4_000) })).toMatchObject({ kind: "decided_before" })
  expect(await tables.sql`select from_sale, amount from reversals`).toMatchObject([
    { from_sale: 4_000, amount: 4_000 },
  ])
})

test("money that went back in part before the shop heard of it is booked both ways by that decision", async () => {
  const productCode = await newProduct(tables, { units: 1 }, price)
  const number = await newCustomer(tables)
  const { payment } = await orderByQris(tables, { productCode, number })
  const evidence = {
    reference: payment.reference,
    transactionId: "t-9",
    reversal: "chargeback",
    paid: price,
  }
  const id = await raise({ kind: "reversal_amount", amount: undefined, evidence })
  expect(await decide(id, { kind: "taken", amount: rupiah(6_000) })).toMatchObject({ kind: "decided" })
  expect(await balanceOf(number)).toBe(4_000)
})

test("what was noted is told in plain sentences, times in the shop's zone, and who decided by their number", async () => {
  const number = await newCustomer(tables)
  const [owner] = await tables.sql<{ id: number }[]>`select id from users where number = ${number}`
  const evidence = {
    why: "paid_before",
    package: "com.gojek.gopaymerchant",
    postedAt: "2026-11-21T05:00:00+00:00",
    eventId: 17,
    amounts: "10000, 20000",
  }
  const id = await raise({ kind: "unmatched_payment", provider: "static_qris", evidence })
  await decideReview(shop, {
    id,
    decision: { kind: "dismissed" },
    actor: `user:${owner?.id}`,
    reason: "sudah dicek",
  })
  const review = await showReview(shop, id)
  if (!review) throw new Error("there is no review")
  const text = textsFor("id").review(review)
  for (const part of [
    "sudah dibayar; uang yang sama masuk lagi",
    "21 Nov 2026 12.00 WIB",
    "lapak payments show 17",
    "Rp 10.000, Rp 20.000",
    "QRIS statis",
    `oleh ${number}`,
  ])
    expect(text).toContain(part)
  expect(text).not.toMatch(/paid_before|postedAt|eventId|static_qris|user:|why/)
  expect(textsFor("en").review(review)).not.toMatch(/paid_before|postedAt|eventId|static_qris|user:|why:/)
})

test("no word that the program noted for itself reaches an owner, in either language", async () => {
  const notes: readonly Record<string, string | number>[] = [
    ...["undecided", "unreadable", "behind"].map((why) => ({ why, claimedState: "settlement", eventId: 3 })),
    ...["no_such_amount", "paid_before", "late", "several_payments", "too_early"].map((why) => ({ why })),
    ...["above_maximum", "no_amount", "several_amounts", "unreadable_amount"].map((why) => ({ why })),
    ...["not_incoming", "other_amount"].map((why) => ({ why, asked: price })),
    {
      reversal: "denial",
      purpose: "deposit",
      resolution: "already_paid_balance",
      orderStatus: "awaiting_payment",
    },
    { reference: "OLD-17", transactionId: "t-1", state: "partially_refunded", reviewId: 4 },
    { product: "KOPI-1", unit: 2, batch: "stok.csv", claimsIn30Days: 3, claimsMax: 3 },
  ]
  for (const evidence of notes) {
    const review = await showReview(shop, await raise({ kind: "unmatched_payment", evidence }))
    if (!review) throw new Error("there is no review")
    for (const language of ["id", "en"] as const)
      expect(textsFor(language).review(review)).not.toMatch(/[a-z]+_[a-z]+|[a-z][A-Z]/)
  }
})
