import type { DecidedReview, Review, ReviewDecision } from "../../shop/decide-review.ts"
import type { Rupiah } from "../../shop/money.ts"
import type { Refund, RefundedOrder } from "../../shop/refund-order.ts"

/** What an owner is told of something to be decided. */
export type ReviewNotice = Readonly<{ reviewId: number; reviewKind: Review["kind"] }> &
  Pick<Review, "amount" | "orderCode">

/** What a customer is told of a refund. */
export type RefundNotice = Pick<Refund, "orderCode" | "amount" | "destination">

export type RefundRefusal = Exclude<RefundedOrder, { kind: "refunded" | "refunded_before" }>

export type ReviewRefusal = Exclude<DecidedReview, { kind: "decided" | "not_found" | "decided_before" }>

/**
 * Said to an owner in a chat, and to the operator at the shell, who refund and decide. Commands to type are
 * the chat's where none are given.
 */
export interface DeskTexts {
  /** What became of a refund that was asked for. */
  refundMade(refund: Refund): string
  /** `again` is what to type where it is really meant a second time, and there is enough left. */
  refundedBefore(refund: Refund & Readonly<{ again?: string | undefined }>): string
  refundRefused(refusal: RefundRefusal & Readonly<{ orderCode: string }>): string
  noReviews(): string
  /** Short lines, and how to see one of them. */
  reviewList(list: Readonly<{ reviews: readonly Review[]; hasMore: boolean }>): string
  /** Everything that is known of one; `ways` are the commands that decide it. */
  review(review: Review & Readonly<{ ways?: readonly string[] | undefined }>): string
  reviewNotFound(review: Readonly<{ id: number }>): string
  reviewDecided(decided: Readonly<{ id: number; decision: ReviewDecision; amount: Rupiah | null }>): string
  reviewDecidedBefore(review: Readonly<{ id: number }>): string
  reviewNotDecided(refusal: ReviewRefusal): string
}

/** Whether a review holds money that a person can give to somebody. */
export function canMove({ kind, amount }: Pick<Review, "kind" | "amount">): boolean {
  return amount !== null && (kind === "unknown_payment" || kind === "unmatched_payment")
}
