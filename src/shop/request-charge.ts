import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { GoodsCount, OrderWords } from "../database/orders.ts"
import { failCharge, type PaymentRow, recordCharge } from "../database/payments.ts"
import type { ChargeOutcome, PaymentProvider, WayToPay } from "../payments/payment-provider.ts"
import { rupiah } from "./money.ts"
import { answerEnvelope, handOver, type Shop } from "./shop.ts"

/** `answered` has finished the message; `not_charged` has undone the order, and is to be answered. */
export type ChargeResult =
  | Readonly<{ kind: "answered"; next: ClaimedMessage | undefined }>
  | Readonly<{ kind: "not_charged"; orderCode: string | undefined }>

export type ChargeWords = Partial<OrderWords> &
  Readonly<{ why?: "chosen" | "balance_short"; balance: number }>

/**
 * Asks the provider for the charge of a stored payment and promises its code, or its page, to the customer.
 * The same payment asks under the same reference, so a repetition makes no second charge. Without a charge
 * the order is undone and its goods are free; money that comes for it all the same is handled as late money.
 */
export async function requestCharge(
  shop: Shop,
  message: ClaimedMessage,
  payment: PaymentRow,
  words: ChargeWords,
): Promise<ChargeResult> {
  const provider = shop.providerNamed(payment.provider)
  const notCharged = { kind: "not_charged" as const, orderCode: words.orderCode }
  if (!provider || !["requested", "pending"].includes(payment.state)) return notCharged
  const charged = await askForCharge(shop, provider, payment)
  if (charged.kind !== "charged") {
    shop.log.warn("a charge was not made", {
      paymentId: payment.id,
      outcome: charged.kind,
      reason: charged.reason,
    })
    shop.events.payment(charged.kind === "refused" ? "charge_refused" : "charge_unknown")
    await giveBack(shop, await failCharge(shop.database, payment.id))
    return notCharged
  }
  const told = payment.unique_extra > 0 ? { ...words, uniqueExtra: payment.unique_extra } : words
  const recorded = await recordCharge(shop.database, message, {
    paymentId: payment.id,
    serves: shop.serves(),
    qrString: charged.qrString,
    redirectUrl: charged.redirectUrl,
    transactionId: charged.transactionId,
    expiresAt: charged.expiresAt,
    words: told,
  })
  if (recorded.kind === "gone") return notCharged
  shop.events.payment("requested")
  const data = {
    ...told,
    purpose: payment.purpose,
    amount: payment.amount,
    expiresAt: earlier(new Date(payment.expires_at), charged.expiresAt).toISOString(),
    payToken: payment.pay_token,
    ...wayToPay(charged),
    provider: payment.provider,
  }
  const envelope = answerEnvelope(message, recorded.promise, { kind: "payment_request", data })
  handOver(shop, [[recorded.promise, envelope]])
  return { kind: "answered", next: recorded.next }
}

/** Puts units that came free back on the counters. */
export async function giveBack(shop: Shop, goods: readonly GoodsCount[] | undefined): Promise<void> {
  for (const { code, quantity } of goods ?? []) await shop.gate.adjustStock(code, quantity)
}

async function askForCharge(
  shop: Shop,
  provider: PaymentProvider,
  payment: PaymentRow,
): Promise<ChargeOutcome> {
  if (payment.qr_string !== null) return chargedBefore(payment, { qrString: payment.qr_string })
  if (payment.redirect_url !== null) return chargedBefore(payment, { redirectUrl: payment.redirect_url })
  return await provider.charge({
    reference: payment.reference,
    amount: rupiah(payment.amount),
    expiresAt: new Date(payment.expires_at),
    description: payment.purpose,
    returnUrl: shop.returnUrl(payment.pay_token),
  })
}

function chargedBefore(payment: PaymentRow, way: WayToPay): ChargeOutcome {
  const transactionId = payment.provider_transaction_id
  return {
    kind: "charged",
    ...way,
    ...(transactionId !== null && { transactionId }),
    expiresAt: new Date(payment.expires_at),
  }
}

function wayToPay({ qrString, redirectUrl }: WayToPay): WayToPay {
  return qrString === undefined ? { redirectUrl } : { qrString }
}

function earlier(one: Date, other: Date): Date {
  return one <= other ? one : other
}
