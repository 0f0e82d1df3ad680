import { type DueCharge, noteAsked, noteSilence, takeDueCharge } from "../database/open-charges.ts"
import type { PaymentState } from "../database/payments.ts"
import { type CloseOutcome, closeCharge } from "./close-charges.ts"
import { settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

const asksARound = 20
/** Longer than asking takes with every time-out on the way. */
const leaseSeconds = 120

const endedStates: readonly PaymentState[] = ["failed", "expired", "cancelled"]

/**
 * Asks the providers about the charges that are due: webhooks get lost. An open one may be paid, an ended
 * one has to be closed there and may be paid late, and money that came may go back. The schedule is in
 * PostgreSQL, so it survives restarts, and any number of processes share it. The first silence of a provider
 * ends the round for it. Idempotent.
 */
export async function reconcilePayments(shop: Shop): Promise<void> {
  let providers = shop.providerNames
  for (let asks = 1; asks <= asksARound && providers.length > 0; asks += 1) {
    const charge = await takeDueCharge(shop.database, { providers, leaseSeconds })
    if (!charge) return
    const outcome = await ask(shop, charge)
    if (outcome === "silent") {
      await noteSilence(shop.database, charge)
      providers = providers.filter((name) => name !== charge.provider)
    } else {
      await noteAsked(shop.database, charge, { isClosed: outcome === "closed" })
    }
  }
}

async function ask(shop: Shop, charge: DueCharge): Promise<CloseOutcome> {
  const provider = shop.providerNamed(charge.provider)
  if (!provider) return "silent"
  if (endedStates.includes(charge.state)) return await closeCharge(shop, provider, charge)
  return (await settleCharge(shop, provider, charge.reference)) === "undecided" ? "silent" : "open"
}
