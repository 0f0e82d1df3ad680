import { describe, expect, test } from "bun:test"
import { afterRefusal } from "../../src/conversation/guided/after-refusal.ts"
import type { Basket, Guided } from "../../src/conversation/guided/conversation.ts"
import type { Asked, Move } from "../../src/conversation/guided/move.ts"
import { begin, proceed, repeat } from "../../src/conversation/guided/proceed.ts"
import { readAnswer } from "../../src/conversation/guided/read-answer.ts"
import { rupiah } from "../../src/shop/money.ts"
import { factsOf, type MadeUpShop } from "../support/guided-facts.ts"

const shop: MadeUpShop = {
  products: [
    { code: "KOPI", name: "Kopi", price: 10_000, left: 5, maxQuantity: 4 },
    { code: "KAOS", name: "Kaos", price: 20_000, kind: "physical", left: 2 },
    { code: "TEH", name: "Teh", left: 0 },
  ],
  balance: 1_000_000,
}
const home = { recipient: "Budi", address: "Jl. Mawar 1, Solo" }

function asked(move: Move): Asked {
  if (move.kind !== "asked") throw new Error(`nothing was asked: ${move.kind}`)
  return move
}

/** Says these one after another to a shop that stays as it is. */
function talk(from: Guided | undefined, texts: readonly string[], given: MadeUpShop = shop): Move {
  const facts = factsOf(given)
  let move: Move = from ? repeat(from, facts) : begin(undefined, facts)
  for (const text of texts) {
    const { conversation } = asked(move)
    const answer = readAnswer(conversation, text, { products: facts.products, prefix: ".", role: "customer" })
    if (answer.kind === "command") throw new Error(`a command: ${text}`)
    move = proceed(conversation, answer, facts)
  }
  return move
}

const kinds = (move: Move): readonly (string | undefined)[] => [
  asked(move).question.kind,
  asked(move).reason?.kind,
]

test("a digital product takes a product, a number and a yes", () => {
  const move = talk(undefined, ["kopi", "2", "1", "1"])
  expect(move).toEqual({
    kind: "place",
    order: {
      productCode: "KOPI",
      quantity: 2,
      method: "saldo",
      isOnlyWay: false,
      delivery: undefined,
      expectedTotal: rupiah(20_000),
    },
  })
})

test("a way to pay that is named at the summary is a yes where there are two, and asked again where not", () => {
  expect(talk(undefined, ["kopi", "2", "qris"])).toMatchObject({
    kind: "place",
    order: { method: "qris", isOnlyWay: false, expectedTotal: rupiah(20_000) },
  })
  for (const only of [{ balance: 0 }, { isQrisOffered: false }, { balance: 0, isQrisOffered: false }])
    for (const word of ["saldo", "qris"])
      expect(kinds(talk(undefined, ["kopi", "2", word], { ...shop, ...only }))).toEqual([
        "summary",
        "way_not_chosen",
      ])
})

test("a no at the summary changes the order, and throws nothing away", () => {
  expect(kinds(talk(undefined, ["kopi", "2", "tidak"]))).toEqual(["quantity", undefined])
})

test("a yes to where it goes takes what is offered, and is nobody's name where nothing is", () => {
  expect(kinds(talk(undefined, ["kaos", "1", "ya"], { ...shop, remembered: home }))).toEqual([
    "summary",
    undefined,
  ])
  expect(kinds(talk(undefined, ["kaos", "1", "oke"]))).toEqual(["recipient", "recipient_invalid"])
})

test("a physical one also takes a name and an address", () => {
  const move = talk(undefined, ["2", "1", "Budi", "Jl. Mawar 1, Solo", "ya", "qris"])
  expect(move).toMatchObject({
    kind: "place",
    order: { productCode: "KAOS", quantity: 1, method: "qris", isOnlyWay: false, delivery: home },
  })
})

test("where the last goods went is offered as 1, whole or only the address", () => {
  const known = { ...shop, remembered: home }
  const question = asked(talk(undefined, ["KAOS", "1"], known)).question
  expect(question).toMatchObject({ kind: "recipient", remembered: home })
  expect(asked(talk(undefined, ["KAOS", "1", "1"], known)).conversation).toMatchObject({
    step: "summary",
    delivery: home,
  })
  expect(asked(talk(undefined, ["KAOS", "1", "Ani", "1"], known)).conversation).toMatchObject({
    step: "summary",
    delivery: { recipient: "Ani", address: home.address },
  })
  expect(kinds(talk(undefined, ["KAOS", "1", "1"]))).toEqual(["recipient", "recipient_invalid"])
})

test("what was said before is offered again after a change", () => {
  const move = talk(undefined, ["KAOS", "1", "Budi", "Jl. Mawar 1, Solo", "ubah", "2"])
  expect(asked(move).question).toMatchObject({ kind: "recipient", remembered: home })
})

test("one way back from each step to the one before, and from the first to the menu", () => {
  const there = ["KAOS", "1", "Budi", "Jl. Mawar 1, Solo", "ya"]
  const steps = ["method", "summary", "address", "recipient", "quantity", "product"]
  for (const [back, step] of steps.entries()) {
    const move = talk(undefined, [...there, ...Array.from({ length: back }, () => "kembali")])
    expect(asked(move).conversation.step).toBe(step as Guided["step"])
  }
  expect(talk(undefined, ["0"])).toEqual({ kind: "menu" })
  expect(kinds(talk(undefined, ["kopi", "2", "0"]))).toEqual(["quantity", undefined])
})

describe("an answer that is none gets the question again, and why", () => {
  const cases: Record<string, readonly [texts: readonly string[], question: string, reason: string]> = {
    "a product nobody knows": [["nasi"], "product", "product_not_known"],
    "a number that is not there": [["9"], "product", "number_not_shown"],
    "a sold-out product": [["teh"], "product", "product_sold_out"],
    "no number": [["kopi", "banyak"], "quantity", "quantity_invalid"],
    "more than one may buy": [["kopi", "5"], "quantity", "quantity_invalid"],
    "more than there are": [["kaos", "3"], "quantity", "only_left"],
    "a quantity in the first breath": [["kaos 3"], "quantity", "only_left"],
    "a name of one letter": [["kaos", "1", "B"], "recipient", "recipient_invalid"],
    "an address of four": [["kaos", "1", "Budi", "Solo"], "address", "address_invalid"],
    "no yes": [["kopi", "1", "hm"], "summary", "not_a_choice"],
    "no method": [["kopi", "1", "ya", "gopay"], "method", "not_a_choice"],
    "501 characters": [["kopi", "a".repeat(501)], "quantity", "too_long"],
    "an emoji": [["kopi", "1", "👍"], "summary", "unreadable"],
  }
  for (const [name, [texts, question, reason]] of Object.entries(cases))
    test(name, () => expect(kinds(talk(undefined, texts))).toEqual([question, reason]))
})

test("where there is one way to pay it is said, and not asked", () => {
  const way = (given: Partial<MadeUpShop>) => {
    const { question } = asked(talk(undefined, ["kopi", "1"], { ...shop, ...given }))
    return question.kind === "summary" ? [question.way, question.missing] : question.kind
  }
  expect(way({})).toEqual(["choose", rupiah(0)])
  expect(way({ isQrisOffered: false })).toEqual(["saldo", rupiah(0)])
  expect(way({ balance: 4_000 })).toEqual(["qris", rupiah(6_000)])
  expect(way({ balance: 4_000, isQrisOffered: false })).toEqual(["none", rupiah(6_000)])
  const only = talk(undefined, ["kopi", "1", "ya"], { ...shop, balance: 0 })
  expect(only).toMatchObject({ kind: "place", order: { method: "qris" } })
  const none = talk(undefined, ["kopi", "1", "ya"], { ...shop, balance: 0, isQrisOffered: false })
  expect(asked(none).question).toMatchObject({ kind: "summary", way: "none" })
})

test("a discount is in the summary and in what is agreed to", () => {
  const cheaper = { ...shop, discount: 3_000 }
  expect(asked(talk(undefined, ["kopi", "1"], cheaper)).question).toMatchObject({
    price: rupiah(10_000),
    discount: rupiah(3_000),
    total: rupiah(7_000),
  })
  expect(talk(undefined, ["kopi", "1", "ya", "1"], cheaper)).toMatchObject({
    order: { expectedTotal: rupiah(7_000) },
  })
})

test("what changed in the shop meanwhile is said with the question it leads to", () => {
  const { conversation } = asked(talk(undefined, ["kopi", "3"]))
  const kopi = { code: "KOPI", name: "Kopi", price: 10_000 }
  const now = (change: Partial<MadeUpShop>) => repeatIn(conversation, { ...shop, ...change })
  expect(kinds(now({ products: [{ ...kopi, price: 12_000 }] }))).toEqual(["summary", "price_changed"])
  expect(kinds(now({ products: [{ ...kopi, left: 2 }] }))).toEqual(["quantity", "only_left"])
  expect(kinds(now({ products: [{ ...kopi, left: 0 }] }))).toEqual(["product", "product_sold_out"])
  expect(kinds(now({ products: [{ code: "TEH" }] }))).toEqual(["product", "product_gone"])
  expect(kinds(now({ balance: 0 }))).toEqual(["summary", "way_changed"])
  expect(now({ products: [] })).toEqual({ kind: "nothing_on_sale" })
  const dearer = factsOf({ ...shop, products: [{ ...kopi, price: 12_000 }] })
  expect(kinds(proceed(conversation, { kind: "yes" }, dearer))).toEqual(["summary", "price_changed"])
})

function repeatIn(conversation: Guided, given: MadeUpShop): Move {
  return repeat(conversation, factsOf(given))
}

describe("a purchase that was refused asks where the answer has to be another one", () => {
  const basket: Basket = { productCode: "KAOS", quantity: 2, delivery: home }
  const facts = factsOf(shop)
  const after = (refused: Parameters<typeof afterRefusal>[1]) => afterRefusal(basket, refused, facts)
  test("fewer left: how many", () =>
    expect(asked(after({ kind: "sold_out", left: 1 }))).toMatchObject({
      conversation: { step: "quantity", productCode: "KAOS", delivery: home },
      reason: { kind: "only_left", left: 1 },
    }))
  test("none left, whatever the counter says: which", () =>
    expect(kinds(after({ kind: "sold_out", left: 0 }))).toEqual(["product", "product_sold_out"]))
  test("no longer sold: which, and it is not in the list", () => {
    const { question, reason } = asked(after({ kind: "unknown_product" }))
    expect(reason).toEqual({ kind: "product_gone" })
    if (question.kind !== "product") throw new Error("a product was to be asked for")
    expect(question.products.map(({ code }) => code)).toEqual(["KOPI", "TEH"])
  })
  test("more than one may buy: how many", () =>
    expect(asked(after({ kind: "quantity_too_large", limit: 1 })).reason).toEqual({
      kind: "quantity_invalid",
      max: 1,
    }))
  test("another price: the summary with it", () =>
    expect(kinds(after({ kind: "price_changed" }))).toEqual(["summary", "price_changed"]))
  test("anything else: the summary once more", () =>
    expect(kinds(after({ kind: "other" }))).toEqual(["summary", undefined]))
})

test("a long catalogue is paged, its numbers go on, and the last page leads to the first", () => {
  const many = Array.from({ length: 20 }, (_, place) => ({ code: `P-${place + 1}` }))
  const catalogue = { products: many }
  const numbers = (move: Move) => {
    const { question } = asked(move)
    if (question.kind !== "product") throw new Error("a product was to be asked for")
    return [question.products.map(({ number }) => number), question.hasMore]
  }
  expect(numbers(talk(undefined, [], catalogue))).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9], true])
  expect(numbers(talk(undefined, ["lagi"], catalogue))).toEqual([[10, 11, 12, 13, 14, 15, 16, 17, 18], true])
  expect(numbers(talk(undefined, ["lagi", "more"], catalogue))).toEqual([[19, 20], false])
  expect(numbers(talk(undefined, ["lagi", "lagi", "lagi"], catalogue))).toEqual(
    numbers(talk(undefined, [], catalogue)),
  )
  const chosen = (...texts: string[]) => asked(talk(undefined, texts, catalogue)).conversation
  expect(chosen("lagi", "3")).toEqual({ step: "quantity", productCode: "P-3" })
  expect(chosen("lagi", "lagi", "20")).toEqual({ step: "quantity", productCode: "P-20" })
})

test("the address of an order that exists leads to nothing but its address, and leaving leaves the order", () => {
  const order: Guided = { step: "recipient", orderCode: "LPK-1" }
  expect(talk(order, ["Budi", "Jl. Mawar 1, Solo"])).toEqual({
    kind: "deliver_to",
    orderCode: "LPK-1",
    delivery: home,
  })
  expect(talk(order, ["1"], { ...shop, remembered: home })).toMatchObject({ delivery: home })
  expect(talk(order, ["Budi", "batal"])).toEqual({ kind: "left", orderCode: "LPK-1" })
  expect(talk(order, ["kembali"])).toEqual({ kind: "left", orderCode: "LPK-1" })
})
