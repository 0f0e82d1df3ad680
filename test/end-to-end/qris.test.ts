import { expect, test } from "bun:test"
import { toBuffer } from "qrcode"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"

const texts = textsFor("id")
const price = 10_000

test("an order is paid by QRIS: picture and link, a page that follows, and the goods within one webhook", async () => {
  const address = "https://shop.example"
  await using stall = await openMidtransStall({ environment: { PUBLIC_URL: address } })
  const { peer, midtrans } = stall
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 3, price })
  const [from = ""] = await stall.welcome(1, 0)

  const { request, reference, token, code } = await stall.order(shop, from)
  const charge = midtrans.transaction(reference)
  expect(charge).toMatchObject({ amount: price, state: "pending" })
  expect(request.text).toContain(code)
  expect(request.text).toContain(`${address}/pay/${token}`)
  expect(request.image?.mimeType).toBe("image/png")
  const picture = await toBuffer(charge?.qrString ?? "", { width: 512, margin: 4 })
  expect(request.image?.base64).toBe(picture.toString("base64"))
  expect(await stall.pageState(shop, token)).toBe("pending")
  await stall.hasFree("KOPI", 2)

  const notification = stall.pay(reference)
  expect(peer.messagesTo(from)).toHaveLength(1)
  expect(await stall.notify(shop, notification)).toBe(200)
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
  await stall.atRest()
  expect(await stall.pageState(shop, token)).toBe("paid")
  expect(await stall.statusOf(code)).toBe("delivered")
  await stall.hasFree("KOPI", 2)
  await expectSound(stall)
})

test("the same webhook 20 times at once delivers once", async () => {
  await using stall = await openMidtransStall()
  const shop = await stall.open()
  await stall.sell({ units: 25, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference, code } = await stall.order(shop, from)
  const notification = stall.pay(reference)
  const answers = await Promise.all(Array.from({ length: 20 }, () => stall.notify(shop, notification)))
  expect(answers).toEqual(Array.from({ length: 20 }, () => 200))
  await everyEventWorked(stall, 20)
  await stall.atRest()
  expect(stall.peer.messagesTo(from)).toHaveLength(2)
  expect(await stall.statusOf(code)).toBe("delivered")
  expect(await stall.freeUnits()).toBe(24)
  await expectSound(stall)
})

test("a payment whose webhook came while the shop was closed is found by asking", async () => {
  await using stall = await openMidtransStall()
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference } = await stall.order(shop, from)
  expect(await shop.close()).toBe(0)
  stall.pay(reference)
  await stall.sql`update payments set next_ask_at = now()`
  await stall.open()
  await eventually("the goods", () => stall.peer.messagesTo(from)[1]?.text.includes(payload))
  await stall.atRest()
  await expectSound(stall)
})

test("an unpaid order ends by itself: its customer is told, its stock is free, its charge is closed", async () => {
  await using stall = await openMidtransStall()
  const { peer, midtrans } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference, token, code } = await stall.order(shop, from)
  await stall.hasFree("KOPI", 0)
  await letTimePass(stall)
  await eventually("its customer is told", () => peer.messagesTo(from)[1])
  expect(peer.messagesTo(from)[1]?.text).toBe(texts.expired({ orderCode: code }))
  await eventually("its charge is closed", () => midtrans.transaction(reference)?.state === "cancel")
  await stall.hasFree("KOPI", 1)
  expect(await stall.pageState(shop, token)).toBe("expired")
  await expectSound(stall)
})

test("`.batal` frees the stock at once, for the next one who asks", async () => {
  await using stall = await openMidtransStall()
  const { peer } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = "", next = ""] = await stall.welcome(2, 0)
  const { code, token } = await stall.order(shop, from)
  const refused = await peer.ask(shop.url, next, ".buy KOPI 1 qris")
  expect(refused.text).toBe(texts.soldOut({ code: "KOPI", name: "Voucher KOPI", left: 0, wanted: 1 }))
  const cancelled = await peer.ask(shop.url, from, ".batal")
  expect(cancelled.text).toBe(texts.cancelled({ orderCode: code }))
  await stall.hasFree("KOPI", 1)
  expect(await stall.pageState(shop, token)).toBe("cancelled")
  const second = await stall.order(shop, next)
  expect(second.request.image).toBeDefined()
  await stall.atRest()
  await expectSound(stall)
})

test("late money gets the goods while there are some, and becomes balance when there are none", async () => {
  await using stall = await openMidtransStall()
  const { peer } = stall
  const shop = await stall.open()
  const payloads = await stall.sell({ units: 2, price })
  const [early = "", late = ""] = await stall.welcome(2, 0)
  const first = await stall.order(shop, early)
  const second = await stall.order(shop, late)
  await letTimePass(stall)
  for (const from of [early, late]) await eventually("the order has ended", () => peer.messagesTo(from)[1])

  expect(await stall.notify(shop, stall.pay(first.reference))).toBe(200)
  const goods = await eventually("the goods", () => peer.messagesTo(early)[2]?.text)
  expect(goods).toStartWith(texts.latePaymentGoods({ orderCode: first.code, endedAs: "expired" }))
  expect(payloads.some((payload) => goods.includes(payload))).toBe(true)

  await stall.sql`delete from stock_units where state = 'available'`
  expect(await stall.notify(shop, stall.pay(second.reference))).toBe(200)
  const told = await eventually("the balance", () => peer.messagesTo(late)[2]?.text)
  const balance = rupiah(price)
  const orderCode = second.code
  expect(told).toBe(texts.latePaymentToBalance({ orderCode, amount: balance, balance, endedAs: "expired" }))
  expect([await stall.balanceOf(early), await stall.balanceOf(late)]).toEqual([0, price])
  await stall.atRest()
  await expectSound(stall)
})

test("with Midtrans down the order is not made, the customer is told so, and the stock stays free", async () => {
  await using stall = await openMidtransStall()
  const { peer, midtrans } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  midtrans.faults.plan("charge", { kind: "http", status: 500 })
  midtrans.faults.plan("status", { kind: "http", status: 500 })
  const { request, code } = await stall.order(shop, from)
  expect(request.text).toBe(texts.paymentUnavailable({ orderCode: code }))
  expect(await stall.statusOf(code)).toBe("cancelled")
  await stall.hasFree("KOPI", 1)
  midtrans.faults.clear()
  const again = await stall.order(shop, from)
  expect(again.request.image).toBeDefined()
  expect(peer.messagesTo(from)).toHaveLength(2)
  await expectSound(stall)
})

test("a webhook that meets no PostgreSQL is answered 503, and works when it is sent again", async () => {
  await using stall = await openMidtransStall({ ownServer: true })
  const { peer, postgres } = stall
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference, code } = await stall.order(shop, from)
  await stall.atRest()
  await postgres?.signal("SIGKILL")
  const notification = stall.pay(reference)
  expect(await stall.notify(shop, notification)).toBe(503)
  await postgres?.start()
  await eventually("the webhook is taken", async () => (await stall.notify(shop, notification)) === 200)
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
  await stall.atRest()
  expect(await stall.statusOf(code)).toBe("delivered")
  await expectSound(stall)
})

/** The hold of every unpaid order is over now. */
async function letTimePass({ sql }: MidtransStall): Promise<void> {
  await sql`update orders set expires_at = now() where status = 'awaiting_payment'`
}

function everyEventWorked({ sql }: MidtransStall, count: number): Promise<unknown> {
  return eventually("every event is worked", async () => {
    const rows = await sql`select from payment_event_outcomes`
    return rows.length === count
  })
}

async function expectSound(stall: MidtransStall): Promise<void> {
  expect(await stall.audit()).toEqual([])
  expect(stall.peer.problems()).toEqual([])
}
