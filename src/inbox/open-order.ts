import { type Guided, orderOf } from "../conversation/guided/conversation.ts"
import { type Answer as ReadAnswer, readAnswer } from "../conversation/guided/read-answer.ts"
import { readGuided } from "../conversation/guided/stored.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { findAddressedOrder } from "../database/guided-orders.ts"
import type { Shop } from "../shop/shop.ts"
import { type Catalogue, loadCatalogue } from "./guided-facts.ts"

/** The question a customer was asked, and what their message says to it. */
export type OpenOrder = Readonly<{ conversation: Guided; catalogue: Catalogue; answer: ReadAnswer }>

/** Undefined where nothing is open, or where an order that was asked about needs no address any more. */
export async function readOpenOrder(
  shop: Shop,
  message: ClaimedMessage,
  prefix: string,
): Promise<OpenOrder | undefined> {
  const conversation = readGuided(message.conversation)
  if (!conversation) return undefined
  const orderCode = orderOf(conversation)
  if (orderCode !== undefined) {
    const order = await findAddressedOrder(shop.database, message.userId, orderCode)
    if (!order?.takesAddress) return undefined
  }
  const catalogue = await loadCatalogue(shop)
  const { role } = message
  const answer = readAnswer(conversation, message.text, { products: catalogue.onSale, prefix, role })
  return { conversation, catalogue, answer }
}
