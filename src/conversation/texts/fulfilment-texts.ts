import type { OrderToPack, ReceivedOrder, Shipment } from "../../shop/fulfil-order.ts"
import type { Rupiah } from "../../shop/money.ts"
import type { OrderStatus } from "../../shop/order-states.ts"
import type { FoundReceipt, OrderReceipt } from "../../shop/show-receipt.ts"
import type { OrderLine, PaidBy } from "./texts.ts"

/** An order of physical goods, as its customer hears of its way. */
export type ParcelWords = Readonly<{
  orderCode: string
  lines: readonly OrderLine[]
  delivery?: Shipment | undefined
}>

/** When each step of an order was made, as far as it was; null like absence. */
export type OrderTimes = Readonly<{
  paidAt?: Date | null | undefined
  deliveredAt?: Date | null | undefined
  packedAt?: Date | null | undefined
  shippedAt?: Date | null | undefined
  completedAt?: Date | null | undefined
}>

/** What `.status` says of where an order is. */
export type OrderJourney = OrderTimes &
  Readonly<{
    orderCode: string
    status: OrderStatus
    kind?: "digital" | "physical" | undefined
    delivery?: Shipment | undefined
  }>

/** What `.status` says. */
export type OrderReport = OrderJourney &
  Readonly<{
    lines: readonly OrderLine[]
    discount?: Rupiah | undefined
    total: Rupiah
    /** What is to be paid, where that is not just the total. */
    exactAmount?: Rupiah | undefined
    method: PaidBy
    /** What of it went back, and what is on its way back; absence is nothing. */
    returned?: Rupiah | undefined
    returning?: Rupiah | undefined
    createdAt: Date
    expiresAt?: Date | undefined
    payUrl?: string | undefined
  }>

export type ReceiptRefusal = Exclude<FoundReceipt, { kind: "receipt" }>

/** Goods on their way, told to their customers; and what is to be packed, told to the operators. */
export interface FulfilmentTexts {
  orderPacking(order: ParcelWords): string
  /** `isCorrected`: they were told another courier or number before. */
  orderShipped(order: ParcelWords & Readonly<{ isCorrected?: boolean | undefined }>): string
  orderCompleted(order: Readonly<{ orderCode: string }>): string
  /** It is to be shipped, and nobody said where to. */
  addressWanted(order: ParcelWords): string
  /** The answer to a customer who says that their goods arrived; `asked` is the code they named. */
  orderReceived(outcome: ReceivedOrder & Readonly<{ asked?: string | undefined }>): string
  /** `note` is what the operator says below every receipt. */
  receipt(order: OrderReceipt & Readonly<{ shopName: string; note?: string | undefined }>): string
  /** `asked` is the code they named. */
  noReceipt(refusal: ReceiptRefusal & Readonly<{ asked?: string | undefined }>): string
  /** To the operators. */
  ordersToPack(notice: Readonly<{ orders: readonly OrderToPack[] }>): string
}

export function hasAddress(delivery: Shipment | undefined): boolean {
  return Boolean(delivery?.recipient && delivery.address)
}
