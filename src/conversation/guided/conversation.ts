import type { Rupiah } from "../../shop/money.ts"
import type { PaymentMethod } from "../intent.ts"

/** Where goods go. */
export type Delivery = Readonly<{ recipient: string; address: string }>

/** What is to be bought; whereto, once that was said, also while the customer goes back to change it. */
export type Basket = Readonly<{ productCode: string; quantity: number; delivery?: Delivery | undefined }>

/** An order that exists already and lacks, or changes, its address. */
export type AddressedOrder = Readonly<{ orderCode: string }>

/** How it will be paid as things stand; `choose` where the customer may, `none` where no way is open. */
export type WayToPay = PaymentMethod | "choose" | "none"

/** Products as the customer saw them numbered: the first has the number `first`. */
export type Shown = Readonly<{ first: number; shown: readonly string[] }>

/**
 * The question that is open, and what was answered before. Codes are those of products and orders that were
 * there at the time; what they cost and whether they are left is looked up anew at every message.
 */
export type Guided =
  /** `start` is the place of the page shown last in the catalogue, from 0. */
  | (Readonly<{ step: "product"; start: number }> & Shown)
  | Readonly<{ step: "pick"; shown: readonly string[] }>
  | Readonly<{ step: "quantity"; productCode: string; delivery?: Delivery | undefined }>
  | (Readonly<{ step: "recipient" }> & (Basket | AddressedOrder))
  | (Readonly<{ step: "address"; recipient: string }> & (Basket | AddressedOrder))
  /** With the price and the way to pay that were shown: no other is agreed to. */
  | (Readonly<{ step: "summary"; total: Rupiah; way: WayToPay }> & Basket)
  | (Readonly<{ step: "method"; total: Rupiah }> & Basket)

/** The limits of what is answered in free words, in characters. */
export const recipientLimits = Object.freeze({ min: 2, max: 80 })
export const addressLimits = Object.freeze({ min: 5, max: 300 })

/** Where every word may be a part of the answer. */
export function isFreeText({ step }: Guided): boolean {
  return step === "recipient" || step === "address"
}

/** The purchase that a question is about; undefined before it is known, and for an order that exists. */
export function basketOf(conversation: Guided): Basket | undefined {
  return "quantity" in conversation ? basket(conversation) : undefined
}

/** The order that exists already and that a question is about. */
export function orderOf(conversation: Guided): string | undefined {
  return "orderCode" in conversation ? conversation.orderCode : undefined
}

/** Only what makes a basket of something that holds more. */
export function basket({ productCode, quantity, delivery }: Basket): Basket {
  return { productCode, quantity, ...(delivery && { delivery }) }
}
