import type { Ask, ScriptAnswer } from "./ask.ts"
import type { Debts } from "./debts.ts"
import type { Keys } from "./keys.ts"
import type { GateLimits, GateTimings } from "./limits.ts"
import type { GateMetrics } from "./metrics.ts"
import type { Redis } from "./redis.ts"
import { beginCheckoutScript, endCheckoutScript } from "./scripts.ts"
import type { StockCounters } from "./stock-counter.ts"

/** A purchase under way, from `beginCheckout` to `endCheckout`. */
export type Checkout = Readonly<{
  token: string
  userId: number
  productCode: string
  quantity: number
  /** Whether Redis holds something for it: surely, possibly (its answer was lost), surely not. */
  inRedis: "held" | "uncertain" | "nothing"
}>

export type CheckoutEnd = "sold" | "released"

export type CheckoutRequest = Readonly<{ userId: number; productCode: string; quantity: number }>

export type BeginCheckout =
  | { readonly kind: "held"; readonly checkout: Checkout; readonly left: number }
  /** Redis is away: PostgreSQL decides alone. */
  | { readonly kind: "open"; readonly checkout: Checkout }
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number }
  | { readonly kind: "locked"; readonly retryAfterMs: number }
  | { readonly kind: "sold_out"; readonly left: number }
  | { readonly kind: "unknown_product" }

export type CheckoutParts = {
  redis: Redis
  keys: Keys
  debts: Debts
  stock: StockCounters
  metrics: GateMetrics
  newToken: () => string
  timings: GateTimings
  limits: GateLimits
}

/** The limiter of purchases is the limiter of this command. */
const purchaseCommand = "buy"

const coldAttempts = 3

export async function beginCheckout(request: CheckoutRequest, parts: CheckoutParts): Promise<BeginCheckout> {
  if (!Number.isSafeInteger(request.quantity) || request.quantity < 1) {
    throw new RangeError("a checkout takes a whole number of units, at least one")
  }
  const token = parts.newToken()
  const open = (inRedis: Checkout["inRedis"]): BeginCheckout => {
    return { kind: "open", checkout: { ...request, token, inRedis } }
  }
  for (let attempt = 1; attempt <= coldAttempts; attempt += 1) {
    const answer = await askToBegin(request, token, parts)
    if (answer.kind === "unavailable") return open(answer.attempted ? "uncertain" : "nothing")
    const value = Number(answer.value)
    switch (answer.outcome) {
      case "held":
        parts.metrics.lockTaken()
        parts.stock.meet(request.productCode)
        return { kind: "held", checkout: { ...request, token, inRedis: "held" }, left: value }
      case "rate_limited":
        parts.metrics.rateLimited(purchaseCommand)
        return { kind: "rate_limited", retryAfterMs: value }
      case "locked":
        parts.metrics.lockRefused()
        return { kind: "locked", retryAfterMs: value }
      case "sold_out":
        return { kind: "sold_out", left: value }
      case "cold": {
        const loaded = await parts.stock.load(request.productCode)
        if (loaded === "unknown") return { kind: "unknown_product" }
        if (loaded === "unavailable") return open("nothing")
      }
    }
  }
  return open("nothing")
}

/** Idempotent, also across a Redis that was away: what it could not be told is told when it is back. */
export async function endCheckout(checkout: Checkout, end: CheckoutEnd, parts: CheckoutParts): Promise<void> {
  const { redis, debts, stock } = parts
  if (redis.isAbsent()) return
  if (checkout.inRedis === "nothing") {
    // The counter may have been loaded before this sale was committed, or never have heard of it.
    if (end === "sold") await stock.forget(checkout.productCode)
    return
  }
  const answer = await askToEnd(redis, checkout, end, parts)
  if (answer.kind === "unavailable") return debts.owesEnd(checkout, end)
  if (answer.outcome === "hold_gone" && end === "sold") await stock.forget(checkout.productCode)
}

/** Tells a Redis that is back how a checkout ended; see Debts. */
export async function tellEnd(
  redis: Ask,
  checkout: Checkout,
  end: CheckoutEnd,
  parts: { keys: Keys; timings: GateTimings },
): Promise<readonly string[] | undefined> {
  const answer = await askToEnd(redis, checkout, end, parts)
  if (answer.kind === "unavailable") return undefined
  return end === "sold" ? [parts.keys.stock(checkout.productCode)] : []
}

function askToBegin(request: CheckoutRequest, token: string, parts: CheckoutParts) {
  const { timings } = parts
  return parts.redis.run(beginCheckoutScript, checkoutKeys(request, parts.keys), [
    token,
    request.quantity,
    request.productCode,
    parts.limits.purchasesPerWindow,
    timings.purchaseWindowMs,
    timings.lockMs,
    timings.holdMs,
  ])
}

function askToEnd(
  redis: Ask,
  checkout: Checkout,
  end: CheckoutEnd,
  parts: { keys: Keys; timings: GateTimings },
): Promise<ScriptAnswer<"hold_gone" | "ended">> {
  const { token, quantity, productCode } = checkout
  const { purchaseWindowMs, holdMs } = parts.timings
  const values = [token, quantity, productCode, end, purchaseWindowMs, holdMs]
  return redis.run(endCheckoutScript, checkoutKeys(checkout, parts.keys), values)
}

function checkoutKeys(of: CheckoutRequest, keys: Keys): readonly string[] {
  const limiter = keys.limiter(of.userId, purchaseCommand)
  return [limiter, keys.lock(of.userId), keys.stock(of.productCode), keys.holds]
}
