import { type Basket, type Guided, orderOf } from "../conversation/guided/conversation.ts"
import { type Facts, lookUps, type OnSale, type PriceStep, type Quote } from "../conversation/guided/facts.ts"
import type { Answer } from "../conversation/guided/read-answer.ts"
import { quantityLimits } from "../conversation/limits.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { lookUpPurchase, type PurchaseLookUp } from "../database/guided-orders.ts"
import type { Product } from "../database/products.ts"
import { listOnSale } from "../shop/browse-catalog.ts"
import type { Role } from "../shop/customer.ts"
import { rupiah } from "../shop/money.ts"
import { priceFor } from "../shop/prices.ts"
import type { Shop } from "../shop/shop.ts"

export type Catalogue = Readonly<{ products: readonly Product[]; onSale: readonly OnSale[] }>

/**
 * Every product on sale, as an answer may name it; how many of one can be bought is looked up with its
 * price.
 */
export async function loadCatalogue(shop: Shop): Promise<Catalogue> {
  const products = await listOnSale(shop)
  const onSale = products.map(({ code, name, category, kind }) => {
    return { code, name, category, kind, maxQuantity: quantityLimits.max }
  })
  return { products, onSale }
}

type Wanted = Readonly<{
  catalogue: Catalogue
  conversation: Guided | undefined
  answer?: Answer | undefined
}>

/** The shop as it is at this moment, as far as this question and its answer need to know. */
export async function loadFacts(shop: Shop, message: ClaimedMessage, wanted: Wanted): Promise<Facts> {
  const { database } = shop
  const finish = await prepareFacts(shop, message, wanted)
  return await finish((asked) => lookUpPurchase(database, message.userId, asked))
}

type LookUp = (asked: Parameters<typeof lookUpPurchase>[2]) => Promise<PurchaseLookUp>

/** The same in two steps: the second asks nothing but the database, so it may be taken in a transaction. */
export async function prepareFacts(
  shop: Shop,
  message: ClaimedMessage,
  { catalogue, conversation, answer }: Wanted,
): Promise<(lookUp: LookUp) => Promise<Facts>> {
  const { codes, productCode, basket } = lookUps(conversation, answer, catalogue.onSale)
  const left = await shop.gate.stockLeft(codes)
  const orderCode = conversation && orderOf(conversation)
  return async (lookUp) => {
    const found = await lookUp({ productCode, quantity: basket?.quantity ?? 1, orderCode })
    return {
      ...pricesOf(catalogue, message),
      products: withLatest(catalogue.onSale, productCode, found),
      left,
      quoteOf: (asked) => (basket && isSame(asked, basket) ? quoteOf(found) : undefined),
      balance: found.balance,
      isQrisOffered: shop.provider !== undefined,
      remembered: found.remembered ?? undefined,
    }
  }
}

function pricesOf(catalogue: Catalogue, { role }: ClaimedMessage): Pick<Facts, "priceOf" | "stepsOf"> {
  const products = new Map(catalogue.products.map((product) => [product.code, product]))
  return {
    priceOf: (code, quantity) => {
      const product = products.get(code)
      return product ? priceFor(product, { role, quantity }) : rupiah(0)
    },
    stepsOf: (code) => priceSteps(products.get(code), role),
  }
}

/** The product that is spoken of as PostgreSQL has it: a cache may still show one that was just taken off. */
function withLatest(
  onSale: readonly OnSale[],
  productCode: string | undefined,
  { product: latest }: PurchaseLookUp,
): readonly OnSale[] {
  if (productCode === undefined) return onSale
  return onSale.flatMap((product) => {
    if (product.code !== productCode) return [product]
    return latest ? [{ ...product, maxQuantity: latest.maxQuantity }] : []
  })
}

function quoteOf({ product }: PurchaseLookUp): Quote | undefined {
  if (!product) return undefined
  const { price, discount, voucherCode, total } = product
  return { price, discount, voucherCode: voucherCode ?? undefined, total }
}

function priceSteps(product: Product | undefined, role: Role): readonly PriceStep[] {
  if (!product) return []
  const quantities = new Set((product.prices ?? []).map(({ minQuantity }) => minQuantity))
  const steps: PriceStep[] = []
  let lowest = priceFor(product, { role, quantity: 1 })
  for (const minQuantity of [...quantities].sort((one, other) => one - other)) {
    const price = priceFor(product, { role, quantity: minQuantity })
    if (price < lowest) steps.push({ minQuantity, price })
    lowest = price
  }
  return steps
}

function isSame(one: Basket, other: Basket): boolean {
  return one.productCode === other.productCode && one.quantity === other.quantity
}
