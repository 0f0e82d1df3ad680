import { afterAll, beforeAll, expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { rupiah } from "../../src/shop/money.ts"
import { eventually } from "../support/eventually.ts"
import { ordersOf, sellParcels, stepOf, type Talk, talkWith } from "../support/guided-stall.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openStall, type Stall } from "../support/stall.ts"

const id = textsFor("id")
const en = textsFor("en")

let stall: Stall
let shop: ShopProcess

beforeAll(async () => {
  stall = await openStall({ environment: { DEMO: "on" } })
  await sellParcels(stall, { code: "KAOS-L", name: "Kaos Hitam L", stock: 20 })
  await sellParcels(stall, { code: "KAOS-M", name: "Kaos Hitam M", stock: 0 })
  await stall.sell({ code: "KOPI-1", price: 10_000, units: 20 })
  // Each for one test, which changes it.
  for (const code of ["HILANG", "NAIK", "SEDIKIT"]) await stall.sell({ code, price: 10_000, units: 3 })
  await stall.sell({ code: "GROSIR", price: 10_000, units: 5 })
  await stall.sql`
    insert into product_prices (product_id, role, min_quantity, price)
    select id, special.*
      from products, (values ('', 2, 9500), ('reseller', 1, 9000), ('reseller', 3, 7000)) as special
     where code = 'GROSIR'
  `
  shop = await stall.open()
})

afterAll(async () => {
  const problems = await stall.audit()
  const written = shop.written()
  await stall[Symbol.asyncDispose]()
  expect(problems).toEqual([])
  expect(written).not.toContain("a message failed")
})

/** Says these one after another; returns the last reply. */
async function sayAll(talk: Talk, ...texts: string[]): Promise<string> {
  let last = ""
  for (const text of texts) last = await talk.say(text)
  return last
}

test("stop leaves the order at every question, and is no to broadcasts as it is elsewhere", async () => {
  const way = ["pesan", "KAOS-L", "1", "Budi", "Jl. Mawar 1, Solo", "ya"]
  for (const [place, said] of ["stop", "unsubscribe", "berhenti", "unsubscribe", "STOP"].entries()) {
    const budi = await talkWith(stall, shop, { balance: 100_000 })
    await sayAll(budi, ...way.slice(0, place + 1))
    expect(await budi.say(said)).toContain(`${id.orderLeft()}\n${id.noBroadcastsEither()}`)
    expect(await stepOf(stall, budi)).toBeUndefined()
    const [wish] = await stall.sql`select preferences from users where number = ${budi.from}`
    expect(wish?.preferences).toMatchObject({ broadcasts: "off" })
  }
})

test("a digital product is ordered in Indonesian without a command, and paid from the balance", async () => {
  const budi = await talkWith(stall, shop, { balance: 25_000 })
  expect(await budi.say("Halo kak")).toContain("1. Pesan sekarang")
  expect(await budi.say("1")).toContain("Mau pesan apa")
  expect(await budi.say("vocher kpoi")).toContain("*Voucher KOPI-1* (KOPI-1)")
  expect(await budi.say("٢")).toContain("Total: *Rp 20.000*")
  expect(await budi.say("ya")).toContain(id.askMethod({ total: rupiah(20_000), balance: rupiah(25_000) }))
  const goods = await budi.say("saldo")
  expect(goods).toContain("Sisa saldo: Rp 5.000")
  expect(goods.match(/KOPI-1-payload-\d+-secret/g)).toHaveLength(2)
  expect(await stepOf(stall, budi)).toBeUndefined()
  expect(await ordersOf(stall, budi)).toMatchObject([{ method: "saldo", total: 20_000 }])
})

test("a physical product is ordered in English, sent to a new address, and paid by QRIS", async () => {
  const ani = await talkWith(stall, shop, { language: "en" })
  expect(await ani.say("order")).toContain("What would you like?")
  expect(await ani.say("kaos")).toContain("2. Kaos Hitam M (KAOS-M): Rp 20.000, sold out")
  expect(await ani.say("2")).toContain(en.chosenSoldOut({ code: "KAOS-M", name: "Kaos Hitam M" }))
  expect(await ani.say("1")).toContain("from 1 to 20")
  expect(await ani.say("one hundred")).toContain(en.quantityInvalid({ max: 20 }))
  expect(await sayAll(ani, "1", "A")).toContain(en.recipientInvalid({ min: 2, max: 80 }))
  expect(await ani.say("Ani Wijaya")).toContain("The full address for Ani Wijaya?")
  const summary = await ani.say("Jl. Mawar 1\nBandung 40111")
  expect(summary).toContain("Sent to: Ani Wijaya, Jl. Mawar 1, Bandung 40111")
  expect(summary).toContain("Paid by QRIS. Your balance is Rp 0, Rp 20.000 too little.")
  expect(await ani.say("yes")).toContain("Pay Rp 20.000 by QRIS")
  const delivery = { recipient: "Ani Wijaya", address: "Jl. Mawar 1, Bandung 40111" }
  expect(await ordersOf(stall, ani)).toMatchObject([{ status: "awaiting_payment", method: "qris", delivery }])
  expect(await stepOf(stall, ani)).toBeUndefined()
  const next = await sayAll(ani, "beli kaos hitam l", "1")
  expect(next).toContain("1. Ani Wijaya, Jl. Mawar 1, Bandung 40111")
  expect(await sayAll(ani, "1", "1")).toContain("is still waiting for payment")
  expect(await stepOf(stall, ani)).toBe("summary")
})

test("what is asked by the way is answered, and the open question stands below", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  const question = await sayAll(budi, "KOPI-1")
  for (const text of [".saldo", "status", ".detail KAOS-L", ".help", ".voucherx", ".alamat"]) {
    const reply = await budi.say(text)
    expect(reply).toContain(id.stillOpen())
    expect(reply).toEndWith(question.split("\n\n").slice(1).join("\n\n"))
  }
  expect(await budi.say(".bahasa en")).toContain(en.stillOpen())
  expect(await budi.say("2")).toContain("*Your order*")
  expect(await budi.say("menu")).not.toContain(en.stillOpen())
  expect(await stepOf(stall, budi)).toBeUndefined()
})

test("`.buy` in the middle of an order buys, and the order is over", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  await sayAll(budi, "pesan", "kaos-l", "1", "Budi")
  expect(await budi.say(".buy KOPI-1")).toContain("KOPI-1-payload")
  expect(await stepOf(stall, budi)).toBeUndefined()
  expect(await ordersOf(stall, budi)).toMatchObject([{ total: 10_000 }])
})

test("to buy in plain words within an order chooses another product, and buys nothing that was not shown", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  await sayAll(budi, "GROSIR", "1")
  expect(await budi.say("beli kopi-1 2")).toContain("Total: *Rp 20.000*")
  expect(await budi.say("pesan kaos-m")).toContain(id.chosenSoldOut({ code: "KAOS-M", name: "Kaos Hitam M" }))
  expect(await budi.say("pesan kaos")).toContain("2. Kaos Hitam M (KAOS-M)")
  expect(await ordersOf(stall, budi)).toHaveLength(0)
})

test("a product that is taken off sale between the summary and the yes is not sold", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  await sayAll(budi, "hilang", "1", "ya")
  await stall.sql`update products set hidden_at = now() where code = 'HILANG'`
  const reply = await budi.say("1")
  expect(reply).toContain(id.productGone())
  expect(reply).toContain("Mau pesan apa")
  expect(reply).not.toContain("HILANG")
  expect(await stepOf(stall, budi)).toBe("product")
  expect(await ordersOf(stall, budi)).toEqual([])
})

test("a price that changes in between is asked about again, and nothing is sold for another", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  await sayAll(budi, "naik", "1", "ya")
  await stall.sql`update products set price = 12000 where code = 'NAIK'`
  const reply = await budi.say("saldo")
  expect(reply).toContain(id.priceIsNew())
  expect(reply).toContain("Total: *Rp 12.000*")
  expect(await ordersOf(stall, budi)).toEqual([])
  expect(await sayAll(budi, "ya", "1")).toContain("NAIK-payload-1-secret")
  expect(await ordersOf(stall, budi)).toMatchObject([{ total: 12_000 }])
})

test("stock that goes in between leads back to what is left", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  const ani = await talkWith(stall, shop, { balance: 50_000 })
  await sayAll(budi, "sedikit", "3", "ya")
  await ani.say(".buy SEDIKIT 2")
  const fewer = await budi.say("1")
  expect(fewer).toContain(id.onlyLeft({ name: "Voucher SEDIKIT", left: 1 }))
  expect(fewer).toContain("Balas 1 untuk memesan satu")
  await sayAll(budi, "1", "ya")
  await ani.say(".buy SEDIKIT 1")
  expect(await budi.say("1")).toContain(id.chosenSoldOut({ code: "SEDIKIT", name: "Voucher SEDIKIT" }))
  expect(await stepOf(stall, budi)).toBe("product")
  expect(await ordersOf(stall, budi)).toEqual([])
})

test("a voucher's discount is in the summary, and when it is over the full price is asked about", async () => {
  const { sql } = stall
  await sql`insert into vouchers (code, amount, created_by) values ('HEMAT', 4000, 'test')`
  const choose = (talks: readonly Talk[]) => sql`
    insert into voucher_choices (user_id, voucher_id)
    select users.id, vouchers.id from users, vouchers where number = any (${talks.map(({ from }) => from)})
  `
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  const ani = await talkWith(stall, shop, { balance: 50_000 })
  await choose([budi, ani])
  const summary = await sayAll(budi, "KOPI-1", "1")
  expect(summary).toContain("Potongan voucher HEMAT: Rp 4.000")
  expect(summary).toContain("Total: *Rp 6.000*")
  await sayAll(ani, "KOPI-1", "1", "ya")
  expect(await sayAll(budi, "ya", "1")).toContain("Total Rp 6.000")
  await sql`update vouchers set closed_at = now()`
  const refused = await ani.say("1")
  expect(refused).toContain("Total: *Rp 10.000*")
  expect(refused).not.toContain("Potongan")
  expect(await ordersOf(stall, ani)).toEqual([])
  expect(await sayAll(ani, "ya", "1")).toContain("KOPI-1-payload")
  expect(await ordersOf(stall, ani)).toMatchObject([{ total: 10_000 }])
})

test("a voucher chosen in the middle counts at once, and a sold-out product can be waited for", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  await stall.sql`insert into vouchers (code, percent, created_by) values ('SEPULUH', 10, 'test')`
  await sayAll(budi, "KOPI-1", "2")
  const reply = await budi.say(".voucher SEPULUH")
  expect(reply).toContain(id.stillOpen())
  expect(reply).toContain("Total: *Rp 18.000*")
  const noted = await sayAll(budi, "kembali", "kembali", "kaos-m", ".kabari KAOS-M")
  expect(noted).toContain(id.restockNoted({ code: "KAOS-M", name: "Kaos Hitam M", before: false }))
  expect(noted).toContain("Mau pesan apa")
  expect(await sayAll(budi, "kopi-1", "2", "ya", "saldo")).toContain("Total Rp 18.000")
})

test("a reseller is shown their own price, and what more of it costs", async () => {
  const budi = await talkWith(stall, shop, { balance: 50_000 })
  await stall.sql`update users set role = 'reseller' where number = ${budi.from}`
  const question = await budi.say("grosir")
  expect(question).toContain("Harga Rp 9.000")
  expect(question).toContain("Mulai 3 buah: Rp 7.000 per buah")
  expect(await budi.say("3")).toContain("Total: *Rp 21.000*")
})

test("goods bought by command without an address are asked where to, and `batal` leaves the order", async () => {
  const cici = await talkWith(stall, shop, { balance: 50_000 })
  const bought = await cici.say(".buy KAOS-L")
  const [order] = await ordersOf(stall, cici)
  const orderCode = order?.code ?? ""
  expect(bought).toContain(id.askRecipient({ orderCode, remembered: undefined }))
  expect(await cici.say("batal")).toContain(id.addressLeft({ orderCode }))
  expect(await ordersOf(stall, cici)).toMatchObject([{ status: "paid", delivery: {} }])
  const dedi = await talkWith(stall, shop)
  expect(await dedi.say(`.alamat ${orderCode}`)).toContain(id.orderNotFound({ orderCode }))
  expect(await dedi.say(".alamat")).toContain(id.noOrderToAddress())
  const kept = await sayAll(cici, ".alamat", "Cici", "Jl. Melati 5, Solo")
  const delivery = { recipient: "Cici", address: "Jl. Melati 5, Solo" }
  expect(kept).toContain(id.addressKept({ orderCode, ...delivery }))
  expect(await ordersOf(stall, cici)).toMatchObject([{ delivery }])
  await stall.sql`select pack_order(${orderCode}, 'test')`
  expect(await cici.say(".alamat")).toContain("1. Cici, Jl. Melati 5, Solo")
  await stall.sql`select ship_order(${orderCode}, 'JNE', 'CGK1', 'test')`
  const late = { orderCode, status: "shipped", isDigital: false } as const
  expect(await cici.say(`.alamat ${orderCode}`)).toContain(id.addressRefused(late))
  expect(await cici.say(".buy KAOS-L")).not.toContain("Siapa nama penerimanya")
  expect((await ordersOf(stall, cici))[1]).toMatchObject({ delivery })
})

test("a conversation that nobody answers ends with a kind word, and nobody else's does", async () => {
  const [budi, ani, human, blocked, back] = [
    await talkWith(stall, shop),
    await talkWith(stall, shop),
    await talkWith(stall, shop),
    await talkWith(stall, shop),
    await talkWith(stall, shop),
  ]
  for (const talk of [budi, ani, human, blocked, back]) await sayAll(talk, "KOPI-1")
  const { sql } = stall
  const silent = [budi, human, blocked, back].map(({ from }) => from)
  const unheard = [budi, human, blocked].map(({ from }) => from)
  await sql`update users set quiet_until = now() + interval '1 hour' where number = ${human.from}`
  await sql`update users set blocked_at = now() where number = ${blocked.from}`
  await sql`
    update outbox
       set created_at = created_at - interval '31 minutes'
     where user_id in (select id from users where number = any (${unheard}))
  `
  await sql`
    update conversations
       set updated_at = updated_at - interval '31 minutes'
     where user_id in (select id from users where number = any (${silent}))
  `
  await eventually("the silent ones are over", async () => {
    const steps = await Promise.all([budi, human, blocked, back].map((talk) => stepOf(stall, talk)))
    return steps.every((step) => step === undefined)
  })
  await stall.atRest()
  const heard = ({ from }: Talk) => stall.peer.messagesTo(from).map(({ text }) => text)
  const farewell = (talk: Talk) => heard(talk).filter((text) => text.includes(id.conversationEnded({})))
  expect(farewell(budi)).toHaveLength(1)
  for (const talk of [human, blocked, back, ani]) expect(farewell(talk)).toEqual([])
  expect(await stepOf(stall, ani)).toBe("quantity")
  expect(await ani.say("1")).toContain("Ringkasan pesanan")
})
