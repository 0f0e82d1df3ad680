import type { DecidedReview, Decision, Review, ReviewDecision } from "../../shop/decide-review.ts"
import { type Rupiah, rupiah } from "../../shop/money.ts"
import type { Refund, RefundDestination, RefundedOrder } from "../../shop/refund-order.ts"
import type { NamedPerson } from "./people-desk-texts.ts"

/** What an owner is told of something to be decided. */
export type ReviewNotice = Readonly<{ reviewId: number; reviewKind: Review["kind"] }> &
  Pick<Review, "amount" | "orderCode">

/** What a customer is told of a refund. */
export type RefundNotice = Pick<Refund, "orderCode" | "amount" | "destination">

export type RefundRefusal = Exclude<RefundedOrder, { kind: "refunded" | "refunded_before" }>

export type ReviewOutcome = Pick<
  Extract<DecidedReview, { kind: "decided" }>,
  "decision" | "amount" | "settlement" | "reversal"
>

export type ReviewRefusal = Exclude<DecidedReview, { kind: "decided" | "not_found" | "decided_before" }>

/**
 * Said to an owner in a chat, and to the operator at the shell, who refund and decide. Commands to type are
 * the chat's where none are given.
 */
export interface DeskTexts {
  /** What became of a refund that was asked for. */
  refundMade(refund: Refund): string
  /**
   * `again` is what to type where it is really meant a second time, and there is enough left; `wanted` is where
   * the money was to go this time.
   */
  refundedBefore(refund: Refund & Readonly<{ wanted: RefundDestination; again?: string | undefined }>): string
  refundRefused(refusal: RefundRefusal & Readonly<{ orderCode: string }>): string
  /** Asked before money goes back. */
  confirmRefund(
    refund: Readonly<{
      orderCode: string
      amount: Rupiah
      /** That is everything which is left. */
      isAll: boolean
      customer: NamedPerson
      destination: RefundDestination
      reason: string
    }>,
  ): string
  confirmDecision(review: Readonly<{ id: number; decision: Decision; reason: string }>): string
  /** An operator thought better of it. */
  confirmationDropped(): string
  /** What was agreed to is another thing by now; the question stands below once more. */
  confirmationChanged(): string
  /** What was agreed to means nothing any more. */
  confirmationLapsed(): string
  /** Neither yes nor no. */
  confirmationUnclear(): string
  noReviews(): string
  /** Short lines, and how to see one of them. */
  reviewList(list: Readonly<{ reviews: readonly Review[]; hasMore: boolean }>): string
  /** Everything that is known of one; `ways` are the commands that settle it. */
  review(review: Review & Readonly<{ ways?: readonly string[] | undefined }>): string
  reviewNotFound(review: Readonly<{ id: number }>): string
  reviewDecided(decided: ReviewOutcome & Readonly<{ id: number }>): string
  reviewDecidedBefore(review: Readonly<{ id: number }>): string
  reviewNotDecided(refusal: ReviewRefusal): string
  /** Money that goes back and what is to be decided, a line each, which begins with its command. */
  ownerHelp(): string
}

/** The decisions that fit a review. */
export function waysToDecide({ kind, refund }: Pick<Review, "kind" | "refund">): readonly ReviewDecision[] {
  switch (kind) {
    case "unknown_payment":
    case "unmatched_payment":
      return ["credited", "settled", "dismissed"]
    case "reversal_amount":
      return ["taken", "dismissed"]
    case "refund_failed":
      return refund?.state === "requested" ? ["made", "not_made"] : ["dismissed"]
    default:
      return ["dismissed"]
  }
}

/**
 * How much of the order to give back before a review is dismissed: what could not go back through the
 * provider and did not since, or the price of the one unit whose warranty is claimed. Undefined for nothing.
 */
export function refundAdvised({ kind, amount, left, unitPrice, refund }: Review): Rupiah | undefined {
  const isFailed = kind === "refund_failed" && refund?.state === "failed" && refund.since < (amount ?? 0)
  const most = isFailed ? amount : kind === "warranty" ? unitPrice : null
  const advised = Math.min(most ?? 0, left ?? 0)
  return advised > 0 ? rupiah(advised) : undefined
}
