import type { Language } from "../shop/customer.ts"
import type { Decision } from "../shop/decide-review.ts"
import type { ReviewId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { DeskAsked, DeskProblem } from "./desk/rooms.ts"

export type { Language } from "../shop/customer.ts"

export type PaymentMethod = "saldo" | "qris"

export type Command =
  | "menu"
  | "help"
  | "catalogue"
  | "categories"
  | "detail"
  | "buy"
  | "balance"
  | "deposit"
  | "status"
  | "history"
  | "cancel"
  | "language"
  | "pay_demo"
  | "resend"
  | "warranty"
  | "address"
  | "voucher"
  | "restock"
  | "receipt"
  | "received"
  | "stop_broadcasts"
  | "start_broadcasts"
  | "person"
  | "bot"
  | OperatorCommand

/** Refunds are understood from admins and owners, reviews from owners alone; else they are mere words. */
export type OperatorCommand = "refund" | "review"

/** What a customer wants, read from one message. Codes are well-formed and upper-cased, maybe of nothing. */
export type Intent =
  | Readonly<{ kind: "menu" }>
  | Readonly<{ kind: "help" }>
  | Readonly<{ kind: "catalogue"; category?: string; page: number }>
  | Readonly<{ kind: "categories" }>
  | Readonly<{ kind: "detail"; code: string }>
  | Readonly<{ kind: "buy"; code: string; quantity: number; method?: PaymentMethod }>
  /** Orders step by step; `wish` is what was named in plain words, without being a code and a quantity. */
  | Readonly<{ kind: "order"; wish?: string }>
  | Readonly<{ kind: "balance" }>
  | Readonly<{ kind: "deposit"; amount: Rupiah }>
  | Readonly<{ kind: "status"; orderCode?: string }>
  | Readonly<{ kind: "history"; page: number }>
  | Readonly<{ kind: "cancel"; orderCode?: string }>
  | Readonly<{ kind: "language"; language?: Language }>
  /** Pays the unpaid order with pretended money; means something only while the demo provider is in use. */
  | Readonly<{ kind: "pay_demo" }>
  /** Asks for goods that were delivered before. */
  | Readonly<{ kind: "resend"; orderCode: string }>
  /** Claims the warranty of one unit of an order, the `place`-th of its message. */
  | Readonly<{ kind: "warranty"; orderCode: string; place?: number }>
  /** Says where an order's goods go; of the latest that still can be told, where none is named. */
  | Readonly<{ kind: "address"; orderCode?: string }>
  /** Asks for the receipt of a paid order. */
  | Readonly<{ kind: "receipt"; orderCode?: string }>
  /** Says that goods which were sent have arrived. */
  | Readonly<{ kind: "received"; orderCode?: string }>
  /** Whether the customer wants words that nobody asked for. */
  | Readonly<{ kind: "stop_broadcasts" | "start_broadcasts" }>
  /** Wants to talk with a person. */
  | Readonly<{ kind: "person" }>
  /** Wants the shop to answer again, after a person was asked for. */
  | Readonly<{ kind: "bot" }>
  | Readonly<{ kind: "thanks" }>
  | DeskIntent
  | VoucherIntent
  | RestockIntent
  | RefundIntent
  | ReviewIntent
  | Readonly<{ kind: "invalid"; command: Command; reason: InvalidReason }>
  | Readonly<{ kind: "too_long" }>
  | Readonly<{ kind: "empty" }>
  | Readonly<{ kind: "no_words" }>
  | Readonly<{ kind: "unknown"; suggestion?: Command }>

/** An operator asks for something of their desk, or did not say it in a way that can be read. */
export type DeskIntent =
  | Readonly<{ kind: "desk"; asked: DeskAsked }>
  | Readonly<{ kind: "desk_problem"; command: string; problem: DeskProblem }>

/** Chooses a discount for the next purchase, shows the chosen one, or drops it. */
export type VoucherIntent = Readonly<{
  kind: "voucher"
  wish: Readonly<{ kind: "show" } | { kind: "drop" } | { kind: "choose"; code: string }>
}>

/** Asks for word of a product that is sold out, lists what is waited for, or waits no longer. */
export type RestockIntent = Readonly<{
  kind: "restock"
  wish: Readonly<{ kind: "list" } | { kind: "ask"; code: string } | { kind: "end"; code: string }>
}>

/** An operator gives money of an order back: without an amount, all that is left, because that was said. */
export type RefundIntent = Readonly<{
  kind: "refund"
  orderCode: string
  amount?: Rupiah
  destination: "saldo" | "provider"
  /** Meant although the same amount of this order was given back before. */
  again: boolean
  reason: string
}>

/** An owner looks at what waits for a decision, at one of it, or decides that one. */
export type ReviewIntent = Readonly<{
  kind: "review"
  id?: ReviewId
  decision?: Readonly<{ decision: Decision; reason: string }>
}>

/** Why a command could not be read. None holds free words of the customer. */
export type InvalidReason =
  | Readonly<{ kind: "missing_code" }>
  | Readonly<{ kind: "malformed_code" }>
  | Readonly<{ kind: "missing_order_code" }>
  | Readonly<{ kind: "malformed_order_code" }>
  | Readonly<{ kind: "malformed_voucher" }>
  | Readonly<{ kind: "quantity_not_a_number" }>
  | Readonly<{ kind: "quantity_not_whole" }>
  | Readonly<{ kind: "quantity_out_of_range"; min: number; max: number }>
  | Readonly<{ kind: "place_invalid" }>
  | Readonly<{ kind: "unknown_method" }>
  | Readonly<{ kind: "missing_amount" }>
  | Readonly<{ kind: "amount_not_a_number" }>
  | Readonly<{ kind: "amount_out_of_range"; min: Rupiah; max: Rupiah }>
  | Readonly<{ kind: "page_invalid" }>
  | Readonly<{ kind: "unknown_language" }>
  | Readonly<{ kind: "too_many_words" }>
  | Readonly<{ kind: "missing_reason" }>
  | Readonly<{ kind: "reason_too_long"; max: number }>
  /** Neither an amount nor that all is meant, or both. The code is well-formed, so it may be repeated. */
  | Readonly<{ kind: "refund_how_much"; orderCode: string }>
  | Readonly<{ kind: "malformed_review" }>
