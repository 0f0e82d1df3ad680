import type { Database } from "../database/connect.ts"
import { type AddedStock, addUnitBatches, type SealedUnit } from "../database/stock.ts"
import { FileError, type FileLine } from "../operations/read-file.ts"
import type { Vault } from "../operations/vault.ts"
import { sealUnit } from "./add-stock.ts"
import type { LineProblem } from "./import-fields.ts"
import { readUnitLine, type UnitProblem, unitLengthMax } from "./unit-lines.ts"

export type StockImport =
  | Readonly<{ kind: "refused"; problems: readonly LineProblem[] }>
  | (Extract<AddedStock, { kind: "added" }> & Readonly<{ blank: number }>)
  | Exclude<AddedStock, { kind: "added" }>

export const unitsMax = 100_000

const batchUnits = 1_000

/**
 * Puts the lines of a file on sale as units of a digital product, all or none; those the product already had
 * are skipped and counted. Idempotent. `readFile` is called twice: the file is read once to check it and once
 * to store it, so that it need not be held. The caller tells the gate to forget the product's stock.
 */
export async function importStock(
  database: Database,
  vault: Vault,
  given: { code: string; readFile: () => AsyncIterable<FileLine>; batch: string },
): Promise<StockImport> {
  const { units, blank, problems } = await checkUnits(given.readFile())
  if (units === 0 && problems.length === 0) problems.push({ line: 1, reason: "there is no unit in the file" })
  if (problems.length > 0) return { kind: "refused", problems }
  const batches = sealUnits(vault, given.readFile())
  const outcome = await addUnitBatches(database, given.code, batches, given.batch)
  return outcome.kind === "added" ? { ...outcome, blank } : outcome
}

async function checkUnits(
  lines: AsyncIterable<FileLine>,
): Promise<{ units: number; blank: number; problems: LineProblem[] }> {
  const problems: LineProblem[] = []
  let units = 0
  let blank = 0
  for await (const { line, text } of lines) {
    const read = readUnitLine(text)
    if (read.kind === "unit") units += 1
    else if (read.kind === "blank") blank += 1
    else problems.push({ line, reason: reasons[read.kind] })
    if (line > unitsMax) {
      problems.push({ line, reason: `a file has at most ${unitsMax} lines: split it into several` })
      break
    }
  }
  return { units, blank, problems }
}

const reasons: Readonly<Record<UnitProblem, string>> = {
  too_long: `is longer than ${unitLengthMax} characters`,
  control_character: "has a control character in it",
}

async function* sealUnits(
  vault: Vault,
  lines: AsyncIterable<FileLine>,
): AsyncGenerator<readonly SealedUnit[]> {
  let batch: SealedUnit[] = []
  for await (const { text } of lines) {
    const read = readUnitLine(text)
    if (read.kind === "blank") continue
    if (read.kind !== "unit") throw new FileError("The file was changed while it was read. Try again.")
    batch.push(sealUnit(vault, read.unit))
    if (batch.length === batchUnits) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
