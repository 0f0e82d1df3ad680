import type { Accept, OutboundMessage } from "../channels/channel.ts"
import type { TryChannel } from "../channels/try/try-channel.ts"
import type { Log } from "../operations/log.ts"
import type { NoteError } from "../operations/note-errors.ts"
import type { WhatsAppDesk } from "../operations/whatsapp-desk.ts"
import type { Language } from "../shop/customer.ts"
import type { Rupiah } from "../shop/money.ts"

/** What the web server is given; it knows no database, no provider and no engine. */
export type WebDependencies = Readonly<{
  clock: () => Date
  log: Log
  /** A fresh reference number for an error: told to the visitor, logged with the cause. */
  newReference: () => string
  noteError: NoteError
  /** The address the server listens on (`HOST`): part of what counts as loopback. */
  host: string
  /** False where `PUBLIC_URL` names an address in the world: nobody is known to be at this very machine. */
  isAtHome: boolean
  metricsToken: string | undefined
  accept: Accept
  /** Undefined: no gateway is configured and its webhook answers 404. */
  gatewaySecret: string | undefined
  checks: () => Promise<Checks>
  /** What `/health` tells besides the checks. No secrets, no customer's data. */
  healthDetails: () => Promise<Record<string, unknown>>
  metricsText: () => Promise<string>
  /**
   * Undefined: Midtrans is not configured and its webhook answers 404. Returns once stored; the work follows.
   */
  recordNotification: ((provider: "midtrans", rawBody: string) => Promise<NotificationOutcome>) | undefined
  /** Undefined: there is no listener and its webhook answers 404. Returns once stored; the work follows. */
  recordForwarded: ((request: ListenerRequest) => Promise<ListenerOutcome>) | undefined
  payments: PaymentDependencies
  tryIt: TryDependencies
  whatsapp: WhatsAppDesk
}>

export const checkNames = ["postgres", "redis", "migrations", "whatsapp"] as const
export type CheckName = (typeof checkNames)[number]
export type Check = Readonly<{ state: "ok" | "degraded" | "unavailable" | "off"; detail?: string }>
export type Checks = Readonly<Record<CheckName, Check>>

export type NotificationOutcome =
  | Readonly<{ kind: "stored" }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "malformed"; field: string }>
  | Readonly<{ kind: "unavailable" }>

/** What the app on the seller's phone sends; nothing of it is checked yet. */
export type ListenerRequest = Readonly<{
  timestamp: string | undefined
  nonce: string | undefined
  signature: string | undefined
  body: Uint8Array
}>

export type ListenerOutcome =
  | Readonly<{ kind: "stored" }>
  | Readonly<{ kind: "duplicate" }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "stale" }>
  | Readonly<{ kind: "malformed"; field: string; reason: string }>
  /** The nonce came before, with another notification. */
  | Readonly<{ kind: "nonce_used" }>
  | Readonly<{ kind: "unavailable" }>

export type { Language } from "../shop/customer.ts"

export type PaymentState = "pending" | "paid" | "review" | "expired" | "cancelled" | "failed"

/** A payment as its page shows it. */
export type PaymentPage = Readonly<{
  state: PaymentState
  amount: Rupiah
  /** What of the amount makes it unlike others, and becomes balance; 0 where it does not have to. */
  uniqueExtra: Rupiah
  /** Undefined: it tops a balance up. */
  orderCode: string | undefined
  shopName: string
  expiresAt: Date
  /** The text inside the QR; absent once it can't be paid any more. */
  qrString: string | undefined
  /** The provider's own page, where it offers several methods; absent once it can't be paid any more. */
  redirectUrl?: string | undefined
  /** Pretended money: the page says so, and offers to pretend when asked from this very machine. */
  isDemo: boolean
  language: Language
  /** Of one that is paid. */
  result?: PaymentResult | undefined
}>

/** What came for a payment, and what became of it; each sum 0 where there is nothing of the kind. */
export type PaymentResult = Readonly<{
  resolution: PaymentResolution
  /** In all, by however many transactions. */
  received: Rupiah
  /** What of it became balance. */
  toBalance: Rupiah
  /** Of the order's money, to the balance later. */
  backToBalance: Rupiah
  /** To the payer, the way it was paid. */
  sentBack: Rupiah
  /** By the bank, without being asked by the shop. */
  takenBack: Rupiah
}>

export type PaymentResolution =
  | "goods"
  | "late_goods"
  | "late_balance"
  | "balance"
  | "already_paid_balance"
  | "underpaid_balance"

export type PaymentLookup =
  | Readonly<{ kind: "found"; payment: PaymentPage }>
  | Readonly<{ kind: "unknown" }>
  | Readonly<{ kind: "unavailable" }>

export type PaymentDependencies = Readonly<{
  find: (payToken: string) => Promise<PaymentLookup>
  /**
   * Calls back when the payment may have changed, and returns how to end that. Absent: pages ask now and
   * then.
   */
  watch?: (payToken: string, changed: () => void) => () => void
  /** Pretends that a demo payment was made. Idempotent. */
  payDemo: (payToken: string) => Promise<"paid" | "not_payable" | "unavailable">
}>

/** A reply of the past; `at` is when it was promised. */
export type TryReply = Readonly<{ message: OutboundMessage; at: Date }>

export type TryDependencies = Readonly<{
  enabled: boolean
  shopName: () => string
  channel: TryChannel
  /**
   * The latest replies to `number`, oldest first and at most 100; after the message with the id `after`
   * where that is given and known, else from the beginning.
   */
  history: (number: string, after: string | undefined) => Promise<readonly TryReply[]>
  /** A random number for a newcomer; see `toTryNumber`. */
  newNumber: () => string
}>

/** What the server tells about one request beside the request itself. */
export type RequestFacts = Readonly<{
  /** The address at the other end of the TCP connection. */
  peerAddress: () => string | undefined
  /** Aborted when the server begins to stop: whatever is kept open for long ends. */
  closing: AbortSignal
}>

export type WebEnvironment = { Bindings: Partial<RequestFacts> }
