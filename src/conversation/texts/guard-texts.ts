import type { Rupiah } from "../../shop/money.ts"

/** Why a purchase that could be had was not made all the same, for the customer's sake or the others'. */
export interface GuardTexts {
  /** What was agreed to is not what it costs any more; `price` of one. */
  priceChanged(
    order: Readonly<{ code: string; price: Rupiah; discount: Rupiah; total: Rupiah; quantity: number }>,
  ): string
  /** So many may still be held unpaid by all customers together. */
  shareHeld(product: Readonly<{ code: string; left: number; wanted: number }>): string
  /** Several orders in a row were held and never paid. */
  holdsPaused(pause: Readonly<{ until: Date; code: string; quantity: number }>): string
}
