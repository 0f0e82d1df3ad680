import { createHash } from "node:crypto"
import type { Database } from "../database/connect.ts"
import { type AddedStock, addUnits, type SealedUnit } from "../database/stock.ts"
import type { Vault } from "../operations/vault.ts"

/** What a sealed unit is bound to, so that it opens as nothing else. */
export const unitContext = "stock unit"

/**
 * Seals units and puts them on sale, all or nothing; those the product already had are skipped and counted.
 * Idempotent. The caller tells the gate to forget the product's counter.
 */
export async function addStock(
  database: Database,
  vault: Vault,
  given: { code: string; units: readonly string[] },
): Promise<AddedStock> {
  const sealed = given.units.map((unit) => sealUnit(vault, unit))
  const batch = createHash("sha256").update(given.units.join("\n")).digest("hex").slice(0, 12)
  return await addUnits(database, given.code, sealed, batch)
}

export function sealUnit(vault: Vault, unit: string): SealedUnit {
  return { payload: vault.seal(unit, unitContext), fingerprint: vault.fingerprint(unit, unitContext) }
}
