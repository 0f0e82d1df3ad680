import { afterAll, beforeAll, expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"
import type { ShopProcess } from "../support/shop-process.ts"

const texts = textsFor("id")
const price = 10_000

let stall: MidtransStall
let shop: ShopProcess
let sales = 0

beforeAll(async () => {
  stall = await openMidtransStall()
  shop = await stall.open()
})
afterAll(async () => {
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
  await stall[Symbol.asyncDispose]()
})

/** A customer with an order that waits for its money, and a shop that never hears a webhook about it. */
async function prepare() {
  sales += 1
  const product = `KOPI-${sales}`
  const [payload = ""] = await stall.sell({ code: product, units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const order = await stall.order(shop, from, `.buy ${product} 1 qris`)
  await stall.atRest()
  return { payload, from, ...order }
}

test("a payment whose webhook never came is found by asking, and delivered", async () => {
  const { from, reference, payload } = await prepare()
  const { peer, midtrans } = stall
  midtrans.pay(reference)
  await letAskNow(reference)
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
})

test("an order that ended while Midtrans was silent is closed there once it answers, and nothing is lost", async () => {
  const { from, reference, code } = await prepare()
  const { peer, midtrans } = stall
  for (const operation of ["cancel", "expire", "status"] as const)
    midtrans.faults.plan(operation, { kind: "http", status: 500 })
  await letEnd(code)
  await eventually("the order ends", () => peer.messagesTo(from)[1])
  await eventually("the silence is noted", async () => (await paymentOf(reference))?.silences)
  expect(midtrans.transaction(reference)?.state).toBe("pending")
  expect(await paymentOf(reference)).toMatchObject({ state: "expired", closed: false })
  midtrans.faults.clear()
  await eventually("it is closed at Midtrans", async () => {
    await letAskNow(reference)
    return (await paymentOf(reference))?.closed
  })
  expect(midtrans.transaction(reference)?.state).toBe("cancel")
  expect(await stall.statusOf(code)).toBe("expired")
})

test("late money for a charge that was closed comes by a second transaction, and is found without a webhook", async () => {
  const { from, reference, code } = await prepare()
  const { peer, midtrans, sql } = stall
  await letEnd(code)
  await eventually("it is closed", async () => (await paymentOf(reference))?.closed)
  await sql`delete from stock_units where state = 'available'`
  midtrans.openAgain(reference)
  midtrans.pay(reference)
  await letAskNow(reference)
  const told = await eventually("the balance", () => peer.messagesTo(from)[2]?.text)
  const balance = rupiah(price)
  expect(told).toBe(
    texts.latePaymentToBalance({ orderCode: code, amount: balance, balance, endedAs: "expired" }),
  )
})

test("a second transaction that is opened after the end is closed as well", async () => {
  const { reference, code } = await prepare()
  const { midtrans } = stall
  await letEnd(code)
  await eventually("it is closed", async () => (await paymentOf(reference))?.closed)
  midtrans.openAgain(reference)
  await letAskNow(reference)
  await eventually("the second one is closed", () => midtrans.transaction(reference)?.state === "cancel")
})

test("money that goes back without a webhook is noticed by asking, and booked back", async () => {
  const { from, reference, code } = await prepare()
  const { peer, midtrans } = stall
  await stall.notify(shop, stall.pay(reference))
  await eventually("the goods", () => peer.messagesTo(from)[1])
  midtrans.deny(reference)
  await letAskNow(reference)
  await eventually("it is noticed", () => shop.written().includes("money that came was taken back"))
  expect(await paymentOf(reference)).toMatchObject({ state: "paid" })
  await eventually("its customer is told", () => peer.messagesTo(from)[2])
  expect(await stall.statusOf(code)).toBe("refunded")
})

test("the schedule outlives the process: what was due while the shop was closed is asked for at its start", async () => {
  const { from, reference, payload } = await prepare()
  const { peer, midtrans } = stall
  await shop.signal("SIGKILL")
  midtrans.pay(reference)
  await letAskNow(reference)
  shop = await stall.open()
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
})

test("a round ends at the first silence: many due charges are not put to a Midtrans that fails", async () => {
  const { reference } = await prepare()
  const { midtrans, sql } = stall
  await sql`
    insert into payments (reference, provider, purpose, user_id, amount, state, pay_token, channel,
                          expires_at)
    select 'OLD-' || number, provider, 'deposit', user_id, amount, 'expired', pay_token || number, channel,
           now()
      from payments, generate_series(1, 60) as number
     where reference = ${reference}
  `
  for (const operation of ["cancel", "expire", "status"] as const)
    midtrans.faults.plan(operation, { kind: "http", status: 500 })
  const before = midtrans.requests().length
  await sql`update payments set next_ask_at = now() where state = 'expired'`
  await eventually("the shop notices", async () => (await silences()) >= 3)
  // Three silences open the breaker; until then each costs a cancellation and a question.
  expect(midtrans.requests().length - before).toBeLessThanOrEqual(12)
})

/** The hold of an unpaid order is over now. */
async function letEnd(code: string): Promise<void> {
  await stall.sql`update orders set expires_at = now() where code = ${code}`
}

async function letAskNow(reference: string): Promise<void> {
  await stall.sql`update payments set next_ask_at = now() where reference = ${reference}`
}

async function paymentOf(reference: string) {
  const [row] = await stall.sql<{ state: string; closed: boolean; silences: number }[]>`
    select state, closed_at is not null as closed, silences
      from payments
     where reference = ${reference}
  `
  return row
}

async function silences(): Promise<number> {
  const [row] = await stall.sql<{ count: number }[]>`
    select count(*)::integer as count from payments where silences > 0
  `
  return row?.count ?? 0
}
