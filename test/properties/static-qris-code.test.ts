import { expect, test } from "bun:test"
import fc from "fast-check"
import { readStaticCode, writeDynamicCode } from "../../src/payments/static-qris/merchant-code.ts"
import { field, fieldsOf, staticCode, withChecksum } from "../support/static-code.ts"

const character = fc.constantFrom(..."ABCXYZ abcxyz0123456789.*-/")
const value = fc.string({ unit: character, minLength: 1, maxLength: 25 })
/** A template: fields within a field, that look like those outside. */
const template = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 99 }), value), { minLength: 1, maxLength: 3 })
  .map((nested) => nested.map(([tag, content]) => field(String(tag).padStart(2, "0"), content)).join(""))
  .filter((text) => text.length <= 99)
const foreignName = fc.constantFrom("最佳运输", "Kedai é", "ร้าน")

/** Any well-formed static code for rupiah. */
const anyCode = fc
  .record({
    initiation: fc.constantFrom("11", undefined),
    amount: fc.option(fc.constantFrom("5000", "1"), { nil: undefined }),
    tip: fc.option(fc.constantFrom("01", "02", "03"), { nil: undefined }),
    accounts: fc.array(fc.tuple(fc.integer({ min: 2, max: 51 }), template), { minLength: 1, maxLength: 3 }),
    name: value,
    more: fc.option(template, { nil: undefined }),
    foreign: fc.option(foreignName, { nil: undefined }),
  })
  .map(({ initiation, amount, tip, accounts, name, more, foreign }) =>
    staticCode({
      ...Object.fromEntries(accounts.map(([tag, nested]) => [String(tag).padStart(2, "0"), nested])),
      "01": initiation,
      "54": amount,
      "55": tip,
      "56": tip === "02" ? "500" : undefined,
      "57": tip === "03" ? "5" : undefined,
      "59": name,
      "62": more,
      "64": foreign && field("00", "ZH") + field("01", foreign),
    }),
  )
const amount = fc.integer({ min: 1, max: 10_000_000 })

function read(text: string) {
  const reading = readStaticCode(text)
  if (reading.kind !== "read") throw new Error(reading.reason)
  return reading.code
}

test("any static code becomes one for exactly one amount, whose other fields are untouched and in order", () => {
  fc.assert(
    fc.property(anyCode, amount, (text, rupiah) => {
      const dynamic = writeDynamicCode(read(text), rupiah)
      const expected = new Map(fieldsOf(text))
      for (const tag of ["55", "56", "57", "63"]) expected.delete(tag)
      expected.set("01", "12").set("54", String(rupiah))
      const found = new Map(fieldsOf(dynamic))
      found.delete("63")
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
      const order = [...fieldsOf(dynamic).keys()]
      expect(order).toEqual([...order.filter((tag) => tag !== "63").toSorted(), "63"])
      const body = dynamic.slice(0, -8)
      expect(withChecksum(body)).toBe(dynamic)
    }),
  )
})

test("a code that is asked for an amount twice has the second one only", () => {
  fc.assert(
    fc.property(anyCode, amount, amount, (text, first, second) => {
      const fields = [...fieldsOf(writeDynamicCode(read(text), first))].filter(([tag]) => tag !== "63")
      const printed = fields.map(([tag, content]) => field(tag, tag === "01" ? "11" : content)).join("")
      expect(writeDynamicCode(read(withChecksum(printed)), second)).toBe(writeDynamicCode(read(text), second))
    }),
  )
})

test("a code with one character flipped is refused", () => {
  const flip = fc.record({ code: anyCode, place: fc.nat(), other: character })
  fc.assert(
    fc.property(flip, ({ code, place, other }) => {
      const characters = [...code]
      const index = place % characters.length
      fc.pre(characters[index] !== other)
      characters[index] = other
      expect(readStaticCode(characters.join("")).kind).toBe("refused")
    }),
    { numRuns: 1_000 },
  )
})

test("no text at all makes reading throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readStaticCode(text)))
  fc.assert(fc.property(fc.string(), (text) => void readStaticCode(withChecksum(text))))
})
