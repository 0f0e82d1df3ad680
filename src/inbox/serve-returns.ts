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
  const asking = { message, prefix: settings.prefix, say }
  if (intent.kind === "refund" && !confirmed) return await askToRefund(shop, intent, asking)
  if (intent.kind === "review") {
    const text = say.confirmDecision({ id: intent.id, ...intent.decision })
    const question = askUnlessConfirmed({ text }, confirmed, asking)
    if (question) return { kind: "say", ...question }
  }
  const text =
    intent.kind === "refund"
      ? await refund(shop, message, intent, say)
      : await decide(shop, message, intent, say)
  return { kind: "say", text, conversation: null }
}

function isDeciding(intent: RefundIntent | ReviewIntent): intent is RefundIntent | DecidingIntent {
  return intent.kind === "refund" || (intent.id !== undefined && intent.decision !== undefined)
}

/** Asks with the sum and the customer; what can't be given back is refused before anything is asked. */
async function askToRefund(
  shop: Shop,
  intent: RefundIntent,
  asking: Readonly<{ message: ClaimedMessage; prefix: string; say: Texts }>,
): Promise<Answer> {
  const { say } = asking
  const { orderCode, destination, reason } = intent
  const meant = await previewRefund(shop, intent)
  if (meant.kind !== "refundable")
    return { kind: "say", text: replyToRefund(meant, { orderCode, destination }, say), conversation: null }
  const { kind: _, amount, ...customer } = meant
  const isAll = intent.amount === undefined
  const text = say.confirmRefund({ orderCode, amount, isAll, customer, destination, reason })
  const question = askUnlessConfirmed({ text }, undefined, asking)
  return { kind: "say", text, ...question }
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
