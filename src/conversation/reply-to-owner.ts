import type { DecidedReview } from "../shop/decide-review.ts"
import type { RefundDestination, RefundedOrder } from "../shop/refund-order.ts"
import type { Texts } from "./texts/texts.ts"

/** What became of a refund; `again` is what to type to have it made once more, where it is not the chat's. */
export function replyToRefund(
  outcome: RefundedOrder,
  asked: Readonly<{ orderCode: string; destination: RefundDestination; again?: string }>,
  say: Texts,
): string {
  switch (outcome.kind) {
    case "refunded":
      return say.refundMade(outcome.refund)
    case "refunded_before":
      return say.refundedBefore({ ...outcome.refund, wanted: asked.destination, again: asked.again })
    default:
      return say.refundRefused({ ...outcome, orderCode: asked.orderCode })
  }
}

/** What became of a decision. */
export function replyToDecision(outcome: DecidedReview, id: number, say: Texts): string {
  switch (outcome.kind) {
    case "decided":
      return say.reviewDecided({ ...outcome, id })
    case "decided_before":
      return say.reviewDecidedBefore({ id })
    case "not_found":
      return say.reviewNotFound({ id })
    default:
      return say.reviewNotDecided(outcome)
  }
}
