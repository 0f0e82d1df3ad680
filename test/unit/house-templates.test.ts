import { expect, test } from "bun:test"
import { fill } from "../../src/conversation/texts/slots/fill.ts"
import { wordsFor } from "../../src/conversation/texts/slots/phrases-for.ts"
import { bareExampleOf, exampleOf, originalTemplate } from "../../src/conversation/texts/slots/present.ts"
import { changeables, findChangeable } from "../../src/conversation/texts/slots/slots.ts"
import { readTemplate, type TemplateProblem } from "../../src/conversation/texts/slots/template.ts"
import { withTemplates } from "../../src/conversation/texts/slots/with-templates.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { rupiah } from "../../src/shop/money.ts"

const place = { prefix: ".", zone: "Asia/Jakarta", shopName: "Warung Budi" }
const texts = textsFor("id")

function changeable(key: string) {
  const found = findChangeable(key)
  if (!found) throw new Error(`there is no text ${key}`)
  return found
}

function refusalOf(key: string, template: string): TemplateProblem | undefined {
  const read = readTemplate(template, changeable(key).text)
  return read.kind === "refused" ? read.problem : undefined
}

function saying(templates: Record<string, string>) {
  const writing = { ...place, words: wordsFor("id", place) }
  return withTemplates(texts, new Map(Object.entries(templates)), writing)
}

const goods = {
  orderCode: "LPK-AB12",
  lines: [{ name: "Kopi", quantity: 1, amount: rupiah(15_000) }],
  units: ["SECRET-1"],
  total: rupiah(15_000),
  method: "saldo",
  resent: false,
} as const

test("a changed text is said with what is known, amounts and times as everywhere else", () => {
  const say = saying({
    depositPaid: "Makasih Kak! {amount} masuk, jadi {balance}. Belanja lagi di {shop}: {prefix}produk",
  })
  expect(say.depositPaid({ amount: rupiah(15_000), balance: rupiah(20_000) })).toBe(
    "Makasih Kak! Rp 15.000 masuk, jadi Rp 20.000. Belanja lagi di Warung Budi: .produk",
  )
  expect(say.noOrders()).toBe(texts.noOrders())
})

test("words can be put around a text as it is", () => {
  const say = saying({ "goods.bought": "{original}\n\nIkuti kami: @warungbudi" })
  expect(say.goods(goods)).toBe(`${texts.goods(goods)}\n\nIkuti kami: @warungbudi`)
  expect(say.goods({ ...goods, resent: true })).toBe(texts.goods({ ...goods, resent: true }))
})

test("what a text is for can't be left out of it, nor goods be said twice", () => {
  expect(refusalOf("goods.bought", "Terima kasih!")).toEqual({ kind: "missing", names: ["order", "units"] })
  expect(refusalOf("goods.bought", "{order}: {units} {units}")).toEqual({
    kind: "repeated",
    names: ["units"],
  })
  expect(refusalOf("goods.bought", "{original} {units}")).toEqual({ kind: "repeated", names: ["units"] })
  expect(refusalOf("paymentRequest", "Bayar ya: {how_to_pay}")).toEqual({
    kind: "missing",
    names: ["amount"],
  })
  expect(refusalOf("depositRequest", "{original}")).toBeUndefined()
  expect(refusalOf("menu", "{original} {original}")).toEqual({ kind: "repeated", names: ["original"] })
})

test("what may not be left out does not stand on a line that can go", () => {
  const payable = "{quantity} x {product}, total {total} {discount}\n{how_paid}"
  expect(refusalOf("orderSummary.payable", payable)).toEqual({
    kind: "hidden",
    names: ["quantity", "product", "total"],
    beside: ["discount"],
  })
  expect(refusalOf("orderSummary.payable", payable.replace(" {discount}", "\n{discount}"))).toBeUndefined()
  expect(refusalOf("unknown", "{original} {suggestion}")).toMatchObject({ names: ["original"] })
})

test("an operator also sees the text where all that can be empty is", () => {
  const payable = changeable("orderSummary.payable")
  const template = "{quantity} x {product} {total}\nPotongan {discount}\n{how_paid}"
  expect(exampleOf(payable, "id", { ...place, template })).toContain("Potongan")
  const bare = bareExampleOf(payable, "id", { ...place, template })
  expect(bare).toStartWith("23 x Kopi Gayo 250 g Rp 96.000\n")
  expect(bare).not.toContain("Potongan")
  expect(bareExampleOf(changeable("noOrders"), "id", { ...place, template: "Kosong" })).toBeUndefined()
})

test("a list stands in a text once, and a text that grows too long is the original", () => {
  expect(refusalOf("catalogue", "{products}".repeat(50))).toEqual({ kind: "repeated", names: ["products"] })
  expect(refusalOf("balance", "{balance}\n{movements}\n{movements}")).toEqual({
    kind: "repeated",
    names: ["movements"],
  })
  const template = "{order}\n{units}"
  const say = saying({ "goods.bought": template })
  const long = { ...goods, units: Array.from({ length: 120 }, () => "x".repeat(500)) }
  expect(say.goods(long)).toBe(texts.goods(long))
  const longest = { ...goods, units: Array.from({ length: 100 }, () => "x".repeat(500)) }
  expect(say.goods(longest)).toStartWith("LPK-AB12\n")
  expect(texts.goods(longest).length).toBeLessThan(60_000)
})

test("a template with a placeholder that is not known, or not complete, is refused", () => {
  expect(refusalOf("depositPaid", "{amount} {units}")).toEqual({ kind: "unknown", names: ["units"] })
  expect(refusalOf("depositPaid", "{amount} {toString} {__proto__}")).toEqual({
    kind: "unknown",
    names: ["tostring", "__proto__"],
  })
  expect(refusalOf("depositPaid", "{amount} {}")).toEqual({ kind: "unknown", names: [""] })
  for (const text of ["{amount} {balance", "{amount} }", "{{amount}}"])
    expect(refusalOf("depositPaid", text)).toEqual({ kind: "stray_brace" })
  expect(refusalOf("depositPaid", " \n\n ")).toEqual({ kind: "empty" })
  expect(refusalOf("depositPaid", `{amount}${"a".repeat(2_000)}`)).toEqual({ kind: "too_long", max: 2_000 })
  expect(refusalOf("depositPaid", "{prefix}".repeat(51))).toEqual({ kind: "too_many", max: 50 })
  expect(refusalOf("depositPaid", "{ Amount }")).toBeUndefined()
})

test("a line goes with what it is there for, and takes no gap with it", () => {
  const say = saying({
    "detail.in_stock": "{product} {code} {price}\n\nGaransi: {warranty}\n\n{description}\n\nAyo!",
    productNotFound: "Tidak ada.\n{suggestions}",
  })
  const product = {
    code: "KOPI-1",
    name: "Kopi",
    price: rupiah(15_000),
    left: 3,
    description: "",
    kind: "digital",
    category: "",
  } as const
  expect(say.detail(product)).toBe("Kopi KOPI-1 Rp 15.000\n\nAyo!")
  expect(say.detail({ ...product, warrantyDays: 7, description: "Enak.\n\nSekali." })).toBe(
    "Kopi KOPI-1 Rp 15.000\n\nGaransi: 7 hari\n\nEnak.\n\nSekali.\n\nAyo!",
  )
  expect(say.productNotFound({ code: "X", suggestions: [] })).toBe("Tidak ada.")
})

test("what is filled in is never taken for a template, and a name that is missing leaves no gap", () => {
  const say = saying({ menu: "Halo {customer}, di {shop}!" })
  expect(say.menu({ shopName: "{customer} $& $1", customerName: "{shop}" })).toBe(
    "Halo {shop}, di {customer} $& $1!",
  )
  expect(say.menu({ shopName: "Warung" })).toBe("Halo, di Warung!")
  const values = { a: "{b}", b: "two" } as const
  const template = [[{ kind: "placeholder", name: "a" } as const, { kind: "words", text: " {b}" } as const]]
  expect(fill(template, (name) => ({ text: name === "a" ? values.a : values.b, isLine: false }))).toBe(
    "{b} {b}",
  )
})

test("pretended money is marked, whatever the text says", () => {
  const say = saying({ depositRequest: "{amount} {how_to_pay}" })
  const request = {
    amount: rupiah(15_000),
    balance: rupiah(0),
    expiresAt: new Date(0),
    payUrl: "https://toko.example/pay/a",
    isDemo: true,
  }
  expect(say.depositRequest(request)).toStartWith("DEMO – bukan uang sungguhan\n\nRp 15.000 Pindai")
  const framed = saying({ depositRequest: "Halo Kak!\n{original}" }).depositRequest(request)
  expect(framed).toStartWith("DEMO – bukan uang sungguhan\n\nHalo Kak!\n*Isi saldo Rp 15.000")
  expect(framed.match(/DEMO/g)).toHaveLength(1)
})

test("a kept text that fits no longer, is of no text, or comes out empty, is as if it were not there", () => {
  const say = saying({
    depositPaid: "{amount} {gone}",
    "goods.bought": "no goods at all",
    nowhere: "nothing",
    __proto__: "nothing",
    unknown: "{suggestion}",
  })
  const paid = { amount: rupiah(1), balance: rupiah(2) }
  expect(say.depositPaid(paid)).toBe(texts.depositPaid(paid))
  expect(say.goods(goods)).toBe(texts.goods(goods))
  expect(say.unknown({})).toBe(texts.unknown({}))
  expect(say.unknown({ suggestion: "menu" })).toBe(".menu")
})

test("every text is shown with placeholders, none of which has to be found out, and an example", () => {
  expect(changeables.length).toBeGreaterThan(100)
  expect(new Set(changeables.map(({ key }) => key.toLowerCase())).size).toBe(changeables.length)
  for (const one of changeables) {
    expect(one.key).toMatch(/^[A-Za-z]+(\.[a-z_]+)?$/)
    expect(one.key.length).toBeLessThanOrEqual(80)
    for (const language of ["id", "en"] as const) {
      const template = originalTemplate(one, language, place.zone)
      expect([one.key, readTemplate(template, one.text).kind]).toEqual([one.key, "read"])
      const plain = exampleOf(one, language, place)
      expect(exampleOf(one, language, { ...place, template })).toBe(plain)
    }
  }
  expect(originalTemplate(changeable("depositPaid"), "id", place.zone)).toBe(
    "Saldo bertambah {amount} ✅\nSaldo sekarang: *{balance}*\nMulai belanja: {prefix}produk",
  )
})

test("a text is found however its name is typed", () => {
  for (const typed of ["goods.bought", "GOODS.BOUGHT", "goodsbought", "goods-bought", "Goods_Bought"])
    expect(findChangeable(typed)?.key).toBe("goods.bought")
  expect(findChangeable("goods")).toBeUndefined()
  expect(findChangeable("constructor")).toBeUndefined()
})
