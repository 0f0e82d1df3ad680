import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { findSecrets } from "../support/printed-secrets.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openStall, type Stall } from "../support/stall.ts"

const owner = "6281100000001"

/** One stall for all: after the first product each test has products of its own. */
let stall: Stall
let shop: ShopProcess

beforeAll(async () => {
  stall = await openStall({ environment: { OWNER_NUMBERS: owner, LOG_LEVEL: "debug" } })
  shop = await stall.open()
})
afterAll(() => stall[Symbol.asyncDispose]())

/** Each test has an operator of its own, who is not kept waiting for what the others asked. */
let admin = owner
let admins = 0
beforeEach(async () => {
  admins += 1
  admin = `62812${String(admins).padStart(7, "0")}`
  await stall.sql`insert into users (number, role) values (${admin}, 'admin')`
})

const say = async (text: string, who = admin) => (await stall.peer.ask(shop.url, who, text)).text

/** What somebody who is nobody in particular is told. */
let strangers = 0
async function seen(text: string): Promise<string> {
  strangers += 1
  return await say(text, `62813${String(strangers).padStart(7, "0")}`)
}

const audited = async (code: string) => {
  const rows = await stall.sql<{ action: string }[]>`
    select action from audit_log where details ->> 'code' = ${code} order by id
  `
  return rows.map(({ action }) => action)
}

test("a new seller gets to the first product and its stock by messages alone, however they begin", async () => {
  for (const beginning of [".produk", ".stok", ".stock", "1", "2"]) {
    expect(await say(beginning)).toContain(".produkbaru KOPI-1 | Voucher Kopi | 18000")
  }
  expect(await seen(".produk")).not.toContain("produkbaru")
  const wrong = [".produkbaru", ".produkbaru KOPI Voucher 18000", ".produkbaru KOPI | Voucher | murah"]
  for (const text of wrong) {
    const answer = await say(text)
    expect(answer).toContain("Tidak ada yang diubah.")
    expect(answer).toContain("Contoh: .produkbaru KOPI-1 | Voucher Kopi | 18000")
  }
  expect(await say(".produkbaru KOPI-1 | Voucher Kopi | 18000")).toContain(".stok KOPI-1")
  expect(await say(".stok KOPI-1")).toContain("satu barang per baris")
  expect(await say("FIRST-payload-1\nFIRST-payload-2")).toContain("2 barang ditambahkan ke KOPI-1")
  expect(await seen(".produk")).toContain("Rp 18.000, sisa 2")
})

test("a code that is taken is refused with what has it, and nothing is changed", async () => {
  await say(".produkbaru TAKEN-1 | Film satu bulan | 45000")
  const answer = await say(".produkbaru taken-1 | Musik | 60000")
  expect(answer).toContain("Film satu bulan")
  expect(answer).toContain("Rp 45.000")
  expect(answer).toContain(".ubah TAKEN-1")
  expect(await seen(".detail TAKEN-1")).toContain("Film satu bulan")
  expect(await audited("TAKEN-1")).toEqual(["add_product"])
})

test("what is changed of a product is seen at once, and is on the record", async () => {
  await say(".produkbaru EDIT-1 | Nama lama | 20000")
  expect(await seen(".produk")).toContain("Nama lama")
  expect(await seen(".detail EDIT-1")).toContain("Nama lama")
  await say(".ubah EDIT-1 nama Nama baru")
  await say(".ubah EDIT-1 kategori Akun")
  await say(".ubah EDIT-1 keterangan Baris satu\nbaris dua")
  await say(".ubah EDIT-1 garansi 7")
  await say(".ubah EDIT-1 batas 2")
  expect(await seen(".produk")).toContain("— Akun —\n*EDIT-1* Nama baru")
  expect(await seen(".kategori")).toContain("Akun: 1 produk")
  const detail = await seen(".detail EDIT-1")
  expect(detail).toContain("Baris satu\nbaris dua")
  expect(detail).toContain("Garansi 7 hari")
  await say(".stok EDIT-1\nE-payload-1\nE-payload-2\nE-payload-3")
  expect(await seen(".buy EDIT-1 3")).toContain("1 sampai 2")
  expect(await audited("EDIT-1")).toEqual(["add_product", ...Array(5).fill("change_product"), "add_stock"])
})

test("a price near the old one is set at once, and one far from it only when that is meant", async () => {
  await say(".produkbaru PRICE-1 | Satu | 20000")
  expect(await say(".harga PRICE-1 15000")).toContain("sekarang Rp 15.000")
  expect(await seen(".detail PRICE-1")).toContain("Rp 15.000")
  expect(await say(".harga PRICE-1 1500")).toContain("dari Rp 15.000 menjadi Rp 1.500?")
  expect(await say("batal")).not.toContain("sekarang")
  expect(await seen(".detail PRICE-1")).toContain("Rp 15.000")
  await say(".harga PRICE-1 1500")
  expect(await say("ya")).toContain("sekarang Rp 1.500")
  expect(await seen(".detail PRICE-1")).toContain("Rp 1.500")
})

test("a price that ends another one by the time of the yes is asked about again", async () => {
  await say(".produkbaru PRICE-3 | Satu | 20000")
  expect(await say(".harga PRICE-3 1000")).toContain("menjadi Rp 1.000?")
  await say(".harga PRICE-3 reseller 15000", owner)
  expect(await say("ya")).toContain("sudah berubah sejak ditanya")
  expect(await seen(".detail PRICE-3")).toContain("Rp 20.000")
  await say("ya")
  expect(await seen(".detail PRICE-3")).toContain("Rp 1.000")
})

test("to be asked to slow down leaves a question open, and a blocked customer hears of it once", async () => {
  await say(".produkbaru SLOW-1 | Satu | 20000")
  for (let times = 0; times < 30; times += 1) await say(".saldo")
  await say(".harga SLOW-1 100")
  expect(await say(".saldo")).not.toContain("Rp 0")
  expect(await say("ya")).toContain("sekarang Rp 100")

  const number = "6281499999999"
  await stall.sql`insert into users (number, blocked_at) values (${number}, now())`
  await say(".menu", number)
  for (const text of [".menu", "halo", ".saldo"]) await stall.peer.tell(shop.url, number, text)
  await eventually("the messages are finished", async () => {
    const open = await stall.sql`
      select from inbox join users on users.id = user_id where number = ${number} and state <> 'done'
    `
    return open.length === 0
  })
  await stall.sql`update users set blocked_at = null where number = ${number}`
  await say(".menu", number)
  expect(stall.peer.messagesTo(number)).toHaveLength(2)
})

test("a question that another command came after is over", async () => {
  await say(".produkbaru PRICE-2 | Satu | 20000")
  await say(".harga PRICE-2 100")
  await say(".stok")
  await say("ya")
  expect(await seen(".detail PRICE-2")).toContain("Rp 20.000")
})

test("special prices lie below the own one: above it they are refused, and a lower one ends them", async () => {
  await say(".produkbaru STEP-1 | Satu | 20000")
  expect(await say(".harga STEP-1 reseller 20001")).toContain("tidak boleh di atas")
  await say(".harga STEP-1 reseller 12000")
  await say(".harga STEP-1 10+ 18000")
  await say(".harga STEP-1 reseller 10+ 11000")
  const table = await say(".harga STEP-1")
  expect(table).toContain("- mulai 10 buah: Rp 18.000")
  expect(table).toContain("- reseller: Rp 12.000")
  expect(table).toContain("- reseller mulai 10 buah: Rp 11.000")
  expect(await say(".harga STEP-1 17000")).toContain("ikut dihapus: mulai 10 buah Rp 18.000")
  expect(await say("ya")).not.toContain("- mulai 10 buah")
  expect(await say(".harga STEP-1 reseller hapus")).toContain("dihapus ✅")
  expect(await say(".harga STEP-1 reseller hapus")).toContain("memang tidak punya")
  expect(await say(".harga STEP-1")).toContain("- reseller mulai 10 buah: Rp 11.000")
})

test("a product goes off sale when that is meant, and comes back", async () => {
  await say(".produkbaru HIDE-1 | Satu | 20000")
  expect(await say(".sembunyikan HIDE-1")).toContain("Balas *ya*")
  expect(await seen(".detail HIDE-1")).toContain("Rp 20.000")
  expect(await say("ya")).toContain("tidak dijual lagi")
  expect(await seen(".detail HIDE-1")).toContain("tidak ada")
  expect(await seen(".produk")).not.toContain("HIDE-1")
  expect(await say(".stok")).toContain("*HIDE-1* Satu (disembunyikan)")
  expect(await say(".sembunyikan HIDE-1")).toContain("memang sedang disembunyikan")
  expect(await say(".tampilkan HIDE-1")).toContain("dijual lagi")
  expect(await seen(".detail HIDE-1")).toContain("Rp 20.000")
  expect(await audited("HIDE-1")).toEqual(["add_product", "hide_product", "show_product"])
})

test("pasted units are added once; what is there already, is there twice, or is no unit, is told by line", async () => {
  await say(".produkbaru PASTE-1 | Satu | 20000")
  const pasted = ["P-payload-1", " P-payload-2 ", "", "P-payload-1", "x".repeat(501), "a\u0000\u0007b"]
  const answer = await say(`.stok PASTE-1\n${pasted.join("\n")}`)
  expect(answer).toContain("2 barang ditambahkan")
  expect(answer).toContain("1 tertulis dua kali")
  expect(answer).toContain("500 huruf: baris 5")
  expect(answer).toContain("tidak terlihat: baris 6")
  expect(answer).not.toContain("payload")
  expect(await seen(".detail PASTE-1")).toContain("sisa 2")
  const again = await say(".stok PASTE-1\nP-payload-2\nP-payload-3")
  expect(again).toContain("1 barang ditambahkan")
  expect(again).toContain("1 sudah pernah ada")
  expect(await seen(".detail PASTE-1")).toContain("sisa 3")
  expect(await audited("PASTE-1")).toEqual(["add_product", "add_stock", "add_stock"])
})

test("words in place of goods are never put on sale", async () => {
  await say(".produkbaru TALK-1 | Satu | 20000")
  for (const words of ["nanti dulu ya", "tidak jadi", "ga jadi deh"]) {
    await say(".stok TALK-1")
    expect(await say(words)).toContain("tidak ada stok yang ditambahkan")
  }
  await say(".stok TALK-1")
  const asked = await say("saya cari dulu kodenya ya")
  expect(asked).toContain(".stok TALK-1\n")
  expect(asked).not.toContain("cari dulu")
  expect(await seen(".detail TALK-1")).toContain("habis")
  expect(await say("T-payload-1")).toContain("1 barang ditambahkan")
  expect(await say(".stok TALK-1\nnama pengguna")).toContain("1 barang ditambahkan")
})

test("the last paste can be taken back as far as it is free, once that is meant, and added again", async () => {
  await say(".produkbaru BACK-1 | Satu | 20000")
  expect(await say(".stok BACK-1 hapus")).toContain("tidak punya barang")
  await say(".stok BACK-1\nB-payload-1")
  await say(".stok BACK-1\nB-payload-2\nB-payload-3")
  expect(await say(".stok BACK-1 hapus")).toContain("Hapus 2 barang")
  expect(await seen(".detail BACK-1")).toContain("sisa 3")
  expect(await say("ya")).toContain("2 barang dihapus dari BACK-1 ✅ Siap dijual: 1")
  expect(await seen(".detail BACK-1")).toContain("sisa 1")
  expect(await say(".stok BACK-1\nB-payload-2")).toContain("1 barang ditambahkan")
  expect((await audited("BACK-1")).slice(-2)).toEqual(["remove_stock", "add_stock"])
})

test("sold goods are not taken back", async () => {
  await say(".produkbaru HELD-1 | Satu | 20000")
  await say(".stok HELD-1\nH-payload-1\nH-payload-2")
  await say("halo", "6281499990001")
  await say(".kredit 6281499990001 50000 hadiah")
  await say("ya")
  expect(await say(".buy HELD-1 1", "6281499990001")).toContain("H-payload-1")
  expect(await say(".stok HELD-1 hapus")).toContain("Hapus 1 barang")
  expect(await say("ya")).toContain("1 barang dihapus")
  expect(await say(".stok HELD-1 hapus")).toContain("tidak punya barang")
})

test("a product says whether it is digital, and becomes the other while it has no goods", async () => {
  expect(await say(".produkbaru KIND-1 | Kaos M | 95000 | Pakaian | Katun")).toContain(
    ".ubah KIND-1 fisik 10",
  )
  expect(await say(".ubah KIND-1 fisik 10")).toContain("barang fisik, stok 10")
  expect(await seen(".detail KIND-1")).toContain("sisa 10")
  expect(await say(".stok KIND-1 5")).toContain("Jadi persis 5: .stok KIND-1 =5")
  expect(await say(".ubah KIND-1 digital")).toContain("produk digital")
  expect(await say(".stok KIND-1 5")).toContain("Tidak ada yang diubah")
  await say(".stok KIND-1\nK-payload-1")
  expect(await say(".ubah KIND-1 fisik")).toContain("tetap produk digital")
})

test("1,000 lines fit one message, and of 1,001 none is added", async () => {
  await say(".produkbaru MANY-1 | Satu | 20000")
  const lines = Array.from({ length: 1_001 }, (_, place) => `M-payload-${place}`)
  expect(await say(`.stok MANY-1\n${lines.join("\n")}`)).toContain("1001 baris")
  expect(await seen(".detail MANY-1")).toContain("habis")
  expect(await say(`.stok MANY-1\n${lines.slice(1).join("\n")}`)).toContain("1000 barang ditambahkan")
})

test("a message as long as the gateway takes is added to its last unit", async () => {
  await say(".produkbaru LONG-1 | Satu | 20000")
  const lines = Array.from({ length: 640 }, (_, place) => `L-payload-${place}-`.padEnd(98, "x"))
  expect(await say(`.stok LONG-1\n${lines.join("\n")}`)).toContain("640 barang ditambahkan")
})

test("whoever is too fast is told that nothing was added, and sends it again", async () => {
  await say(".produkbaru FAST-1 | Satu | 20000")
  for (let asked = 1; asked < 60; asked += 1) await say(".stok FAST-1")
  const refused = await say("FAST-payload-1")
  expect(refused).toContain("tidak ada stok yang ditambahkan")
  expect(refused).toMatch(/kirim lagi seluruhnya dalam \d+ detik/)
  expect(await seen(".detail FAST-1")).toContain("habis")
})

test("physical goods come, go and are counted, and are never fewer than none", async () => {
  const made = await say(".produkbaru GOODS-1 | Kaos | 95000 | Pakaian | fisik 3")
  expect(made).toContain("Stok: 3")
  expect(await say(".stok GOODS-1 +5")).toContain("sekarang 8 (tadinya 3)")
  expect(await seen(".detail GOODS-1")).toContain("sisa 8")
  expect(await say(".stok GOODS-1 -9")).toContain("tinggal 8")
  expect(await say(".stok GOODS-1 -2")).toContain("sekarang 6")
  expect(await say(".stok GOODS-1 =10")).toContain("sekarang 10")
  expect(await say(".stok GOODS-1\nKAOS")).toContain(".stok GOODS-1 +5")
  expect(await say(".stok GOODS-1")).toContain("siap dijual 10")
  expect(await seen(".detail GOODS-1")).toContain("sisa 10")
})

test("what runs low stands first in the list of all stock", async () => {
  await say(".produkbaru ZLOW-1 | Menipis | 20000")
  await say(".produkbaru AFULL-1 | Banyak | 20000 | fisik 50")
  const list = await say(".stok")
  expect(list.indexOf("*ZLOW-1* Menipis (⚠️ menipis)")).toBeGreaterThan(0)
  // What has enough is behind it, maybe on a later page.
  expect(`${list}AFULL-1`.indexOf("AFULL-1")).toBeGreaterThan(list.indexOf("ZLOW-1"))
})

test("a command in English does the same and is answered in English", async () => {
  await say(".bahasa en")
  expect(await say(".newproduct ENG-1 | Film | 45000")).toContain("is on sale")
  await say(".stock ENG-1")
  expect(await say("E-payload-1")).toContain("1 unit added to ENG-1")
  expect(await say(".price ENG-1 100")).toContain("from Rp 45.000 to Rp 100?")
  expect(await say("no", admin)).not.toContain("✅")
})

test("to customers none of these commands exists", async () => {
  const unknown = await seen(".xyzzy")
  for (const text of [
    ".produkbaru A | B | 1000",
    ".ubah A nama B",
    ".harga A 1",
    ".sembunyikan A",
    ".tampilkan A",
  ])
    expect((await seen(text)).replace(/\nMungkin.*/, "")).toBe(unknown)
  expect(await seen(".stok")).toContain("*Produk*")
})

test("nothing that was pasted can be read anywhere afterwards, also when it was not taken", async () => {
  await say(".produkbaru SECRET-1 | Satu | 20000")
  const pastes = [
    ".stok SECRET-1\nS-payload-1",
    ".stk SECRET-1\nS-payload-2",
    ".stok TIDAK-ADA\nS-payload-3",
    ".stok SECRET-1 S-payload-4",
    ".stok\nS-payload-5",
    "S-payload-6",
    `.harga SECRET-1 100\nS-payload-7`,
    `.stok SECRET-1\n${"S-payload-8\n".repeat(1_001)}`,
    `S-payload-9 ${"x".repeat(3_000)}`,
    ".stok S-payload-10",
    ".ubah S-payload-11 nama X",
    ".cari S-payload-12",
    ".pesanan S-payload-13",
    ".dikemas S-payload-14",
    ".vouchers S-payload-15",
  ]
  for (const text of pastes) await say(text)
  await stall.atRest()
  const kept = await stall.sql`
    select 'inbox' as place from inbox where text ilike '%payload%' or document is not null
    union all
    select 'outbox' from outbox where text ilike '%payload%' or data::text ilike '%payload%'
    union all
    select 'conversations' from conversations where data::text ilike '%payload%'
    union all
    select 'audit_log' from audit_log where details::text ilike '%payload%'
    union all
    select 'stock_units' from stock_units where encode(payload, 'escape') ilike '%payload%'
  `
  expect(kept.map(({ place }) => place)).toEqual([])
  expect(await findSecrets(stall.sql, [shop])).toEqual([])
})
