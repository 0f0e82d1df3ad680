import { expect, test } from "bun:test"
import { endServers, holdLock, untilBlocked } from "../support/database-locks.ts"
import { eventually } from "../support/eventually.ts"
import { openMidtransStall } from "../support/midtrans-stall.ts"

const price = 10_000

/** Like killed-while-selling, for the steps of a sale by QRIS. */
async function prepare() {
  const stall = await openMidtransStall()
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 2, price })
  const [from = ""] = await stall.welcome(1, 0)
  return { stall, shop, payload, from, [Symbol.asyncDispose]: stall[Symbol.asyncDispose] }
}

type Prepared = Awaited<ReturnType<typeof prepare>>

test("killed when the order is placed but Midtrans has not heard of it: the charge is asked for again", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  stall.midtrans.faults.plan("charge", { kind: "hang" })
  await stall.peer.tell(shop.url, from, ".buy KOPI 1 qris")
  await untilAsked(prepared, "/v2/charge")
  await shop.signal("SIGKILL")
  expect(stall.midtrans.transactions()).toHaveLength(0)
  stall.midtrans.faults.clear()
  await expectOneCharge(prepared)
})

test("killed when the charge is made but its answer is not in: the same charge is shown to the customer", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  stall.midtrans.faults.plan("charge", { kind: "lost_answer" })
  await stall.peer.tell(shop.url, from, ".buy KOPI 1 qris")
  await eventually("the charge is made", () => stall.midtrans.transactions().length === 1)
  await shop.signal("SIGKILL")
  stall.midtrans.faults.clear()
  await expectOneCharge(prepared)
})

test("killed when the charge is known but not recorded: the same charge is shown to the customer", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { sql, peer } = stall
  // Placing an order promises nothing yet, recording its charge does.
  const lock = await holdLock(sql, "lock table outbox in share mode")
  await peer.tell(shop.url, from, ".buy KOPI 1 qris")
  const servers = await untilBlocked(sql, "record_charge")
  await shop.signal("SIGKILL")
  await endServers(sql, servers)
  await lock.release()
  expect(await sql`select from payments where state = 'requested'`).toHaveLength(1)
  await expectOneCharge(prepared)
})

test("killed when a webhook is stored but not worked: it is worked after the start", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { sql, midtrans } = stall
  const { reference } = await stall.order(shop, from)
  await stall.atRest()
  const notification = stall.pay(reference)
  midtrans.faults.plan("status", { kind: "hang" })
  expect(await stall.notify(shop, notification)).toBe(200)
  await untilAsked(prepared, `/v2/${reference}/status`)
  await shop.signal("SIGKILL")
  expect(await sql`select from payment_events`).toHaveLength(1)
  expect(await sql`select from payment_event_outcomes`).toHaveLength(0)
  midtrans.faults.clear()
  await stall.open()
  await expectDelivered(prepared)
})

test("killed when a payment is believed but not booked: it is booked once after the start", async () => {
  await using prepared = await prepare()
  const { stall, shop, from } = prepared
  const { sql } = stall
  const { reference } = await stall.order(shop, from)
  await stall.atRest()
  const lock = await holdLock(sql, `select from payments where reference = '${reference}' for update`)
  expect(await stall.notify(shop, stall.pay(reference))).toBe(200)
  const servers = await untilBlocked(sql, "settle_payment")
  await shop.signal("SIGKILL")
  await endServers(sql, servers)
  await lock.release()
  await stall.open()
  await expectDelivered(prepared)
})

/** After a new start the customer has one order, one charge, one code; it is paid and delivered. */
async function expectOneCharge(prepared: Prepared): Promise<void> {
  const { stall, from } = prepared
  const { peer, midtrans, sql } = stall
  const shop = await stall.open()
  const request = await eventually("the code", () => peer.messagesTo(from)[0])
  await stall.atRest()
  const [charge, ...others] = midtrans.transactions()
  expect(others).toEqual([])
  expect(request.image).toBeDefined()
  const [payment] = await sql`select state, qr_string from payments`
  expect(payment).toEqual({ state: "pending", qr_string: charge?.qrString })
  await stall.hasFree("KOPI", 1)
  expect(await stall.notify(shop, stall.pay(charge?.orderId ?? ""))).toBe(200)
  await expectDelivered(prepared)
}

async function expectDelivered({ stall, from, payload }: Prepared): Promise<void> {
  const { peer, sql } = stall
  const goods = await eventually("the goods", () => peer.messagesTo(from)[1])
  await stall.atRest()
  expect(goods.text).toContain(payload)
  expect(peer.messagesTo(from)).toHaveLength(2)
  expect(await sql`select status, total from orders`).toMatchObject([{ status: "delivered", total: price }])
  expect(await sql`select state from payments`).toMatchObject([{ state: "paid" }])
  expect(await sql`select from stock_units where state = 'sold'`).toHaveLength(1)
  await stall.hasFree("KOPI", 1)
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
}

function untilAsked({ stall }: Prepared, path: string): Promise<unknown> {
  return eventually(`Midtrans is asked ${path}`, () =>
    stall.midtrans.requests().some((request) => request.path === path),
  )
}
