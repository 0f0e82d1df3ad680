import { pretendPayment } from "../database/demo-payments.ts"
import { findOpenPayment } from "../database/payments.ts"
import type { ChargeReference } from "../payments/payment-provider.ts"
import type { UserId } from "./ids.ts"
import { settleCharge } from "./settle-charge.ts"
import type { Shop } from "./shop.ts"

/** Pretends that the customer's open payment was paid. Only for a shop whose payments are pretended. */
export async function payOpenDemo(shop: Shop, userId: UserId): Promise<"paid" | "nothing_to_pay"> {
  const open = await findOpenPayment(shop.database, userId)
  if (open?.provider !== "demo") return "nothing_to_pay"
  return await payDemo(shop, open.reference)
}

/** Whether the customer's open payment is one that is only pretended. */
export async function hasOpenDemo(shop: Shop, userId: UserId): Promise<boolean> {
  return (await findOpenPayment(shop.database, userId))?.provider === "demo"
}

/** Pretends that one charge was paid. Idempotent. */
export async function payDemo(shop: Shop, reference: ChargeReference): Promise<"paid" | "nothing_to_pay"> {
  const provider = shop.providerNamed("demo")
  if (!provider || !(await pretendPayment(shop.database, reference))) return "nothing_to_pay"
  const outcome = await settleCharge(shop, provider, reference)
  return outcome === "settled" || outcome === "already_settled" ? "paid" : "nothing_to_pay"
}
