import type { Rupiah } from "../../shop/money.ts"
import type { OrderStatus } from "../../shop/order-states.ts"
import { oneLine } from "./wording.ts"

/** Where goods go. */
type Delivery = Readonly<{ recipient: string; address: string }>

export type NumberedProduct = Readonly<{
  number: number
  code: string
  name: string
  price: Rupiah
  left: number
}>

export type ProductQuestion = Readonly<{ products: readonly NumberedProduct[]; hasMore: boolean }>

/** `isCut`: more fit than are shown. */
export type PickQuestion = Readonly<{ products: readonly NumberedProduct[]; isCut: boolean }>

export type QuantityQuestion = Readonly<{
  code: string
  name: string
  price: Rupiah
  /** Lower prices from a quantity on. */
  steps: readonly Readonly<{ minQuantity: number; price: Rupiah }>[]
  left: number
  /** The most that may be answered. */
  max: number
}>

export type RecipientQuestion = Readonly<{
  /** Of an order that exists already; else it is only being made. */
  orderCode: string | undefined
  /** Offered as 1. */
  remembered: Delivery | undefined
}>

export type AddressQuestion = RecipientQuestion & Readonly<{ recipient: string }>

export type SummaryQuestion = Readonly<{
  code: string
  name: string
  quantity: number
  price: Rupiah
  discount: Rupiah
  voucherCode: string | undefined
  total: Rupiah
  delivery: Delivery | undefined
  /** How it will be paid: `choose` is asked next, `none` can't be paid as things stand. */
  way: "saldo" | "qris" | "choose" | "none"
  balance: Rupiah
  /** What the balance lacks; 0 when it is enough. */
  missing: Rupiah
}>

export type MethodQuestion = Readonly<{ total: Rupiah; balance: Rupiah }>

/** In one line. */
export function wholeAddress({ recipient, address }: Delivery): string {
  return `${oneLine(recipient)}, ${oneLine(address, 300)}`
}

/** The guided order: its questions, and why one is asked again. */
export interface GuidedTexts {
  askProduct(question: ProductQuestion): string
  askWhich(question: PickQuestion): string
  askQuantity(question: QuantityQuestion): string
  askRecipient(question: RecipientQuestion): string
  askAddress(question: AddressQuestion): string
  orderSummary(question: SummaryQuestion): string
  askMethod(question: MethodQuestion): string

  productNotKnown(): string
  numberNotShown(): string
  productGone(): string
  chosenSoldOut(product: Readonly<{ code: string; name: string }>): string
  onlyLeft(product: Readonly<{ name: string; left: number }>): string
  quantityInvalid(limit: Readonly<{ max: number }>): string
  recipientInvalid(limits: Readonly<{ min: number; max: number }>): string
  addressInvalid(limits: Readonly<{ min: number; max: number }>): string
  notAChoice(): string
  priceIsNew(): string
  wayToPayChanged(): string
  /** There is no choice of how to pay. */
  wayNotChosen(): string
  answerTooLong(limit: Readonly<{ max: number }>): string
  answerUnreadable(): string
  /** Stands between what was answered by the way and the question that is still open. */
  stillOpen(): string

  orderLeft(): string
  /** Only the question is left; the order stays. */
  addressLeft(order: Readonly<{ orderCode: string }>): string
  addressKept(order: Delivery & Readonly<{ orderCode: string }>): string
  /** It is too late for this order's address, or it never had one. */
  addressRefused(order: Readonly<{ orderCode: string; status: OrderStatus; isDigital: boolean }>): string
  /** None of the customer's orders still goes anywhere. */
  noOrderToAddress(): string
  /**
   * Said by itself after half an hour of silence; of an order that still lacks its address, with its code.
   */
  conversationEnded(ended: Readonly<{ orderCode?: string | undefined }>): string
}
