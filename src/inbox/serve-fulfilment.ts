import type { ClaimedMessage } from "../database/claimed-message.ts"
import { answerWithin } from "../shop/answer-within.ts"
import { receiveOrder } from "../shop/fulfil-order.ts"
import { showReceipt } from "../shop/show-receipt.ts"
import type { Answer, ServingParts } from "./answer.ts"

/** The receipt of a customer's named order, else of the last they paid; or why there is none. */
export async function receipt(
  { shop, settings, texts }: ServingParts,
  message: ClaimedMessage,
  orderCode: string | undefined,
): Promise<string> {
  const say = texts[message.language]
  const found = await showReceipt(shop, message.userId, orderCode)
  if (found.kind === "receipt")
    return say.receipt({ ...found.receipt, shopName: settings.shopName, note: settings.receiptNote })
  return say.noReceipt({ ...found, asked: orderCode })
}

/** A customer's goods arrived: the order ends in the transaction of the answer. */
export async function receive(
  { shop, texts }: ServingParts,
  message: ClaimedMessage,
  orderCode: string | undefined,
): Promise<Answer> {
  const next = await answerWithin(shop, message, async (statements) => {
    const outcome = await receiveOrder(statements, { userId: message.userId, orderCode })
    return { text: texts[message.language].orderReceived({ ...outcome, asked: orderCode }) }
  })
  return { kind: "answered", next }
}
