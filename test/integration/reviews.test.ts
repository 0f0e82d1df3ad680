import { afterAll, beforeAll, expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import { raiseReview } from "../../src/database/reviews.ts"
import { type Decision, decideReview, listReviews, showReview } from "../../src/shop/decide-review.ts"
import type { ReviewId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { auditBooks } from "../support/audit-books.ts"
import { openDesk } from "../support/desk.ts"
import { newCustomer, newProduct, openTables, orderByQris, type TestTables } from "../support/selling.ts"

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
      "midtrans",
      number,
      "Rp 4.000",
      "Rp 5.000",
      "Rp 1.000",
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
