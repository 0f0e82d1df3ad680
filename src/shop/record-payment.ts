import { isUnavailable } from "../database/connect.ts"
import { readPaymentState, takeChargesToAsk } from "../database/open-charges.ts"
import { concludeEvent, openEvents, type PaymentEvent, storeEvent } from "../database/payment-events.ts"
import { reviewUnknownPayment, type SettleOutcome, settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

export type NotificationReceipt =
  | Readonly<{ kind: "stored"; event: PaymentEvent }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "malformed"; field: string }>
  | Readonly<{ kind: "unavailable" }>

const eventsARound = 20
const day = 24 * 3_600

/** How long an event is tried: silence ends some day, an answer that can't be read hardly does. */
const patienceSeconds = { unreadable: day, undecided: 7 * day } as const

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

/**
 * Does what an event calls for: asks the provider, which alone is believed, and settles what it says is paid.
 * Idempotent. False when it must be tried again, by a process that knows its provider.
 */
export async function workEvent(shop: Shop, event: PaymentEvent): Promise<boolean> {
  const outcome = await tryEvent(shop, event)
  if (outcome === "undecided" || outcome === "unreadable") return false
  await concludeEvent(shop.database, event.id, outcome)
  return true
}

/**
 * Works some of the events that a killed process or a silent provider left open. One that settles nothing
 * holds up no other, and is given up in the end, which a person is told.
 */
export async function workOpenEvents(shop: Shop): Promise<void> {
  const events = await openEvents(shop.database, {
    providers: shop.providerNames,
    turn: shop.clock().getTime(),
    limit: eventsARound,
  })
  for (const event of events) {
    const outcome = await tryEvent(shop, event)
    const isOpen = outcome === "undecided" || outcome === "unreadable"
    if (isOpen && event.ageSeconds <= patienceSeconds[outcome]) continue
    if (isOpen)
      shop.log.error("a notification is given up: its charge has to be looked up at the provider", {
        reference: event.reference,
        reason: outcome,
      })
    await concludeEvent(shop.database, event.id, isOpen ? "gave_up" : outcome)
  }
}

async function tryEvent(shop: Shop, event: PaymentEvent): Promise<SettleOutcome> {
  const provider = shop.providerNamed(event.provider)
  if (!provider) return "undecided"
  if ((await readPaymentState(shop.database, event)) === undefined)
    return await reviewUnknownPayment(shop, provider, event.reference)
  return await settleCharge(shop, provider, event.reference)
}

/** Asks for the state of charges that are open for a while: a notification may have been lost. */
export async function askForOpenCharges(shop: Shop): Promise<void> {
  const charges = await takeChargesToAsk(shop.database, {
    providers: shop.providerNames,
    unaskedSeconds: 30,
    limit: 50,
  })
  for (const { reference, provider } of charges) {
    const known = shop.providerNamed(provider)
    if (known) await settleCharge(shop, known, reference)
  }
}
