import type { Basket } from "../../src/conversation/guided/conversation.ts"
import type { Facts, OnSale } from "../../src/conversation/guided/facts.ts"
import { rupiah } from "../../src/shop/money.ts"

export type MadeUpProduct = Partial<OnSale> & Readonly<{ code: string; price?: number; left?: number }>

export type MadeUpShop = Readonly<{
  products: readonly MadeUpProduct[]
  balance?: number
  discount?: number
  isQrisOffered?: boolean
  remembered?: { recipient: string; address: string }
}>

/** What the guided order is told of a shop. A product is digital, costs Rp 10.000, and five are left. */
export function factsOf(shop: MadeUpShop): Facts {
  const { products, balance = 0, discount = 0, isQrisOffered = true, remembered } = shop
  const priceOf = (code: string) => rupiah(products.find((product) => product.code === code)?.price ?? 10_000)
  return {
    products: products.map(({ code, name = `Produk ${code}`, category = "", kind = "digital", ...rest }) => {
      return { code, name, category, kind, maxQuantity: rest.maxQuantity ?? 100 }
    }),
    left: new Map(products.map(({ code, left }) => [code, left ?? 5])),
    priceOf,
    stepsOf: () => [],
    quoteOf: ({ productCode, quantity }: Basket) => {
      if (!products.some(({ code }) => code === productCode)) return undefined
      const price = priceOf(productCode)
      const taken = Math.min(discount, price * quantity - 1)
      return { price, discount: rupiah(taken), total: rupiah(price * quantity - taken) }
    },
    balance: rupiah(balance),
    isQrisOffered,
    remembered,
  }
}
