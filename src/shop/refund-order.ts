import { DatabaseUnavailable } from "../database/connect.ts"
import {
  type Refund,
  type RefundDestination,
  type RefundedOrder,
  readRefund,
  refundOrder as refundInDatabase,
} from "../database/refunds.ts"
import { askForRefund } from "./ask-for-refunds.ts"
import type { Rupiah } from "./money.ts"
import { giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

export type { Refund, RefundDestination, RefundedOrder }

/** What a person asks for when money is to go back. */
export type RefundAsked = Readonly<{
  orderCode: string
  /** Everything that is left when it is not given. */
  amount?: Rupiah | undefined
  destination: RefundDestination
  /** Names this very request: made again, it refunds once. At most 25 of letters, digits and `-`. */
  request: string
  /** Meant although the same amount of this order was given back before. */
  again: boolean
  reason: string
  actor: string
}>

/**
 * Gives money of a paid order back (rule 10), once per request, and tells the customer. Through the provider
 * it is asked for at once; one that does not answer is asked again by `askForRefunds`.
 */
export async function refundOrder(shop: Shop, asked: RefundAsked): Promise<RefundedOrder> {
  const owner = shop.owner()
  if (owner === undefined) throw new DatabaseUnavailable("no process number")
  const outcome = await refundInDatabase(shop.database, owner, { ...asked, providers: shop.providerNames })
  if (outcome.kind !== "refunded") return outcome
  const { refund, freed } = outcome
  shop.promised()
  await giveBack(shop, freed)
  if (refund.destination === "saldo") {
    shop.events.payment("refunded")
    await shop.gate.cache.forget({ kind: "balance", userId: refund.userId })
    return outcome
  }
  if (refund.state !== "requested") return outcome
  await askForRefund(shop, refund.id)
  return { ...outcome, refund: (await readRefund(shop.database, refund.id)) ?? refund }
}
