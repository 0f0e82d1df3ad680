import { isUnavailable } from "../database/connect.ts"
import { type PaymentEvent, storeEvent } from "../database/payment-events.ts"
import type { Shop } from "./shop.ts"

export type NotificationReceipt =
  | Readonly<{ kind: "stored"; event: PaymentEvent }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "malformed"; field: string }>
  | Readonly<{ kind: "unavailable" }>

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
  const { reference, claimedState, transactionId } = reading
  const event = { provider: providerName, reference, claimedState, transactionId, rawBody }
  try {
    const id = await storeEvent(shop.database, event)
    return { kind: "stored", event: { id, provider: providerName, reference } }
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return { kind: "unavailable" }
  }
}
