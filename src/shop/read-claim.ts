import type { ChargeState, StatusOutcome } from "../payments/payment-provider.ts"
import type { Answer } from "./ask-charge.ts"

/** What a notification says: money came, it went back, or a payment ended, which one that came may do too. */
type Claim = "came" | "returned" | "ended"

/** As the providers write their states. */
const claims: ReadonlyMap<string, Claim> = new Map([
  ["settlement", "came"],
  ["capture", "came"],
  ["paid", "came"],
  ["refund", "returned"],
  ["partial_refund", "returned"],
  ["chargeback", "returned"],
  ["partial_chargeback", "returned"],
  ["deny", "ended"],
  ["failure", "ended"],
  ["cancel", "ended"],
])

const beforeMoney: readonly ChargeState[] = ["pending", "expired"]
const withMoney: readonly ChargeState[] = ["paid", "partially_refunded", "partially_charged_back"]

/** Whether it says anything of money, which a pending or an expired payment does not. */
export function claimsMoney(claimedState: string): boolean {
  return claims.has(claimedState)
}

/** Whether it says that money went back, or may have. */
export function claimsReturn(claimedState: string): boolean {
  const claim = claims.get(claimedState)
  return claim === "returned" || claim === "ended"
}

/**
 * Whether the provider does not say yet what its own notification says: its word lags behind at times. What
 * it says of the transaction that the notification names decides, where it knows that one.
 */
export function isBehind(
  claimed: { claimedState: string; transactionId: string | null },
  answers: readonly Answer[],
): boolean {
  const claim = claims.get(claimed.claimedState)
  if (claim === undefined) return false
  const own = answers.filter(
    ({ transactionId, status }) => transactionId === claimed.transactionId && status.kind === "known",
  )
  const asked = own.length > 0 ? own : answers
  return !asked.some(({ status }) => bearsOut(claim, status))
}

function bearsOut(claim: Claim, status: StatusOutcome): boolean {
  const state = status.kind === "known" ? status.state : undefined
  if (claim === "ended") return state === undefined || !withMoney.includes(state)
  if (state === undefined || beforeMoney.includes(state)) return false
  return claim === "came" || state !== "paid"
}
