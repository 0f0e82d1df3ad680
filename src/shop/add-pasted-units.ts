import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import { type DeskProduct, findDeskProduct, holdDeskProduct } from "../database/desk-products.ts"
import { findStockLevel, type StockLevel } from "../database/desk-stock.ts"
import { insertUnits } from "../database/stock.ts"
import type { Vault } from "../operations/vault.ts"
import { sealUnit } from "./add-stock.ts"
import { type UnknownProduct, unknownProduct } from "./manage-product.ts"
import { readUnitLine, type UnitProblem } from "./unit-lines.ts"

/** What a seller sends in one message, or in one file. */
export const pastedLinesMax = 1_000

/** A line that was not taken, counted from 1. What stands in it is not said: it may be goods. */
export type RefusedLine = Readonly<{ line: number; problem: UnitProblem }>

export type SortedLines = Readonly<{
  /** Each once, in the order they came. */
  units: readonly string[]
  /** Lines that say what an earlier one said. */
  repeated: number
  refused: readonly RefusedLine[]
}>

export type PastedUnits =
  | Readonly<{
      kind: "added"
      product: DeskProduct
      added: number
      /** The same line twice. */
      repeated: number
      /** The product had them already. */
      known: number
      refused: readonly RefusedLine[]
      /** Free to sell now. */
      free: number
    }>
  | Readonly<{ kind: "no_units"; product: DeskProduct; refused: readonly RefusedLine[] }>
  | Readonly<{ kind: "too_many_lines"; lines: number; max: number }>
  | Readonly<{ kind: "not_digital" | "demo_product"; product: DeskProduct }>
  | UnknownProduct

/** The units in a pasted text, line by line, by the rules of `lapak import stock`. */
export function sortLines(lines: readonly string[]): SortedLines {
  const units = new Set<string>()
  const refused: RefusedLine[] = []
  let repeated = 0
  for (const [place, text] of lines.entries()) {
    const read = readUnitLine(text)
    if (read.kind === "blank") continue
    if (read.kind !== "unit") refused.push({ line: place + 1, problem: read.kind })
    else if (units.has(read.unit)) repeated += 1
    else units.add(read.unit)
  }
  return { units: [...units], repeated, refused }
}

/**
 * Seals the lines and puts them on sale; what cannot be a unit, and what the product already had, is left out
 * and counted. The caller tells the gate to forget the product's stock.
 */
export async function addPastedUnits(
  statements: Statements,
  vault: Vault,
  given: { code: string; lines: readonly string[]; batch: string; actor: string },
): Promise<PastedUnits> {
  const { code, batch, actor } = given
  const product = await holdDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  if (product.kind !== "digital") return { kind: "not_digital", product }
  if (product.isDemo) return { kind: "demo_product", product }
  const lines = given.lines.filter((line) => line.trim() !== "").length
  if (lines > pastedLinesMax) return { kind: "too_many_lines", lines, max: pastedLinesMax }
  const { units, repeated, refused } = sortLines(given.lines)
  if (units.length === 0) return { kind: "no_units", product, refused }
  const sealed = units.map((unit) => sealUnit(vault, unit))
  const added = await insertUnits(statements, product.id, sealed, batch)
  const known = units.length - added
  const details = { code, added, repeated, known, refused: refused.length, batch }
  await recordAudit(statements, { actor, action: "add_stock", subject: `product:${product.id}`, details })
  return { kind: "added", product, added, repeated, known, refused, free: product.free + added }
}

/** What there is of one product, for a seller who is about to add some. */
export async function showStock(
  statements: Statements,
  code: string,
): Promise<
  | Readonly<{ kind: "stock"; product: DeskProduct; level: StockLevel }>
  | Readonly<{ kind: "demo_product"; product: DeskProduct }>
  | UnknownProduct
> {
  const product = await findDeskProduct(statements, code)
  if (product?.isDemo && product.kind === "digital") return { kind: "demo_product", product }
  const level = product && (await findStockLevel(statements, product.id))
  return product && level ? { kind: "stock", product, level } : await unknownProduct(statements, code)
}
