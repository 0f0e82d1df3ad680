import type { ClaimedMessage } from "../database/claimed-message.ts"
import { claimWarranty as claimInDatabase, type WarrantyRefusal } from "../database/warranty.ts"
import { answerEnvelope, handOver, type Shop } from "./shop.ts"

export type { WarrantyRefusal, WarrantyWords } from "../database/warranty.ts"

/** `answered` has promised its reply and finished the message; every refusal is to be answered. */
export type ClaimOutcome = Readonly<{ kind: "answered"; next: ClaimedMessage | undefined }> | WarrantyRefusal

/**
 * Makes a defective unit of the customer's order good, by a fresh one or by its price, as the product's policy
 * says; once for each unit. Idempotent by the message that asks for it. Throws `DatabaseUnavailable`, and
 * LP001 when the message is another process's by now.
 */
export async function claimWarranty(
  shop: Shop,
  message: ClaimedMessage,
  given: { orderCode: string; place: number | undefined },
): Promise<ClaimOutcome> {
  const claim = await claimInDatabase(shop.database, message, { serves: shop.serves(), ...given })
  if (claim.kind !== "made_good") {
    if (claim.kind === "in_review") shop.promised()
    return claim
  }
  const { words, units, promise, next, productCode } = claim
  handOver(shop, [
    [promise, answerEnvelope(message, promise, { kind: "warranty_replaced", data: words, units })],
  ])
  if (words.outcome === "replaced") await shop.gate.adjustStock(productCode, -1)
  else await shop.gate.cache.forget({ kind: "balance", userId: message.userId })
  return { kind: "answered", next }
}
