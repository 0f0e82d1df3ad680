import { DatabaseUnavailable, isUnavailable } from "../database/connect.ts"
import {
  concludeRefund,
  postponeRefund,
  type RequestedRefund,
  reviewOverdueRefunds,
  reviewUnknownRefund,
  takeRefundsToAsk,
} from "../database/refunds.ts"
import type { RefundId } from "./ids.ts"
import { giveBack } from "./request-charge.ts"
import { settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

const refundsARound = 20
/** Longer than a provider takes to answer, so that nobody else asks meanwhile. */
const leaseSeconds = 30
const firstPauseMs = 30_000
const longestPauseMs = 6 * 3_600_000
const dayMs = 24 * 3_600_000
/** After that a person looks; the provider is asked once a day all the same, because it may know some day. */
const patienceSeconds = 3 * 24 * 3_600

/**
 * Asks the providers for the refunds that are due: the first time, or again after silence, always under the
 * same key, by which a provider pays back once. Goes on where a killed process stopped.
 */
export async function askForRefunds(shop: Shop): Promise<void> {
  const due = await takeRefundsToAsk(shop.database, {
    providers: shop.providerNames,
    leaseSeconds,
    limit: refundsARound,
  })
  for (const refund of due) await askSafely(shop, refund)
  if ((await reviewOverdueRefunds(shop.database, { patienceSeconds })) === 0) return
  shop.log.error("a refund stays uncertain: see lapak reviews")
  shop.promised()
}

/** One that can't be worked holds up no other, and is a person's when patience ends. */
async function askSafely(shop: Shop, refund: RequestedRefund): Promise<void> {
  try {
    await ask(shop, refund)
  } catch (error) {
    if (isUnavailable(error)) throw error
    shop.log.error("a refund could not be worked", { reference: refund.reference, error })
    await askLater(shop, refund, "could not be worked")
  }
}

/** The same for one refund, at once. */
export async function askForRefund(shop: Shop, id: RefundId): Promise<void> {
  const given = { providers: shop.providerNames, leaseSeconds, limit: 1, id }
  for (const refund of await takeRefundsToAsk(shop.database, given)) await ask(shop, refund)
}

async function ask(shop: Shop, refund: RequestedRefund): Promise<void> {
  const provider = shop.providerNamed(refund.provider)
  if (!provider) return
  const { id, key, reference, amount, reason } = refund
  const outcome = await provider.refund({ reference, refundKey: key, amount, reason })
  if (outcome.kind === "unknown") return await askLater(shop, refund, outcome.reason)
  const failure = outcome.kind === "refused" ? outcome.reason : undefined
  const freed = await concludeRefund(shop.database, ownerOf(shop), { id, failure })
  if (freed === undefined) return
  shop.events.payment(failure === undefined ? "refunded" : "refund_refused")
  shop.promised()
  await giveBack(shop, freed)
  if (failure === undefined) return
  shop.log.error("the provider refused a refund: see lapak reviews", { reference, reason: failure })
  // Refused money may have gone back by somebody else's hand, which this refund seemed to explain till now.
  await settleCharge(shop, provider, reference)
}

async function askLater(shop: Shop, refund: RequestedRefund, reason: string): Promise<void> {
  const { id, reference, asks, ageSeconds } = refund
  const isLate = ageSeconds > patienceSeconds
  const whole = isLate ? dayMs : Math.min(firstPauseMs * 2 ** (asks - 1), longestPauseMs)
  await postponeRefund(shop.database, { id, delayMs: Math.round((whole / 2) * (1 + shop.random())) })
  shop.log.warn("a refund is not certain yet: its provider is asked again", { reference, reason })
  if (!isLate || !(await reviewUnknownRefund(shop.database, { id, reason }))) return
  shop.log.error("a refund stays uncertain: see lapak reviews", { reference, reason })
  shop.promised()
}

function ownerOf(shop: Shop) {
  const owner = shop.owner()
  if (owner === undefined) throw new DatabaseUnavailable("no process number")
  return owner
}
