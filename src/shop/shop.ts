import type { AnswerMessage } from "../database/answers.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Database } from "../database/connect.ts"
import type { MessagePromise } from "../database/inbox.ts"
import type { PlaceOrder } from "../database/orders.ts"
import type { Envelope, MessageKind } from "../database/outbox.ts"
import type { Gate } from "../gate/gate.ts"
import type { Log } from "../operations/log.ts"
import type { Vault } from "../operations/vault.ts"
import type { PaymentProvider } from "../payments/payment-provider.ts"
import type { ProcessId } from "./ids.ts"

/** What the use cases need. Made once, in app.ts. */
export type Shop = Readonly<{
  database: Database
  /** Joined with those of other customers that come at the same moment. */
  placeOrder: PlaceOrder
  answerMessage: AnswerMessage
  gate: Gate
  /** What goods are sealed with. */
  vault: Vault
  /** Reads a file that came with a message on a channel. Bounded in time; touches no database. */
  fetchDocument: (channel: string, document: Uint8Array) => Promise<FetchedDocument>
  log: Log
  events: ShopEvents
  /** The one charges are made with; undefined when QRIS is not offered. */
  provider: PaymentProvider | undefined
  /** The provider a stored payment was made with, also when it is not the current one. */
  providerNamed: (name: string) => PaymentProvider | undefined
  /** The names `providerNamed` knows; the payments of any other are somebody else's to look after. */
  providerNames: readonly string[]
  /** Undefined while PostgreSQL is away. */
  owner: () => ProcessId | undefined
  /** The channels this process sends on at once; none while it has its hands full. */
  serves: () => readonly string[]
  /** The channels where customers write, whether they are connected or not; none of this very machine. */
  chats: readonly string[]
  /** Hands promised messages that are this process's to send to the outbox, at once. */
  deliver: (envelopes: readonly Envelope[]) => void
  /** Says that messages were promised which somebody else, or a later round, is to send. */
  promised: () => void
  /** What late money may get when the very goods it had held are gone. */
  lateGoods: "equal" | "same"
  clock: () => Date
  /** Where a provider's page sends its customers back to; undefined where that is not on the web. */
  returnUrl: (payToken: string) => string | undefined
  /** From 0 up to 1; spreads what would come all at once. */
  random: () => number
  /** 7 of digits and capital letters that are not mistaken for each other. */
  newOrderCode: () => string
  /** Unguessable; names a payment page. */
  newPayToken: () => string
}>

/** What stands in a file that was sent, or why it is not known: its sender can do something about each. */
export type FetchedDocument =
  | Readonly<{ kind: "text"; text: string }>
  | Readonly<{ kind: "failed" | "too_large" | "not_text" | "not_utf8" }>

/** What is counted. */
export type ShopEvents = Readonly<{
  funnel(step: "greeting" | "catalogue" | "checkout" | "paid" | "delivered"): void
  payment(outcome: string): void
}>

/** How long an order waits for its payment, in seconds; Midtrans refuses less than 15 minutes. */
export const holdSeconds = 15 * 60

/** The envelope of a promise just made in answer to a message, so that it need not be read back. */
export function answerEnvelope(
  message: ClaimedMessage,
  promise: MessagePromise,
  content: {
    kind: MessageKind
    text?: string
    data?: Readonly<Record<string, unknown>>
    units?: readonly string[]
  },
): Envelope {
  return {
    id: promise.id,
    messageId: promise.messageId,
    owner: message.owner,
    channel: message.channel,
    userId: message.userId,
    to: message.address,
    language: message.language,
    kind: content.kind,
    text: content.text ?? null,
    data: content.data ?? {},
    units: content.units ?? [],
    inReplyTo: message.messageId,
    attempts: 1,
  }
}

/** Sends what is this process's to send and wakes whoever sends the rest. */
export function handOver(shop: Shop, promises: ReadonlyArray<[MessagePromise, Envelope]>): void {
  const mine = promises.filter(([promise]) => promise.state === "sending").map(([, envelope]) => envelope)
  if (mine.length > 0) shop.deliver(mine)
  if (mine.length < promises.length) shop.promised()
}
