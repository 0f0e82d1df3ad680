import type { Held } from "../conversation/desk/confirm.ts"
import type { RefundIntent, ReviewIntent } from "../conversation/intent.ts"
import { replyToDecision, replyToRefund } from "../conversation/reply-to-owner.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { decideReview, listReviews, showReview } from "../shop/decide-review.ts"
import { previewRefund } from "../shop/preview-refund.ts"
import { refundOrder } from "../shop/refund-order.ts"
import type { Shop } from "../shop/shop.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { askUnlessConfirmed } from "./desk/hold.ts"
import { actorOf } from "./desk/serve-desk.ts"

type DecidingIntent = Required<ReviewIntent>

/** What is read well on a phone. */
const listedMax = 10

/**
 * Gives money back, or shows and decides what waits for a decision, and says what was done. Money moves only
 * once it is `confirmed`. Handled again, a message refunds once.
 */
export async function serveReturns(
  { shop, texts, settings }: ServingParts,
  message: ClaimedMessage,
  intent: RefundIntent | ReviewIntent,
  { confirmed }: { confirmed: Held | undefined },
): Promise<Answer> {
  const say = texts[message.language]
  if (!isDeciding(intent)) return saying(await review(shop, intent, say))
  const meant = await questionOf(shop, intent, say)
  if (meant.kind === "refuse" && !confirmed) return { kind: "say", text: meant.text, conversation: null }
  const { prefix } = settings
  // What is refused although it was agreed to may have been made by this very request, which says so again.
  const question =
    meant.kind === "ask" ? askUnlessConfirmed(meant, confirmed, { message, prefix, say }) : undefined
  if (question) return { kind: "say", ...question }
  const text =
    intent.kind === "refund"
      ? await refund(shop, message, intent, say)
      : await decide(shop, message, intent, say)
  return { kind: "say", text, conversation: null }
}

function isDeciding(intent: RefundIntent | ReviewIntent): intent is RefundIntent | DecidingIntent {
  return intent.kind === "refund" || (intent.id !== undefined && intent.decision !== undefined)
}

/** The question with sum and customer; what can't be given back is refused before anything is asked. */
async function questionOf(
  shop: Shop,
  intent: RefundIntent | DecidingIntent,
  say: Texts,
): Promise<Readonly<{ kind: "ask" | "refuse"; text: string }>> {
  if (intent.kind === "review")
    return { kind: "ask", text: say.confirmDecision({ id: intent.id, ...intent.decision }) }
  const { orderCode, destination, reason } = intent
  const meant = await previewRefund(shop, intent)
  if (meant.kind !== "refundable")
    return { kind: "refuse", text: replyToRefund(meant, { orderCode, destination }, say) }
  const { kind: _, amount, ...customer } = meant
  const isAll = intent.amount === undefined
  return { kind: "ask", text: say.confirmRefund({ orderCode, amount, isAll, customer, destination, reason }) }
}

async function refund(
  shop: Shop,
  message: ClaimedMessage,
  { orderCode, amount, destination, again, reason }: RefundIntent,
  say: Texts,
): Promise<string> {
  const request = `M${message.inboxId}`
  const asked = { orderCode, amount, destination, again, reason, request, actor: actorOf(message) }
  return replyToRefund(await refundOrder(shop, asked), { orderCode, destination }, say)
}

async function decide(
  shop: Shop,
  message: ClaimedMessage,
  { id, decision: { decision, reason } }: DecidingIntent,
  say: Texts,
): Promise<string> {
  const actor = actorOf(message)
  return replyToDecision(await decideReview(shop, { id, decision, reason, actor }), id, say)
}

async function review(shop: Shop, { id }: ReviewIntent, say: Texts): Promise<string> {
  if (id === undefined) {
    const list = await listReviews(shop, listedMax)
    return list.reviews.length === 0 ? say.noReviews() : say.reviewList(list)
  }
  const found = await showReview(shop, id)
  return found ? say.review(found) : say.reviewNotFound({ id })
}
