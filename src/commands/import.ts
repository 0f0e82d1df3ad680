import { randomUUID } from "node:crypto"
import type { Gate } from "../gate/gate.ts"
import { readLines, readTextFile } from "../operations/read-file.ts"
import { importCatalog } from "../shop/import-catalog.ts"
import { importCustomers } from "../shop/import-customers.ts"
import type { LineProblem } from "../shop/import-fields.ts"
import { importStock } from "../shop/import-stock.ts"
import { CommandError, type CommandLine, type ExitCode, withShop } from "./command-line.ts"

const tableBytesMax = 10 * 1024 * 1024
const stockBytesMax = 256 * 1024 * 1024
/** In UTF-16 units; above what any acceptable unit has, blanks around it included. */
const stockLineUnitsMax = 4_000
const shownProblemsMax = 5_000
const togetherMax = 100

/** `lapak import catalog FILE.csv` */
export async function importCatalogCommand(line: CommandLine, path: string): Promise<ExitCode> {
  const text = await readTextFile(path, { bytesMax: tableBytesMax })
  return await withShop<ExitCode>(line, async ({ foundation, gate }) => {
    const outcome = await importCatalog(foundation.database, text)
    if (outcome.kind === "refused") return refuse(line, path, outcome.problems)
    await forgetProducts(gate, [...outcome.codes, ...outcome.retired])
    line.print(`${count(outcome.added, "product")} added, ${outcome.changed} changed.`)
    if (outcome.retired.length > 0) {
      line.print(`The demo's products are no longer on sale: ${outcome.retired.join(", ")}.`)
    }
    return 0
  })
}

/** `lapak import stock CODE FILE`; the units themselves are never printed. */
export async function importStockCommand(
  line: CommandLine,
  given: { code: string; path: string },
): Promise<ExitCode> {
  const code = given.code.trim().toUpperCase()
  const readFile = () => readLines(given.path, { bytesMax: stockBytesMax, unitsMax: stockLineUnitsMax })
  return await withShop<ExitCode>(line, async ({ foundation, gate }) => {
    const batch = randomUUID().slice(0, 8)
    const outcome = await importStock(foundation.database, foundation.vault, { code, readFile, batch })
    if (outcome.kind === "refused") return refuse(line, given.path, outcome.problems)
    if (outcome.kind === "unknown_product") {
      throw new CommandError(`There is no product ${code}. Add it first:\n  lapak import catalog FILE.csv`)
    }
    if (outcome.kind === "not_digital") {
      throw new CommandError(
        `${code} is a physical product: its stock is a number in the catalogue.\n  lapak import catalog FILE.csv`,
      )
    }
    await gate.forgetStock(code)
    const blank = outcome.blank > 0 ? `, ${count(outcome.blank, "blank line")} skipped` : ""
    const duplicates = count(outcome.duplicates, "duplicate")
    line.print(`${code}: ${count(outcome.added, "unit")} added, ${duplicates} skipped${blank}.`)
    return 0
  })
}

/** `lapak import customers FILE.csv` */
export async function importCustomersCommand(line: CommandLine, path: string): Promise<ExitCode> {
  const text = await readTextFile(path, { bytesMax: tableBytesMax })
  return await withShop<ExitCode>(line, async ({ foundation }) => {
    const outcome = await importCustomers(foundation.database, text)
    if (outcome.kind === "refused") return refuse(line, path, outcome.problems)
    for (const { line: place, number } of outcome.known) {
      line.print(`line ${place}: ${number} is a customer already and was left as it is`)
    }
    line.print(`${count(outcome.added, "customer")} added, ${outcome.known.length} known already.`)
    return 0
  })
}

function refuse(line: CommandLine, path: string, problems: readonly LineProblem[]): ExitCode {
  const shown = problems.slice(0, shownProblemsMax)
  const more = problems.length - shown.length
  const last = "Nothing was imported. Mend these lines and import the file again."
  line.complain(
    [
      `${path}: ${count(problems.length, "problem")}`,
      ...shown.map((problem) => `  line ${problem.line}: ${problem.reason}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
      last,
    ].join("\n"),
  )
  return 1
}

async function forgetProducts(gate: Gate, codes: readonly string[]): Promise<void> {
  for (let first = 0; first < codes.length; first += togetherMax) {
    const some = codes.slice(first, first + togetherMax)
    await gate.cache.forget(...some.map((code) => ({ kind: "product", code }) as const))
    await Promise.all(some.map((code) => gate.forgetStock(code)))
  }
  await gate.cache.forget({ kind: "products" })
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`
}
