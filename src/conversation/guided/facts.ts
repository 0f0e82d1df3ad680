import type { Rupiah } from "../../shop/money.ts"
import type { Named } from "../find-product.ts"
import { quantityLimits } from "../limits.ts"
import { type Basket, basketOf, type Delivery, type Guided } from "./conversation.ts"
import type { Answer } from "./read-answer.ts"

export type OnSale = Named & Readonly<{ kind: "digital" | "physical"; maxQuantity: number }>

/** What a purchase costs this customer now. */
export type Quote = Readonly<{
  /** Of one. */
  price: Rupiah
  discount: Rupiah
  /** What takes the discount off. */
  voucherCode?: string | undefined
  total: Rupiah
}>

/** A price from a quantity on. */
export type PriceStep = Readonly<{ minQuantity: number; price: Rupiah }>

/** The shop as it is while one message is answered. */
export type Facts = Readonly<{
  /** In the order of the catalogue. */
  products: readonly OnSale[]
  /** Of those that `lookUps` names. */
  left: ReadonlyMap<string, number>
  /** What one costs this customer when they buy so many. */
  priceOf: (productCode: string, quantity: number) => Rupiah
  /** The lower prices from a quantity on, those of this customer. */
  stepsOf: (productCode: string) => readonly PriceStep[]
  /** Undefined when it is not on sale. */
  quoteOf: (basket: Basket) => Quote | undefined
  balance: Rupiah
  isQrisOffered: boolean
  /** Where the customer's last goods went; of an order that exists, where it goes. */
  remembered: Delivery | undefined
}>

export const pageSize = 9

/**
 * What has to be looked up before an answer can be dealt with: what is left of some products, and what one
 * of them costs and allows.
 */
export type LookUps = Readonly<{
  codes: readonly string[]
  productCode: string | undefined
  basket: Basket | undefined
}>

export function lookUps(
  conversation: Guided | undefined,
  answer: Answer | undefined,
  products: readonly OnSale[],
): LookUps {
  const starts = [0]
  if (conversation?.step === "product") starts.push(conversation.start, conversation.start + pageSize)
  const codes = new Set(
    starts.flatMap((start) => products.slice(start, start + pageSize)).map(({ code }) => code),
  )
  if (conversation?.step === "pick") for (const code of conversation.shown) codes.add(code)
  if (answer?.kind === "several") for (const code of answer.codes) codes.add(code)
  const chosen = answer?.kind === "chosen" ? answer.code : undefined
  const own = conversation && "productCode" in conversation ? conversation.productCode : undefined
  const productCode = chosen ?? own
  if (productCode !== undefined) codes.add(productCode)
  return { codes: [...codes], productCode, basket: pricedBasket(conversation, answer) }
}

function pricedBasket(conversation: Guided | undefined, answer: Answer | undefined): Basket | undefined {
  if (answer?.kind === "chosen")
    return answer.quantity === undefined ? undefined : { productCode: answer.code, quantity: answer.quantity }
  if (!conversation) return undefined
  if (conversation.step === "quantity")
    return answer?.kind === "quantity"
      ? { productCode: conversation.productCode, quantity: answer.quantity }
      : undefined
  return basketOf(conversation)
}

export function productOf({ products }: Facts, productCode: string): OnSale | undefined {
  return products.find(({ code }) => code === productCode)
}

export function leftOf({ left }: Facts, productCode: string): number {
  return left.get(productCode) ?? 0
}

/** The most that one purchase may hold, were there enough of it. */
export function mostOf({ maxQuantity }: OnSale): number {
  return Math.min(maxQuantity, quantityLimits.max)
}
