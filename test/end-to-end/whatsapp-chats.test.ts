import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { Customer } from "../simulators/whatsapp/customer.ts"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openWhatsAppStall, type WhatsAppStall } from "../support/whatsapp-stall.ts"

/** One stall for all: each test has customers of its own. */
let stall: WhatsAppStall
let shop: ShopProcess
let budi: Customer
let payloads: readonly string[]

beforeAll(async () => {
  stall = await openWhatsAppStall()
  shop = await stall.openPaired()
  payloads = await stall.sell({ units: 60 })
})
afterAll(() => stall[Symbol.asyncDispose]())

beforeEach(async () => {
  budi = await newcomer()
})
afterEach(async () => {
  await stall.atRest()
  expect(stall.whatsapp.problems()).toEqual([])
})

async function newcomer(balance = 100_000): Promise<Customer> {
  const [customer] = await stall.welcome(1, balance)
  if (!customer) throw new Error("nobody came")
  return customer
}

const goodsOf = ({ received }: Customer) =>
  received.flatMap(({ text }) => payloads.filter((payload) => text.includes(payload)))
const hasConfirmed = (id: string) =>
  eventually("the shop has confirmed it", () => stall.whatsapp.delivery(id)?.settledBy)
const ordersOf = async ({ number }: Customer) =>
  (await stall.sql`select from orders join users on users.id = user_id where number = ${number}`).length

test("a customer buys, and the goods come once, after a moment of typing", async () => {
  expect((await budi.ask(".saldo")).text).toContain("100.000")
  expect((await budi.ask(".buy KOPI 2")).text).toMatch(/KOPI-payload-\d+-secret/)
  expect(goodsOf(budi)).toHaveLength(2)
  expect(await stall.balanceOf(budi.number)).toBe(80_000)
  const typed = stall.whatsapp.stanzas("chatstate").filter(({ attributes: { to } }) => to === budi.lid)
  expect(typed.map(({ children }) => children)).toEqual([["composing"], ["composing"]])
})

test("nobody sees blue ticks, unless that is set", async () => {
  await hasConfirmed(await budi.say(".menu"))
  await budi.hears(/./)
  expect(stall.whatsapp.stanzas("receipt").some(({ attributes }) => attributes.type === "read")).toBe(false)
})

test.each([
  ["lid", "phone"],
  ["lid only", "phone"],
  ["phone", "lid only"],
  ["phone only", "lid"],
] as const)(
  "a customer who writes under %s and then under %s keeps balance and orders",
  async (one, other) => {
    budi.use("lid")
    await budi.ask(".saldo")
    budi.use(one)
    const code = /LPK-[0-9A-Z]+/.exec((await budi.ask(".buy KOPI 1")).text)?.[0] ?? "no order"
    budi.use(other)
    expect((await budi.ask(".saldo")).text).toContain("90.000")
    expect((await budi.ask(".riwayat")).text).toContain(code)
    expect(await stall.sql`select from users where number = ${budi.number}`).toHaveLength(1)
  },
)

test("a customer known by LID alone becomes the one with the number when that is told", async () => {
  const stranger = stall.whatsapp.customer("6281777000111", { addressing: "lid only" })
  await stranger.ask(".bahasa en")
  expect((await stranger.ask(".saldo")).text).toContain("Balance")
  stranger.use("lid")
  expect((await stranger.ask(".saldo")).text).toContain("Balance")
  stranger.use("phone only")
  expect((await stranger.ask(".saldo")).text).toContain("Balance")
})

test.each([
  ["a group", "120363000000000001@g.us"],
  ["the status", "status@broadcast"],
  ["a broadcast list", "1700000000@broadcast"],
])("what is said in %s is not answered", async (_, place) => {
  await budi.ask(".menu")
  await stall.whatsapp.say(place, budi, ".saldo")
  await budi.ask(".riwayat")
  await stall.atRest()
  expect(budi.received).toHaveLength(2)
  expect(
    await stall.sql`select from inbox where text = '.saldo' and user_id = (
    select id from users where number = ${budi.number})`,
  ).toHaveLength(0)
})

/** Nobody answers by hand sooner. */
const later = { secondsLater: 20 }

test("what WhatsApp Business answers by itself silences nobody", async () => {
  await budi.ask(".menu")
  await hasConfirmed(await stall.whatsapp.ownPhoneSays(budi, "Terima kasih sudah menghubungi kami"))
  await budi.ask(".saldo")
})

test("a word typed on the shop's own phone silences the shop in that chat, until somebody says lanjut", async () => {
  const ani = await newcomer()
  await budi.ask(".menu")
  await hasConfirmed(await stall.whatsapp.ownPhoneSays(budi, "sebentar ya kak, saya cek dulu", later))
  await hasConfirmed(await budi.say(".saldo"))
  expect((await ani.ask(".saldo")).text).toContain("100.000")
  await stall.atRest()
  expect(budi.received).toHaveLength(1)

  await hasConfirmed(await stall.whatsapp.ownPhoneSays(budi, "lanjut"))
  expect((await budi.ask(".saldo")).text).toContain("100.000")
})

test("what the owner typed reaches nobody's inbox, and the shop's own number is no customer", async () => {
  await hasConfirmed(await stall.whatsapp.ownPhoneSays(budi, ".saldo dari pemilik"))
  expect(await stall.sql`select from inbox where text like '%dari pemilik%'`).toHaveLength(0)
  expect(await stall.sql`select from users where number = ${stall.whatsapp.number}`).toHaveLength(0)
})

test("a message that is delivered three times buys once", async () => {
  const id = await budi.say(".buy KOPI 1")
  await budi.hears("payload")
  for (let time = 0; time < 2; time += 1) stall.whatsapp.redeliver(id)
  await budi.ask(".saldo")
  await stall.atRest()
  expect(goodsOf(budi)).toHaveLength(1)
  expect(await ordersOf(budi)).toBe(1)
})

test("messages that came while the shop was away are handled once, in their order", async () => {
  await budi.ask(".menu")
  stall.whatsapp.drop()
  await budi.say(".buy KOPI 1")
  await budi.say(".buy KOPI 2")
  const saldo = await budi.say(".saldo")
  await budi.hears("70.000")
  await hasConfirmed(saldo)
  await stall.atRest()
  expect(goodsOf(budi)).toHaveLength(3)
  expect(await ordersOf(budi)).toBe(2)
})

test("the same id from two customers is two messages", async () => {
  const ani = await newcomer()
  await budi.say(".buy KOPI 1", { id: "3AFFFFFFFF00000001" })
  await ani.say(".buy KOPI 1", { id: "3AFFFFFFFF00000001" })
  await Promise.all([budi.hears("payload"), ani.hears("payload")])
  expect([await ordersOf(budi), await ordersOf(ani)]).toEqual([1, 1])
})

test("a message that could not be decrypted is asked for again, and buys once", async () => {
  await budi.ask(".menu")
  await budi.say(".buy KOPI 1", { damaged: true })
  await budi.hears("payload")
  await stall.atRest()
  expect(await ordersOf(budi)).toBe(1)
})

test("a customer's phone that lost its keys gets what it missed, under the same id", async () => {
  await budi.ask(".menu")
  budi.forgetsSession()
  const [goods] = await Promise.all([budi.hears("payload"), budi.say(".buy KOPI 1")])
  expect(goods.text).toContain("secret")
  expect(goodsOf(budi)).toHaveLength(1)
  expect(await ordersOf(budi)).toBe(1)
})

test("a customer's phone that asks again gets the same message under the same id, also after a restart", async () => {
  const goods = await budi.ask(".buy KOPI 1")
  const again = await budi.asksAgain(goods.id)
  expect(again).toMatchObject({ id: goods.id, text: goods.text, times: 2 })
  await stall.atRest()
  expect(await shop.close()).toBe(0)
  shop = await stall.open()
  const afterwards = await budi.asksAgain(goods.id, { count: 2 })
  expect(afterwards).toMatchObject({ id: goods.id, text: goods.text, times: 3 })
  const [asked] = await stall.sql<{ count: number }[]>`
    select max(count) as count from whatsapp_retries where id like ${`%${goods.id}%`}
  `
  expect(asked?.count).toBeGreaterThanOrEqual(2)
  expect(goodsOf(budi)).toHaveLength(1)
})

test.each<[string, Parameters<Customer["send"]>[0]]>([
  ["a sticker", { stickerMessage: { mimetype: "image/webp" } }],
  ["a voice note", { audioMessage: { ptt: true } }],
  ["a location", { locationMessage: { degreesLatitude: -6.2, degreesLongitude: 106.8 } }],
  ["an empty text", { extendedTextMessage: { text: "" } }],
])("%s is taken politely", async (_, message) => {
  await hasConfirmed(await budi.send(message))
  expect((await budi.ask(".saldo")).text).toMatch(/./)
})

test("nobody stops the shop by what no phone would send", async () => {
  const nonsense = [Buffer.alloc(0), Buffer.from([1]), Buffer.from([255, 255, 255, 1]), Buffer.alloc(500, 17)]
  for (const plaintext of nonsense) await budi.send({}, { plaintext })
  await budi.say("nol \u0000 di tengah")
  await budi.say(".saldo", { id: `3A\u0000${"é".repeat(300)}` })
  await budi.hears("100.000")
  const endings = () => shop.written().match(/WhatsApp disconnected/g)?.length ?? 0
  const before = endings()
  await eventually("everything is confirmed", () => stall.whatsapp.waiting() === 0)
  expect((await budi.ask(".menu")).text).toMatch(/./)
  expect(endings()).toBe(before)
})

test("a reaction is not answered", async () => {
  await budi.ask(".menu")
  await hasConfirmed(await budi.send({ reactionMessage: { text: "👍" } }))
  await budi.ask(".saldo")
  await stall.atRest()
  expect(budi.received).toHaveLength(2)
})

test("after all of that the books are right, and nothing that was printed gives anything away", async () => {
  expect(await stall.faults()).toEqual([])
})
