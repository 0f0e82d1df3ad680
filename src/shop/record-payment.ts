import { DatabaseUnavailable, isUnavailable } from "../database/connect.ts"
import { type NamedCharge, readPaymentState } from "../database/open-charges.ts"
import { type PaymentEvent, storeEvent } from "../database/payment-events.ts"
import { settlePayment } from "../database/payments.ts"
import type { ChargeReference, ChargeState, PaymentProvider } from "../payments/payment-provider.ts"
import type { Shop } from "./shop.ts"

export type NotificationReceipt =
  | Readonly<{ kind: "stored"; event: PaymentEvent }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "malformed"; field: string }>
  | Readonly<{ kind: "unavailable" }>

/**
 * What a charge turned out to be. `undecided` (the provider did not answer) and `unreadable` (it did, but
 * not so that it settles anything) are to be asked again; everything else is final for now.
 */
export type SettleOutcome =
  | "settled"
  | "already_settled"
  | "not_paid"
  | "reversed"
  | "undecided"
  | "unreadable"
  | "unknown_payment"
  | "amount_mismatch"

const takenBackStates: readonly ChargeState[] = [
  "refunded",
  "partially_refunded",
  "charged_back",
  "partially_charged_back",
]

/**
 * Checks a notification's signature and stores it as it came. Only that: whoever sent it is answered at once,
 * and `workEvent` does the rest. An event that is stored and not worked is found by `workOpenEvents`.
 */
export async function receiveNotification(
  shop: Shop,
  providerName: string,
  rawBody: string,
): Promise<NotificationReceipt> {
  const provider = shop.providerNamed(providerName)
  if (!provider) return { kind: "forged" }
  const reading = provider.readNotification(rawBody)
  if (reading.kind !== "authentic") {
    shop.events.payment(`notification_${reading.kind}`)
    return reading
  }
  const { reference, claimedState } = reading
  try {
    const id = await storeEvent(shop.database, { provider: providerName, reference, claimedState, rawBody })
    return { kind: "stored", event: { id, provider: providerName, reference } }
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return { kind: "unavailable" }
  }
}

/** Asks the provider about one charge and books it when it is paid. The effect happens once. */
export async function settleCharge(
  shop: Shop,
  provider: PaymentProvider,
  reference: ChargeReference,
): Promise<SettleOutcome> {
  const status = await provider.status(reference)
  if (status.kind === "unknown") {
    shop.log.warn("a charge's state could not be asked", { reason: status.reason })
    return status.isAnswered ? "unreadable" : "undecided"
  }
  if (status.kind === "not_found") return "unknown_payment"
  if (status.state === "paid") return await book(shop, reference, status)
  if (!(await isReversed(shop, { provider: provider.name, reference }, status.state))) return "not_paid"
  shop.events.payment("reversed")
  shop.log.error("money that came was taken back at the provider: it waits for a person")
  return "reversed"
}

/** Money that went back always came before; any other end is a reversal only of what was paid here. */
async function isReversed(shop: Shop, charge: NamedCharge, state: ChargeState): Promise<boolean> {
  if (state === "pending") return false
  if (takenBackStates.includes(state)) return true
  const known = await readPaymentState(shop.database, charge)
  return known === "paid" || known === "review"
}

async function book(
  shop: Shop,
  reference: ChargeReference,
  paid: { amount: Parameters<typeof settlePayment>[2]["amount"]; transactionId: string },
): Promise<SettleOutcome> {
  const owner = shop.owner()
  if (owner === undefined) throw new DatabaseUnavailable("no process number")
  const settlement = await settlePayment(shop.database, owner, {
    serves: [],
    reference,
    amount: paid.amount,
    transactionId: paid.transactionId,
  })
  shop.events.payment(settlement.kind)
  switch (settlement.kind) {
    case "settled":
      shop.promised()
      if (settlement.resolution === "goods" || settlement.resolution === "late_goods")
        shop.events.funnel("paid")
      for (const { code, quantity } of settlement.goods) await shop.gate.adjustStock(code, -quantity)
      await shop.gate.cache.forget({ kind: "balance", userId: settlement.userId })
      return "settled"
    case "amount_mismatch":
      shop.promised()
      shop.log.error("a payment's amount is not the one asked for: it waits for a person", {
        paymentId: settlement.paymentId,
      })
      return "amount_mismatch"
    case "unknown_payment":
      shop.log.error("the provider reports a payment this shop never asked for")
      return "unknown_payment"
    default:
      return settlement.kind
  }
}
