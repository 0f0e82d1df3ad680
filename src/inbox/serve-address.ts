import { askRecipient } from "../conversation/guided/ask-delivery.ts"
import type { Delivery } from "../conversation/guided/conversation.ts"
import { sayAsked } from "../conversation/guided/say-guided.ts"
import { keepGuided } from "../conversation/guided/stored.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { findAddressedOrder, keepDelivery } from "../database/guided-orders.ts"
import { answerWithin } from "../shop/answer-within.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { loadFacts } from "./guided-facts.ts"

/** Shows where an order goes, and asks where to, while that can still be said. */
export async function serveAddress(
  { shop, texts }: ServingParts,
  message: ClaimedMessage,
  asked: string | undefined,
): Promise<Answer> {
  const words = texts[message.language]
  const order = await findAddressedOrder(shop.database, message.userId, asked)
  if (!order)
    return saying(asked === undefined ? words.noOrderToAddress() : words.orderNotFound({ orderCode: asked }))
  if (!order.takesAddress) return saying(words.addressRefused(order))
  const { orderCode } = order
  const conversation = { step: "recipient" as const, orderCode }
  const catalogue = { products: [], onSale: [] }
  const facts = await loadFacts(shop, message, { catalogue, conversation })
  const move = askRecipient(conversation, facts, undefined)
  return { kind: "say", text: sayAsked(move, words), conversation: keepGuided(move.conversation) }
}

/** Writes it down, and says so, in one transaction. */
export async function deliverTo(
  { shop, texts }: ServingParts,
  message: ClaimedMessage,
  { orderCode, delivery }: { orderCode: string; delivery: Delivery },
): Promise<Answer> {
  const words = texts[message.language]
  const next = await answerWithin(shop, message, async (statements) => {
    const kept = await keepDelivery(statements, { userId: message.userId, orderCode, delivery })
    switch (kept.kind) {
      case "kept":
        return { text: words.addressKept({ orderCode, ...delivery }), conversation: null }
      case "refused":
        return { text: words.addressRefused({ orderCode, ...kept }), conversation: null }
      case "not_found":
        return { text: words.orderNotFound({ orderCode }), conversation: null }
    }
  })
  return { kind: "answered", next }
}
