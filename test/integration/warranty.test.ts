import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import { resendGoods } from "../../src/database/past-orders.ts"
import { claimWarranty, listDefectiveBatches, setWarranty } from "../../src/database/warranty.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { kept, newCustomer, newProduct, openTables, refusal, say } from "../support/selling.ts"
import { voucherDesk } from "../support/voucher-selling.ts"
import { type Bought, inTheClear, warrantyDesk } from "../support/warranty.ts"

const tables = await openTables()
const { database, sql } = tables
const { newWarranted, buy, bought, claim, claimGood, deliverAll, restock, stateOf } = warrantyDesk(tables)

beforeAll(async () => {
  // Nothing here is about how often one may claim.
  await sql`insert into settings (key, value) values ('warranty_claims_max', '100')`
})

afterAll(async () => {
  try {
    expect(await auditBooks(sql)).toEqual([])
    expect((await auditDatabase(database)).checks.filter(({ violations }) => violations > 0)).toEqual([])
  } finally {
    await tables.close()
  }
})

const deliveredAgo = (days: number, { orderCode }: Bought) => sql`
  update orders
     set delivered_at = now() - ${days} * interval '1 day'
   where code = ${orderCode}
`

test("a defective unit is replaced by a fresh one of its product, in the message that answers the claim", async () => {
  const mine = await bought(await newWarranted(3))
  const { words, units, promise } = await claimGood(mine)
  expect(words).toMatchObject({ outcome: "replaced", orderCode: mine.orderCode, place: 1, count: 1 })
  expect(units.map(inTheClear)).toEqual([`${mine.productCode} unit 1`])
  expect(await stateOf(mine)).toEqual({ status: "delivered", balance: 99_000, left: 1_000, free: 1, sold: 2 })

  const [stored] = await sql`
    select kind, text, units_of_message(kind, order_id, data) as units from outbox where id = ${promise.id}
  `
  expect(stored).toEqual({ kind: "warranty_replaced", text: null, units: [...units] })
})

test("each unit is made good, however little a voucher left to pay for them", async () => {
  const productCode = await newWarranted(6)
  const number = await newCustomer(tables, 100_000)
  const desk = voucherDesk(tables)
  await desk.choose(number, await desk.newVoucher({}, { amount: rupiah(50_000) }))
  const mine = await buy(number, productCode, 3)
  await deliverAll()
  for (const place of [1, 2, 3])
    expect((await claimGood(mine, place)).words).toMatchObject({ outcome: "replaced" })
  expect(await stateOf(mine)).toMatchObject({ left: 1, sold: 6 })
})

test("a unit is made good once, and a replacement has no warranty of its own", async () => {
  const mine = await bought(await newWarranted(5))
  await claimGood(mine)
  expect(await claim(mine)).toEqual({ kind: "claimed_before", wasReplaced: true, place: 1, count: 1 })
  expect(await claim(mine, 2)).toEqual({ kind: "no_such_unit", count: 1 })
  expect(await stateOf(mine)).toMatchObject({ sold: 2, free: 3 })

  const again = (unit: string) =>
    refusal(sql`
      insert into warranty_claims (order_id, unit_id, refunded, inbox_id)
      select order_id, ${sql(unit)}, 1, -id
        from warranty_claims
       where order_id = (select id from orders where code = ${mine.orderCode})
    `)
  expect(await again("unit_id")).toBe("warranty_claims_unit_id_key")
  expect(await again("replacement_id")).toBe("warranty_claims_of_sold_units")
})

test("a claim stays as it was made", async () => {
  await claimGood(await bought(await newWarranted(2)))
  expect(await refusal(sql`update warranty_claims set inbox_id = -1`)).toBe(kept)
  expect(await refusal(sql`delete from warranty_claims`)).toBe(kept)
  expect(await refusal(sql`truncate warranty_claims`)).toBe(kept)
})

test("only a unit of the same order and product replaces another", async () => {
  const mine = await bought(await newWarranted(2), 2)
  const other = await bought(await newWarranted(2))
  const replacing = (from: Bought, by: Bought) =>
    refusal(sql`
      insert into warranty_claims (order_id, unit_id, replacement_id, inbox_id)
      select of_order.id, min(unit.id), max(fresh.id), -1
        from orders as of_order
        join stock_units as unit on unit.order_id = of_order.id
        join orders as by_order on by_order.code = ${by.orderCode}
        join stock_units as fresh on fresh.order_id = by_order.id
       where of_order.code = ${from.orderCode}
       group by of_order.id
    `)
  expect(await replacing(mine, other)).toBe("warranty_claims_by_equal_units")
  expect(await replacing(other, other)).toBe("warranty_claims_by_equal_units")
})

test("where the policy says refund, the price goes to the balance, and the order is refunded", async () => {
  const mine = await bought(await newWarranted(3, "refund"))
  const { words, units } = await claimGood(mine)
  expect(words).toMatchObject({ outcome: "refunded", amount: 1_000, balance: 100_000, isSoldOut: false })
  expect(units).toEqual([])
  expect(await stateOf(mine)).toEqual({ status: "refunded", balance: 100_000, left: 0, free: 2, sold: 1 })
  const booked = await sql`
    select kind, account, amount
      from ledger_entries
      join ledger_transactions on ledger_transactions.id = transaction_id
     where key = ${`warranty:${words.claimId}`}
     order by amount
  `
  expect([...booked]).toEqual([
    { kind: "refund", account: "revenue", amount: -1_000 },
    { kind: "refund", account: "customer", amount: 1_000 },
  ])
  expect(await claim(mine)).toEqual({ kind: "refunded_before" })
})

test("with no unit left to replace it, the unit's price goes to the balance, and the rest of the order stays", async () => {
  const mine = await bought(await newWarranted(2), 2)
  expect((await claimGood(mine, 2)).words).toMatchObject({
    outcome: "refunded",
    amount: 1_000,
    isSoldOut: true,
  })
  expect(await stateOf(mine)).toEqual({ status: "delivered", balance: 99_000, left: 1_000, free: 0, sold: 2 })
  expect(await claim(mine, 2)).toEqual({ kind: "claimed_before", wasReplaced: false, place: 2, count: 2 })
  await restock(mine.productCode, "late", 1)
  expect((await claimGood(mine, 1)).words.outcome).toBe("replaced")
})

test("the last unit goes to one of two who claim at once, and the other gets the price", async () => {
  const code = await newWarranted(3)
  const [one, other] = [await bought(code), await bought(code)]
  const outcomes = await Promise.all([claimGood(one), claimGood(other)])
  expect(outcomes.map(({ words }) => words.outcome).toSorted()).toEqual(["refunded", "replaced"])
  expect(await stateOf(one)).toMatchObject({ free: 0 })
})

describe("there is no warranty", () => {
  test("after its days, and there is until then", async () => {
    const mine = await bought(await newWarranted(2))
    await deliveredAgo(7.001, mine)
    expect(await claim(mine)).toMatchObject({ kind: "over", endedAt: expect.stringContaining("T") })
    await deliveredAgo(6.999, mine)
    await claimGood(mine)
  })
  test("before the goods were delivered", async () => {
    const mine = await buy(await newCustomer(tables, 5_000), await newWarranted(2))
    expect(await claim(mine)).toEqual({ kind: "not_delivered" })
    await deliverAll()
    await claimGood(mine)
  })
  test("on a product that has none", async () => {
    const mine = await bought(await newProduct(tables, { units: 2 }))
    expect(await claim(mine)).toEqual({ kind: "no_warranty" })
  })
  test("on physical goods, which somebody has to look at", async () => {
    const code = await newProduct(tables, { stock: 2 })
    expect(await claim(await bought(code))).toEqual({ kind: "physical" })
    expect(await setWarranty(database, { code, days: 7, policy: undefined, actor: "test" })).toEqual({
      kind: "not_digital",
    })
    expect(await refusal(sql`update products set warranty_days = 1 where code = ${code}`)).toBe(
      "products_warranty_of_digital_check",
    )
  })
  test("on somebody else's order, or one that never was", async () => {
    const { orderCode } = await bought(await newWarranted(2))
    const number = await newCustomer(tables)
    expect(await claim({ number, orderCode })).toEqual({ kind: "not_found" })
    expect(await claim({ number, orderCode: "NEVER-WAS" })).toEqual({ kind: "not_found" })
  })
})

test("of several units the customer says which, and each is made good by itself", async () => {
  const mine = await bought(await newWarranted(6), 3)
  const name = `Product ${mine.productCode}`
  await claimGood(mine, 2)
  expect(await claim(mine)).toEqual({
    kind: "which",
    units: [
      { name, isClaimed: false },
      { name, isClaimed: true },
      { name, isClaimed: false },
    ],
  })
  expect(await claim(mine, 4)).toEqual({ kind: "no_such_unit", count: 3 })
  await claimGood(mine, 1)
  await claimGood(mine, 3)
  expect(await stateOf(mine)).toMatchObject({ sold: 6, free: 0, balance: 97_000 })
})

test("what is sent again are the units in force, each where the one stood that it replaced", async () => {
  const mine = await bought(await newWarranted(5), 3)
  await claimGood(mine, 2)
  const { orderCode, productCode } = mine
  const resent = await resendGoods(database, await say(tables, mine.number), { serves: [], orderCode })
  expect(resent?.units.map(inTheClear)).toEqual(
    ["unit 0", "unit 3", "unit 2"].map((unit) => `${productCode} ${unit}`),
  )
})

test("the same message handled again claims once, and one that is another process's claims nothing", async () => {
  const mine = await bought(await newWarranted(4), 2)
  const message = await say(tables, mine.number)
  const given = { serves: [], orderCode: mine.orderCode, place: 1 }
  expect((await claimWarranty(database, message, given)).kind).toBe("made_good")
  expect(await refusal(claimWarranty(database, message, { ...given, place: 2 }))).toBe("LP001")
  expect(await stateOf(mine)).toMatchObject({ sold: 3 })
  await sql`update inbox set state = 'working', claimed_by = ${message.owner} where id = ${message.inboxId}`
  expect(await refusal(claimWarranty(database, message, { ...given, place: 2 }))).toBe(
    "warranty_claims_inbox_id_key",
  )
  expect(await stateOf(mine)).toMatchObject({ sold: 3 })
  await sql`update inbox set state = 'done', claimed_by = null where id = ${message.inboxId}`
})

describe("what went back of an order", () => {
  const refund = ({ orderCode }: Bought, amount: number) => sql`
    with refunded as (
      insert into refunds (key, order_id, amount, state, reason, actor, ended_at)
      select code || '-' || ${amount}::text, id, ${amount}, 'done', 'test', 'test', now()
        from orders
       where code = ${orderCode}
      returning *
    )
    select book('refund:' || refunded.id, 'refund', '', order_id, 'revenue', null, 'customer', user_id, amount)
      from refunded
      join orders on orders.id = order_id
  `
  test("lessens what its warranty gives back, so that together it is never more than it cost", async () => {
    const mine = await bought(await newWarranted(3, "refund"))
    await refund(mine, 400)
    expect((await claimGood(mine)).words).toMatchObject({ amount: 600, balance: 100_000 })
    expect(await stateOf(mine)).toMatchObject({ left: 0, status: "refunded" })
    expect(await refusal(refund(mine, 1))).toBe("refunds_within_total")
  })
  test("holds for a claim written by other means, too", async () => {
    const mine = await bought(await newWarranted(3, "refund"))
    const much = sql`
      insert into warranty_claims (order_id, unit_id, refunded, inbox_id)
      select order_id, stock_units.id, 1001, -2
        from stock_units
        join orders on orders.id = order_id
       where orders.code = ${mine.orderCode}
    `
    expect(await refusal(much)).toBe("refunds_within_total")
  })
  test("counts as units made good: an order is made good no more often than it has units", async () => {
    const mine = await bought(await newWarranted(6), 3)
    await refund(mine, 1_000)
    await claimGood(mine, 1)
    await claimGood(mine, 2)
    expect(await claim(mine, 3)).toEqual({ kind: "made_good_before", returned: rupiah(1_000), replaced: 2 })
  })
})

test("defects are counted for each batch of stock", async () => {
  const code = await newWarranted(1)
  await restock(code, "second", 4)
  const bad = await bought(code, 3)
  await claimGood(bad, 2)
  await claimGood(bad, 3)
  const batches = (await listDefectiveBatches(database)).filter((batch) => batch.code === code)
  expect(batches).toEqual([{ code, batch: "second", addedAt: expect.any(Date), sold: 4, defects: 2 }])
})
