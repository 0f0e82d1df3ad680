import type { ChargeReference } from "../payment-provider.ts"
import { lookUp, type Midtrans } from "./look-up.ts"
import { isSafeReference, isTransactionId } from "./transaction.ts"

/**
 * Some acquirers refuse to cancel (412) what they allow to expire. Whatever they answer, only the state
 * asked for afterwards is believed. A card's money that was captured and is not settled yet is given back by
 * it, so it is for what was just seen to be pending.
 */
export async function cancel(
  reference: ChargeReference,
  midtrans: Midtrans,
  transactionId?: string,
): Promise<boolean> {
  if (!isSafeReference(reference)) return false
  if (transactionId !== undefined && !isTransactionId(transactionId)) return false
  const id = transactionId ?? reference
  const cancelled = await midtrans.calls.cancel(id)
  if (cancelled.kind === "failed" && cancelled.code === 412) await midtrans.calls.expire(id)
  const found = await lookUp(reference, midtrans, transactionId)
  if (found.kind !== "known") return false
  return ["cancelled", "expired", "denied"].includes(found.transaction.state)
}
