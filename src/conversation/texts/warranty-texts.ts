import type { Rupiah } from "../../shop/money.ts"

/** One unit of an order, the `place`-th of the `count` in the message that brought them. */
export type OrderUnit = Readonly<{ orderCode: string; name: string; place: number; count: number }>

/** The units of an order, in the order of the message that brought them. */
export type OrderUnits = ReadonlyArray<Readonly<{ name: string; isClaimed: boolean }>>

/** Why a claim is not made good, or not yet. */
export type WarrantyRefusal = Readonly<{ orderCode: string }> &
  Readonly<
    | { kind: "physical" }
    | { kind: "not_delivered" }
    | { kind: "no_warranty" }
    | { kind: "over"; endedAt: Date }
    | { kind: "refunded_before" }
    | { kind: "made_good_before"; returned: Rupiah; replaced: number }
    | { kind: "no_such_unit"; count: number }
    | { kind: "claimed_before"; wasReplaced: boolean; place: number; count: number }
    | { kind: "in_review" }
    | { kind: "other_in_review"; otherOrderCode: string }
    | { kind: "reviewed" }
  >

export interface WarrantyTexts {
  /** `units` are the payloads of what is new, each verbatim and once. */
  warrantyReplaced(claim: OrderUnit & Readonly<{ units: readonly string[] }>): string
  /** `isSoldOut`: it would have been replaced, had there been a unit. */
  warrantyRefunded(
    claim: OrderUnit & Readonly<{ amount: Rupiah; balance: Rupiah; isSoldOut: boolean }>,
  ): string
  /** Asks which unit is meant, in the order of the message that brought them. */
  warrantyWhich(order: Readonly<{ orderCode: string; units: OrderUnits }>): string
  warrantyRefused(refusal: WarrantyRefusal): string
  /** The seller looked at a claim, and does not make it good. */
  warrantyNotGranted(claim: OrderUnit): string
}
