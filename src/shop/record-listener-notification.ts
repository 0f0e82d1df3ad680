import { isUnavailable } from "../database/connect.ts"
import type { PaymentEvent } from "../database/payment-events.ts"
import {
  type ListenerNotification,
  type RecordedNotification,
  recordNotification,
} from "../database/static-payments.ts"
import type { Rupiah } from "./money.ts"
import type { Shop } from "./shop.ts"

export type ListenerReceipt =
  /** With the event that is to be worked now, where the notification pays for something. */
  | Readonly<{ kind: "stored"; event: PaymentEvent | undefined }>
  | Readonly<{ kind: "duplicate" }>
  | Readonly<{ kind: "nonce_used" }>
  | Readonly<{ kind: "unavailable" }>

/**
 * Stores an authentic notification of the seller's phone with what it is taken for: the payment of exactly
 * its amount, or something for a person to decide. Only that: what it pays is settled by `workEvent`, and by
 * the jobs when a process dies in between. Idempotent.
 */
export async function recordListenerNotification(
  shop: Shop,
  notification: ListenerNotification,
  amountMax: Rupiah,
): Promise<ListenerReceipt> {
  let recorded: RecordedNotification
  try {
    recorded = await recordNotification(shop.database, notification, amountMax)
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return { kind: "unavailable" }
  }
  shop.events.payment(`listener_${recorded.kind}`)
  switch (recorded.kind) {
    case "duplicate":
    case "nonce_used":
      return recorded
    case "ignored":
      return { kind: "stored", event: undefined }
    case "review":
      shop.log.error("something waits for a person's decision: see lapak reviews", { reason: recorded.why })
      shop.promised()
      return { kind: "stored", event: undefined }
    case "matched": {
      const { eventId: id, reference } = recorded
      return { kind: "stored", event: { id, provider: "static_qris", reference } }
    }
  }
}
