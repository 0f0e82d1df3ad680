import { readTransactionsToAsk } from "../database/payment-transactions.ts"
import type { ChargeReference, PaymentProvider, StatusOutcome } from "../payments/payment-provider.ts"
import type { Shop } from "./shop.ts"

/** What the provider says of one transaction of a charge; without an id where it knows of none. */
export type Answer = Readonly<{ transactionId: string | undefined; status: StatusOutcome }>

/**
 * Asks the provider about a charge and about each of its transactions that may still change: of the charge
 * itself it tells the latest alone, behind which a paid one may be hidden. `named` is one that somebody
 * claims to be of this charge. The first silence ends it. Never empty; the first answer is the charge's own.
 */
export async function askCharge(
  shop: Shop,
  provider: PaymentProvider,
  reference: ChargeReference,
  named?: string | null,
): Promise<readonly [Answer, ...Answer[]]> {
  const latest = await provider.status(reference)
  const latestId = latest.kind === "known" ? latest.transactionId : undefined
  const answers: [Answer, ...Answer[]] = [{ transactionId: latestId, status: latest }]
  if (provider.statusOfTransaction === undefined || isSilent(latest)) return answers
  const known = await readTransactionsToAsk(shop.database, { reference, provider: provider.name })
  const others = new Set(named == null ? known : [named, ...known])
  for (const transactionId of others) {
    if (transactionId === latestId) continue
    const status = await provider.statusOfTransaction(reference, transactionId)
    answers.push({ transactionId, status })
    if (isSilent(status)) return answers
  }
  return answers
}

function isSilent(status: StatusOutcome): boolean {
  return status.kind === "unknown" && status.isAnswered !== true
}
