import { expect, test } from "bun:test"
import { toBuffer } from "qrcode"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { formatRupiah, rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { forwarders, signedByListener } from "../support/listener.ts"
import { runLapak } from "../support/shop-process.ts"
import { fieldsOf } from "../support/static-code.ts"
import { openStaticStall } from "../support/static-stall.ts"

const texts = textsFor("id")
const price = 15_000

test("an order is paid through the shop's static code: its own amount, a notification, the goods, once", async () => {
  await using stall = await openStaticStall({ environment: { PUBLIC_URL: "https://shop.example" } })
  const { peer } = stall
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 2, price })
  const [from = ""] = await stall.welcome(1, 0)

  const { request, amount, extra, code, qrString, token } = await stall.order(shop, from)
  expect(amount).toBe(price + extra)
  expect(request.text).toContain(`*Bayar ${formatRupiah(rupiah(amount))} lewat QRIS*`)
  expect(request.text).toContain(`tepat *${formatRupiah(rupiah(amount))}*`)
  expect(request.text).toContain(`kode unik ${formatRupiah(rupiah(extra))}`)
  expect(fieldsOf(qrString).get("54")).toBe(String(amount))
  const picture = await toBuffer(qrString, { width: 512, margin: 4 })
  expect(request.image?.base64).toBe(picture.toString("base64"))
  expect(await (await fetch(`${shop.url}/pay/${token}`)).text()).toContain(formatRupiah(rupiah(amount)))
  const status = await peer.ask(shop.url, from, ".status")
  expect(status.text).toContain(`Bayar tepat *${formatRupiah(rupiah(amount))}*`)

  const body = forwarders.nested({ text: `Kamu menerima Rp ${amount} dari BUDI`, postedAt: new Date() })
  const signed = signedByListener(body, { at: new Date() })
  expect(await stall.post(shop, signed)).toBe(202)
  const goods = await eventually("the goods", () => peer.messagesTo(from)[2]?.text)
  expect(goods).toContain(payload)
  expect(goods).toContain(texts.surplusToBalance({ surplus: rupiah(extra) }))

  expect(await stall.post(shop, signed)).toBe(200)
  expect(await stall.post(shop, signedByListener(body, { at: new Date() }))).toBe(200)
  await stall.atRest()
  expect(peer.messagesTo(from)).toHaveLength(3)
  expect(await stall.statusOf(code)).toBe("delivered")
  expect(await stall.balanceOf(from)).toBe(extra)
  expect(await stall.freeUnits()).toBe(1)
  expect(await stall.reviews()).toEqual([])
  expect(await stall.problems()).toEqual([])
})

test("two customers of one product at the same moment, at two processes, each get theirs", async () => {
  await using stall = await openStaticStall()
  const { peer } = stall
  const shops = await Promise.all([stall.open(), stall.open()])
  const [one, other] = shops
  await stall.sell({ units: 2, price })
  const [first = "", second = ""] = await stall.welcome(2, 0)
  const [mine, theirs] = await Promise.all([stall.order(one, first), stall.order(other, second)])
  expect(mine.amount).not.toBe(theirs.amount)

  expect(await stall.forward(one, theirs.amount)).toBe(202)
  await eventually("the goods of the second", () => peer.messagesTo(second)[1])
  await stall.atRest()
  expect(await stall.statusOf(mine.code)).toBe("awaiting_payment")
  expect(await stall.forward(other, mine.amount)).toBe(202)
  await eventually("the goods of the first", () => peer.messagesTo(first)[1])
  await stall.atRest()
  expect([await stall.balanceOf(first), await stall.balanceOf(second)]).toEqual([mine.extra, theirs.extra])
  expect(await stall.problems()).toEqual([])
})

test("what is forged, replayed, stale or of another app pays for nothing", async () => {
  await using stall = await openStaticStall()
  const shop = await stall.open()
  await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { amount, code } = await stall.order(shop, from)
  const body = forwarders.flat({ text: `Rp ${amount} diterima`, postedAt: new Date() })
  const foreign = signedByListener(body, { at: new Date(), secret: "another secret" })
  expect(await stall.post(shop, foreign)).toBe(401)
  const early = signedByListener(body, { at: new Date(Date.now() - 600_000) })
  expect(await stall.post(shop, early)).toBe(401)
  const chat = forwarders.flat({ text: `Rp ${amount} diterima`, packageName: "com.whatsapp" })
  const ignored = signedByListener(chat, { at: new Date(), nonce: "one-nonce" })
  expect(await stall.post(shop, ignored)).toBe(202)
  expect(await stall.post(shop, signedByListener(body, { at: new Date(), nonce: "one-nonce" }))).toBe(422)
  expect(await stall.post(shop, signedByListener("{}", { at: new Date() }))).toBe(422)
  await stall.atRest()
  expect(await stall.statusOf(code)).toBe("awaiting_payment")
  expect(await stall.sql`select from receipts`).toHaveLength(0)
  expect(await stall.reviews()).toEqual([])
})

test("late money, and money of nobody, is for a person, and the owner is told where they wrote", async () => {
  const owner = "6285550000001"
  await using stall = await openStaticStall({ environment: { OWNER_NUMBERS: owner } })
  const { peer, sql } = stall
  const shop = await stall.open()
  await peer.ask(shop.url, owner, ".menu")
  await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { amount, code } = await stall.order(shop, from)
  await peer.ask(shop.url, from, ".batal")

  expect(await stall.forward(shop, amount)).toBe(202)
  const word = await eventually("word to the owner", () => peer.messagesTo(owner)[1])
  expect(word.text).toContain(formatRupiah(rupiah(amount)))
  expect(await stall.forward(shop, 77)).toBe(202)
  await eventually("the second word", () => peer.messagesTo(owner)[2])
  await stall.atRest()
  expect(await stall.reviews()).toEqual([
    { kind: "unmatched_payment", amount, why: "late" },
    { kind: "unmatched_payment", amount: 77, why: "no_such_amount" },
  ])
  const [review] = await sql<
    { event: string }[]
  >`select evidence ->> 'eventId' as event from reviews order by id`
  const shown = await runLapak(["payments", "show", review?.event ?? ""], stall.environment)
  expect(shown).toMatchObject({ exitCode: 0 })
  expect(shown.stdout).toContain(`Text: Rp ${amount} diterima dari BUDI\n`)
  const { stdout: found } = await runLapak(["doctor"], stall.environment)
  expect(found).toContain("✓ Listener: the phone was last heard of less than an hour ago")
  expect(await stall.statusOf(code)).toBe("cancelled")
  expect(await sql`select from ledger_entries`).toHaveLength(0)
  expect(await stall.problems()).toEqual([])
})

test("a match that was stored by a process that died is settled by the next one", async () => {
  await using stall = await openStaticStall()
  const { peer, sql } = stall
  const shop = await stall.open()
  const [payload = ""] = await stall.sell({ units: 1, price })
  const [from = ""] = await stall.welcome(1, 0)
  const { amount } = await stall.order(shop, from)
  await stall.atRest()
  await shop.signal("SIGKILL")
  const [row] = await sql<{ recorded: { kind: string } }[]>`
    select record_listener_notification(
      'nonce', 'fingerprint', null, 'id.dana', '{}', now(), 'clear', true, ${[amount]}::bigint[], 2000000
    ) as recorded
  `
  expect(row?.recorded.kind).toBe("matched")
  await stall.open()
  await eventually("the goods", () => peer.messagesTo(from)[1]?.text.includes(payload))
  await stall.atRest()
  expect(await stall.problems()).toEqual([])
})

test("a top-up through the static code becomes balance to the last rupiah", async () => {
  await using stall = await openStaticStall()
  const { peer } = stall
  const shop = await stall.open()
  const [from = ""] = await stall.welcome(1, 0)
  const { request, amount } = await stall.order(shop, from, ".deposit 50000")
  expect(request.text).toContain(formatRupiah(rupiah(amount)))
  expect(await stall.forward(shop, amount)).toBe(202)
  const told = await eventually("the balance", () => peer.messagesTo(from)[1]?.text)
  expect(told).toBe(texts.depositPaid({ amount: rupiah(amount), balance: rupiah(amount) }))
  expect(await stall.balanceOf(from)).toBe(amount)
  expect(await stall.problems()).toEqual([])
})

test("a shop that takes real money by its static code pretends nothing", async () => {
  await using stall = await openStaticStall({ environment: { DEMO: "on" } })
  const shop = await stall.open()
  await stall.sell({ price })
  const [from = ""] = await stall.welcome(1, 0)
  const { request } = await stall.order(shop, from)
  expect(request.text).not.toContain(texts.demoMark)
  expect((await fetch(`${shop.url}/try`)).status).toBe(404)
})
