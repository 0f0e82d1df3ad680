import { type FoundReceipt, findReceipt, type OrderReceipt } from "../database/order-receipt.ts"
import type { UserId } from "./ids.ts"
import type { Shop } from "./shop.ts"

export type { FoundReceipt, OrderReceipt }

/** The receipt of a customer's named order, else of the last they paid. */
export function showReceipt(
  { database }: Pick<Shop, "database">,
  userId: UserId,
  orderCode: string | undefined,
): Promise<FoundReceipt> {
  return findReceipt(database, userId, orderCode)
}
