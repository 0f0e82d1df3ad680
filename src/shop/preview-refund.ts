import { type Refundable, readRefundable } from "../database/refundable.ts"
import type { Rupiah } from "./money.ts"
import type { OrderStatus } from "./order-states.ts"
import type { RefundAsked, RefundedOrder } from "./refund-order.ts"
import type { Shop } from "./shop.ts"

const unpaid: readonly OrderStatus[] = ["awaiting_payment", "expired", "cancelled"]

type Refusal = Exclude<RefundedOrder, { kind: "refunded" }>

type Previewed =
  | Readonly<{ kind: "refundable"; amount: Rupiah } & Pick<Refundable, "name" | "number" | "lid">>
  | Refusal

/** What a refund would give back and to whom, or why not; `refund_order` in sql/0017 has the last word. */
export async function previewRefund(
  { database, providerNames }: Pick<Shop, "database" | "providerNames">,
  asked: Pick<RefundAsked, "orderCode" | "amount" | "destination" | "again">,
): Promise<Previewed> {
  const { orderCode, amount } = asked
  const found = await readRefundable(database, { orderCode, amount })
  if (!found) return { kind: "unknown_order" }
  const { status, left, before, name, number, lid } = found
  if (unpaid.includes(status)) return { kind: "not_paid", status }
  if (before && !asked.again) return { kind: "refunded_before", refund: before }
  const wanted = amount ?? left
  if (left === 0) return { kind: "nothing_left" }
  if (wanted > left) return { kind: "more_than_left", left }
  const refused = asked.destination === "provider" ? whyNotThrough(found, wanted, providerNames) : undefined
  return refused ?? { kind: "refundable", amount: wanted, name, number, lid }
}

function whyNotThrough(
  { provider, holds }: Refundable,
  wanted: Rupiah,
  providers: readonly string[],
): Refusal | undefined {
  if (provider === null) return { kind: "paid_from_balance" }
  if (provider === "static_qris") return { kind: "provider_cannot" }
  if (!providers.includes(provider)) return { kind: "provider_away", provider }
  return holds !== null && wanted > holds ? { kind: "provider_holds_less", holds } : undefined
}
