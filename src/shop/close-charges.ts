import { noteClosed, takeChargesToClose } from "../database/open-charges.ts"
import { settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

const batchSize = 20
const askAgainSeconds = 300

/**
 * Ends at the provider the charges of payments that ended here, so that nobody pays them any more; one that
 * was paid all the same is settled as late money. A provider that does not answer is asked again later.
 * Idempotent.
 */
export async function closeCharges(shop: Shop): Promise<void> {
  const ended = await takeChargesToClose(shop.database, {
    providers: shop.providerNames,
    unaskedSeconds: askAgainSeconds,
    limit: batchSize,
  })
  for (const { reference, provider: name } of ended) {
    const provider = shop.providerNamed(name)
    if (!provider) continue
    const isClosed =
      (await provider.cancel(reference)) || (await settleCharge(shop, provider, reference)) === "reversed"
    if (isClosed) await noteClosed(shop.database, reference)
  }
}
