import type { ChargeReference } from "../payment-provider.ts"
import { lookUp, type Midtrans } from "./look-up.ts"
import { isSafeReference } from "./transaction.ts"

/**
 * Some acquirers refuse to cancel (412) what they allow to expire. Whatever they answer, only the state
 * asked for afterwards is believed.
 */
export async function cancel(reference: ChargeReference, midtrans: Midtrans): Promise<boolean> {
  if (!isSafeReference(reference)) return false
  const cancelled = await midtrans.calls.cancel(reference)
  if (cancelled.kind === "failed" && cancelled.code === 412) await midtrans.calls.expire(reference)
  const found = await lookUp(reference, midtrans)
  if (found.kind !== "known") return false
  return ["cancelled", "expired", "denied"].includes(found.transaction.state)
}
