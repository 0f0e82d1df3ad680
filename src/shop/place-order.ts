import type { ClaimedMessage } from "../database/claimed-message.ts"
import { errorCode } from "../database/connect.ts"
import type { Delivery, PlacedOrder } from "../database/orders.ts"
import type { Checkout } from "../gate/gate.ts"
import type { Rupiah } from "./money.ts"
import { type ChargeResult, requestCharge } from "./request-charge.ts"
import { answerEnvelope, handOver, type Shop } from "./shop.ts"

export type { Delivery }

export type PlaceOrderRequest = Readonly<{
  productCode: string
  quantity: number
  /** Undefined: the balance when it covers the price, else QRIS. */
  method: "saldo" | "qris" | undefined
  /** The method was not chosen: it was the only one to be had. */
  isOnlyWay?: boolean | undefined
  /** What was shown and agreed to: nothing is sold for another. */
  expectedTotal?: Rupiah | undefined
  /** Where physical goods go; else where the last ones went, or it is asked afterwards. */
  delivery?: Delivery | undefined
}>

/** `answered` outcomes have promised their reply and finished the message; all others are to be answered. */
export type PlaceOrderOutcome =
  | Extract<ChargeResult, { kind: "answered" }>
  | Extract<ChargeResult, { kind: "not_charged" }>
  | Exclude<PlacedOrder, { kind: "paid" | "awaiting_payment" }>
  | Readonly<{ kind: "rate_limited"; retryAfterMs: number }>
  | Readonly<{ kind: "locked"; retryAfterMs: number }>

/**
 * The purchase: one round trip to the gate (limit, lock, hold) and one transaction in PostgreSQL, which alone
 * decides. Idempotent by the message that asks for it. Throws `DatabaseUnavailable`, and LP001 when the
 * message is another process's by now.
 */
export async function placeOrder(
  shop: Shop,
  message: ClaimedMessage,
  request: PlaceOrderRequest,
): Promise<PlaceOrderOutcome> {
  const begun = await begin(shop, message, request)
  if (begun.kind !== "begun") return begun
  let end: "sold" | "released" = "released"
  let placed: PlacedOrder
  try {
    placed = await placeWithFreshCode(shop, message, request)
    if (placed.kind === "paid") {
      end = "sold"
      handOverGoods(shop, message, placed)
    } else if (placed.kind === "awaiting_payment" && message.attempts === 1) {
      end = "sold"
    }
  } finally {
    await shop.gate.endCheckout(begun.checkout, end)
  }
  return await conclude(shop, message, request, placed)
}

async function conclude(
  shop: Shop,
  message: ClaimedMessage,
  request: PlaceOrderRequest,
  placed: PlacedOrder,
): Promise<PlaceOrderOutcome> {
  switch (placed.kind) {
    case "paid":
      shop.events.funnel("checkout")
      shop.events.funnel("paid")
      await shop.gate.cache.forget({ kind: "balance", userId: message.userId })
      return { kind: "answered", next: placed.next }
    case "awaiting_payment":
      shop.events.funnel("checkout")
      return await requestCharge(shop, message, placed.payment, {
        ...placed.order,
        why: request.method === "qris" && !request.isOnlyWay ? "chosen" : "balance_short",
        balance: placed.balance,
      })
    case "sold_out":
    case "unknown_product":
      // The gate let it through, so its counter was wrong.
      await shop.gate.forgetStock(request.productCode)
      return placed
    default:
      return placed
  }
}

/** A message that is handled again skips the gate: the lock and the hold it meets there may be its own. */
async function begin(shop: Shop, message: ClaimedMessage, request: PlaceOrderRequest) {
  const { userId } = message
  const { productCode, quantity } = request
  if (message.attempts > 1) {
    const checkout: Checkout = { token: "", userId, productCode, quantity, inRedis: "nothing" }
    return { kind: "begun" as const, checkout }
  }
  const begun = await shop.gate.beginCheckout({ userId, productCode, quantity })
  if (begun.kind === "held" || begun.kind === "open")
    return { kind: "begun" as const, checkout: begun.checkout }
  return begun
}

/** Order codes are random: one that is taken already is drawn again. */
async function placeWithFreshCode(
  shop: Shop,
  message: ClaimedMessage,
  request: PlaceOrderRequest,
): Promise<PlacedOrder> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await shop.placeOrder(message, {
        productCode: request.productCode,
        quantity: request.quantity,
        method: request.method ?? "auto",
        orderCode: shop.newOrderCode(),
        expectedTotal: request.expectedTotal,
        delivery: request.delivery,
        payToken: shop.newPayToken(),
      })
    } catch (error) {
      if (errorCode(error) !== "23505" || attempt >= 3) throw error
    }
  }
}

function handOverGoods(shop: Shop, message: ClaimedMessage, placed: Extract<PlacedOrder, { kind: "paid" }>) {
  const kind = placed.order.kind === "digital" ? "goods" : "order_paid"
  const envelope = answerEnvelope(message, placed.promise, { kind, data: placed.order, units: placed.units })
  handOver(shop, [[placed.promise, envelope]])
}
