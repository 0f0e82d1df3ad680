import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import { type DeskProduct, findDeskProduct, holdDeskProduct } from "../database/desk-products.ts"
import { findLastBatch, removeFreeUnits } from "../database/desk-stock.ts"
import { type UnknownProduct, unknownProduct } from "./manage-product.ts"

export type RemovedUnits =
  /** `free`: to sell now. */
  | Readonly<{ kind: "removed"; product: DeskProduct; removed: number; free: number }>
  | Readonly<{ kind: "none_free" | "not_digital"; product: DeskProduct }>
  | UnknownProduct

/** What taking back the last paste would mean. */
export type RemovableUnits =
  | Readonly<{ kind: "removable"; product: DeskProduct; units: number; addedAt: Date }>
  | Exclude<RemovedUnits, { kind: "removed" }>

export async function previewRemoval(statements: Statements, code: string): Promise<RemovableUnits> {
  const product = await findDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  if (product.kind !== "digital") return { kind: "not_digital", product }
  const last = await findLastBatch(statements, product.id)
  return last ? { kind: "removable", product, ...last } : { kind: "none_free", product }
}

/**
 * Takes the units of the last paste or file away, as far as nobody holds or has bought them, on the record.
 * They are gone, and may be added again. The caller tells the gate to forget the product's stock.
 */
export async function removeLastUnits(
  statements: Statements,
  { code, actor }: { code: string; actor: string },
): Promise<RemovedUnits> {
  const product = await holdDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  if (product.kind !== "digital") return { kind: "not_digital", product }
  const last = await findLastBatch(statements, product.id)
  if (!last) return { kind: "none_free", product }
  const { batch } = last
  const removed = await removeFreeUnits(statements, { productId: product.id, batch })
  const details = { code, removed, batch }
  await recordAudit(statements, { actor, action: "remove_stock", subject: `product:${product.id}`, details })
  const now = await findDeskProduct(statements, code)
  return { kind: "removed", product, removed, free: now?.free ?? 0 }
}
