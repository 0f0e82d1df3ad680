import type { Intent } from "../conversation/intent.ts"
import { replyToOrder } from "../conversation/reply.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { suggestCodes } from "../shop/browse-catalog.ts"
import { placeOrder } from "../shop/place-order.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"

/** Buys by command, in one message, whatever the customer is in the middle of. */
export async function servePurchase(
  { shop, texts, payUrl }: ServingParts,
  message: ClaimedMessage,
  { code, quantity, method }: Extract<Intent, { kind: "buy" }>,
): Promise<Answer> {
  const { channel } = message
  const outcome = await placeOrder(shop, message, { productCode: code, quantity, method })
  if (outcome.kind === "answered") return outcome
  const suggestions = outcome.kind === "unknown_product" ? await suggestCodes(shop, code) : []
  const text = replyToOrder(
    outcome,
    { code, quantity, method, suggestions },
    { say: texts[message.language], payUrl: (payToken) => payUrl(payToken, channel) },
  )
  return saying(text)
}
