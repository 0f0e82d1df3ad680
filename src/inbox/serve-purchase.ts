import type { Intent } from "../conversation/intent.ts"
import { readable, withoutPrefix } from "../conversation/normal-words.ts"
import { replyToOrder } from "../conversation/reply.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { showProduct, suggestCodes } from "../shop/browse-catalog.ts"
import { placeOrder } from "../shop/place-order.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { startOrder } from "./serve-guided.ts"

/**
 * Buys by command, in one message, whatever the customer is in the middle of. Who said `beli kopi` in plain
 * words may have meant a name: where that is no code, an order begins with it.
 */
export async function servePurchase(
  parts: ServingParts,
  message: ClaimedMessage,
  { code, quantity, method }: Extract<Intent, { kind: "buy" }>,
  prefix: string,
): Promise<Answer> {
  const { shop, texts, payUrl } = parts
  const { channel } = message
  const outcome = await placeOrder(shop, message, { productCode: code, quantity, method })
  if (outcome.kind === "answered") return outcome
  const isPlain = withoutPrefix(readable(message.text), prefix) === undefined
  if (outcome.kind === "unknown_product" && isPlain) return await startOrder(parts, message, message.text)
  const suggestions = outcome.kind === "unknown_product" ? await suggestCodes(shop, code) : []
  const name = outcome.kind === "sold_out" ? (await showProduct(shop, code))?.name : undefined
  const text = replyToOrder(
    outcome,
    { code, name, quantity, method, suggestions },
    { say: texts[message.language], payUrl: (payToken) => payUrl(payToken, channel) },
  )
  return saying(text)
}
