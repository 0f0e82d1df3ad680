import { describe, expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { formatTime } from "../../src/conversation/texts/wording.ts"
import { understand } from "../../src/conversation/understand.ts"
import { rupiah } from "../../src/shop/money.ts"

const id = textsFor("id")
const en = textsFor("en")
const at = new Date("2025-11-21T07:05:00Z")
const goods = {
  orderCode: "AB12",
  lines: [{ name: "Kopi", quantity: 2, amount: rupiah(30_000) }],
  units: ["user*one*:pass_1", "user2:p@ss"],
  total: rupiah(30_000),
  method: "saldo",
  balanceAfter: rupiah(5_000),
  resent: false,
} as const
const request = {
  orderCode: "AB12",
  total: rupiah(15_000),
  expiresAt: at,
  payUrl: "http://127.0.0.1:3000/pay/t",
  isDemo: false,
  why: "balance_short",
  balance: rupiah(1_000),
} as const

test("the unavailable message promises what happens to the one that was sent", () => {
  expect(id.unavailable()).toBe(
    "Maaf, toko sedang gangguan sebentar. Tidak ada yang ditagih. Pesan ini dicoba lagi otomatis; " +
      "kalau beberapa menit belum ada balasan, silakan kirim ulang.",
  )
})

test("the menu's numbers are the ones that are understood", () => {
  const items = id.menu({ shopName: "Toko" }).match(/^\d/gm)
  expect(items).toEqual(["1", "2", "3", "4", "5", "6", "7"])
  for (const item of items ?? []) expect(understand(item).kind).not.toBe("unknown")
  expect(en.menu({ shopName: "Toko" }).match(/^\d/gm)).toEqual(["1", "2", "3", "4", "5", "6", "7"])
})

test("every command that the help names is understood", () => {
  for (const texts of [id, en]) {
    const commands = texts.help().match(/\.[a-z]+( [A-Z]+)?( \d+)?/g) ?? []
    expect(commands.length).toBeGreaterThan(10)
    for (const command of commands) expect(["unknown", "invalid"]).not.toContain(understand(command).kind)
  }
})

test("a customer's name cannot break the menu apart", () => {
  const menu = id.menu({ shopName: "Toko", customerName: "Bu*di\n\n1. Gratis\u0000" })
  expect(menu.split("\n")[0]).toBe("Halo Bu di 1. Gratis! Selamat datang di *Toko* 👋")
  expect(id.menu({ shopName: "Toko", customerName: "***" })).toStartWith("Halo! ")
  expect(id.menu({ shopName: "Toko", customerName: "𠮷野" })).toStartWith("Halo 𠮷野! ")
})

test("delivered units stand on lines of their own, exactly as they are", () => {
  for (const texts of [id, en]) {
    const lines = texts.goods(goods).split("\n")
    for (const unit of goods.units) expect(lines.filter((line) => line === unit)).toHaveLength(1)
  }
})

test("how an order is paid is always said, and why when it is QRIS", () => {
  expect(id.goods(goods)).toContain("dibayar dari saldo. Sisa saldo: Rp 5.000")
  expect(id.goods({ ...goods, method: "qris", balanceAfter: undefined })).toContain("dibayar lewat QRIS")
  expect(id.paymentRequest(request)).toContain("QRIS, karena saldo Kakak (Rp 1.000) belum cukup")
  expect(en.paymentRequest({ ...request, why: "chosen" })).toContain("QRIS, as you chose")
  expect(en.paymentRequest({ ...request, why: "only_method" })).toContain("Payment: QRIS.")
})

test("an order paid on the provider's page is asked for by its link, and not said to be paid by QRIS", () => {
  const redirectUrl = "https://app.midtrans.example/snap/1"
  const deposit = {
    amount: rupiah(15_000),
    expiresAt: at,
    payUrl: undefined,
    isDemo: false,
    balance: rupiah(0),
  }
  for (const texts of [id, en]) {
    for (const text of [
      texts.paymentRequest({ ...request, redirectUrl }),
      texts.depositRequest({ ...deposit, redirectUrl }),
    ]) {
      expect(text).toContain(redirectUrl)
      expect(text).not.toMatch(/Pindai|Scan|\/pay\//)
      expect(text.split("\n")[0]).not.toContain("QRIS")
    }
    const paid = texts.goods({ ...goods, method: "online", balanceAfter: undefined })
    expect(paid).toMatch(/dibayar online|paid online/)
    expect(paid).not.toContain("QRIS")
  }
  expect(id.paymentRequest({ ...request, redirectUrl })).toContain("saldo Kakak (Rp 1.000) belum cukup")
})

describe("pretended money", () => {
  test("is marked in the first line of a request, and tells how to pretend", () => {
    const text = id.paymentRequest({ ...request, isDemo: true, canPretend: true })
    expect(text).toStartWith("DEMO – bukan uang sungguhan\n")
    expect(text).toContain(".bayar")
    expect(id.paymentRequest({ ...request, isDemo: true })).not.toContain(".bayar")
    expect(id.paymentRequest(request)).not.toContain("DEMO")
    expect(id.paymentRequest(request)).not.toContain(".bayar")
  })
  test("is marked once, however often the mark is put", () => {
    expect(id.demo(id.demo("x"))).toBe("DEMO – bukan uang sungguhan\n\nx")
  })
})

test("a shop with thousands of categories says them in messages that WhatsApp takes", () => {
  const names = Array.from({ length: 5_000 }, (_, place) => `${place} ${"x".repeat(55)}`)
  const steps = Array.from({ length: 99 }, (_, place) => ({
    minQuantity: place + 2,
    price: rupiah(999_999_999),
  }))
  const products = names.slice(0, 10).map((category) => {
    const code = "X".repeat(32)
    return { code, name: "x".repeat(200), price: rupiah(999_999_999), left: 9, sold: 9, steps, category }
  })
  for (const texts of [id, en]) {
    const longest = [
      texts.catalogue({ products, page: 1, pages: 500, categories: names }),
      texts.catalogueEmpty({ category: "x", categories: names }),
      texts.categoryList({ categories: names.map((name) => ({ name, count: 1 })) }),
      texts.goods({ ...goods, units: Array.from({ length: 100 }, () => "x".repeat(500)) }),
    ]
    for (const text of longest) expect(text.length).toBeLessThan(60_000)
    expect(longest[2]).toContain(names[299] ?? "")
    expect(longest[2]).toContain("\n…\n")
  }
})

test("what is sold out offers what is left", () => {
  expect(id.soldOut({ code: "KOPI", left: 3, wanted: 5 })).toContain(".buy KOPI 3")
  expect(id.soldOut({ code: "KOPI", left: 0, wanted: 5 })).toContain(".produk")
})

test("a balance that is short names an amount that a deposit accepts", () => {
  const text = id.insufficientBalance({
    balance: rupiah(0),
    total: rupiah(500),
    missing: rupiah(500),
    code: "KOPI",
  })
  const deposit = text.match(/\.deposit \d+/)?.[0] ?? ""
  expect(understand(deposit).kind).toBe("deposit")
  expect(text).toContain(".buy KOPI 1 qris")
})

test("each refusal of an argument shows an example that is understood", () => {
  const broken = [".buy ;", ".buy A x", ".buy A 0", ".buy A 1.5", ".buy A 2 ovo", ".detail", ".detail a b"]
  broken.push(
    ".deposit",
    ".deposit x",
    ".deposit 1",
    ".produk 0",
    ".riwayat x",
    ".status a b",
    ".batal ;",
    ".kirim",
    ".garansi",
    ".garansi ;",
    ".garansi A x",
    ".garansi A 1 2",
  )
  broken.push(".bahasa jawa", ".buy A saldo saldo")
  for (const texts of [id, en])
    for (const message of broken) {
      const intent = understand(message)
      if (intent.kind !== "invalid") throw new Error(`${message} was understood`)
      const text = texts.invalid(intent.command, intent.reason)
      const example = text.slice(text.lastIndexOf(": ") + 2)
      expect({ text, kind: understand(example).kind }).toEqual({ text, kind: intent.command })
    }
})

test("what was sold and what is new is said; nothing is, where nothing was sold or an older version looked it up", () => {
  const product = { code: "KOPI", name: "Kopi", price: rupiah(15_000), left: 1 }
  const page = (figures: { sold?: number; isNew?: boolean }) => ({
    products: [{ ...product, ...figures }],
    page: 1,
    pages: 1,
    categories: [],
  })
  const detail = { ...product, description: "", kind: "digital", category: "" } as const
  const popular = { sold: 37, isNew: true }
  expect(id.catalogue(page(popular))).toContain("Rp 15.000, sisa 1, terjual 37, baru\n")
  expect(en.catalogue(page(popular))).toContain("Rp 15.000, 1 left, 37 sold, new\n")
  expect(id.detail({ ...detail, ...popular })).toContain("\nStok: sisa 1, terjual 37, baru\n")
  expect(en.detail({ ...detail, ...popular })).toContain("\nStock: 1 left, 37 sold, new\n")
  for (const figures of [{}, { sold: 0, isNew: false }]) {
    expect(id.catalogue(page(figures))).toContain("Rp 15.000, sisa 1\n")
    expect(id.detail({ ...detail, ...figures })).toContain("\nStok: sisa 1\n")
    expect(en.catalogue(page(figures))).toContain("Rp 15.000, 1 left\n")
  }
})

test("a product says its warranty, and one without a warranty says nothing of it", () => {
  const product = {
    code: "KOPI",
    name: "Kopi",
    price: rupiah(15_000),
    left: 1,
    description: "",
    kind: "digital",
    category: "",
  } as const
  expect(id.detail({ ...product, warrantyDays: 7 })).toContain("\nGaransi 7 hari\n")
  expect(en.detail({ ...product, warrantyDays: 1 })).toContain("\nWarranty: 1 day\n")
  for (const days of [0, undefined]) {
    expect(id.detail({ ...product, warrantyDays: days })).not.toContain("Garansi")
    expect(en.detail({ ...product, warrantyDays: days })).not.toContain("Warranty")
  }
})

test("every command that an answer to a claim names is understood", () => {
  const order = { orderCode: "AB12", name: "Kopi", place: 2, count: 3 }
  const unit = { name: "Kopi", isClaimed: false }
  for (const texts of [id, en]) {
    const answers = [
      texts.warrantyReplaced({ ...order, units: ["x"] }),
      texts.warrantyRefunded({ ...order, amount: rupiah(1), balance: rupiah(1), isSoldOut: true }),
      texts.warrantyWhich({ orderCode: "AB12", units: [unit, unit] }),
      texts.warrantyRefused({ kind: "no_such_unit", orderCode: "AB12", count: 2 }),
      texts.warrantyRefused({ kind: "other_in_review", orderCode: "AB12", otherOrderCode: "CD34" }),
      texts.warrantyRefused({ kind: "claimed_before", ...order, wasReplaced: true }),
    ]
    for (const answer of answers) {
      const command = /\.[a-z]+( AB12( \d)?)?$/m.exec(answer)?.[0] ?? ""
      expect({ answer, kind: understand(command).kind }).not.toEqual({
        answer,
        kind: expect.stringMatching(/unknown|invalid|menu|no_words|empty/),
      })
    }
  }
})

test("the shop's prefix is the one in the texts", () => {
  expect(textsFor("id", { prefix: "#" }).nothingToCancel()).toContain("#riwayat")
})

test("times are the shop's", () => {
  expect(formatTime(at, "id")).toBe("21 Nov 2025 14.05 WIB")
  expect(formatTime(at, "en")).toBe("21 Nov 2025 14:05 WIB")
  expect(formatTime(new Date("2025-12-31T17:00:00Z"), "id", "Asia/Jayapura")).toBe("1 Jan 2026 02.00 WIT")
  expect(formatTime(at, "id", "Europe/Berlin")).toBe("21 Nov 2025 08.05 (Europe/Berlin)")
})

test("without a page that the customer can reach, the QR alone is offered, in words that need no link", () => {
  for (const texts of [id, en]) {
    const deposit = { amount: rupiah(50_000), expiresAt: at, isDemo: false, balance: rupiah(0) }
    const asked = { ...request, payUrl: undefined }
    const written = [
      texts.paymentRequest(asked),
      texts.depositRequest({ ...deposit, payUrl: undefined }),
      texts.unpaidOrderExists({ orderCode: "AB12", total: request.total, expiresAt: at }),
    ]
    for (const text of written) {
      expect(text).toContain("QR")
      expect(text).not.toMatch(/http|undefined|atau buka|or open|Bayar di sini|Pay here/)
    }
    const pretended = texts.paymentRequest({ ...asked, isDemo: true })
    expect(pretended).toContain(texts.demoElsewhere())
    expect(pretended).not.toMatch(/bank/)
  }
})

test("an unpaid order says until when and how to pay or cancel, a delivered one how to get it again", () => {
  const order = {
    orderCode: "AB12",
    lines: goods.lines,
    total: rupiah(30_000),
    method: "qris",
    createdAt: at,
    expiresAt: at,
    payUrl: request.payUrl,
  } as const
  const unpaid = id.orderStatus({ ...order, status: "awaiting_payment" })
  expect(unpaid).toContain("Bayar sebelum 21 Nov 2025 14.05 WIB")
  expect(unpaid).toContain(request.payUrl)
  expect(unpaid).toContain(".batal AB12")
  const delivered = id.orderStatus({ ...order, status: "delivered" })
  expect(delivered).toContain(".kirim AB12")
  expect(delivered).not.toContain(request.payUrl)
  expect(delivered).not.toMatch(/kembali/)
  const given = { ...order, status: "delivered", returned: rupiah(4_000), returning: rupiah(1_000) } as const
  expect(id.orderStatus(given)).toContain("Sudah dikembalikan: Rp 4.000\nSedang dikembalikan: Rp 1.000")
  expect(en.orderStatus({ ...given, method: "online" })).toContain("payment: online")
})

test("late money is said to be late for what ended its order", () => {
  const late = { orderCode: "AB12", amount: rupiah(1), balance: rupiah(1) }
  expect(id.latePaymentGoods({ ...late, endedAs: "cancelled" })).toContain("setelah pesanannya dibatalkan")
  expect(id.latePaymentGoods({ ...late, endedAs: "expired" })).toContain("setelah batas waktunya")
  expect(id.latePaymentGoods(late)).toContain("setelah pesanannya ditutup")
  expect(en.latePaymentToBalance({ ...late, endedAs: "cancelled" })).toContain("after it was cancelled")
})

test("a warranty that a part of the money and replacements used up is not called refunded", () => {
  const refusal = {
    kind: "made_good_before",
    orderCode: "AB12",
    returned: rupiah(10_000),
    replaced: 1,
  } as const
  expect(id.warrantyRefused(refusal)).toStartWith(
    "Dari pesanan AB12, Rp 10.000 sudah dikembalikan dan 1 barang sudah diganti",
  )
  expect(en.warrantyRefused(refusal)).toStartWith(
    "Of order AB12, Rp 10.000 went back and 1 item was replaced",
  )
})

test("a shop without QRIS sends nobody to a top-up that can't be", () => {
  for (const language of ["id", "en"] as const) {
    const say = textsFor(language, { offersQris: false })
    const total = rupiah(10_000)
    const texts = [
      say.menu({ shopName: "Lapak" }),
      say.help(),
      say.balance({ balance: rupiah(0), movements: [] }),
      say.qrisNotOffered(),
      say.invalid("deposit", { kind: "missing_amount" }),
      say.insufficientBalance({ balance: rupiah(0), total, missing: total, code: "KOPI" }),
      say.orderSummary({
        ...{
          code: "KOPI",
          name: "Kopi",
          quantity: 1,
          price: total,
          discount: rupiah(0),
          voucherCode: undefined,
        },
        ...{ total, delivery: undefined, way: "none", balance: rupiah(0), missing: total },
      }),
    ]
    for (const text of texts) {
      expect(text).toMatch(/(?:lewat penjual|through the seller): \.cs/)
      expect(text).not.toMatch(/\.deposit|\bqris\b/)
    }
  }
})

test("a sold-out product is named with its code, by command and in the guided order", () => {
  const product = { code: "KOPI", name: "Kopi Susu" }
  for (const text of [id.soldOut({ ...product, left: 0, wanted: 1 }), id.chosenSoldOut(product)])
    expect(text).toContain("Kopi Susu (KOPI) sedang habis")
  expect(id.soldOut({ ...product, left: 2, wanted: 3 })).toContain("Stok Kopi Susu (KOPI) tinggal 2")
})
