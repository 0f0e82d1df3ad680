import type { NamedCharge } from "../database/open-charges.ts"
import type { ChargeState, PaymentProvider } from "../payments/payment-provider.ts"
import { settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

/** `closed`: it can certainly not be paid any more. `silent`: the provider has to be asked again. */
export type CloseOutcome = "closed" | "open" | "silent"

const unpayableStates: readonly ChargeState[] = ["expired", "cancelled", "denied"]

/**
 * Ends at the provider the charge of a payment that ended here, so that nobody pays it any more; one that was
 * paid all the same is settled as late money. Idempotent.
 *
 * What was closed is looked at before it is touched again: after a cancellation the provider lets the same
 * order be paid by a second transaction, as when the customer picks another method on a page still open.
 */
export async function closeCharge(
  shop: Shop,
  provider: PaymentProvider,
  { reference, isClosed }: Pick<NamedCharge, "reference"> & { isClosed: boolean },
): Promise<CloseOutcome> {
  if (isClosed) {
    const status = await provider.status(reference)
    if (status.kind === "unknown") return status.isAnswered ? "closed" : "silent"
    if (status.kind === "not_found" || unpayableStates.includes(status.state)) return "closed"
  }
  if (await provider.cancel(reference)) return "closed"
  const outcome = await settleCharge(shop, provider, reference)
  if (outcome === "undecided") return "silent"
  return outcome === "reversed" ? "closed" : "open"
}
