import type { RefundIntent, ReviewIntent } from "../conversation/intent.ts"
import { replyToDecision, replyToRefund } from "../conversation/reply-to-owner.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { decideReview, listReviews, showReview } from "../shop/decide-review.ts"
import { refundOrder } from "../shop/refund-order.ts"
import type { Shop } from "../shop/shop.ts"

/** What is read well on a phone. */
const listedMax = 10

/** Does what an owner asks for in a chat, and says what was done. Handled again, a message refunds once. */
export async function serveOwner(
  shop: Shop,
  message: ClaimedMessage,
  intent: RefundIntent | ReviewIntent,
  say: Texts,
): Promise<string> {
  if (intent.kind === "review") return await review(shop, message, intent, say)
  const { orderCode, amount, destination, again, reason } = intent
  const request = `M${message.inboxId}`
  const actor = actorOf(message)
  const asked = { orderCode, amount, destination, again, reason, request, actor }
  return replyToRefund(await refundOrder(shop, asked), { orderCode, destination }, say)
}

async function review(
  shop: Shop,
  message: ClaimedMessage,
  { id, decision: decided }: ReviewIntent,
  say: Texts,
): Promise<string> {
  if (id === undefined) {
    const list = await listReviews(shop, listedMax)
    return list.reviews.length === 0 ? say.noReviews() : say.reviewList(list)
  }
  if (decided) {
    const { decision, reason } = decided
    return replyToDecision(
      await decideReview(shop, { id, decision, reason, actor: actorOf(message) }),
      id,
      say,
    )
  }
  const found = await showReview(shop, id)
  return found ? say.review(found) : say.reviewNotFound({ id })
}

/** Who did it, as the record keeps it. */
function actorOf({ userId }: ClaimedMessage): string {
  return `user:${userId}`
}
