import { CsvError, parse } from "csv-parse/sync"

/** One row of a table: its cells by column, and the line of the file it begins on. */
export type CsvRow = Readonly<{ line: number; cells: Readonly<Record<string, string>> }>

export type CsvProblem = Readonly<{ line: number; reason: string }>

export type CsvTable = Readonly<{ rows: readonly CsvRow[]; problems: readonly CsvProblem[] }>

export type CsvColumns = Readonly<{ required: readonly string[]; optional: readonly string[] }>

type Entry = Readonly<{ line: number; cells: readonly string[] }>

/**
 * Reads a table with a header, as spreadsheets write it: separated by commas, semicolons or tabs, the columns
 * in any order, blank rows left out. A column that is not there is no cell; a row that ends early has empty
 * ones.
 */
export function readCsv(text: string, columns: CsvColumns, { rowsMax }: { rowsMax: number }): CsvTable {
  const unified = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n")
  const { records, problems } = readRecords(unified, rowsMax)
  const [header, ...rest] = records
  if (!header) {
    return { rows: [], problems: problems.length > 0 ? problems : [{ line: 1, reason: "the file is empty" }] }
  }
  const names = header.cells.map((cell) => cell.trim().toLowerCase())
  const wrong = headerProblem(names, columns)
  if (wrong !== undefined) return { rows: [], problems: [{ line: header.line, reason: wrong }] }
  if (rest.length > rowsMax) {
    const reason = `the file has more than ${rowsMax} rows: split it into several files`
    return { rows: [], problems: [{ line: header.line, reason }] }
  }
  const rows: CsvRow[] = []
  for (const { line, cells } of rest) {
    if (cells.slice(names.length).some((cell) => cell.trim() !== "")) {
      const reason = `has ${cells.length} cells, the header ${names.length}: put quotes around a text with a separator in it`
      problems.push({ line, reason })
    } else {
      rows.push({ line, cells: Object.fromEntries(names.map((name, place) => [name, cells[place] ?? ""])) })
    }
  }
  if (rest.length === 0 && problems.length === 0) {
    problems.push({ line: header.line, reason: "there is no row below the header" })
  }
  return { rows, problems }
}

function readRecords(text: string, rowsMax: number): { records: Entry[]; problems: CsvProblem[] } {
  const records: Entry[] = []
  const problems: CsvProblem[] = []
  let endedAt = 0
  try {
    parse(text, {
      delimiter: separatorOf(text),
      record_delimiter: "\n",
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: rowsMax + 2,
      on_record: (cells: string[], { lines }) => {
        const linesInside = cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0)
        endedAt = lines
        if (cells.some((cell) => cell.trim() !== "")) records.push({ line: lines - linesInside, cells })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    problems.push({ line: endedAt + 1, reason: unreadable(error.code) })
  }
  return { records, problems }
}

function unreadable(code: string): string {
  if (code === "CSV_QUOTE_NOT_CLOSED") return "from here on a quoted text is not closed"
  return "from here on the file is not readable as CSV"
}

/** The header names no column with a separator in it, so the most frequent one is the one meant. */
function separatorOf(text: string): string {
  const header = text.slice(0, 1_000).trimStart().split("\n", 1)[0] ?? ""
  const count = (separator: string) => header.split(separator).length
  return [",", ";", "\t"].reduce((best, separator) => (count(separator) > count(best) ? separator : best))
}

function headerProblem(names: readonly string[], { required, optional }: CsvColumns): string | undefined {
  const known = [...required, ...optional]
  const wanted = `the header must be ${known.join(",")}`
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) return `${wanted}: there is no column ${missing.join(", ")}`
  const named = names.filter((name) => name !== "")
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length > 0) return `${wanted}: the column ${unknown.join(", ").slice(0, 100)} is not known`
  if (new Set(named).size < named.length) return `${wanted}: a column is there twice`
  return undefined
}
