import { isUnavailable } from "../database/connect.ts"
import { reopenAsking } from "../database/open-charges.ts"
import {
  concludeEvent,
  type EventSubject,
  noteReplay,
  type OpenEvent,
  openEvents,
  type PaymentEvent,
  readEvent,
  readEventSubject,
} from "../database/payment-events.ts"
import type { PaymentProvider } from "../payments/payment-provider.ts"
import { askCharge } from "./ask-charge.ts"
import { claimsMoney, claimsReturn, isBehind } from "./read-claim.ts"
import { reviewUnknownPayment } from "./review-unknown-payment.ts"
import { review, type SettleOutcome, settleAnswers } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

const eventsARound = 20
const hour = 3_600
const day = 24 * hour

/** Why an event stays open: silence, an answer that can't be read, or one that lags behind the event. */
type OpenReason = "undecided" | "unreadable" | "behind"

/** How long an event is tried: silence ends some day, an answer that can't be read hardly does. */
const patienceSeconds: Readonly<Record<OpenReason, number>> = {
  undecided: 7 * day,
  unreadable: day,
  // The charge itself is asked about long after that; one of somebody else's is not.
  behind: hour,
}
const patienceForUnknownSeconds = day

type Tried = Readonly<{
  outcome: SettleOutcome
  openFor: OpenReason | undefined
  subject: EventSubject | undefined
}>

/**
 * Does what an event calls for: asks the provider, which alone is believed, and settles what it says is paid.
 * Idempotent. False when it must be tried again, by a process that knows its provider.
 */
export async function workEvent(shop: Shop, event: PaymentEvent): Promise<boolean> {
  const { outcome, openFor, subject } = await trySafely(shop, event)
  if (subject?.payment === null) sayUnknown(shop, event)
  if (openFor !== undefined) return false
  await concludeEvent(shop.database, event.id, outcome)
  return true
}

/**
 * Works some of the events that a killed process or a silent provider left open, or that the provider does
 * not bear out yet. One that settles nothing holds up no other, and ends when patience does.
 */
export async function workOpenEvents(shop: Shop): Promise<void> {
  const events = await openEvents(shop.database, {
    providers: shop.providerNames,
    turn: shop.clock().getTime(),
    limit: eventsARound,
  })
  for (const event of events) {
    const tried = await trySafely(shop, event)
    if (tried.openFor !== undefined && event.ageSeconds <= patienceFor(tried.openFor, tried.subject)) continue
    await concludeEvent(shop.database, event.id, await endEvent(shop, event, tried))
  }
}

function patienceFor(reason: OpenReason, subject: EventSubject | undefined): number {
  const isUnknown = reason === "behind" && subject?.payment === null
  return isUnknown ? patienceForUnknownSeconds : patienceSeconds[reason]
}

/** What is written of an event that ends; one about money that is given up is a person's. */
async function endEvent(
  shop: Shop,
  event: OpenEvent,
  { outcome, openFor, subject }: Tried,
): Promise<SettleOutcome | "gave_up"> {
  if (subject?.payment === null) sayUnknown(shop, event)
  if (openFor === undefined) return outcome
  const { reference, provider } = event
  if (openFor === "behind" && subject?.payment != null) {
    shop.log.warn("the provider never said what its notification said", { reference, outcome })
    if (claimsReturn(subject.claimedState)) await reopenAsking(shop.database, event, { fromStart: true })
    return outcome
  }
  const known = subject ?? (await readEventSubject(shop.database, event.id))
  const { payment = null, transactionId = null, claimedState = "" } = known ?? {}
  shop.log.error("a notification is given up: its charge has to be looked up at the provider", {
    reference,
    reason: openFor,
  })
  if (!claimsMoney(claimedState)) return "gave_up"
  await review(shop, {
    key: `given_up:${provider}:${reference}:${transactionId ?? claimedState}`,
    kind: "unknown_payment",
    provider,
    paymentId: payment?.id,
    orderId: payment?.orderId ?? undefined,
    userId: payment?.userId,
    evidence: { reference, transactionId, claimedState, eventId: event.id, why: openFor },
  })
  return "gave_up"
}

/** An event whose handling fails is as one whose answer can't be read. */
async function trySafely(shop: Shop, event: PaymentEvent): Promise<Tried> {
  try {
    return await tryEvent(shop, event)
  } catch (error) {
    if (isUnavailable(error)) throw error
    shop.log.error("a notification could not be worked", { reference: event.reference, error })
    return { outcome: "unreadable", openFor: "unreadable", subject: undefined }
  }
}

async function tryEvent(shop: Shop, event: PaymentEvent): Promise<Tried> {
  const provider = shop.providerNamed(event.provider)
  const subject = await readEventSubject(shop.database, event.id)
  if (!provider || !subject) return { outcome: "undecided", openFor: "undecided", subject }
  const { outcome, isLate } = await settleSubject(shop, provider, { event, subject })
  const isOpen = outcome === "undecided" || outcome === "unreadable"
  return { outcome, openFor: isOpen ? outcome : isLate ? "behind" : undefined, subject }
}

async function settleSubject(
  shop: Shop,
  provider: PaymentProvider,
  { event, subject }: { event: PaymentEvent; subject: EventSubject },
): Promise<Readonly<{ outcome: SettleOutcome; isLate: boolean }>> {
  const { reference } = event
  const answers = await askCharge(shop, provider, reference, subject.transactionId)
  const isLate = isBehind(subject, answers)
  if (subject.payment === null)
    return { outcome: await reviewUnknownPayment(shop, provider, answers), isLate }
  const outcome = await settleAnswers(shop, provider, { reference, answers })
  if (claimsReturn(subject.claimedState)) await reopenAsking(shop.database, event)
  return { outcome, isLate }
}

function sayUnknown(shop: Shop, { reference }: PaymentEvent): void {
  shop.events.payment("unknown_payment")
  shop.log.error("a notification is about a payment this shop never asked for", { reference })
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
  const { outcome, openFor } = await tryEvent(shop, event)
  await noteReplay(shop.database, { event, actor: given.actor, outcome })
  if (openFor === undefined) await concludeEvent(shop.database, event.id, outcome)
  return { kind: "replayed", event, outcome }
}
