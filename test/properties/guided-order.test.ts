import { expect, test } from "bun:test"
import fc from "fast-check"
import { afterRefusal, type RefusedPurchase } from "../../src/conversation/guided/after-refusal.ts"
import { basket, type Guided } from "../../src/conversation/guided/conversation.ts"
import type { Facts } from "../../src/conversation/guided/facts.ts"
import type { GuidedOrder, Move } from "../../src/conversation/guided/move.ts"
import { begin, proceed, repeat } from "../../src/conversation/guided/proceed.ts"
import { readAnswer } from "../../src/conversation/guided/read-answer.ts"
import { readWanted } from "../../src/conversation/guided/read-product.ts"
import { sayAsked } from "../../src/conversation/guided/say-guided.ts"
import { keepGuided, readGuided } from "../../src/conversation/guided/stored.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { factsOf, type MadeUpShop } from "../support/guided-facts.ts"

const texts = [textsFor("id"), textsFor("en")]
const codes = ["KOPI-1", "KOPI-2", "KAOS", "42", "SALDO"]

/** What a hole looks like is what nobody types here: the customer's own words are repeated to them. */
const holes = /undefined|NaN|null|Infinity|\[object|=>|[{}]|\n\n\n/
const unlikeHoles = (text: string) => text.replace(/undefined|NaN|null|Infinity|\[object|=>|[{}]/g, "x")

const shop: fc.Arbitrary<MadeUpShop> = fc.record({
  products: fc.uniqueArray(
    fc.record({
      code: fc.constantFrom(...codes, ...Array.from({ length: 30 }, (_, place) => `P-${place}`)),
      name: fc.constantFrom(
        "Kopi Susu",
        "Kopi Hitam",
        "Kaos",
        "Saldo Dana",
        "42",
        "*_`",
        "كتاب",
        "Teh 2 pak",
      ),
      kind: fc.constantFrom("digital" as const, "physical" as const),
      category: fc.constantFrom("", "Minuman"),
      price: fc.integer({ min: 1, max: 1_000_000 }),
      maxQuantity: fc.integer({ min: 1, max: 100 }),
      left: fc.integer({ min: 0, max: 200 }),
    }),
    { selector: ({ code }) => code, maxLength: 40 },
  ),
  balance: fc.integer({ min: 0, max: 3_000_000 }),
  discount: fc.integer({ min: 0, max: 20_000 }),
  isQrisOffered: fc.boolean(),
  ...{ remembered: fc.constantFrom({ recipient: "Budi", address: "Jl. Mawar 1, Solo" }) },
})

const anything = fc
  .oneof(
    fc.constantFrom("1", "2", "3", "９", "٣", "0", "12", "99999999999", "-1", "1,5", "dua", "2 buah"),
    fc.constantFrom("batal", "kembali", "lagi", "ya", "ubah", "saldo", "qris", "menu", "halo", "produk"),
    fc.constantFrom(
      "kopi",
      "kopi susu 2",
      "kpoi",
      "KAOS",
      "42",
      "saldo",
      "mau beli kaos",
      "beli",
      "yang itu",
    ),
    fc.constantFrom(".buy KOPI-1", ".saldo", ".batal", ".batal LPK-1", ".menu", ".2", ".", ".xyz", "/help"),
    fc.constantFrom("Budi", "Jl. Mawar 1\nBandung 40111", "ب", "\u202eidnaB", "😀", "", " ", "\u0000\u0007"),
    fc.string({ unit: "binary", maxLength: 700 }),
    fc.string({ maxLength: 40 }),
  )
  .map(unlikeHoles)

const refused = fc.oneof(
  fc.record({ kind: fc.constant("sold_out" as const), left: fc.integer({ min: 0, max: 200 }) }),
  fc.record({ kind: fc.constant("quantity_too_large" as const), limit: fc.integer({ min: 1, max: 99 }) }),
  fc.constant<RefusedPurchase>({ kind: "unknown_product" }),
  fc.constant<RefusedPurchase>({ kind: "price_changed" }),
  fc.constant<RefusedPurchase>({ kind: "other" }),
)
/** Mostly something that moves the order on, in a shop that mostly stays as it is: to reach every step. */
const round = fc.record({
  newShop: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: shop }),
  said: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anything }),
  choice: fc.constantFrom("1", "2"),
  outcome: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 4, arbitrary: refused }),
})
const start = fc.constantFrom<(Guided | undefined)[]>(
  undefined,
  { step: "recipient", orderCode: "LPK-1" },
  { step: "address", orderCode: "LPK-1", recipient: "Budi" },
)
const parts = { prefix: ".", role: "customer" } as const

/** Where a move leads; what it says is held to have no hole, and what is kept to come back as it was. */
function follow(move: Move): Guided | undefined {
  if (move.kind !== "asked") return undefined
  for (const say of texts) {
    const text = sayAsked(move, say)
    expect(text.trim()).not.toBe("")
    expect(text).not.toMatch(holes)
    expect(text.length).toBeLessThan(4_000)
    expect(text.isWellFormed()).toBe(true)
  }
  const stored = JSON.parse(JSON.stringify(keepGuided(move.conversation)))
  expect(readGuided(stored)).toEqual(JSON.parse(JSON.stringify(move.conversation)))
  return readGuided(stored)
}

type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never
type World = Readonly<{ conversation: Guided | undefined; shop: MadeUpShop }>

/** What somebody says who wants to get on. */
function fitting({ choice }: Round, step: Guided["step"] | undefined): string {
  if (step === undefined) return "beli"
  if (step === "recipient") return choice === "1" ? "Budi" : "1"
  if (step === "address") return choice === "1" ? "Jl. Mawar 1, Solo" : "1"
  if (step === "product") return choice === "1" ? "1" : "kopi"
  return step === "quantity" ? "1" : choice
}

/** One message, as the inbox has it answered. */
function talk({ conversation, shop: shopBefore }: World, round: Round): World {
  const shop = round.newShop ?? shopBefore
  const said = round.said ?? fitting(round, conversation?.step)
  const facts = factsOf(shop)
  if (!conversation) return { shop, conversation: follow(begin(readWanted(said, facts.products), facts)) }
  const answer = readAnswer(conversation, said, { products: facts.products, ...parts })
  if (answer.kind === "command") return { shop, conversation: follow(repeat(conversation, facts)) }
  reached.add(conversation.step)
  const move = proceed(conversation, answer, facts)
  if (move.kind !== "place") return { shop, conversation: follow(move) }
  isAsAgreed(move.order, conversation)
  reached.add(round.outcome?.kind ?? "sold")
  return {
    shop,
    conversation: round.outcome && follow(afterRefusal(basket(move.order), round.outcome, facts)),
  }
}

/** Nothing is bought but what the summary showed: product, quantity, address and total. */
function isAsAgreed(order: GuidedOrder, conversation: Guided): void {
  if (conversation.step !== "summary" && conversation.step !== "method")
    throw new Error("something was bought that was not agreed to")
  expect(order).toMatchObject({ ...basket(conversation), expectedTotal: conversation.total })
  expect(order.quantity).toBeWithin(1, 101)
  expect(order.expectedTotal).toBeGreaterThan(0)
}

/** What came about in all the runs, so that a test that reaches nothing does not pass. */
const reached = new Set<string>()

const goodShop = factsOf({
  products: [{ code: "KOPI-1", name: "Kopi", kind: "physical", left: 9 }],
  balance: 1_000_000,
})

/** Good answers to a shop that has everything; returns what they lead to. */
function finish(conversation: Guided, facts: Facts): Move["kind"] {
  let open: Guided | undefined = conversation
  for (let message = 0; message < 12 && open; message += 1) {
    const answers = { recipient: "Budi", address: "Jl. Mawar 1" }
    const said = open.step === "recipient" || open.step === "address" ? answers[open.step] : "1"
    const answer = readAnswer(open, said, { products: facts.products, ...parts })
    if (answer.kind === "command") throw new Error("an answer was taken for a command")
    const move = proceed(open, answer, facts)
    if (move.kind !== "asked") return move.kind
    open = follow(move)
  }
  return "asked"
}

test("whatever is said, and whatever the shop has become, each message is answered and nobody is stuck", () => {
  fc.assert(
    fc.property(
      start,
      shop,
      fc.array(round, { minLength: 6, maxLength: 16, size: "max" }),
      (first, firstShop, rounds) => {
        let world: World = { conversation: first, shop: firstShop }
        for (const round of rounds) {
          world = talk(world, round)
          const { conversation, shop } = world
          if (!conversation) continue
          const { products } = factsOf(shop)
          for (const word of ["batal", "cancel", "Batal kak", "ｂａｔａｌ"])
            expect(readAnswer(conversation, word, { products, ...parts })).toEqual({ kind: "leave" })
          expect(proceed(conversation, { kind: "leave" }, factsOf(shop))).toMatchObject({ kind: "left" })
          expect(finish(conversation, goodShop)).toBe("orderCode" in conversation ? "deliver_to" : "place")
        }
      },
    ),
    { numRuns: 400 },
  )
  const steps = ["product", "pick", "quantity", "recipient", "address", "summary", "method"]
  const outcomes = ["sold", "sold_out", "quantity_too_large", "unknown_product", "price_changed", "other"]
  expect([...steps, ...outcomes].filter((name) => !reached.has(name))).toEqual([])
})

test("going back from anywhere ends at the menu", () => {
  fc.assert(
    fc.property(shop, fc.array(round, { minLength: 1, maxLength: 12 }), (firstShop, rounds) => {
      let world: World = { conversation: undefined, shop: firstShop }
      for (const round of rounds) world = talk(world, round)
      let { conversation } = world
      for (let steps = 0; conversation && steps < 8; steps += 1) {
        const move = proceed(conversation, { kind: "back" }, factsOf(world.shop))
        conversation = follow(move)
        if (!conversation) expect(["menu", "nothing_on_sale"]).toContain(move.kind)
      }
      expect(conversation).toBeUndefined()
    }),
    { numRuns: 200 },
  )
})

test("whatever stands in the database, it is a question of ours or nothing", () => {
  const step = fc.constantFrom(
    "product",
    "pick",
    "quantity",
    "recipient",
    "address",
    "summary",
    "method",
    "x",
  )
  fc.assert(
    fc.property(step, fc.jsonValue(), shop, (step, data, shop) => {
      const conversation = readGuided({ step, data })
      if (conversation) follow(repeat(conversation, factsOf(shop)))
    }),
  )
  expect(readGuided(null)).toBeUndefined()
  expect(readGuided({ step: "confirm", data: { line: ".refund" } })).toBeUndefined()
  expect(readGuided({ step: "summary", data: { productCode: "KOPI", quantity: 1 } })).toBeUndefined()
})
