import type { Intent } from "../conversation/intent.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { findWholeCode } from "../database/order-codes.ts"
import { mayOperate } from "../shop/customer.ts"
import type { Shop } from "../shop/shop.ts"

/** What every order's code begins with, and what people leave out. */
export const orderCodePrefix = "LPK-"

/**
 * The same intent with the order's whole code, where its beginning was left out and there is such an order:
 * one of the customer's own, or any for an operator.
 */
export async function withWholeCode(shop: Shop, message: ClaimedMessage, intent: Intent): Promise<Intent> {
  if (intent.kind === "desk") {
    const { asked } = intent
    if (!("orderCode" in asked)) return intent
    return { ...intent, asked: { ...asked, orderCode: await whole(shop, message, asked.orderCode) } }
  }
  if (!("orderCode" in intent) || intent.orderCode === undefined) return intent
  return { ...intent, orderCode: await whole(shop, message, intent.orderCode) }
}

async function whole({ database }: Shop, { userId, role }: ClaimedMessage, code: string): Promise<string> {
  if (code.startsWith(orderCodePrefix)) return code
  const customer = mayOperate(role, "admin") ? undefined : userId
  return (await findWholeCode(database, { code, prefix: orderCodePrefix, customer })) ?? code
}
