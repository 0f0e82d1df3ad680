import { recordAudit } from "../database/audit-log.ts"
import type { Statements } from "../database/connect.ts"
import { listPriceSteps, removePriceStep, savePriceStep, setOwnPrice } from "../database/desk-prices.ts"
import { type DeskProduct, findDeskProduct, holdDeskProduct } from "../database/desk-products.ts"
import { type UnknownProduct, unknownProduct } from "./manage-product.ts"
import type { Rupiah } from "./money.ts"
import type { SpecialPrice } from "./prices.ts"

/** Whose price, and from how many on; everybody's from one on is the product's own. */
export type PricePlace = Omit<SpecialPrice, "price">

/** A product with its prices as they are now. */
type Priced = Readonly<{ product: DeskProduct; steps: readonly SpecialPrice[] }>

export type ShownPrices = (Readonly<{ kind: "prices" }> & Priced) | UnknownProduct

export type SetPrice =
  /** `from`: what whoever is meant paid before; `dropped`: steps that would lie above the product's price. */
  | (Readonly<{
      kind: "set"
      place: PricePlace
      from: Rupiah
      to: Rupiah
      dropped: readonly SpecialPrice[]
    }> &
      Priced)
  | (Readonly<{ kind: "above_own_price" | "same_price"; place: PricePlace; to: Rupiah }> & Priced)
  | UnknownProduct

export type RemovedPrice =
  | (Readonly<{ kind: "removed" | "not_there"; place: PricePlace }> & Priced)
  | UnknownProduct

export async function showPrices(statements: Statements, code: string): Promise<ShownPrices> {
  const product = await findDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  return { kind: "prices", product, steps: await listPriceSteps(statements, product.id) }
}

/** What setting a price would do. Changes nothing. */
export async function previewPrice(
  statements: Statements,
  given: { code: string; place: PricePlace; price: Rupiah },
): Promise<SetPrice> {
  const { code, place, price } = given
  const shown = await showPrices(statements, code)
  if (shown.kind === "unknown_product") return shown
  const { product, steps } = shown
  const from = isOwn(place) ? product.price : (stepAt(steps, place)?.price ?? product.price)
  if (!isOwn(place) && price > product.price) return { ...shown, kind: "above_own_price", place, to: price }
  const isThere = isOwn(place) || stepAt(steps, place) !== undefined
  if (isThere && price === from) return { ...shown, kind: "same_price", place, to: price }
  const dropped = isOwn(place) ? steps.filter((step) => step.price > price) : []
  return { ...shown, kind: "set", place, from, to: price, dropped }
}

/** Sets the product's own price, or one below it for a role or from a quantity on. */
export async function setPrice(
  statements: Statements,
  given: { code: string; place: PricePlace; price: Rupiah; actor: string },
): Promise<SetPrice> {
  const { code, place, price, actor } = given
  const held = await holdDeskProduct(statements, code)
  const meant = await previewPrice(statements, given)
  if (!held || meant.kind !== "set") return meant
  if (isOwn(place)) await setOwnPrice(statements, held.id, price)
  else await savePriceStep(statements, held.id, { ...place, price })
  const { from, to, dropped } = meant
  const details = { code, ...place, from, to, dropped }
  await recordAudit(statements, { actor, action: "set_price", subject: `product:${held.id}`, details })
  const product = isOwn(place) ? { ...held, price } : held
  return { ...meant, product, steps: await listPriceSteps(statements, held.id) }
}

export async function removePrice(
  statements: Statements,
  given: { code: string; place: PricePlace; actor: string },
): Promise<RemovedPrice> {
  const { code, place, actor } = given
  const product = await holdDeskProduct(statements, code)
  if (!product) return await unknownProduct(statements, code)
  const from = await removePriceStep(statements, product.id, place)
  const steps = await listPriceSteps(statements, product.id)
  if (from === undefined) return { kind: "not_there", place, product, steps }
  const details = { code, ...place, from }
  await recordAudit(statements, { actor, action: "remove_price", subject: `product:${product.id}`, details })
  return { kind: "removed", place, product, steps }
}

/** More than half of it is gone, or added: such a price is easily one with a zero too few or too many. */
export function isGreatChange({ from, to }: { from: Rupiah; to: Rupiah }): boolean {
  return Math.abs(to - from) * 2 > from
}

function isOwn({ role, minQuantity }: PricePlace): boolean {
  return role === "" && minQuantity === 1
}

function stepAt(steps: readonly SpecialPrice[], { role, minQuantity }: PricePlace): SpecialPrice | undefined {
  return steps.find((step) => step.role === role && step.minQuantity === minQuantity)
}
