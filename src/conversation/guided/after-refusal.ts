import { ask } from "./ask.ts"
import type { Basket } from "./conversation.ts"
import type { Facts } from "./facts.ts"
import type { AskedOrNot } from "./move.ts"

/** Why a purchase that was agreed to was not made; of the rest, the reply itself says what to do. */
export type RefusedPurchase =
  | Readonly<{ kind: "sold_out"; left: number }>
  | Readonly<{ kind: "unknown_product" }>
  | Readonly<{ kind: "quantity_too_large"; limit: number }>
  | Readonly<{ kind: "price_changed" }>
  | Readonly<{ kind: "other" }>

/**
 * Asks again where the answer has to be another one: what is gone leads back to the choice, a new price to
 * the summary. The refusal is newer than the facts, so it is put into them.
 */
export function afterRefusal(basket: Basket, refused: RefusedPurchase, facts: Facts): AskedOrNot {
  const { productCode } = basket
  switch (refused.kind) {
    case "sold_out": {
      const left = new Map(facts.left).set(productCode, Math.min(refused.left, basket.quantity - 1))
      return ask({ step: "summary", ...basket }, { ...facts, left })
    }
    case "unknown_product": {
      const products = facts.products.filter(({ code }) => code !== productCode)
      return ask({ step: "summary", ...basket }, { ...facts, products })
    }
    case "quantity_too_large": {
      const products = facts.products.map((product) =>
        product.code === productCode ? { ...product, maxQuantity: refused.limit } : product,
      )
      return ask({ step: "summary", ...basket }, { ...facts, products })
    }
    case "price_changed":
      return ask({ step: "summary", ...basket }, facts, { kind: "price_changed" })
    case "other":
      return ask({ step: "summary", ...basket }, facts)
  }
}
