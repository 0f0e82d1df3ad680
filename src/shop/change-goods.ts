import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import {
  type DeskProduct,
  findDeskProduct,
  holdDeskProduct,
  isUsed,
  type NewDeskProduct,
  setGoods,
} from "../database/desk-products.ts"
import { type UnknownProduct, unknownProduct } from "./manage-product.ts"

export type ChangedGoods = Readonly<{ kind: "changed" | "in_use"; product: DeskProduct }> | UnknownProduct

/** Makes a digital product physical, or the other way, while nothing of it was ever stocked or ordered. */
export async function changeGoods(
  statements: Statements,
  given: { code: string; goods: Pick<NewDeskProduct, "kind" | "stock">; actor: string },
): Promise<ChangedGoods> {
  const { code, goods, actor } = given
  const before = await holdDeskProduct(statements, code)
  if (!before) return await unknownProduct(statements, code)
  if (await isUsed(statements, before.id)) return { kind: "in_use", product: before }
  await setGoods(statements, before.id, goods)
  const details = { code, from: before.kind, to: goods.kind, stock: goods.stock }
  await recordAudit(statements, { actor, action: "change_goods", subject: `product:${before.id}`, details })
  const product = await findDeskProduct(statements, code)
  return { kind: "changed", product: product ?? before }
}
