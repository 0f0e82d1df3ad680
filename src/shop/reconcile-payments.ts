import { isUnavailable } from "../database/connect.ts"
import { type DueCharge, noteAsked, noteSilence, takeDueCharge } from "../database/open-charges.ts"
import { type CloseOutcome, closeCharge, endedStates } from "./close-charges.ts"
import { settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

const asksARound = 20
/** Longer than asking takes with every time-out on the way. */
const leaseSeconds = 120

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
    const outcome = await askSafely(shop, charge)
    if (outcome === "silent") {
      await noteSilence(shop.database, charge)
      providers = providers.filter((name) => name !== charge.provider)
    } else {
      await noteAsked(shop.database, charge, { isClosed: outcome === "closed" })
    }
  }
}

/** What can't be worked is as an answer that can't be read: it holds up no other, and its turns end. */
async function askSafely(shop: Shop, charge: DueCharge): Promise<CloseOutcome> {
  try {
    return await ask(shop, charge)
  } catch (error) {
    if (isUnavailable(error)) throw error
    shop.log.error("a charge could not be worked", { reference: charge.reference, error })
    return "open"
  }
}

async function ask(shop: Shop, charge: DueCharge): Promise<CloseOutcome> {
  const provider = shop.providerNamed(charge.provider)
  if (!provider) return "silent"
  if (endedStates.includes(charge.state)) return await closeCharge(shop, provider, charge)
  return (await settleCharge(shop, provider, charge.reference)) === "undecided" ? "silent" : "open"
}
