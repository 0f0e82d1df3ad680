import type { Rupiah } from "../../shop/money.ts"
import type { OrderStatus } from "../../shop/order-states.ts"
import type { PriceStep } from "../../shop/prices.ts"
import type { Command, InvalidReason, PaymentMethod } from "../intent.ts"
import type { AlertTexts } from "./alert-texts.ts"
import type { BroadcastDeskTexts } from "./broadcast-desk-texts.ts"
import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import type { DeskMenuTexts } from "./desk-menu-texts.ts"
import type { DeskTexts } from "./desk-texts.ts"
import type { FulfilmentTexts, OrderReport, ParcelWords } from "./fulfilment-texts.ts"
import type { GuardTexts } from "./guard-texts.ts"
import type { GuidedTexts } from "./guided-texts.ts"
import type { HouseDeskTexts } from "./house-desk-texts.ts"
import type { MoneyTexts, OperatorTexts } from "./money-texts.ts"
import type { OrdersDeskTexts } from "./orders-desk-texts.ts"
import type { PeopleDeskTexts } from "./people-desk-texts.ts"
import type { RestockTexts } from "./restock-texts.ts"
import type { VoucherTexts } from "./voucher-texts.ts"
import type { VouchersDeskTexts } from "./vouchers-desk-texts.ts"
import type { WarrantyTexts } from "./warranty-texts.ts"

export type { OrderStatus } from "../../shop/order-states.ts"

export type OrderLine = Readonly<{ name: string; quantity: number; amount: Rupiah }>

/** `online`: on a page of the provider, by whatever method the customer picks there. */
export type PaidBy = PaymentMethod | "online"

/** Why an order is to be paid by QRIS, or on the provider's page: it is always said. */
export type QrisReason = "chosen" | "balance_short" | "only_method"

/** What is to be paid, in whatever way. */
type AwaitedPayment = Readonly<{
  /** What of the amount makes it unlike those of others, and becomes balance. */
  uniqueExtra?: Rupiah | undefined
  expiresAt: Date
  /** Where there is no page that the customer can reach, the QR alone is offered. */
  payUrl: string | undefined
  /** The provider's page to pay on, with several methods; there is no QR then. */
  redirectUrl?: string | undefined
  isDemo: boolean
  /** The customer is at this very machine, where a demo payment can be pretended by a command. */
  canPretend?: boolean | undefined
  balance: Rupiah
}>

export type PaymentRequest = AwaitedPayment &
  Readonly<{
    orderCode: string
    lines?: readonly OrderLine[] | undefined
    /** What a voucher took off the lines; absence is nothing. */
    discount?: Rupiah | undefined
    /** What is to be paid, exactly. */
    total: Rupiah
    why: QrisReason
  }>

export type DepositRequest = AwaitedPayment & Readonly<{ amount: Rupiah }>

/** How an unpaid order ended before its payment came. */
export type EndedAs = "expired" | "cancelled"

export type PaidOrder = Readonly<{
  orderCode: string
  lines: readonly OrderLine[]
  /** What a voucher took off the lines; absence is nothing. */
  discount?: Rupiah | undefined
  total: Rupiah
  method: PaidBy
  /** Said when it was paid from the balance. */
  balanceAfter?: Rupiah | undefined
}>

/** `units` are the payloads, in the order of the lines; each stands in the text verbatim and once. */
export type DeliveredGoods = PaidOrder & Readonly<{ units: readonly string[]; resent: boolean }>

/** What is said of a product beside what it is; absent in what an older version cached. */
export type ProductFigures = Readonly<{ sold?: number | undefined; isNew?: boolean | undefined }>

export type CataloguePage = Readonly<{
  products: readonly (Readonly<{
    code: string
    name: string
    price: Rupiah
    left: number
    category?: string | undefined
    steps?: readonly PriceStep[]
  }> &
    ProductFigures)[]
  page: number
  pages: number
  category?: string | undefined
  /** All of the shop's categories, to choose from. */
  categories: readonly string[]
}>

export type ProductDetail = ProductFigures &
  Readonly<{
    code: string
    name: string
    /** Of one, for whoever asks; `steps` are the lower ones for more. */
    price: Rupiah
    steps?: readonly PriceStep[]
    left: number
    description: string
    kind: "digital" | "physical"
    category: string
    /** 0 is none, and so is absence: a product may come from a cache of before. */
    warrantyDays?: number | undefined
  }>

/** `kind` is what moved the balance; one without a label of its own is called a movement. */
export type Movement = Readonly<{ at: Date; amount: Rupiah; kind: string; reason?: string | undefined }>

export type HistoryPage = Readonly<{
  orders: readonly Readonly<{
    orderCode: string
    status: OrderStatus
    total: Rupiah
    at: Date
    summary: string
  }>[]
  page: number
  pages: number
}>

export interface BrowsingTexts {
  menu(shop: Readonly<{ shopName: string; customerName?: string | undefined }>): string
  help(): string
  catalogue(page: CataloguePage): string
  /** An empty name is that of products in no category. */
  categoryList(found: Readonly<{ categories: readonly Readonly<{ name: string; count: number }>[] }>): string
  catalogueEmpty(found: Readonly<{ category?: string | undefined; categories: readonly string[] }>): string
  detail(product: ProductDetail): string
  /** `code` is well-formed, so it may be repeated. */
  productNotFound(found: Readonly<{ code: string; suggestions: readonly string[] }>): string
  balance(account: Readonly<{ balance: Rupiah; movements: readonly Movement[] }>): string
  /** To a customer who said thanks. */
  youAreWelcome(): string
  languageChanged(): string
  languageChoice(): string
}

export interface OrderTexts {
  /** The line that stands on every message about pretended money. */
  readonly demoMark: string
  /** Puts the mark above a text, unless it is already there. */
  demo(text: string): string
  goods(order: DeliveredGoods): string
  /** `isAskedWhere`: the question where to stands below, so that how to say so is not said twice. */
  physicalPaid(
    order: PaidOrder & Pick<ParcelWords, "delivery"> & Readonly<{ isAskedWhere?: boolean }>,
  ): string
  paymentRequest(request: PaymentRequest): string
  /** The gateway is slow or down: nothing was charged, and what was held is free. */
  paymentUnavailable(order: Readonly<{ orderCode?: string | undefined }>): string
  /** The same for a top-up. */
  depositUnavailable(): string
  qrisNotOffered(): string
  /** Every amount near the price is somebody else's for now, so that nobody's payment is taken for another's. */
  noFreeAmount(): string
  depositRequest(request: DepositRequest): string
  depositPaid(deposit: Readonly<{ amount: Rupiah; balance: Rupiah }>): string
  orderStatus(order: OrderReport): string
  noOrders(): string
  orderNotFound(order: Readonly<{ orderCode: string }>): string
  history(page: HistoryPage): string
  cancelled(order: Readonly<{ orderCode: string }>): string
  depositCancelled(): string
  nothingToCancel(): string
  cannotCancel(order: Readonly<{ orderCode: string; status: OrderStatus }>): string
  /** The demo's `.bayar` was taken as a payment. */
  demoPaid(): string
  /** `.bayar` from a phone: only somebody at the shop's own machine can pretend. */
  demoElsewhere(): string
  nothingToPay(): string
  nothingToResend(order: Readonly<{ orderCode: string; status: OrderStatus }>): string
  expired(order: Readonly<{ orderCode: string }>): string
  /** Stands before the goods of an order whose payment came after it had ended; how, where that is known. */
  latePaymentGoods(order: Readonly<{ orderCode: string; endedAs?: EndedAs | undefined }>): string
  latePaymentToBalance(
    order: Readonly<{ orderCode: string; amount: Rupiah; balance: Rupiah; endedAs?: EndedAs | undefined }>,
  ): string
  /** Another amount was `received` than `amount`, the one asked for; without an order it was a top-up. */
  paymentReview(
    payment: Readonly<{ orderCode?: string | null | undefined; amount: Rupiah; received: Rupiah }>,
  ): string
}

/** Each says what was not done, and what to do next. */
export interface RefusalTexts extends GuardTexts {
  soldOut(
    product: Readonly<{ code: string; name?: string | undefined; left: number; wanted: number }>,
  ): string
  insufficientBalance(
    account: Readonly<{
      balance: Rupiah
      total: Rupiah
      missing: Rupiah
      code?: string | undefined
      quantity?: number | undefined
    }>,
  ): string
  rateLimited(limit: Readonly<{ seconds: number }>): string
  slowDown(limit: Readonly<{ seconds: number }>): string
  transactionInProgress(lock: Readonly<{ seconds?: number | undefined }>): string
  unpaidOrderExists(
    order: Readonly<{ orderCode: string; total: Rupiah; payUrl?: string | undefined; expiresAt: Date }>,
  ): string
  quantityOutOfRange(range: Readonly<{ min: number; max: number }>): string
  amountOutOfRange(range: Readonly<{ min: Rupiah; max: Rupiah }>): string
  invalid(command: Command, reason: InvalidReason): string
  blocked(): string
  tooLong(limit: Readonly<{ max: number }>): string
  empty(): string
  noWords(): string
  unknown(hint: Readonly<{ suggestion?: Command | undefined }>): string
  /** Too many messages wait. */
  busy(): string
  /** The database can't be reached, but the message is stored and will be answered. */
  delayed(): string
  /** The database can't be reached: nothing was charged. */
  unavailable(): string
  /** An error of our own, whose cause is in the log under the reference. */
  failed(error: Readonly<{ reference: string }>): string
}

/** Everything Lapak says in a chat, in one language. A text that is missing does not compile. */
export interface Texts
  extends BrowsingTexts,
    OrderTexts,
    MoneyTexts,
    WarrantyTexts,
    GuidedTexts,
    VoucherTexts,
    RestockTexts,
    RefusalTexts,
    OperatorTexts,
    AlertTexts,
    BroadcastDeskTexts,
    DeskTexts,
    HouseDeskTexts,
    CatalogueDeskTexts,
    FulfilmentTexts,
    OrdersDeskTexts,
    DeskMenuTexts,
    PeopleDeskTexts,
    VouchersDeskTexts {}
