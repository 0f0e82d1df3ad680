import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import { type CancelledOrder, cancelOrder as cancelInDatabase } from "../database/orders.ts"
import type { WorkedReply } from "./answer-within.ts"
import { giveBack } from "./request-charge.ts"
import type { Shop } from "./shop.ts"

/**
 * Cancels the customer's unpaid order, or open top-up, and frees at once what it held; for the counters
 * outside that is done `afterwards`. Its charge is ended at the provider by `closeCharges`. Not idempotent,
 * as a customer may have both: it belongs in the transaction of its answer.
 */
export async function cancelOrder(
  shop: Shop,
  statements: Statements,
  { message, orderCode }: Readonly<{ message: ClaimedMessage; orderCode: string | undefined }>,
): Promise<Readonly<{ cancelled: CancelledOrder }> & Pick<WorkedReply, "afterwards" | "freed">> {
  const cancelled = await cancelInDatabase(statements, message.userId, orderCode)
  if (cancelled.kind !== "cancelled") return { cancelled }
  const { goods } = cancelled
  return { cancelled, freed: goods, afterwards: () => giveBack(shop, goods) }
}
