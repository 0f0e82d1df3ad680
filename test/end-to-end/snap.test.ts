import { afterAll, beforeAll, expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"
import type { ShopProcess } from "../support/shop-process.ts"

const texts = textsFor("id")
const environment = { MIDTRANS_PAYMENT: "snap", PUBLIC_URL: "https://shop.example" }

let stall: MidtransStall
let shop: ShopProcess

beforeAll(async () => {
  stall = await openMidtransStall({ environment })
  shop = await stall.open()
})
afterAll(async () => {
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
  expect(stall.peer.problems()).toEqual([])
  await stall[Symbol.asyncDispose]()
})

test("an order is paid on Midtrans' page: a link instead of a picture, and words that don't say QRIS paid it", async () => {
  const { peer, midtrans } = stall
  const [payload = ""] = await stall.sell({ units: 1 })
  const [from = ""] = await stall.welcome(1, 0)
  const { request, reference, token, code } = await stall.order(shop, from)
  const page = midtrans.snapPage(reference).address
  expect(request.image).toBeUndefined()
  expect(request.text).toContain(page)
  expect(request.text).toContain("cara lain")
  expect(midtrans.requests().find(({ path }) => path === "/snap/v1/transactions")?.body).toMatchObject({
    callbacks: { finish: `https://shop.example/pay/${token}` },
  })
  const html = await (await fetch(`${shop.url}/pay/${token}`, { headers: { Accept: "text/html" } })).text()
  expect(html).toContain(`href="${page}"`)
  expect(html).not.toContain("qr.png")
  expect((await peer.ask(shop.url, from, `.status ${code}`)).text).toContain("cara bayar online")

  midtrans.pickOnSnapPage(reference)
  expect(await stall.notify(shop, stall.pay(reference))).toBe(200)
  const goods = await eventually("the goods", () => peer.messagesTo(from)[2]?.text)
  expect(goods).toContain(payload)
  expect(goods).toContain("dibayar online")
  expect(goods).not.toContain("QRIS")
  expect(await stall.pageState(shop, token)).toBe("paid")
})

test("a top-up is paid on Midtrans' page, and the same page is shown when it is asked for again", async () => {
  const { peer, midtrans } = stall
  const [from = ""] = await stall.welcome(1, 0)
  const { request, reference } = await stall.order(shop, from, ".deposit 50000")
  expect(request.image).toBeUndefined()
  expect(request.text).toContain(midtrans.snapPage(reference).address)
  const again = await stall.order(shop, from, ".deposit 50000")
  expect(again.request.text).toContain(midtrans.snapPage(reference).address)
  expect(again.reference).toBe(reference)
  midtrans.pickOnSnapPage(reference)
  await stall.notify(shop, stall.pay(reference))
  await eventually("the balance", async () => (await stall.balanceOf(from)) === 50_000)
  await eventually("the customer is told", () => peer.messagesTo(from)[2])
})

test("a page nobody used is given up with its order, and what is picked on it later is closed or booked as late", async () => {
  const { peer, midtrans, sql } = stall
  const [payload = ""] = await stall.sell({ code: "TEH", units: 1 })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference, code } = await stall.order(shop, from, ".buy TEH 1 qris")
  await sql`update orders set expires_at = now() where code = ${code}`
  await eventually("the order ends", () => peer.messagesTo(from)[1])
  const askAgain = () => sql`update payments set next_ask_at = now() where asks > 0`
  midtrans.pickOnSnapPage(reference)
  await eventually("what was picked late is closed", async () => {
    await askAgain()
    return midtrans.transaction(reference)?.state === "cancel"
  })
  midtrans.pickOnSnapPage(reference)
  midtrans.pay(reference)
  const late = await eventually("the late goods", async () => {
    await askAgain()
    return peer.messagesTo(from)[2]?.text
  })
  expect(late).toStartWith(texts.latePaymentGoods({ orderCode: code, endedAs: "expired" }))
  expect(late).toContain(payload)
})

test("an order above what QRIS allows can be paid on Midtrans' page", async () => {
  await stall.sell({ code: "MOBIL", units: 1, price: 25_000_000 })
  const [from = ""] = await stall.welcome(1, 0)
  const { request, reference } = await stall.order(shop, from, ".buy MOBIL 1 qris")
  expect(request.text).toContain(stall.midtrans.snapPage(reference).address)
})

test("killed when the page is open but not recorded: the same page is shown to the customer", async () => {
  const { peer, midtrans, sql } = stall
  await stall.sell({ code: "SUSU", units: 1 })
  const [from = ""] = await stall.welcome(1, 0)
  const pagesAsked = () => midtrans.requests().filter(({ path }) => path === "/snap/v1/transactions").length
  const before = pagesAsked()
  midtrans.faults.plan("snap", { kind: "lost_answer" })
  await peer.tell(shop.url, from, ".buy SUSU 1 qris")
  await eventually("the page is open", () => pagesAsked() > before)
  await shop.signal("SIGKILL")
  midtrans.faults.clear()
  shop = await stall.open()
  const request = await eventually("the page is shown", () => peer.messagesTo(from)[0])
  const payments = await sql<{ reference: string; redirect: string }[]>`
    select reference, redirect_url as redirect
      from payments
      join users on users.id = user_id
     where number = ${from}
  `
  const page = midtrans.snapPage(payments[0]?.reference ?? "").address
  expect(payments.map(({ redirect }) => redirect)).toEqual([page])
  expect(request.text).toContain(page)
})
