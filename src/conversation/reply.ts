import type { CatalogPage, ListedProduct } from "../shop/browse-catalog.ts"
import { mayOperate, type Role } from "../shop/customer.ts"
import { rupiah } from "../shop/money.ts"
import type { PlaceOrderOutcome } from "../shop/place-order.ts"
import { priceFor, priceSteps } from "../shop/prices.ts"
import type { CancelledOrder, OrderDetails } from "../shop/track-orders.ts"
import type { MeantAtDesk } from "./desk/nearest-desk-word.ts"
import type { Intent, PaymentMethod } from "./intent.ts"
import { messageLimit } from "./limits.ts"
import type { Texts } from "./texts/texts.ts"

/** Intents that need nothing looked up. */
export type SpokenIntent = Extract<
  Intent,
  { kind: "invalid" | "too_long" | "empty" | "no_words" | "unknown" }
>

/** The main menu; an operator is told of their own besides. */
export function replyToMenu(
  reader: Readonly<{ shopName: string; name: string; role: Role }>,
  say: Texts,
): string {
  const menu = say.menu({ shopName: reader.shopName, customerName: reader.name || undefined })
  return mayOperate(reader.role, "admin") ? `${menu}\n\n${say.deskHint()}` : menu
}

/** An operator is told of their own menu besides; nobody else hears of it. */
export function replyToHelp({ isOperator }: { isOperator: boolean }, say: Texts): string {
  return isOperator ? `${say.help()}\n\n${say.deskHint()}` : say.help()
}

/** To operators, what they may have meant at their desk, and the way to it. */
export function replyToOperator(intent: SpokenIntent, meant: MeantAtDesk | undefined, say: Texts): string {
  const words = meant && intent.kind === "unknown" ? say.unknown({}) : replyToWords(intent, say)
  const isNotUnderstood = intent.kind === "unknown" || intent.kind === "no_words"
  if (!isNotUnderstood) return words
  return [words, meant && say.deskMeant(meant), say.deskHint()].filter((part) => part).join("\n\n")
}

export function replyToWords(intent: SpokenIntent, say: Texts): string {
  switch (intent.kind) {
    case "invalid":
      return say.invalid(intent.command, intent.reason)
    case "too_long":
      return say.tooLong({ max: messageLimit })
    case "empty":
      return say.empty()
    case "no_words":
      return say.noWords()
    case "unknown":
      return say.unknown(intent)
  }
}

/** With the prices of whoever asks. */
export function replyToCatalog(page: CatalogPage, say: Texts, role: Role): string {
  if (page.products.length === 0) return say.catalogueEmpty(page)
  return say.catalogue({ ...page, products: page.products.map((product) => pricedFor(product, role)) })
}

export function replyToDetail(product: ListedProduct, say: Texts, role: Role): string {
  return say.detail(pricedFor(product, role))
}

function pricedFor(product: ListedProduct, role: Role) {
  return { ...product, price: priceFor(product, { role, quantity: 1 }), steps: priceSteps(product, role) }
}

/**
 * Why a purchase was not made, and what to do; the outcomes that answered for themselves are not given here.
 */
export function replyToOrder(
  outcome: Exclude<PlaceOrderOutcome, { kind: "answered" }>,
  asked: {
    code: string
    /** Of the product, where it is known. */
    name?: string | undefined
    quantity: number
    method?: PaymentMethod | undefined
    suggestions: readonly string[]
  },
  { say, payUrl }: { say: Texts; payUrl: (payToken: string) => string | undefined },
): string {
  switch (outcome.kind) {
    case "rate_limited":
      return say.rateLimited({ seconds: wholeSeconds(outcome.retryAfterMs) })
    case "locked":
      return say.transactionInProgress({ seconds: wholeSeconds(outcome.retryAfterMs) })
    case "sold_out":
      return say.soldOut({ code: asked.code, name: asked.name, left: outcome.left, wanted: asked.quantity })
    case "unknown_product":
      return say.productNotFound(asked)
    case "quantity_too_large":
      return say.quantityOutOfRange({ min: 1, max: outcome.limit })
    case "insufficient_balance": {
      const missing = rupiah(outcome.total - outcome.balance)
      return say.insufficientBalance({ ...outcome, missing, code: asked.code, quantity: asked.quantity })
    }
    case "qris_not_offered":
      return say.qrisNotOffered()
    case "no_free_amount":
      return say.noFreeAmount()
    case "unpaid_order":
      return say.unpaidOrderExists({
        orderCode: outcome.order.orderCode,
        total: outcome.amount,
        payUrl: payUrl(outcome.payToken),
        expiresAt: new Date(outcome.expiresAt),
      })
    case "price_changed":
      return say.priceChanged({ ...outcome, ...asked })
    case "voucher_refused":
      return say.voucherRefused({ ...outcome, ...asked })
    case "share_held":
      return say.shareHeld({ code: asked.code, left: outcome.left, wanted: asked.quantity })
    case "holds_paused":
      return say.holdsPaused({ ...asked, until: new Date(outcome.until) })
    case "not_charged":
      return say.paymentUnavailable(outcome)
  }
}

export function replyToCancel(outcome: CancelledOrder, asked: string | undefined, say: Texts): string {
  switch (outcome.kind) {
    case "cancelled":
      return say.cancelled(outcome)
    case "deposit_cancelled":
      return say.depositCancelled()
    case "not_cancellable":
      return say.cannotCancel(outcome)
    case "not_found":
      return say.orderNotFound({ orderCode: asked ?? "" })
    case "nothing_to_cancel":
      return say.nothingToCancel()
  }
}

export function replyToStatus(
  order: OrderDetails,
  { say, payUrl }: { say: Texts; payUrl: (payToken: string) => string | undefined },
): string {
  const unpaid = order.status === "awaiting_payment"
  return say.orderStatus({
    ...order,
    exactAmount: unpaid ? (order.exactAmount ?? undefined) : undefined,
    expiresAt: unpaid ? (order.expiresAt ?? undefined) : undefined,
    payUrl: unpaid && order.payToken ? payUrl(order.payToken) : undefined,
  })
}

function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}
