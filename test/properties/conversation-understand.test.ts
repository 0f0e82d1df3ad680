import { expect, test } from "bun:test"
import fc from "fast-check"
import { understand } from "../../src/conversation/understand.ts"

const command = fc.constantFrom(
  ...".menu .produk .detail .buy .saldo .deposit .status .riwayat .kirim .batal .bahasa .refund .tinjau beli / .".split(
    " ",
  ),
)
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 600 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 600 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom("'; drop table users; --", "*1\r\n$8\r\nFLUSHALL\r\n", "\\u0000", "%s%n"),
)
const message = fc.oneof(
  anyText,
  fc.tuple(command, anyText).map((words) => words.join(" ")),
  fc.tuple(command, fc.string(), fc.string()).map((words) => words.join(" ")),
)

test("any string whatever is understood as something, and what comes out is well-formed and in range", () => {
  fc.assert(
    fc.property(
      message,
      fc.constantFrom(".", "#", "/", ""),
      fc.constantFrom("customer", "reseller", "admin", "owner"),
      (text, prefix, role) => {
        const intent = understand(text, prefix, { role })
        expect(JSON.stringify(intent).isWellFormed()).toBe(true)
        if ("code" in intent) expect(intent.code).toMatch(/^[A-Z0-9][A-Z0-9._-]{0,31}$/)
        if ("orderCode" in intent) expect(intent.orderCode).toMatch(/^[A-Z0-9][A-Z0-9._-]{0,31}$/)
        if ("page" in intent) expect(intent.page >= 1 && intent.page <= 999).toBe(true)
        if (intent.kind === "catalogue" && intent.category !== undefined) {
          expect(intent.category.length).toBeLessThanOrEqual(60)
          expect(intent.category).not.toMatch(/\p{Cc}/u)
          expect(intent.category.isWellFormed()).toBe(true)
        }
        if (intent.kind === "buy")
          expect(Number.isInteger(intent.quantity) && intent.quantity >= 1 && intent.quantity <= 100).toBe(
            true,
          )
        if (intent.kind === "deposit") expect(Number.isSafeInteger(intent.amount)).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

test("letter case, extra spaces and the accepted prefixes change nothing", () => {
  const words = fc.constantFrom(
    "buy KOPI 2 saldo",
    "produk akun 2",
    "deposit 50rb",
    "status AB1",
    "bahasa en",
  )
  fc.assert(
    fc.property(
      words,
      fc.constantFrom(".", "/", "!"),
      fc.nat(3),
      fc.boolean(),
      (text, mark, spaces, upper) => {
        const spaced = text.split(" ").join(" ".repeat(spaces + 1))
        const cased = upper && !text.startsWith("produk") ? spaced.toUpperCase() : spaced
        expect(understand(`${mark}${cased}${" ".repeat(spaces)}`)).toEqual(understand(`.${text}`))
      },
    ),
  )
})

test("a whole quantity from 1 to 100 is bought as it is, and any other number never is", () => {
  fc.assert(
    fc.property(fc.integer(), (quantity) => {
      const intent = understand(`.buy KOPI ${quantity}`)
      if (quantity >= 1 && quantity <= 100) expect(intent).toEqual({ kind: "buy", code: "KOPI", quantity })
      else expect(intent.kind).toBe("invalid")
    }),
  )
})
