import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import { type DeskProduct, holdDeskProduct } from "../database/desk-products.ts"
import { setPhysicalStock } from "../database/desk-stock.ts"
import { type UnknownProduct, unknownProduct } from "./manage-product.ts"

/** Physical goods of one product that a shop can have. */
export const physicalStockMax = 1_000_000

export type CountedGoods =
  | Readonly<{ kind: "counted"; product: DeskProduct; before: number; free: number }>
  | Readonly<{ kind: "below_zero"; product: DeskProduct; free: number }>
  | Readonly<{ kind: "beyond_limit"; product: DeskProduct; max: number }>
  | Readonly<{ kind: "not_physical"; product: DeskProduct }>
  | UnknownProduct

/** Physical goods that are free to sell: so many came or went (`by`), or there are so many now (`to`). */
export async function countGoods(
  statements: Statements,
  given: { code: string; count: Readonly<{ how: "by" | "to"; amount: number }>; actor: string },
): Promise<CountedGoods> {
  const { code, count, actor } = given
  const product = await holdDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  if (product.kind !== "physical") return { kind: "not_physical", product }
  const before = product.free
  const free = count.how === "to" ? count.amount : before + count.amount
  if (free < 0) return { kind: "below_zero", product, free: before }
  if (free > physicalStockMax) return { kind: "beyond_limit", product, max: physicalStockMax }
  await setPhysicalStock(statements, product.id, free)
  const details = { code, before, after: free }
  await recordAudit(statements, { actor, action: "count_stock", subject: `product:${product.id}`, details })
  return { kind: "counted", product, before, free }
}
