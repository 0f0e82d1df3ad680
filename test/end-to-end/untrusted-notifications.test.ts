import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { startMidtransSimulator } from "../simulators/midtrans/start-midtrans-simulator.ts"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"
import type { ShopProcess } from "../support/shop-process.ts"

let stall: MidtransStall
let shop: ShopProcess
let from = ""
let order: Awaited<ReturnType<MidtransStall["order"]>>

beforeAll(async () => {
  stall = await openMidtransStall()
  shop = await stall.open()
  await stall.sell({ units: 50 })
})
afterAll(async () => {
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
  await stall[Symbol.asyncDispose]()
})
beforeEach(async () => {
  ;[from = ""] = await stall.welcome(1, 0)
  order = await stall.order(shop, from)
  await stall.atRest()
})

const notify = (body: string) => stall.notify(shop, body)

async function outcomes(reference: string): Promise<string[]> {
  const rows = await stall.sql<{ outcome: string }[]>`
    select outcome
      from payment_event_outcomes
      join payment_events on id = event_id
     where reference = ${reference}
     order by worked_at
  `
  return rows.map(({ outcome }) => outcome)
}

const untilWorked = (reference: string, count: number) =>
  eventually("every event is worked", async () => (await outcomes(reference)).length === count)

async function countEvents(): Promise<number> {
  const [row] = await stall.sql<{ count: number }[]>`select count(*)::integer as count from payment_events`
  return row?.count ?? 0
}

test("what is not signed by Midtrans is refused and leaves no trace, however it is written", async () => {
  const { midtrans } = stall
  const { reference } = order
  const forged = [
    { signature_key: "0".repeat(128) },
    { signature_key: undefined },
    { signature_key: 7 },
    { signature_key: null },
    { gross_amount: "10000" },
    { gross_amount: "10,000.00" },
    { gross_amount: "1.00" },
    { status_code: "201" },
    { order_id: "LPK-OTHER-1" },
  ]
  const before = await countEvents()
  const asked = midtrans.requests().length
  for (const fields of forged)
    expect(await notify(midtrans.forge(reference, fields, "settlement")), JSON.stringify(fields)).toBe(401)
  for (const body of ["", "{", "[]", "null", "not json"]) expect(await notify(body)).toBe(400)
  expect(await countEvents()).toBe(before)
  expect(midtrans.requests()).toHaveLength(asked)
})

test("an event of a sandbox is refused by a shop with a production key", async () => {
  const sandbox = await startMidtransSimulator({
    serverKey: "SB-Mid-server-of-a-sandbox",
    notifyByItself: false,
  })
  await fetch(`${sandbox.url}/v2/charge`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("SB-Mid-server-of-a-sandbox:")}` },
    body: JSON.stringify({
      payment_type: "qris",
      transaction_details: { order_id: order.reference, gross_amount: 10_000 },
    }),
  })
  sandbox.pay(order.reference)
  expect(await notify(sandbox.notifications(order.reference).at(-1) ?? "")).toBe(401)
  await sandbox.stop()
})

test("an id that leads elsewhere is refused even when it is rightly signed, and nobody is asked about it", async () => {
  const { midtrans } = stall
  const asked = midtrans.requests().length
  for (const id of ["../../v2/charge", "..", "a/b", "a?b"])
    expect(await notify(midtrans.signed(id, "settlement"))).toBe(400)
  expect(midtrans.requests()).toHaveLength(asked)
})

/** A settlement that Midtrans does not bear out stays open for a while, and is asked about again. */
const untilAskedTwice = (path: string) =>
  eventually(
    "it is asked about again",
    () => stall.midtrans.requests().filter((request) => request.path === path).length > 1,
  )

test("an edited state and a swapped transaction are taken for what Midtrans says of the order: not paid", async () => {
  const { midtrans } = stall
  const { reference, code } = order
  const edited = { transaction_status: "settlement", transaction_id: "another-transaction" }
  expect(await notify(midtrans.forge(reference, edited, "pending"))).toBe(200)
  await untilAskedTwice("/v2/another-transaction/status")
  expect(await outcomes(reference)).toEqual([])
  expect(await stall.statusOf(code)).toBe("awaiting_payment")
  expect(stall.peer.messagesTo(from)).toHaveLength(1)
})

test("the paid transaction of another order pays for nothing but its own", async () => {
  const { midtrans } = stall
  const [other = ""] = await stall.welcome(1, 0)
  const paid = await stall.order(shop, other)
  stall.pay(paid.reference)
  const transaction_id = midtrans.transaction(paid.reference)?.transactionId
  expect(await notify(midtrans.forge(order.reference, { transaction_id }, "settlement"))).toBe(200)
  await untilAskedTwice(`/v2/${transaction_id}/status`)
  expect(await stall.statusOf(order.code)).toBe("awaiting_payment")
})

test("a settlement that the status API does not know yet is asked for again, without another webhook", async () => {
  const { midtrans, peer } = stall
  const body = stall.pay(order.reference)
  midtrans.faults.plan("status", { kind: "stale", times: 1 })
  expect(await notify(body)).toBe(200)
  await eventually("the goods", () => peer.messagesTo(from)[1])
  await untilWorked(order.reference, 1)
  expect(await outcomes(order.reference)).toEqual(["settled"])
  await stall.atRest()
  expect(await stall.statusOf(order.code)).toBe("delivered")
})

test("a webhook is answered at once while the status API hangs, and worked when it answers again", async () => {
  const { midtrans, peer } = stall
  midtrans.faults.plan("status", { kind: "hang", times: 1 })
  midtrans.faults.plan("status", { kind: "http", status: 500, times: 1 })
  expect(await notify(stall.pay(order.reference))).toBe(200)
  expect(await outcomes(order.reference)).toEqual([])
  await eventually("the goods", () => peer.messagesTo(from)[1])
  await untilWorked(order.reference, 1)
})

test("a late word about an earlier state changes nothing of what is paid", async () => {
  const { midtrans, peer } = stall
  const pending = midtrans.notifications(order.reference)[0] ?? ""
  expect(await notify(stall.pay(order.reference))).toBe(200)
  await eventually("the goods", () => peer.messagesTo(from)[1])
  for (const body of [pending, midtrans.forge(order.reference, {}, "expire")])
    expect(await notify(body)).toBe(200)
  await untilWorked(order.reference, 3)
  expect(await outcomes(order.reference)).toEqual(["settled", "already_settled", "already_settled"])
  await stall.atRest()
  expect(await stall.statusOf(order.code)).toBe("delivered")
})

test("an event about an order this shop never had is taken, and the operator's log says so", async () => {
  expect(await notify(stall.midtrans.signed("SITE-77", "pending"))).toBe(200)
  await untilWorked("SITE-77", 1)
  expect(await outcomes("SITE-77")).toEqual(["unknown_payment"])
  expect(shop.written()).toContain("a payment this shop never asked for")
})
