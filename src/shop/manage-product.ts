import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import {
  addDeskProduct,
  countOpenOrders,
  type DeskProduct,
  findDeskProduct,
  findNearCodes,
  holdDeskProduct,
  type NewDeskProduct,
  type ProductPatch,
  patchProduct,
  setHidden,
} from "../database/desk-products.ts"

export type { DeskProduct, NewDeskProduct, ProductPatch } from "../database/desk-products.ts"
export type { StockLevel, StockPage } from "../database/desk-stock.ts"

/** No product of the shop's own has the code; `suggestions` are those that may have been meant. */
export type UnknownProduct = Readonly<{
  kind: "unknown_product"
  suggestions: readonly string[]
}>

export type AddedProduct =
  /** `retired`: the codes of demo products that went off sale with it. */
  | Readonly<{ kind: "added"; product: DeskProduct; retired: readonly string[] }>
  | Readonly<{ kind: "exists"; product: DeskProduct }>

export type ChangedProduct =
  | Readonly<{ kind: "changed"; product: DeskProduct }>
  /** Somebody has to look at physical goods: they have no warranty that works by itself. */
  | Readonly<{ kind: "no_warranty"; product: DeskProduct }>
  | UnknownProduct

export type Visibility =
  | Readonly<{ kind: "hidden" | "unhidden" | "already_hidden" | "already_shown"; product: DeskProduct }>
  | UnknownProduct

/** Puts a new product on sale. Of a known code nothing is changed. */
export async function addProduct(
  statements: Statements,
  given: { product: NewDeskProduct; actor: string },
): Promise<AddedProduct> {
  const { product, actor } = given
  const known = await findDeskProduct(statements, product.code)
  if (known && !known.isDemo) return { kind: "exists", product: known }
  const added = await addDeskProduct(statements, product)
  const now = await findDeskProduct(statements, product.code)
  if (!now) throw new Error("a product that was just added is not there")
  if (!added) return { kind: "exists", product: now }
  const { code, price, kind, stock } = product
  const details = { code, price, kind, stock, retired: added.retired }
  await recordAudit(statements, { actor, action: "add_product", subject: `product:${added.id}`, details })
  return { kind: "added", product: now, retired: added.retired }
}

/** Changes what a product says or allows; its price has a use case of its own. */
export async function changeProduct(
  statements: Statements,
  given: { code: string; patch: ProductPatch; actor: string },
): Promise<ChangedProduct> {
  const { code, patch, actor } = given
  const before = await holdDeskProduct(statements, code)
  if (!before) return await unknownProduct(statements, code)
  if (before.kind === "physical" && patch.warrantyDays) return { kind: "no_warranty", product: before }
  await patchProduct(statements, before.id, patch)
  const from = Object.fromEntries(Object.keys(patch).map((field) => [field, Reflect.get(before, field)]))
  const details = { code, from, to: patch }
  await recordAudit(statements, { actor, action: "change_product", subject: `product:${before.id}`, details })
  return { kind: "changed", product: { ...before, ...patch } }
}

/** Takes a product off sale, or puts it back. Orders that were made go on either way. */
export async function setProductHidden(
  statements: Statements,
  given: { code: string; isHidden: boolean; actor: string },
): Promise<Visibility> {
  const { code, isHidden, actor } = given
  const product = await holdDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  if (product.isHidden === isHidden) return { kind: isHidden ? "already_hidden" : "already_shown", product }
  await setHidden(statements, product.id, isHidden)
  const action = isHidden ? "hide_product" : "show_product"
  await recordAudit(statements, { actor, action, subject: `product:${product.id}`, details: { code } })
  return { kind: isHidden ? "hidden" : "unhidden", product: { ...product, isHidden } }
}

/** What hiding a product would mean, for whoever is asked whether it is meant. */
export async function previewHiding(
  statements: Statements,
  code: string,
): Promise<Readonly<{ kind: "hideable"; product: DeskProduct; openOrders: number }> | Visibility> {
  const product = await findDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  if (product.isHidden) return { kind: "already_hidden", product }
  return { kind: "hideable", product, openOrders: await countOpenOrders(statements, product.id) }
}

export async function unknownProduct(statements: Statements, code: string): Promise<UnknownProduct> {
  return { kind: "unknown_product", suggestions: await findNearCodes(statements, code) }
}
