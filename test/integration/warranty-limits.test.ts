import { afterAll, expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { tellAlerts } from "../../src/database/alerts.ts"
import { auditDatabase } from "../../src/database/audit.ts"
import { acceptMessages } from "../../src/database/inbox.ts"
import { decideReview, readReviews } from "../../src/database/reviews.ts"
import { appointOwners } from "../../src/database/users.ts"
import { claimWarranty, setWarrantyClaimsMax } from "../../src/database/warranty.ts"
import type { ReviewId } from "../../src/shop/ids.ts"
import { auditBooks } from "../support/audit-books.ts"
import { openHearing } from "../support/hearing.ts"
import { newCustomer, openTables, someProcess } from "../support/selling.ts"
import { type Bought, warrantyDesk } from "../support/warranty.ts"

const tables = await openTables()
const { database, sql } = tables
const { newWarranted, buy, claim, claimGood, deliverAll, reviews } = warrantyDesk(tables)

afterAll(async () => {
  try {
    expect(await auditBooks(sql)).toEqual([])
    expect((await auditDatabase(database)).ok).toBe(true)
  } finally {
    await tables.close()
  }
})

/** Delivered orders of one customer, one unit each. */
async function ordersOf(number: string, count: number): Promise<Bought[]> {
  const code = await newWarranted(count * 2)
  const orders: Bought[] = []
  for (let made = 0; made < count; made += 1) orders.push(await buy(number, code))
  await deliverAll()
  return orders
}

const one = (orders: readonly Bought[], place: number): Bought => {
  const found = orders[place]
  if (!found) throw new Error("there is no such order")
  return found
}

async function dismiss(key: string | undefined): Promise<void> {
  const [row] = await sql<{ id: ReviewId }[]>`select id from reviews where key = ${key ?? ""}`
  const decision = { decision: "dismissed", allowEqual: false, actor: "test", reason: "seen" } as const
  const outcome = await decideReview(database, someProcess, { id: row?.id ?? (0 as ReviewId), ...decision })
  expect(outcome.kind).toBe("decided")
}

test("the fourth claim of a customer in 30 days waits for a person, who is told once", async () => {
  const owner = "628119990001"
  await appointOwners(database, [owner])
  await acceptMessages(database, someProcess, [{ channel: "test", id: "owner-1", from: owner, text: "hi" }])
  const number = await newCustomer(tables, 100_000)
  const orders = await ordersOf(number, 6)
  for (const order of orders.slice(0, 3)) await claimGood(order)

  const fourth = one(orders, 3)
  expect(await claim(fourth)).toEqual({ kind: "in_review" })
  expect(await claim(fourth)).toEqual({ kind: "in_review" })
  const [raised, ...more] = await reviews(number)
  expect(more).toEqual([])
  expect(raised?.evidence).toEqual({
    product: fourth.productCode,
    unit: 1,
    batch: "test",
    claimsIn30Days: 3,
    claimsMax: 3,
  })
  expect(await readReviews(database, { limit: 10 })).toMatchObject([
    { kind: "warranty", orderCode: fourth.orderCode, number, amount: null },
  ])
  await tellAlerts(database, { at: new Date(), calm: true })
  const told = await sql`
    select data
      from outbox
      join users on users.id = user_id
     where outbox.kind = 'review_raised' and users.number = ${owner}
  `
  expect(told).toMatchObject([{ data: { reviewKind: "warranty", orderCode: fourth.orderCode } }])

  // What is advised is the price of the one unit, and both its words and the customer's are plain.
  const [shown] = await readReviews(database, { limit: 10 })
  if (!shown) throw new Error("there is no review")
  expect(textsFor("id").review(shown)).toContain(
    `.refund ${fourth.orderCode} ${shown.unitPrice} saldo alasan`,
  )
  expect(textsFor("id").review(shown)).toContain("Sudah 3 klaim dalam 30 hari; otomatis hanya sampai 3.")
  expect(textsFor("en").review(shown)).not.toContain("claimsIn30Days")

  // One at a time.
  const fifth = one(orders, 4)
  expect(await claim(fifth)).toEqual({ kind: "other_in_review", otherOrderCode: fourth.orderCode })

  // What a person decided is not decided again; the next one is looked at anew.
  await dismiss(raised?.key)
  const refusals = () => sql`
    select outbox.data
      from outbox
      join users on users.id = user_id
     where outbox.kind = 'warranty_refused' and users.number = ${number}
  `
  expect(await refusals()).toMatchObject([{ data: { orderCode: fourth.orderCode, place: 1, count: 1 } }])
  expect(await claim(fourth)).toEqual({ kind: "reviewed" })
  expect(await claim(fifth)).toEqual({ kind: "in_review" })
  expect(await reviews(number)).toHaveLength(2)

  // Whoever gave money back since has told the customer something else.
  await sql`
    select refund_order(${someProcess}, '{}', ${fifth.orderCode}, ${shown.unitPrice}, 'saldo', 'R5', false,
                        'as reviewed', 'test')
  `
  await dismiss((await reviews(number)).at(-1)?.key)
  expect(await refusals()).toHaveLength(1)
})

test("claims of more than 30 days ago do not count", async () => {
  const number = await newCustomer(tables, 100_000)
  const orders = await ordersOf(number, 4)
  await sql`alter table warranty_claims disable trigger warranty_claims_are_append_only`
  for (const order of orders.slice(0, 3)) {
    await claimGood(order)
    await sql`
      update warranty_claims
         set created_at = now() - interval '31 days'
       where order_id = (select id from orders where code = ${order.orderCode})
    `
  }
  await sql`alter table warranty_claims enable trigger warranty_claims_are_append_only`
  await claimGood(one(orders, 3))
})

test("claims count on when a customer known by a LID turns out to be one with a number", async () => {
  const hearing = await openHearing()
  const desk = warrantyDesk(hearing.tables)
  const [lid, number] = [hearing.newLid(), hearing.newNumber()]
  try {
    const { userId } = await hearing.talk({ from: lid })
    await hearing.give(userId, 10_000)
    const code = await desk.newWarranted(8)
    for (let bought = 0; bought < 4; bought += 1) await hearing.buy({ from: lid }, code)
    await desk.deliverAll()
    const orders = await hearing.ordersOf(userId)
    const claimBy = async (from: string, orderCode = "") => {
      const message = await hearing.hearClaimed({ from })
      const claimed = await claimWarranty(hearing.tables.database, message, {
        serves: [],
        orderCode,
        place: undefined,
      })
      if (claimed.kind !== "made_good") await hearing.answer(message)
      return claimed.kind
    }
    for (const orderCode of orders.slice(0, 3)) expect(await claimBy(lid, orderCode)).toBe("made_good")
    await hearing.talk({ from: number })
    const united = await hearing.talk({ from: number, lid })
    expect(await hearing.isUnited(userId, united.userId)).toBe(true)
    expect(await claimBy(number, orders[3])).toBe("in_review")
  } finally {
    await hearing.close()
  }
})

test("with a limit of 0 a person looks at every claim", async () => {
  const [order] = await ordersOf(await newCustomer(tables, 100_000), 1)
  if (!order) throw new Error("nothing was bought")
  await setWarrantyClaimsMax(database, { most: 0, actor: "test" })
  expect(await claim(order)).toEqual({ kind: "in_review" })
  const noted = await sql`select details from audit_log where action = 'set_warranty_claims_max'`
  expect(noted).toMatchObject([{ details: { most: 0 } }])
})
