import type { Decision, Review, ReviewDecision } from "../../../shop/decide-review.ts"
import type { Rupiah } from "../../../shop/money.ts"
import type { PriceStep } from "../../../shop/prices.ts"
import type { RefundDestination } from "../../../shop/refund-order.ts"
import type { Voucher, VoucherRefusal } from "../../../shop/vouchers.ts"
import type { Command, InvalidReason } from "../../intent.ts"
import type { RefundNotice, ReviewNotice, ReviewOutcome, ReviewRefusal } from "../desk-texts.ts"
import type { FulfilmentTexts, OrderJourney } from "../fulfilment-texts.ts"
import type {
  NumberedProduct,
  QuantityQuestion,
  RecipientQuestion,
  SummaryQuestion,
} from "../guided-texts.ts"
import type {
  CataloguePage,
  DepositRequest,
  EndedAs,
  HistoryPage,
  Movement,
  OrderLine,
  OrderStatus,
  PaidBy,
  PaidOrder,
  PaymentRequest,
  ProductDetail,
  ProductFigures,
} from "../texts.ts"
import type { RefusedVoucher } from "../voucher-texts.ts"
import type { OrderUnit, OrderUnits } from "../warranty-texts.ts"
import type { Wording } from "../wording.ts"

/** Pieces of a language's own texts that stand for a placeholder of a changed one. */
export interface Phrases {
  seconds(count: number): string
  minutes(count: number): string
  days(count: number): string
  items(count: number): string
  /** With the verb that English wants. */
  itemsReplaced(count: number): string
  /** A page of the catalogue, with headings. */
  products(page: CataloguePage): string
  categories(counted: readonly Readonly<{ name: string; count: number }>[]): string
  /** What is left, what was sold, and whether it is new. */
  stockLeft(product: ProductFigures & Readonly<{ left: number }>): string
  /** The lower prices for more of it. */
  cheaper(steps: readonly PriceStep[] | undefined): string
  howDelivered(kind: ProductDetail["kind"]): string
  movements(movements: readonly Movement[]): string
  /** What was bought, with what a voucher took off. */
  lines(order: Readonly<{ lines?: readonly OrderLine[] | undefined; discount?: Rupiah | undefined }>): string
  pastOrders(orders: HistoryPage["orders"]): string
  /** Where goods go, or how the customer says where to. */
  whereTo(order: Pick<OrderJourney, "orderCode" | "delivery">): string
  parcel(delivery: OrderJourney["delivery"]): string
  journey(order: OrderJourney): string
  receiptFigures(order: Parameters<FulfilmentTexts["receipt"]>[0]): string
  /** Of the guided order: a list to choose from, and its pieces. */
  numbered(products: readonly NumberedProduct[]): string
  steps(steps: QuantityQuestion["steps"]): string
  rememberedRecipient(question: RecipientQuestion): string
  rememberedAddress(question: RecipientQuestion): string
  discountOf(order: SummaryQuestion): string
  howPaid(order: SummaryQuestion): string
  status(status: OrderStatus): string
  method(method: PaidBy): string
  /** The total, how it was paid, and what is left of the balance. */
  paid(order: PaidOrder): string
  paidFor(orderCode: string | null | undefined): string
  by(request: PaymentRequest | DepositRequest): string
  whyOnline(request: PaymentRequest): string
  howToPay(request: PaymentRequest | DepositRequest): string
  exactTotal(request: PaymentRequest): string
  exactDeposit(request: DepositRequest): string
  whereToPay(payUrl: string | undefined): string
  ended(endedAs: EndedAs | undefined): string
  unitName(unit: Omit<OrderUnit, "orderCode">): string
  unitList(units: OrderUnits): string
  claimedUnit(unit: Readonly<{ place: number; count: number }>): string
  sum(order: Readonly<{ quantity: number; price: Rupiah; discount: Rupiah; total: Rupiah }>): string
  voucherGives(voucher: Voucher): string
  voucherConditions(voucher: Voucher): string
  /** Whatever is bought. */
  whyNoVoucher(reason: VoucherRefusal, voucher: Voucher): string
  /** For this very purchase. */
  whyRefused(refusal: RefusedVoucher): string
  /** A command with what is typed behind it, ready to be copied. */
  usage(command: Command): string
  example(command: Command, reason: InvalidReason): string
  whatHappened(notice: Omit<ReviewNotice, "reviewId">): string
  evidence(review: Review): string
  refundStanding(review: Review): string
  provider(name: string): string
  decision(decision: ReviewDecision): string
  decisionMeant(decision: Decision): string
  decider(review: Review): string
  waysOf(review: Review): string
  whatBecame(outcome: ReviewOutcome): string
  whyNotDecided(refusal: ReviewRefusal): string
  destination(refund: Pick<RefundNotice, "destination">): string
  leftOver(refund: Readonly<{ left: number }>): string
  refundAgain(refund: Pick<RefundNotice, "orderCode" | "amount">, wanted: RefundDestination): string
  /** Why the provider did not send it back, as the record has it. */
  whyItFailed(reason: string): string
}

export type PhrasesOf = (wording: Wording) => Phrases
