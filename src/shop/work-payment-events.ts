import { hastenAsking, readPaymentState } from "../database/open-charges.ts"
import {
  concludeEvent,
  noteReplay,
  openEvents,
  type PaymentEvent,
  readEvent,
} from "../database/payment-events.ts"
import { reviewUnknownPayment, type SettleOutcome, settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

const eventsARound = 20
const day = 24 * 3_600

/** How long an event is tried: silence ends some day, an answer that can't be read hardly does. */
const patienceSeconds = { unreadable: day, undecided: 7 * day } as const

/**
 * Does what an event calls for: asks the provider, which alone is believed, and settles what it says is paid.
 * Idempotent. False when it must be tried again, by a process that knows its provider.
 */
export async function workEvent(shop: Shop, event: PaymentEvent): Promise<boolean> {
  const outcome = await tryEvent(shop, event)
  if (isOpen(outcome)) return false
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
    const isGivenUp = isOpen(outcome)
    if (isOpen(outcome) && event.ageSeconds <= patienceSeconds[outcome]) continue
    if (isGivenUp)
      shop.log.error("a notification is given up: its charge has to be looked up at the provider", {
        reference: event.reference,
        reason: outcome,
      })
    await concludeEvent(shop.database, event.id, isGivenUp ? "gave_up" : outcome)
  }
}

async function tryEvent(shop: Shop, event: PaymentEvent): Promise<SettleOutcome> {
  const provider = shop.providerNamed(event.provider)
  if (!provider) return "undecided"
  if ((await readPaymentState(shop.database, event)) === undefined)
    return await reviewUnknownPayment(shop, provider, event.reference)
  const outcome = await settleCharge(shop, provider, event.reference)
  if (outcome === "not_paid" || outcome === "unknown_payment") await hastenAsking(shop.database, event.id)
  return outcome
}

export type ReplayOutcome =
  | Readonly<{ kind: "replayed"; event: PaymentEvent; outcome: SettleOutcome }>
  | Readonly<{ kind: "unknown_event" }>
  /** Its provider is not configured here, so nobody can be asked. */
  | Readonly<{ kind: "unknown_provider"; event: PaymentEvent }>

/**
 * Runs a stored event again, as if it had just come: what it says is not believed, its provider is asked.
 * Harmless however often; each time is noted with who did it.
 */
export async function replayEvent(
  shop: Shop,
  given: { eventId: number; actor: string },
): Promise<ReplayOutcome> {
  const event = await readEvent(shop.database, given.eventId)
  if (!event) return { kind: "unknown_event" }
  if (!shop.providerNamed(event.provider)) return { kind: "unknown_provider", event }
  const outcome = await tryEvent(shop, event)
  await noteReplay(shop.database, { event, actor: given.actor, outcome })
  if (!isOpen(outcome)) await concludeEvent(shop.database, event.id, outcome)
  return { kind: "replayed", event, outcome }
}

function isOpen(outcome: SettleOutcome): outcome is keyof typeof patienceSeconds {
  return outcome === "undecided" || outcome === "unreadable"
}
