import type { ClaimedMessage } from "../database/claimed-message.ts"
import { errorCode } from "../database/connect.ts"
import { openDeposit, type PaymentRow } from "../database/payments.ts"
import type { Rupiah } from "./money.ts"
import { type ChargeResult, requestCharge } from "./request-charge.ts"
import { holdSeconds, type Shop } from "./shop.ts"

export type TopUpOutcome = ChargeResult | Readonly<{ kind: "qris_not_offered" | "no_free_amount" }>

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
  let payment: PaymentRow
  try {
    payment = await openDeposit(shop.database, message, {
      amount,
      reference: `D${shop.newOrderCode()}-1`,
      provider: shop.provider.name,
      payToken: shop.newPayToken(),
      holdSeconds,
    })
  } catch (error) {
    if (errorCode(error) !== "LP002") throw error
    return { kind: "no_free_amount" }
  }
  return await requestCharge(shop, message, payment, { balance: message.balance })
}
