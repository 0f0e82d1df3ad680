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
  /** Where the customer comes back to from a page of the provider; https. */
  returnUrl?: string | undefined
}>

/** What is not known; with `isAnswered`, the provider did answer, and asking again may say no more. */
export type Unknown = Readonly<{ kind: "unknown"; reason: string; isAnswered?: true }>

/** How a charge is paid: by its QRIS code, or on a page of the provider that offers several methods. */
export type WayToPay =
  | Readonly<{ qrString: string; redirectUrl?: undefined }>
  | Readonly<{ redirectUrl: string; qrString?: undefined }>

/** A charge that can be paid; a page has no transaction before the customer has picked a method on it. */
export type Charged = WayToPay & Readonly<{ kind: "charged"; transactionId?: string; expiresAt: Date }>

/** `unknown` means that the provider may or may not have made the charge: ask `status` before anything else. */
export type ChargeOutcome = Charged | Readonly<{ kind: "refused"; reason: string }> | Unknown

export type ChargeState =
  | "pending"
  | "paid"
  | "denied"
  | "expired"
  | "cancelled"
  | "refunded"
  | "partially_refunded"
  | "charged_back"
  | "partially_charged_back"

/** What the provider itself says of a charge: the authority on its state and amount. */
export type StatusOutcome =
  | Readonly<{
      kind: "known"
      reference: ChargeReference
      transactionId: string
      state: ChargeState
      amount: Rupiah
      /**
       * What went back to the payer in all so far, by refunds and chargebacks: 0 when nothing did, the whole
       * amount when it is refunded, charged back or denied, undefined when a part did and it is not told
       * which. A charge that was denied before anybody paid it says the whole amount as well.
       */
      refundedAmount: Rupiah | undefined
      /** Present when the provider hands the code out again. */
      qrString?: string
    }>
  /** Also said of a provider's page on which nobody has picked a method yet. */
  | Readonly<{ kind: "not_found" }>
  | Unknown

export type RefundRequest = Readonly<{
  reference: ChargeReference
  /** Names this refund: at most 50 of letters, digits, `-` and `_`. The same key never pays back twice. */
  refundKey: string
  amount: Rupiah
  /** For the provider's own records, in plain words. */
  reason: string
}>

/** `unknown` means that the money may have gone back: ask again under the same key. */
export type RefundOutcome =
  | Readonly<{ kind: "refunded" }>
  | Readonly<{ kind: "refused"; reason: string }>
  | Unknown

/** An authentic notification is still only a hint: its signature does not cover the state. Ask `status`. */
export type NotificationReading =
  | Readonly<{
      kind: "authentic"
      reference: ChargeReference
      claimedState: string
      /** Which transaction of the charge it claims to be about; not signed either. */
      transactionId?: string | undefined
    }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "malformed"; field: string }>

/** One way to be paid. Every call is bounded in time; expected failures are outcomes, not throws. */
export interface PaymentProvider {
  readonly name: "midtrans" | "demo" | "static_qris"
  /** Pretended money: every message about it must say so. */
  readonly isDemo: boolean
  /** Idempotent by reference for at least five minutes. */
  charge(request: ChargeRequest): Promise<ChargeOutcome>
  /** Where a charge may have several transactions: of the latest of them. */
  status(reference: ChargeReference): Promise<StatusOutcome>
  /**
   * Present where a charge may be paid by several transactions: what is said of this one of them.
   * `not_found` also of a transaction of another charge.
   */
  statusOfTransaction?(reference: ChargeReference, transactionId: string): Promise<StatusOutcome>
  /**
   * Ends an unpaid charge, or the named transaction of it. `true` when it is certain that it can no longer
   * be paid. Idempotent. Some providers give back by it what was paid and is not settled yet: ask `status`
   * first, and cancel only what is pending.
   */
  cancel(reference: ChargeReference, transactionId?: string): Promise<boolean>
  /** Pays back what was paid, or a part of it. Idempotent by `refundKey`. */
  refund(request: RefundRequest): Promise<RefundOutcome>
  /** Reads a notification and checks its signature in constant time. Pure: asks nobody. */
  readNotification(rawBody: string): NotificationReading
}
