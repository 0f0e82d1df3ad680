import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { auditDatabase } from "../../src/database/audit.ts"
import type { PaymentProvider } from "../../src/payments/payment-provider.ts"
import { askForRefunds } from "../../src/shop/ask-for-refunds.ts"
import { refundOrder } from "../../src/shop/refund-order.ts"
import type { Shop } from "../../src/shop/shop.ts"
import { type MidtransDesk, openMidtransDesk, price } from "../support/midtrans-desk.ts"

let desk: MidtransDesk

beforeAll(async () => {
  desk = await openMidtransDesk()
})
beforeEach(() => desk.simulator.faults.clear())
afterAll(async () => {
  const { checks } = await auditDatabase(desk.tables.database)
  expect(checks.filter(({ violations }) => violations > 0)).toEqual([])
  await desk[Symbol.asyncDispose]()
})

async function paidOrder() {
  const order = await desk.order()
  desk.simulator.pay(order.reference)
  await desk.notify(desk.lastNotification(order.reference))
  return order
}

const refundWhole = (orderCode: string) =>
  refundOrder(desk.shop, {
    orderCode,
    destination: "provider",
    request: "R1",
    again: false,
    reason: "broken",
    actor: "test",
  })

async function askNow(shop: Shop): Promise<void> {
  await desk.tables.sql`update refunds set ask_at = now() where state = 'requested'`
  await askForRefunds(shop)
}

async function statesOf(code: string): Promise<string[]> {
  const rows = await desk.tables.sql<{ state: string }[]>`
    select state from refunds join orders on orders.id = order_id where code = ${code}
  `
  return rows.map(({ state }) => state)
}

test("a refund that was made is not declared failed by a refusal of somebody in between", async () => {
  const { code, reference } = await paidOrder()
  const { faults } = desk.simulator
  faults.plan("refund", { kind: "lost_answer", times: 1 })
  faults.plan("status", { kind: "http", status: 503 })
  expect(await refundWhole(code)).toMatchObject({ kind: "refunded", refund: { state: "requested" } })
  faults.plan("refund", { kind: "http", status: 403 })
  await askNow(desk.shop)
  expect(await statesOf(code)).toEqual(["requested"])
  faults.clear()
  await askNow(desk.shop)
  expect(await statesOf(code)).toEqual(["done"])
  expect(await desk.books(reference)).toMatchObject({ status: "refunded", balance: 0, returned: 0 })
  expect(desk.simulator.transaction(reference)?.refunds).toMatchObject([{ amount: price }])
})

test("a refund whose handling fails holds up no other, and is asked for again later", async () => {
  const broken = await paidOrder()
  const whole = await paidOrder()
  desk.simulator.faults.plan("refund", { kind: "http", status: 503 })
  for (const { code } of [broken, whole]) await refundWhole(code)
  desk.simulator.faults.clear()
  const provider: PaymentProvider = {
    ...desk.provider,
    refund: async (request) => {
      if (request.reference === broken.reference) throw new Error("this one can not be asked for")
      return await desk.provider.refund(request)
    },
  }
  await askNow({ ...desk.shop, providerNamed: () => provider })
  expect([...(await statesOf(broken.code)), ...(await statesOf(whole.code))]).toEqual(["requested", "done"])
  await askNow(desk.shop)
  expect(await statesOf(broken.code)).toEqual(["done"])
})
