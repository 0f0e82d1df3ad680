import type { ClaimedMessage } from "../database/claimed-message.ts"
import { openDeposit } from "../database/payments.ts"
import type { Rupiah } from "./money.ts"
import { type ChargeResult, requestCharge } from "./request-charge.ts"
import { holdSeconds, type Shop } from "./shop.ts"

export type TopUpOutcome = ChargeResult | Readonly<{ kind: "qris_not_offered" }>

/**
 * Opens a top-up by QRIS; an open one of the same amount is shown again,
 * one of another amount is ended.
 */
export async function topUpBalance(
  shop: Shop,
  message: ClaimedMessage,
  amount: Rupiah,
): Promise<TopUpOutcome> {
  if (!shop.provider) return { kind: "qris_not_offered" }
  const payment = await openDeposit(shop.database, message, {
    amount,
    reference: `D${shop.newOrderCode()}-1`,
    provider: shop.provider.name,
    payToken: shop.newPayToken(),
    holdSeconds,
  })
  return await requestCharge(shop, message, payment, { balance: message.balance })
}
