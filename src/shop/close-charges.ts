import { type NamedCharge, readPaymentState } from "../database/open-charges.ts"
import type { PaymentState } from "../database/payments.ts"
import type { ChargeReference, ChargeState, PaymentProvider } from "../payments/payment-provider.ts"
import { type Answer, askCharge } from "./ask-charge.ts"
import { settleAnswers, settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

/** `closed`: it can certainly not be paid any more. `silent`: the provider has to be asked again. */
export type CloseOutcome = "closed" | "open" | "silent"

export const endedStates: readonly PaymentState[] = ["failed", "expired", "cancelled"]

const unpayableStates: readonly ChargeState[] = [
  "expired",
  "cancelled",
  "denied",
  "refunded",
  "charged_back",
  "partially_charged_back",
  "partially_refunded",
]

/**
 * Ends at the provider the charge of a payment that ended here, so that nobody pays it any more; one that was
 * paid all the same is settled as late money. Idempotent.
 *
 * It is asked about before it is touched: to cancel money that was captured would give it back. After a
 * cancellation the provider lets the same order be paid by another transaction, as when the customer picks
 * another method on a page still open, so what was closed is looked at again.
 */
export async function closeCharge(
  shop: Shop,
  provider: PaymentProvider,
  { reference, isClosed }: Pick<NamedCharge, "reference"> & { isClosed: boolean },
): Promise<CloseOutcome> {
  const answers = await askCharge(shop, provider, reference)
  const outcome = await settleAnswers(shop, provider, { reference, answers })
  if (outcome === "undecided") return "silent"
  const pending = answers.filter(({ status }) => status.kind === "known" && status.state === "pending")
  if (pending.length > 0) return await cancelPending(shop, provider, { reference, pending })
  return answers.every(({ status }) =>
    status.kind === "known" ? unpayableStates.includes(status.state) : isClosed,
  )
    ? "closed"
    : "open"
}

async function cancelPending(
  shop: Shop,
  provider: PaymentProvider,
  { reference, pending }: { reference: ChargeReference; pending: readonly Answer[] },
): Promise<CloseOutcome> {
  const state = await readPaymentState(shop.database, { reference, provider: provider.name })
  if (state === undefined || !endedStates.includes(state)) return "open"
  let areEnded = true
  for (const { transactionId } of pending) {
    const named = provider.statusOfTransaction ? transactionId : undefined
    areEnded = (await provider.cancel(reference, named)) && areEnded
  }
  if (areEnded) return "closed"
  return (await settleCharge(shop, provider, reference)) === "undecided" ? "silent" : "open"
}
