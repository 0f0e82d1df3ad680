import type { Rupiah } from "../shop/money.ts"

/** The id we gave the charge at the provider: at most 50 of letters, digits and `-`; never used twice. */
export type ChargeReference = string & { readonly [kind]: "charge reference" }
declare const kind: unique symbol

export type ChargeRequest = Readonly<{
  reference: ChargeReference
  amount: Rupiah
  /** When the offer ends; providers may round it up to what they allow. */
  expiresAt: Date
  description: string
}>

/** What is not known; with `isAnswered`, the provider did answer, and asking again may say no more. */
export type Unknown = Readonly<{ kind: "unknown"; reason: string; isAnswered?: true }>

/** `unknown` means that the provider may or may not have made the charge: ask `status` before anything else. */
export type ChargeOutcome =
  | Readonly<{ kind: "charged"; qrString: string; transactionId: string; expiresAt: Date }>
  | Readonly<{ kind: "refused"; reason: string }>
  | Unknown

export type ChargeState =
  | "pending"
  | "paid"
  | "denied"
  | "expired"
  | "cancelled"
  | "refunded"
  | "partially_refunded"
  | "charged_back"

/** What the provider itself says of a charge: the authority on its state and amount. */
export type StatusOutcome =
  | Readonly<{
      kind: "known"
      reference: ChargeReference
      transactionId: string
      state: ChargeState
      amount: Rupiah
      /** Present when the provider hands the code out again. */
      qrString?: string
    }>
  | Readonly<{ kind: "not_found" }>
  | Unknown

/** An authentic notification is still only a hint: its signature does not cover the state. Ask `status`. */
export type NotificationReading =
  | Readonly<{ kind: "authentic"; reference: ChargeReference; claimedState: string }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "malformed"; field: string }>

/** One way to be paid. Every call is bounded in time; expected failures are outcomes, not throws. */
export interface PaymentProvider {
  readonly name: "midtrans" | "demo" | "static_qris"
  /** Pretended money: every message about it must say so. */
  readonly isDemo: boolean
  /** Idempotent by reference for at least five minutes. */
  charge(request: ChargeRequest): Promise<ChargeOutcome>
  status(reference: ChargeReference): Promise<StatusOutcome>
  /** Ends an unpaid charge. `true` when it is certain that it can no longer be paid. Idempotent. */
  cancel(reference: ChargeReference): Promise<boolean>
  /** Reads a notification and checks its signature in constant time. Pure: asks nobody. */
  readNotification(rawBody: string): NotificationReading
}
