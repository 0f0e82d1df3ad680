import type { Role } from "./customer.ts"
import { type Rupiah, rupiah } from "./money.ts"

/** A price below the product's own, for a role (empty: for everybody), from a quantity on. */
export type SpecialPrice = Readonly<{ role: "" | "reseller"; minQuantity: number; price: Rupiah }>

/** From this many on, one costs so much. */
export type PriceStep = Readonly<{ minQuantity: number; price: Rupiah }>

/**
 * What one unit costs whoever has this role and takes this many: the lowest price that fits. For what is
 * shown; the sale reckons by `price_of` in sql/0019, which says the same.
 */
export function priceFor(
  product: Readonly<{ price: Rupiah; prices?: readonly SpecialPrice[] | undefined }>,
  { role, quantity }: { role: Role; quantity: number },
): Rupiah {
  const fitting = (product.prices ?? []).filter(
    (special) => (special.role === "" || special.role === role) && special.minQuantity <= quantity,
  )
  return rupiah(Math.min(product.price, ...fitting.map(({ price }) => price)))
}

/** The quantities from which on it is cheaper for this role than for fewer, the smallest first. */
export function priceSteps(
  product: Readonly<{ price: Rupiah; prices?: readonly SpecialPrice[] | undefined }>,
  role: Role,
): readonly PriceStep[] {
  const quantities = new Set((product.prices ?? []).map(({ minQuantity }) => minQuantity))
  return [...quantities]
    .filter((quantity) => quantity > 1)
    .map((minQuantity) => ({ minQuantity, price: priceFor(product, { role, quantity: minQuantity }) }))
    .filter(({ minQuantity, price }) => price < priceFor(product, { role, quantity: minQuantity - 1 }))
    .sort((one, other) => one.minQuantity - other.minQuantity)
}
