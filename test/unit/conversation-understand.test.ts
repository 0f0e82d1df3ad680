import { describe, expect, test } from "bun:test"
import type { Command, Intent } from "../../src/conversation/intent.ts"
import { understand } from "../../src/conversation/understand.ts"
import { rupiah } from "../../src/shop/money.ts"

const reading = (cases: Record<string, Intent>) => {
  for (const [text, intent] of Object.entries(cases))
    test(`reads ${JSON.stringify(text)}`, () => expect(understand(text)).toEqual(intent))
}

const menu: Intent = { kind: "menu" }
const catalogue: Intent = { kind: "catalogue", page: 1 }
const balance: Intent = { kind: "balance" }

describe("a greeting or the menu's word gets the menu", () => {
  const greetings = [
    ".menu",
    "menu",
    "MENU!",
    "/menu",
    "!Menu",
    ".start",
    ".",
    " . ",
    ". menu",
    "halo",
    "Haloooo kak 🙏",
    "hai",
    "Hi there",
    "hello",
    "P",
    "ppp",
    "ping",
    ".ping",
    ".halo",
    "Assalamu'alaikum wr. wb.",
    "assalamualaikum",
    "selamat pagi",
    "Selamat siang min",
    "selamat sore",
    "malam",
    "𝗺𝗲𝗻𝘂",
    "m\u200benu",
  ]
  for (const text of greetings) test(JSON.stringify(text), () => expect(understand(text)).toEqual(menu))
})

describe("the operators' menu is nobody else's, and no wish for a person", () => {
  for (const text of [".admin", ".Admin kak", "/toko", "!operator"])
    test(text, () => expect(understand(text)).toEqual({ kind: "unknown" }))
  reading({ admin: { kind: "person" }, ".cs": { kind: "person" }, ".penjual": { kind: "person" } })
})

describe("thanks are answered as thanks", () => {
  const said = [
    ...["makasih", "Makasih banyak ya kak 🙏", "terima kasih", "Terimakasih min", ".terima kasih", "thanks!"],
    ...["thank you so much", "thx", "tq", "trims kak", "makasihhh"],
  ]
  for (const text of said) test(text, () => expect(understand(text)).toEqual({ kind: "thanks" }))
  for (const text of ["kasih", "terima", "you", "makasih tapi barangnya belum sampai"])
    test(text, () => expect(understand(text).kind).not.toBe("thanks"))
})

describe("every command is read with its arguments", () => {
  reading({
    ".produk": catalogue,
    produk: catalogue,
    "lihat produk": catalogue,
    "  .PRODUK   Kopi   2 ": { kind: "catalogue", category: "Kopi", page: 2 },
    ".produk 3": { kind: "catalogue", page: 3 },
    ".produk akun premium": { kind: "catalogue", category: "akun premium", page: 1 },
    ".detail kopi-1": { kind: "detail", code: "KOPI-1" },
    ".buy kopi": { kind: "buy", code: "KOPI", quantity: 1 },
    ".BUY KOPI 2": { kind: "buy", code: "KOPI", quantity: 2 },
    ".buy kopi 2 Saldo": { kind: "buy", code: "KOPI", quantity: 2, method: "saldo" },
    ".beli kopi qris": { kind: "buy", code: "KOPI", quantity: 1, method: "qris" },
    "!buy kopi qris 100": { kind: "buy", code: "KOPI", quantity: 100, method: "qris" },
    "beli KOPI 2": { kind: "buy", code: "KOPI", quantity: 2 },
    "beli kopi dong kak": { kind: "buy", code: "KOPI", quantity: 1 },
    ".saldo": balance,
    "saldo saya berapa?": balance,
    "cek saldo kak": balance,
    ".deposit 50000": { kind: "deposit", amount: rupiah(50_000) },
    ".deposit 50.000": { kind: "deposit", amount: rupiah(50_000) },
    ".deposit 1,250,000": { kind: "deposit", amount: rupiah(1_250_000) },
    ".deposit 50rb": { kind: "deposit", amount: rupiah(50_000) },
    ".deposit 50 ribu": { kind: "deposit", amount: rupiah(50_000) },
    ".deposit 50K": { kind: "deposit", amount: rupiah(50_000) },
    ".deposit Rp 50.000": { kind: "deposit", amount: rupiah(50_000) },
    ".deposit Rp50.000,-": { kind: "deposit", amount: rupiah(50_000) },
    "isi saldo 1jt": { kind: "deposit", amount: rupiah(1_000_000) },
    ".status": { kind: "status" },
    ".status #lp-7k2": { kind: "status", orderCode: "LP-7K2" },
    ".riwayat": { kind: "history", page: 1 },
    ".riwayat 2": { kind: "history", page: 2 },
    ".riwayat kirim ab12": { kind: "resend", orderCode: "AB12" },
    ".kirim ab12": { kind: "resend", orderCode: "AB12" },
    ".garansi ab12": { kind: "warranty", orderCode: "AB12" },
    "Garansi #ab12 2": { kind: "warranty", orderCode: "AB12", place: 2 },
    "klaim garansi ab12 100": { kind: "warranty", orderCode: "AB12", place: 100 },
    ".warranty ab12 #3": { kind: "warranty", orderCode: "AB12", place: 3 },
    ".batal": { kind: "cancel" },
    "batal ya": { kind: "cancel" },
    ".batal ab12": { kind: "cancel", orderCode: "AB12" },
    ".bahasa": { kind: "language" },
    ".bahasa EN": { kind: "language", language: "en" },
    "bahasa indonesia": { kind: "language", language: "id" },
    ".bayar": { kind: "pay_demo" },
    ".help": { kind: "help" },
    ".?": { kind: "help" },
  })
})

describe("who wants to buy without knowing a code is led through an order", () => {
  reading({
    ".buy": { kind: "order" },
    ".pesan": { kind: "order" },
    beli: { kind: "order" },
    "Pesan kak": { kind: "order" },
    "mau pesan": { kind: "order" },
    "beli kopi susu": { kind: "order", wish: "kopi susu" },
    "mau beli kopi susu gula aren": { kind: "order", wish: "kopi susu gula aren" },
    "beli apa ya yang bagus": { kind: "order", wish: "apa ya yang bagus" },
    "mau beli kopi 2": { kind: "buy", code: "KOPI", quantity: 2 },
    ".alamat": { kind: "address" },
    ".alamat lpk-1": { kind: "address", orderCode: "LPK-1" },
    "ubah alamat LPK-1": { kind: "address", orderCode: "LPK-1" },
  })
})

describe("a bare number answers the menu", () => {
  reading({
    "1": { kind: "order" },
    "١": { kind: "order" },
    "５": { kind: "status" },
    "५": { kind: "status" },
    "2": catalogue,
    "3": balance,
    "4": { kind: "invalid", command: "deposit", reason: { kind: "missing_amount" } },
    "5": { kind: "status" },
    "6": { kind: "history", page: 1 },
    "7": { kind: "help" },
    "2.": catalogue,
    "2️⃣": catalogue,
    "8": { kind: "unknown" },
    "0": { kind: "unknown" },
    "12": { kind: "unknown" },
    "1 2": { kind: "unknown" },
  })
})

describe("a quantity or method that is not one is told why", () => {
  const range = { kind: "quantity_out_of_range", min: 1, max: 100 } as const
  const reasons = {
    "0": range,
    "-1": range,
    "101": range,
    "99999999999999999999999": range,
    "1.5": { kind: "quantity_not_whole" },
    "1,5": { kind: "quantity_not_whole" },
    "1e9": { kind: "quantity_not_a_number" },
    "②": { kind: "quantity_not_a_number" },
    "١٠١": { kind: "quantity_out_of_range", min: 1, max: 100 },
    dua: { kind: "quantity_not_a_number" },
    "0x10": { kind: "quantity_not_a_number" },
    gopay: { kind: "unknown_method" },
    "2 gopay": { kind: "unknown_method" },
    "2 3": { kind: "unknown_method" },
    "saldo qris": { kind: "too_many_words" },
    "2 saldo lagi": { kind: "too_many_words" },
  } as const
  for (const [words, reason] of Object.entries(reasons))
    test(words, () =>
      expect(understand(`.buy KOPI ${words}`)).toEqual({ kind: "invalid", command: "buy", reason }),
    )
})

describe("a missing or malformed argument is told why", () => {
  const invalid = (command: Command, kind: string) => ({ kind: "invalid", command, reason: { kind } })
  const cases = {
    ".buy KOPI';DROP": invalid("buy", "malformed_code"),
    ".buy ß": invalid("buy", "malformed_code"),
    [`.buy ${"A".repeat(33)}`]: invalid("buy", "malformed_code"),
    ".buy \ud800": invalid("buy", "malformed_code"),
    ".detail": invalid("detail", "missing_code"),
    ".detail kopi susu": invalid("detail", "malformed_code"),
    ".deposit": invalid("deposit", "missing_amount"),
    ".deposit banyak": invalid("deposit", "amount_not_a_number"),
    ".deposit 50.000rb": invalid("deposit", "amount_not_a_number"),
    ".deposit 50.5": invalid("deposit", "amount_not_a_number"),
    ".deposit 1e6": invalid("deposit", "amount_not_a_number"),
    ".deposit 0": invalid("deposit", "amount_out_of_range"),
    ".deposit -50000": invalid("deposit", "amount_out_of_range"),
    ".deposit 10.000.001": invalid("deposit", "amount_out_of_range"),
    ".deposit 99999999999999999999999999jt": invalid("deposit", "amount_out_of_range"),
    ".produk 0": invalid("catalogue", "page_invalid"),
    ".produk -1": invalid("catalogue", "page_invalid"),
    ".riwayat 1.5": invalid("history", "page_invalid"),
    ".riwayat lama": invalid("history", "page_invalid"),
    ".status a b": invalid("status", "malformed_order_code"),
    ".batal '--": invalid("cancel", "malformed_order_code"),
    ".kirim": invalid("resend", "missing_order_code"),
    garansi: invalid("warranty", "missing_order_code"),
    ".garansi ;": invalid("warranty", "malformed_order_code"),
    ".garansi ab12 0": invalid("warranty", "place_invalid"),
    ".garansi ab12 dua": invalid("warranty", "place_invalid"),
    ".garansi ab12 101": invalid("warranty", "place_invalid"),
    ".garansi ab12 1 2": invalid("warranty", "too_many_words"),
    ".bahasa jawa": invalid("language", "unknown_language"),
  }
  for (const [text, intent] of Object.entries(cases))
    test(JSON.stringify(text), () => expect(understand(text)).toMatchObject(intent))
})

describe("what is not a command is still answered", () => {
  reading({
    "": { kind: "empty" },
    " \n\t\u0000\u0007 ": { kind: "empty" },
    "\u200b\u200d\u2060\ufeff\u3164": { kind: "empty" },
    "😀🔥": { kind: "no_words" },
    "👍🏽": { kind: "no_words" },
    "...": { kind: "no_words" },
    "?!": { kind: "no_words" },
    "\ud83d": { kind: "no_words" },
    ".prodk": { kind: "unknown", suggestion: "catalogue" },
    ".slado": { kind: "unknown", suggestion: "balance" },
    prduk: { kind: "unknown", suggestion: "catalogue" },
    ".hadiah HEMAT": { kind: "unknown" },
    ".xyzzy": { kind: "unknown" },
    "garansi ini berapa lama kak": { kind: "unknown", suggestion: "warranty" },
    "kapan buka?": { kind: "unknown" },
    "'; drop table users; --": { kind: "unknown" },
    "*3\r\n$3\r\nDEL\r\n": { kind: "unknown" },
    ".toString": { kind: "unknown" },
    ".__proto__": { kind: "unknown" },
    ".constructor": { kind: "unknown" },
  })
})

test("500 characters are read and 501 are too long, however many bytes each has", () => {
  expect(understand("a".repeat(500)).kind).toBe("unknown")
  expect(understand("a".repeat(501))).toEqual({ kind: "too_long" })
  expect(understand("😀".repeat(500))).toEqual({ kind: "no_words" })
  expect(understand("😀".repeat(501))).toEqual({ kind: "too_long" })
})

test("the operator's own prefix replaces the dot, while / and ! go on working", () => {
  expect(understand("#saldo", "#")).toEqual(balance)
  expect(understand("/saldo", "#")).toEqual(balance)
  expect(understand("!saldo", "#")).toEqual(balance)
  expect(understand("#", "#")).toEqual(menu)
  expect(understand(".lang", "#")).not.toEqual({ kind: "language" })
})
