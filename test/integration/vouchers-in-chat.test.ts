import { afterAll, beforeAll, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openStall, type Stall } from "../support/stall.ts"

const owner = "6281777777777"
let stall: Stall
let shop: ShopProcess

beforeAll(async () => {
  stall = await openStall({ environment: { OWNER_NUMBERS: owner, DEMO: "on" } })
  shop = await stall.open()
})
afterAll(async () => {
  try {
    expect(await stall.audit()).toEqual([])
    expect(stall.peer.problems()).toEqual([])
  } finally {
    await stall[Symbol.asyncDispose]()
  }
})

const ask = async (from: string, text: string) => (await stall.peer.ask(shop.url, from, text)).text

/** Leaves a code as the sale made it out of a text. */
const orderIn = (text: string) => /LPK-[A-Z0-9]+/.exec(text)?.[0] ?? "no order"

async function audited(action: string) {
  return await stall.sql`
    select actor, subject, details from audit_log where action = ${action} order by id desc limit 1
  `
}

test("an operator makes a voucher in the chat, a customer buys with it, and both see what it gave", async () => {
  const [payload = ""] = await stall.sell({ code: "FILM", price: 20_000, units: 9 })
  const [customer = "", unpaid = ""] = await stall.welcome(2, 100_000)
  const made = await ask(
    owner,
    ".voucherbaru hemat10 10% maks 5000 min 20rb kuota 2 perorang 1 sampai 2030-12-31 produk film",
  )
  for (const words of ["*HEMAT10* dibuat", "10%, paling banyak Rp 5.000", "0 dari 2", "31 Des 2030 23.59"])
    expect(made).toContain(words)
  expect(await audited("create_voucher")).toMatchObject([
    { subject: "voucher:HEMAT10", details: { percent: 10, usesMax: 2, productCodes: ["FILM"] } },
  ])

  expect(await ask(customer, ".voucher HEMAT11")).toContain("Voucher HEMAT11 tidak ada")
  const chosen = await ask(customer, ".voucher hemat10")
  for (const words of ["dipakai untuk pembelian berikutnya", "Rp 20.000", "FILM", "1 kali per pelanggan"])
    expect(chosen).toContain(words)
  expect(await ask(customer, ".voucher")).toContain("pembelian berikutnya: *HEMAT10*")
  const goods = await ask(customer, ".buy film 1")
  expect(goods).toContain(payload)
  expect(goods).toContain("Potongan voucher: -Rp 2.000")
  expect(goods).toContain("Total Rp 18.000")
  expect(await ask(customer, `.status ${orderIn(goods)}`)).toContain("Potongan voucher: -Rp 2.000")
  expect(await ask(customer, ".voucher")).toContain("Belum ada voucher")
  expect(await ask(customer, ".voucher hemat10")).toContain("sudah Kakak pakai")

  await ask(unpaid, ".voucher hemat10")
  const request = await ask(unpaid, ".buy film 1 qris")
  expect(request).toContain("Bayar Rp 18.000")
  expect(request).toContain("Potongan voucher: -Rp 2.000")
  const report = await ask(owner, ".vouchers hemat10")
  for (const words of ["2 dari 2", "1 di antaranya menunggu pembayaran", "diberikan: Rp 2.000", customer])
    expect(report).toContain(words)
  expect(await ask(owner, ".vouchers")).toContain("*HEMAT10* Potongan 10%")
  await ask(unpaid, ".batal")
  expect(await ask(unpaid, ".voucher")).toContain("pembelian berikutnya: *HEMAT10*")
})

test("limits are changed in the chat, and a voucher ends once it is agreed to", async () => {
  const [customer = ""] = await stall.welcome(1, 100_000)
  expect(await ask(owner, ".voucherbaru TUTUP 15")).toContain(".voucherbaru TUTUP 15%")
  await ask(owner, "batal")
  expect(await ask(owner, ".voucherbaru TUTUP 500")).toContain("Tanpa kuota")
  await ask(owner, "ya")
  expect(await ask(owner, ".voucherbaru tutup 900 kuota 5")).toContain("sudah ada")
  expect(await ask(owner, ".voucherubah tutup kuota 7 mulai 2031-01-01")).toContain("0 dari 7")
  expect(await audited("change_voucher")).toMatchObject([
    { subject: "voucher:TUTUP", details: { usesMax: 7 } },
  ])
  expect(await ask(customer, ".voucher TUTUP")).toContain("mulai 1 Jan 2031 00.00 WIB")
  expect(await ask(owner, ".voucherubah tutup sampai 2030-12-31")).toContain("sebelum hari mulainya")
  expect(await ask(owner, ".voucherubah tutup produk NIHIL")).toContain("Produk ini tidak ada: NIHIL")
  await ask(owner, ".voucherubah tutup mulai bebas")
  expect(await ask(customer, ".voucher TUTUP")).toContain("dipakai untuk pembelian berikutnya")

  const question = await ask(owner, ".vouchertutup tutup")
  expect(question).toContain("Akhiri voucher *TUTUP*?")
  expect(await ask(owner, "batal")).not.toContain("ditutup ✅")
  await ask(owner, ".vouchertutup tutup")
  expect(await ask(owner, "ya")).toContain("Voucher TUTUP ditutup ✅")
  expect(await audited("close_voucher")).toMatchObject([{ subject: "voucher:TUTUP" }])
  expect(await ask(owner, ".vouchertutup tutup")).toContain("memang sudah ditutup")
  expect(await ask(customer, ".voucher")).toContain("sudah ditutup penjual")
  expect(await ask(customer, ".voucher hapus")).toContain("tidak dipakai")
  expect(await ask(customer, ".voucher TUTUP")).toContain("sudah ditutup penjual")
})

test("to a customer the operator's commands are words that nobody knows, and the operator is shown how", async () => {
  const [customer = ""] = await stall.welcome(1, 0)
  expect(await ask(customer, ".voucherbaru GRATIS 99%")).toContain("belum paham")
  expect(await ask(customer, ".vouchertutup HEMAT10")).toContain("belum paham")
  const problem = await ask(owner, ".voucherbaru GRATIS")
  expect(problem).toContain("Potongannya belum disebut")
  expect(problem).toContain(".voucherbaru HEMAT10 10%")
  expect(await ask(owner, ".vouchers GRATIS")).toContain("Voucher dengan kode itu tidak ada")
})

test("who waits for a product hears of it as soon as stock is added, and buys it", async () => {
  const [waiting = "", other = ""] = await stall.welcome(2, 50_000)
  const [last = ""] = await stall.sell({ code: "LANGKA", price: 15_000, units: 1 })
  expect(await ask(waiting, ".kabari LANGKA")).toContain("sedang ada, sisa 1")
  expect(await ask(other, ".buy langka 1")).toContain(last)
  expect(await ask(waiting, ".buy LANGKA 1")).toContain(".kabari LANGKA")
  expect(await ask(waiting, ".detail LANGKA")).toContain(".kabari LANGKA")
  await ask(waiting, ".bahasa en")
  expect(await ask(waiting, ".notify langka")).toContain("as soon as Voucher LANGKA (LANGKA) is back")
  expect(await ask(waiting, ".notify")).toContain("*LANGKA* Voucher LANGKA")
  expect(await ask(other, ".kabari LANGKA")).toContain("dikabari begitu")
  expect(await ask(other, ".kabari langka batal")).toContain("tidak ditunggu lagi")

  await stall.sell({ code: "LANGKA", price: 15_000, units: 2 })
  const news = await eventually("word of the restock", () =>
    stall.peer.messagesTo(waiting).find(({ text }) => text.includes("is back 🎉")),
  )
  expect(news.text).toContain("Rp 15.000")
  expect(await ask(waiting, ".buy LANGKA 1")).toContain("LANGKA-payload-2-secret")
  expect(stall.peer.messagesTo(other).some(({ text }) => text.includes("sudah ada lagi"))).toBe(false)
})

test("a customer sees their own price, and what more of it costs", async () => {
  await stall.sell({ code: "GROSIR", price: 10_000, units: 9 })
  await stall.sql`
    insert into product_prices (product_id, role, min_quantity, price)
    select id, tier.role, quantity, tier.price
      from products, (values ('', 5, 9000), ('reseller', 1, 8000)) as tier(role, quantity, price)
     where code = 'GROSIR'
  `
  const [customer = "", reseller = ""] = await stall.welcome(2, 100_000)
  await stall.sql`update users set role = 'reseller' where number = ${reseller}`
  const plain = await ask(customer, ".detail GROSIR")
  expect(plain).toContain("Harga: Rp 10.000\nLebih murah: mulai 5 buah Rp 9.000 per buah")
  // The list of before is in the cache still.
  await stall.redis.command("FLUSHALL")
  expect(await ask(customer, ".produk")).toContain("mulai 5 buah Rp 9.000")
  const special = await ask(reseller, ".detail GROSIR")
  expect(special).toContain("Harga: Rp 8.000")
  expect(special).not.toContain("Lebih murah")
  expect(await ask(customer, ".buy GROSIR 5")).toContain("Total Rp 45.000")
  expect(await ask(reseller, ".buy GROSIR 1")).toContain("Total Rp 8.000")
})

test("who holds and never pays is told until when only the balance works, and how to buy with it", async () => {
  const [customer = ""] = await stall.welcome(1, 100_000)
  await stall.sell({ code: "TAHAN", price: 5_000, units: 2 })
  for (let count = 0; count < 3; count += 1) {
    await ask(customer, ".buy TAHAN 1 qris")
    await stall.sql`
      update orders set created_at = now() - interval '14 minutes' where status = 'awaiting_payment'
    `
    await ask(customer, ".batal")
  }
  await stall.redis.command("FLUSHALL")
  const paused = await ask(customer, ".buy TAHAN 1 qris")
  expect(paused).toMatch(/QRIS .* [0-9]{2}\.[0-9]{2} WIB/)
  expect(paused).toContain(".buy TAHAN 1 saldo")
  expect(await ask(customer, ".buy TAHAN 1 saldo")).toContain("TAHAN-payload-1-secret")
})

test("what costs the shop something is limited more tightly, and says how long to wait", async () => {
  const [customer = ""] = await stall.welcome(1, 0)
  for (let count = 0; count < 10; count += 1) await ask(customer, ".kabari")
  expect(await ask(customer, ".kabari")).toMatch(/kirim lagi dalam [0-9]+ detik/)
  expect(await ask(customer, ".saldo")).toContain("Saldo")
})
