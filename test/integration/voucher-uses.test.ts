import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import { cancelOrder, type PlacedOrder } from "../../src/database/orders.ts"
import { addCustomers } from "../../src/database/users.ts"
import { closeVoucher } from "../../src/database/voucher-desk.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "../support/audit-books.ts"
import { newCustomer, newProduct, openTables, type TestTables, userIdOf } from "../support/selling.ts"
import { voucherDesk } from "../support/voucher-selling.ts"

let tables: TestTables
let desk: ReturnType<typeof voucherDesk>

beforeAll(async () => {
  tables = await openTables(50)
  desk = voucherDesk(tables)
})
afterAll(async () => {
  expect(await auditBooks(tables.sql)).toEqual([])
  const audit = await auditDatabase(tables.database)
  expect(audit.checks.filter(({ violations }) => violations > 0)).toEqual([])
  await tables.close()
})

const price = 1_000

/** New customers who can pay one unit and have all chosen the voucher. */
async function customersWith(code: string, count: number): Promise<readonly string[]> {
  const numbers = Array.from({ length: count }, () => `62833${tables.newName().slice(1).padStart(6, "0")}`)
  await addCustomers(
    tables.database,
    numbers.map((number) => ({ number, name: "", balance: rupiah(price) })),
  )
  await tables.sql`
    insert into voucher_choices (user_id, voucher_id)
    select users.id, vouchers.id
      from users, vouchers
     where number = any (${numbers}::text[])
       and code = ${code}
  `
  return numbers
}

const termsOf = (placed: PlacedOrder) =>
  placed.kind === "paid" || placed.kind === "awaiting_payment"
    ? { total: placed.order.total as number, discount: (placed.order.discount ?? 0) as number }
    : placed.kind

test("a voucher of fifty uses is used fifty times when 200 want it at once, by saldo and by QRIS", async () => {
  const code = await desk.newVoucher({ usesMax: 50 })
  const productCode = await newProduct(tables, { units: 200 }, price)
  const numbers = await customersWith(code, 200)
  const placed = await Promise.all(
    numbers.map((number, place) => desk.buy(number, productCode, place % 2 === 0 ? "saldo" : "qris")),
  )
  const served = placed.filter(({ kind }) => kind === "paid" || kind === "awaiting_payment")
  expect(served.map(termsOf)).toEqual(Array(50).fill({ total: 900, discount: 100 }))
  const refused = placed.filter(({ kind }) => kind === "voucher_refused")
  expect(refused).toHaveLength(150)
  expect(refused[0]).toMatchObject({ reason: "used_up", voucherCode: code, total: price })
  const uses = await desk.usesOf(code)
  expect(uses).toMatchObject({ uses: 50, released: 0 })
  expect((uses?.held ?? 0) + (uses?.used ?? 0)).toBe(50)
})

test("whoever was refused buys at the full price when they ask again", async () => {
  const code = await desk.newVoucher({ usesMax: 1 })
  const productCode = await newProduct(tables, { units: 2 }, price)
  const [first = "", second = ""] = await customersWith(code, 2)
  expect(termsOf(await desk.buy(first, productCode))).toEqual({ total: 900, discount: 100 })
  expect(await desk.buy(second, productCode)).toMatchObject({ kind: "voucher_refused", reason: "used_up" })
  expect(termsOf(await desk.buy(second, productCode))).toEqual({ total: price, discount: 0 })
})

test("a message that was refused a voucher is refused again when it is handled again, never charged in full", async () => {
  const productCode = await newProduct(tables, { units: 2 }, price)
  const number = await newCustomer(tables, 5 * price)
  const handledAgain = () => desk.buy(number, productCode, "saldo", 1, 2)
  const code = await desk.newVoucher()
  await desk.choose(number, code)
  await closeVoucher(tables.sql, code)
  expect(await handledAgain()).toMatchObject({ kind: "voucher_refused", reason: "closed", total: price })
  expect(termsOf(await desk.buy(number, productCode))).toEqual({ total: price, discount: 0 })

  await desk.choose(number, await desk.newVoucher({ minTotal: rupiah(2 * price) }))
  expect(await handledAgain()).toMatchObject({ kind: "voucher_refused", reason: "below_minimum" })
  expect(termsOf(await desk.buy(number, productCode))).toEqual({ total: price, discount: 0 })
})

test("an order that expires or is cancelled frees its use, and its customer keeps the voucher", async () => {
  const code = await desk.newVoucher({ usesMax: 1, usesPerCustomer: 1 })
  const productCode = await newProduct(tables, { units: 2 }, price)
  const [first = "", second = ""] = await customersWith(code, 2)
  await desk.expire(await desk.hold(first, productCode))
  expect(await desk.usesOf(code)).toEqual({ uses: 0, held: 0, used: 0, released: 1 })
  await desk.hold(first, productCode)
  expect(await desk.usesOf(code)).toMatchObject({ uses: 1, held: 1 })
  expect(await desk.buy(second, productCode)).toMatchObject({ kind: "voucher_refused" })
  await cancelOrder(tables.sql, await userIdOf(tables, first), undefined)
  expect(await desk.choose(second, code)).toMatchObject({ kind: "chosen" })
  expect(termsOf(await desk.buy(second, productCode))).toEqual({ total: 900, discount: 100 })
  expect(await desk.usesOf(code)).toEqual({ uses: 1, held: 0, used: 1, released: 2 })
})

test("late money gets the goods at the price of then where the use is still there", async () => {
  const code = await desk.newVoucher({ usesMax: 1 })
  const productCode = await newProduct(tables, { units: 1 }, price)
  const [number = ""] = await customersWith(code, 1)
  const payment = await desk.hold(number, productCode)
  expect(payment).toMatchObject({ amount: 900 })
  await desk.expire(payment)
  expect(await desk.pay(payment)).toMatchObject({ resolution: "late_goods" })
  expect(await desk.usesOf(code)).toEqual({ uses: 1, held: 0, used: 1, released: 0 })
})

test("late money spends the voucher that was given back, but not one that was chosen anew since", async () => {
  const productCode = await newProduct(tables, { units: 4 }, price)
  for (const [chosenAnew, discount] of [
    [false, 0],
    [true, 100],
  ] as const) {
    const code = await desk.newVoucher()
    const number = await newCustomer(tables, price)
    await desk.choose(number, code)
    const payment = await desk.hold(number, productCode)
    await desk.expire(payment)
    if (chosenAnew) await desk.choose(number, code)
    expect(await desk.pay(payment)).toMatchObject({ resolution: "late_goods" })
    expect(termsOf(await desk.buy(number, productCode))).toEqual({ total: price - discount, discount })
  }
})

test("late money becomes balance where somebody else has the last use, or the goods are gone", async () => {
  const code = await desk.newVoucher({ usesMax: 1 })
  const productCode = await newProduct(tables, { units: 2 }, price)
  const [late = "", quick = ""] = await customersWith(code, 2)
  const payment = await desk.hold(late, productCode)
  await desk.expire(payment)
  await desk.buy(quick, productCode)
  expect(await desk.pay(payment)).toMatchObject({ resolution: "late_balance" })
  expect(await desk.usesOf(code)).toEqual({ uses: 1, held: 0, used: 1, released: 1 })

  const free = await desk.newVoucher()
  await desk.choose(late, free)
  const second = await desk.hold(late, productCode)
  await desk.expire(second)
  await desk.buy(await newCustomer(tables, price), productCode)
  expect(await desk.pay(second)).toMatchObject({ resolution: "late_balance" })
  expect(await desk.usesOf(free)).toEqual({ uses: 0, held: 0, used: 0, released: 1 })
})

test("of late money and a new purchase at the same moment one gets the last use, never both", async () => {
  for (let round = 0; round < 6; round += 1) {
    const code = await desk.newVoucher({ usesMax: 1 })
    const productCode = await newProduct(tables, { units: 2 }, price)
    const [late = "", quick = ""] = await customersWith(code, 2)
    const payment = await desk.hold(late, productCode)
    await desk.expire(payment)
    const [settled, bought] = await Promise.all([desk.pay(payment), desk.buy(quick, productCode)])
    const isLate = settled.kind === "settled" && settled.resolution === "late_goods"
    expect(bought.kind).toBe(isLate ? "voucher_refused" : "paid")
    expect(await desk.usesOf(code)).toMatchObject({ uses: 1, used: 1 })
  }
})

test("holds that expire while others take what they free are never counted twice", async () => {
  const code = await desk.newVoucher({ usesMax: 5 })
  const productCode = await newProduct(tables, { units: 40 }, price)
  const numbers = await customersWith(code, 25)
  const held = await Promise.all(numbers.slice(0, 5).map((number) => desk.hold(number, productCode)))
  await Promise.all([
    ...held.map((payment) => desk.expire(payment)),
    ...numbers.slice(5).map((number) => desk.buy(number, productCode)),
  ])
  await Promise.all(held.map((payment) => desk.pay(payment)))
  const uses = await desk.usesOf(code)
  expect(uses?.used).toBe(uses?.uses ?? -1)
  expect(uses?.uses).toBeLessThanOrEqual(5)
})

test("each customer uses it as often as they may, and a closed voucher keeps what is held", async () => {
  const code = await desk.newVoucher({ usesPerCustomer: 2 })
  const productCode = await newProduct(tables, { units: 5 }, price)
  const number = await newCustomer(tables, 5_000)
  for (let use = 1; use <= 2; use += 1) {
    await desk.choose(number, code)
    expect(termsOf(await desk.buy(number, productCode))).toEqual({ total: 900, discount: 100 })
  }
  expect(await desk.choose(number, code)).toMatchObject({ kind: "refused", reason: "used_before" })

  const [holder = "", chooser = ""] = await customersWith(code, 2)
  const payment = await desk.hold(holder, productCode)
  await closeVoucher(tables.sql, code)
  expect(await desk.buy(chooser, productCode)).toMatchObject({ kind: "voucher_refused", reason: "closed" })
  expect(await desk.pay(payment)).toMatchObject({ resolution: "goods" })
  expect(await desk.usesOf(code)).toMatchObject({ uses: 3, used: 3 })
})

test("a voucher that is not for what is bought is said once, and then kept while it is bought", async () => {
  const [fitting, other] = [await newProduct(tables, { units: 3 }), await newProduct(tables, { units: 3 })]
  const number = await newCustomer(tables, 10_000)
  await desk.choose(number, await desk.newVoucher({ productCodes: [fitting], minTotal: rupiah(2_000) }))
  expect(await desk.buy(number, other)).toMatchObject({ kind: "voucher_refused", reason: "below_minimum" })
  expect(await desk.buy(number, other, "saldo", 2)).toMatchObject({ kind: "paid", order: { total: 2_000 } })
  expect(await desk.buy(number, other, "saldo", 1)).toMatchObject({ kind: "voucher_refused" })
  expect(await desk.buy(number, fitting, "saldo", 2)).toMatchObject({
    order: { total: 1_900, discount: 100 },
  })
})

test("a discount is capped, whole rupiah, and leaves something to pay", async () => {
  const productCode = await newProduct(tables, { units: 6 }, 999)
  const number = await newCustomer(tables, 20_000)
  const paying = async (code: string, quantity: number) => {
    await desk.choose(number, code)
    return termsOf(await desk.buy(number, productCode, "saldo", quantity))
  }
  const percent = await desk.newVoucher({ maxDiscount: rupiah(250) }, { percent: 10 })
  expect(await paying(percent, 1)).toEqual({ total: 900, discount: 99 })
  expect(await paying(percent, 3)).toEqual({ total: 2_747, discount: 250 })
  expect(await paying(await desk.newVoucher({}, { amount: rupiah(50_000) }), 1)).toEqual({
    total: 1,
    discount: 998,
  })
})
