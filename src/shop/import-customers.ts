import * as v from "valibot"
import type { Database } from "../database/connect.ts"
import { addCustomers, type NewCustomer } from "../database/users.ts"
import { readCsv } from "../operations/read-csv.ts"
import { inOrder, type LineProblem, reasonOf, textLine, wholeRupiah } from "./import-fields.ts"
import { readPhoneNumber } from "./phone-number.ts"

export type CustomersImport =
  | Readonly<{ kind: "refused"; problems: readonly LineProblem[] }>
  /** `known`: those who were customers before, left as they are. */
  | Readonly<{ kind: "imported"; added: number; known: ReadonlyArray<{ line: number; number: string }> }>

type CustomerRow = NewCustomer & Readonly<{ line: number }>

const columns = { required: ["number"], optional: ["name", "balance"] } as const

const rowsMax = 20_000

const rowSchema = v.object({
  number: v.pipe(
    v.string(),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      const read = readPhoneNumber(dataset.value)
      if ("number" in read) return read.number
      addIssue({ message: read.problem })
      return NEVER
    }),
  ),
  name: v.optional(textLine({ charactersMax: 100 }), ""),
  balance: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => (text.trim() === "" ? "0" : text)),
      wholeRupiah({ least: 0 }),
    ),
    "0",
  ),
})

/** Adds the customers of a CSV file with their opening balances, all or none. Idempotent. */
export async function importCustomers(database: Database, text: string): Promise<CustomersImport> {
  const { rows, problems } = readCustomers(text)
  if (problems.length > 0) return { kind: "refused", problems }
  const { added, known } = await addCustomers(database, rows)
  const numbers = new Set(known)
  return {
    kind: "imported",
    added,
    known: rows.filter(({ number }) => numbers.has(number)).map(({ line, number }) => ({ line, number })),
  }
}

/** The rows of the file, and every line that keeps it from being imported, in the order of the file. */
export function readCustomers(text: string): { rows: CustomerRow[]; problems: LineProblem[] } {
  const table = readCsv(text, columns, { rowsMax })
  const problems: LineProblem[] = [...table.problems]
  const rows: CustomerRow[] = []
  const lines = new Map<string, number>()
  for (const { line, cells } of table.rows) {
    const parsed = v.safeParse(rowSchema, cells)
    if (!parsed.success) {
      problems.push({ line, reason: reasonOf(parsed.issues) })
      continue
    }
    const earlier = lines.get(parsed.output.number)
    if (earlier !== undefined) {
      problems.push({ line, reason: `number is there twice, first on line ${earlier}` })
      continue
    }
    lines.set(parsed.output.number, line)
    rows.push({ line, ...parsed.output })
  }
  return { rows, problems: inOrder(problems) }
}
