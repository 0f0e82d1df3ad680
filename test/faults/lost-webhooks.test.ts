import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"

const texts = textsFor("id")
const price = 10_000

/** A customer with an order that waits for its money, and a shop that never hears a webhook. */
async function prepare() {
  const stall = await openMidtransStall()
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const order = await stall.order(shop, from)
  await stall.atRest()
  return { ...stall, stall, shop, payload, from, ...order }
}

test("a payment whose webhook never came is found by asking, and delivered", async () => {
  await using prepared = await prepare()
  const { stall, peer, midtrans, from, reference, payload } = prepared
  midtrans.pay(reference)
  await letAskNow(stall)
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
  expect(await stall.audit()).toEqual([])
})

test("an order that ended while Midtrans was silent is closed there once it answers, and nothing is lost", async () => {
  await using prepared = await prepare()
  const { stall, peer, midtrans, sql, from, reference, code } = prepared
  for (const operation of ["cancel", "expire", "status"] as const)
    midtrans.faults.plan(operation, { kind: "http", status: 500 })
  await sql`update orders set expires_at = now()`
  await eventually("the order ends", () => peer.messagesTo(from)[1])
  await eventually("the silence is noted", async () => (await paymentOf(stall, reference))?.silences)
  expect(midtrans.transaction(reference)?.state).toBe("pending")
  expect(await paymentOf(stall, reference)).toMatchObject({ state: "expired", closed: false })
  midtrans.faults.clear()
  await eventually("it is closed at Midtrans", async () => {
    await letAskNow(stall)
    return (await paymentOf(stall, reference))?.closed
  })
  expect(midtrans.transaction(reference)?.state).toBe("cancel")
  expect(await stall.statusOf(code)).toBe("expired")
  expect(await stall.audit()).toEqual([])
})

test("late money for a charge that was closed comes by a second transaction, and is found without a webhook", async () => {
  await using prepared = await prepare()
  const { stall, peer, midtrans, sql, from, reference, code } = prepared
  await sql`update orders set expires_at = now()`
  await eventually("it is closed", async () => (await paymentOf(stall, reference))?.closed)
  await sql`delete from stock_units where state = 'available'`
  midtrans.openAgain(reference)
  midtrans.pay(reference)
  await letAskNow(stall)
  const told = await eventually("the balance", () => peer.messagesTo(from)[2]?.text)
  const balance = rupiah(price)
  expect(told).toBe(texts.latePaymentToBalance({ orderCode: code, amount: balance, balance }))
  expect(await stall.audit()).toEqual([])
})

test("a second transaction that is opened after the end is closed as well", async () => {
  await using prepared = await prepare()
  const { stall, midtrans, sql, reference } = prepared
  await sql`update orders set expires_at = now()`
  await eventually("it is closed", async () => (await paymentOf(stall, reference))?.closed)
  midtrans.openAgain(reference)
  await letAskNow(stall)
  await eventually("the second one is closed", () => midtrans.transaction(reference)?.state === "cancel")
})

test("money that goes back without a webhook is noticed by asking, and booked back", async () => {
  await using prepared = await prepare()
  const { stall, shop, peer, midtrans, from, reference, code } = prepared
  await stall.notify(shop, stall.pay(reference))
  await eventually("the goods", () => peer.messagesTo(from)[1])
  midtrans.deny(reference)
  await letAskNow(stall)
  await eventually("it is noticed", () => shop.written().includes("money that came was taken back"))
  expect(await paymentOf(stall, reference)).toMatchObject({ state: "paid" })
  await eventually("its customer is told", () => peer.messagesTo(from)[2])
  expect(await stall.statusOf(code)).toBe("refunded")
})

test("the schedule outlives the process: what was due while the shop was closed is asked for at its start", async () => {
  await using prepared = await prepare()
  const { stall, shop, peer, midtrans, from, reference, payload } = prepared
  await shop.signal("SIGKILL")
  midtrans.pay(reference)
  await letAskNow(stall)
  await stall.open()
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
})

test("a round ends at the first silence: many due charges are not put to a Midtrans that fails", async () => {
  await using prepared = await prepare()
  const { stall, midtrans, sql, reference } = prepared
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
  await letAskNow(stall)
  await eventually("the shop notices", async () => (await silences(stall)) >= 3)
  // Three silences open the breaker; until then each costs a cancellation and a question.
  expect(midtrans.requests().length - before).toBeLessThanOrEqual(12)
})

async function letAskNow({ sql }: MidtransStall): Promise<void> {
  await sql`update payments set next_ask_at = now()`
}

async function paymentOf({ sql }: MidtransStall, reference: string) {
  const [row] = await sql<{ state: string; closed: boolean; silences: number }[]>`
    select state, closed_at is not null as closed, silences from payments where reference = ${reference}
  `
  return row
}

async function silences({ sql }: MidtransStall): Promise<number> {
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::integer as count from payments where silences > 0`
  return row?.count ?? 0
}
