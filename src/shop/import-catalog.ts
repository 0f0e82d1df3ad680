import * as v from "valibot"
import type { Database } from "../database/connect.ts"
import {
  type ImportedProducts,
  importProducts,
  otherKinds,
  type ProductRow,
} from "../database/import-products.ts"
import { warrantyDaysMax } from "../database/warranty.ts"
import { readCsv } from "../operations/read-csv.ts"
import { inOrder, type LineProblem, reasonOf, textBlock, textLine, wholeRupiah } from "./import-fields.ts"

export type CatalogImport =
  | Readonly<{ kind: "refused"; problems: readonly LineProblem[] }>
  | (Extract<ImportedProducts, { kind: "imported" }> & Readonly<{ codes: readonly string[] }>)

type CatalogRow = ProductRow & Readonly<{ line: number }>

const columns = {
  required: ["code", "name", "price", "kind"],
  optional: ["category", "description", "stock", "warranty_days"],
} as const

const rowsMax = 5_000
const stockMax = 1_000_000

/** Empty is undefined. */
const countUpTo = (most: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.regex(/^[0-9]*$/, "must be a whole number of 0 or more, or empty"),
    v.transform((text) => (text === "" ? undefined : Number(text))),
    v.optional(v.pipe(v.number(), v.maxValue(most, `must be at most ${most}`))),
  )

const rowSchema = v.pipe(
  v.object({
    code: v.pipe(
      v.string(),
      v.trim(),
      v.toUpperCase(),
      v.regex(
        /^[A-Z0-9][A-Z0-9._-]{0,31}$/,
        "must be 1 to 32 letters, digits, dots, hyphens or underscores, the first a letter or digit",
      ),
    ),
    name: v.pipe(textLine({ charactersMax: 200 }), v.nonEmpty("is missing")),
    price: wholeRupiah({ least: 1 }),
    kind: v.pipe(
      v.string(),
      v.trim(),
      v.toLowerCase(),
      v.picklist(["digital", "physical"], "must be digital or physical"),
    ),
    category: v.optional(textLine({ charactersMax: 60 })),
    description: v.optional(textBlock({ charactersMax: 2_000 })),
    stock: v.optional(countUpTo(stockMax)),
    warranty_days: v.optional(countUpTo(warrantyDaysMax)),
  }),
  v.forward(
    v.check(
      ({ kind, stock }) => kind === "physical" || !stock,
      "must be empty for a digital product: its units come by  lapak import stock CODE FILE",
    ),
    ["stock"],
  ),
  v.forward(
    v.check(
      ({ kind, warranty_days }) => kind === "digital" || !warranty_days,
      "must be empty or 0 for a physical product: somebody has to look at those",
    ),
    ["warranty_days"],
  ),
)

/**
 * Puts the products of a CSV file on sale, new ones and known ones, all or none. What a file leaves out (an
 * absent column, an empty stock or empty warranty days) stays as it is. Idempotent. The caller tells the gate
 * to forget the products.
 */
export async function importCatalog(database: Database, text: string): Promise<CatalogImport> {
  const { rows, problems } = readCatalog(text)
  if (problems.length > 0) {
    const conflicts = conflictsOf(rows, await otherKinds(database, rows))
    return { kind: "refused", problems: inOrder([...problems, ...conflicts]) }
  }
  const outcome = await importProducts(database, rows)
  if (outcome.kind === "imported") return { ...outcome, codes: rows.map(({ code }) => code) }
  return { kind: "refused", problems: conflictsOf(rows, outcome.kinds) }
}

function conflictsOf(
  rows: readonly CatalogRow[],
  kinds: ReadonlyMap<string, ProductRow["kind"]>,
): LineProblem[] {
  return rows.flatMap(({ line, code }) => {
    const kind = kinds.get(code)
    if (kind === undefined) return []
    return [{ line, reason: `kind of ${code} is ${kind} and cannot change: use another code` }]
  })
}

/** The rows of a catalogue, and every line that keeps it from being imported, in the order of the file. */
export function readCatalog(text: string): { rows: CatalogRow[]; problems: LineProblem[] } {
  const table = readCsv(text, columns, { rowsMax })
  const problems: LineProblem[] = [...table.problems]
  const rows: CatalogRow[] = []
  const lines = new Map<string, number>()
  for (const { line, cells } of table.rows) {
    const parsed = v.safeParse(rowSchema, cells)
    if (!parsed.success) {
      problems.push({ line, reason: reasonOf(parsed.issues) })
      continue
    }
    const { category, description, stock, warranty_days, ...product } = parsed.output
    const earlier = lines.get(product.code)
    if (earlier !== undefined) {
      problems.push({ line, reason: `code ${product.code} is there twice, first on line ${earlier}` })
      continue
    }
    lines.set(product.code, line)
    rows.push({
      line,
      ...product,
      category: category ?? null,
      description: description ?? null,
      stock: stock ?? null,
      warrantyDays: warranty_days ?? null,
    })
  }
  return { rows, problems: inOrder(problems) }
}
