import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { understand } from "../../src/conversation/understand.ts"
import { openVault } from "../../src/operations/vault.ts"
import { addPastedUnits } from "../../src/shop/add-pasted-units.ts"
import { unitContext } from "../../src/shop/add-stock.ts"
import { newProduct, openTables, type TestTables } from "../support/selling.ts"

const vault = openVault("5e".repeat(32))
let tables: TestTables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

const line = fc.oneof(
  fc.constantFrom("", " ", "A", " A ", "A\tB", ".stok X", "1", "ya", "\u200b", "é", "e\u0301"),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.integer({ min: 495, max: 505 }).map((length) => "👍".repeat(length)),
)
const pasted = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"))

/** What a seller sees on the list: each line without the spaces around it, once, unless it is no unit. */
function listed(text: string): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .filter((one) => ![...one].some((letter) => letter !== "\t" && isControl(letter)))
  return [...new Set(lines.map((one) => one.trim()))].filter((one) => one !== "" && [...one].length <= 500)
}

function isControl(letter: string): boolean {
  const point = letter.codePointAt(0) ?? 0
  return point < 32 || (point >= 127 && point < 160)
}

async function unitsOf(code: string): Promise<string[]> {
  const rows = await tables.sql<{ payload: Uint8Array }[]>`
    select payload from stock_units join products on products.id = product_id
     where code = ${code} order by stock_units.id
  `
  return rows.map(({ payload }) => vault.open(payload, unitContext))
}

async function paste(code: string, text: string) {
  const intent = understand(`.stok ${code}\n${text}`, ".", { role: "owner" })
  if (intent.kind !== "desk" || intent.asked.kind !== "add_units")
    throw new Error(`understood as ${intent.kind}`)
  const { lines } = intent.asked
  const given = { code, lines, batch: "test", actor: "test" }
  return await tables.sql.begin((statements) => addPastedUnits(statements, vault, given))
}

test("any pasted text adds exactly its distinct valid lines, and a second time none", async () => {
  await fc.assert(
    fc.asyncProperty(pasted, async ([lines, end]) => {
      const text = lines.join(end)
      const expected = listed(text.toWellFormed())
      const code = await newProduct(tables, { units: 0 })
      const outcome = await paste(code, text)
      expect(await unitsOf(code)).toEqual(expected)
      if (outcome.kind === "added") {
        expect(outcome).toMatchObject({ added: expected.length, known: 0, free: expected.length })
        const { repeated, refused, free } = outcome
        const again = { added: 0, known: expected.length, repeated, refused, free }
        expect(await paste(code, text)).toMatchObject(again)
        expect(await unitsOf(code)).toHaveLength(expected.length)
      } else expect([outcome.kind, expected]).toEqual(["no_units", []])
    }),
    { numRuns: 60 },
  )
})
