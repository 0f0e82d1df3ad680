import type { Rupiah } from "../../shop/money.ts"

/** Word of a product that was sold out. */
export interface RestockTexts {
  restockNoted(product: Readonly<{ code: string; name: string; before: boolean }>): string
  restockInStock(product: Readonly<{ code: string; name: string; left: number }>): string
  restockTooMany(limit: Readonly<{ max: number }>): string
  restockList(list: Readonly<{ products: readonly Readonly<{ code: string; name: string }>[] }>): string
  restockEnded(product: Readonly<{ code: string }>): string
  restockNotAwaited(product: Readonly<{ code: string }>): string
  /** It is there again; for whoever reads this first. */
  backInStock(product: Readonly<{ code: string; name: string; price: Rupiah }>): string
}
