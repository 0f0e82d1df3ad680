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
 * What has to be known before an answer can be dealt with: what is left of some products, what one purchase
 * costs.
 */
export function lookUps(
  conversation: Guided | undefined,
  answer: Answer | undefined,
  products: readonly OnSale[],
): { codes: readonly string[]; basket: Basket | undefined } {
  const chosen = answer?.kind === "chosen" ? answer : undefined
  const starts = [0]
  if (conversation?.step === "product") starts.push(conversation.start, conversation.start + pageSize)
  const listed = starts.flatMap((start) => products.slice(start, start + pageSize)).map(({ code }) => code)
  const picks = conversation?.step === "pick" ? conversation.shown : []
  const fitting = answer?.kind === "several" ? answer.codes : []
  const own = conversation && "productCode" in conversation ? [conversation.productCode] : []
  const codes = new Set([...listed, ...picks, ...fitting, ...own, ...(chosen ? [chosen.code] : [])])
  return { codes: [...codes], basket: pricedBasket(conversation, answer) }
}

function pricedBasket(conversation: Guided | undefined, answer: Answer | undefined): Basket | undefined {
  if (answer?.kind === "chosen" && answer.quantity !== undefined)
    return { productCode: answer.code, quantity: answer.quantity }
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
