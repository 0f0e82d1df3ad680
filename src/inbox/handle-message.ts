import type { Intent } from "../conversation/intent.ts"
import {
  replyToCancel,
  replyToCatalog,
  replyToDetail,
  replyToHelp,
  replyToOrder,
  replyToStatus,
  replyToWords,
} from "../conversation/reply.ts"
import { replyToWarranty } from "../conversation/reply-to-warranty.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import { understand } from "../conversation/understand.ts"
import { localChannels, type PayUrl } from "../conversation/write-words.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { errorCode, isUnavailable } from "../database/connect.ts"
import { finishQuietly } from "../database/quiet-chats.ts"
import { browseCatalog, showProduct, suggestCodes } from "../shop/browse-catalog.ts"
import { cancelOrder } from "../shop/cancel-order.ts"
import { chooseLanguage } from "../shop/choose-language.ts"
import { claimWarranty } from "../shop/claim-warranty.ts"
import type { Language } from "../shop/customer.ts"
import { hasOpenDemo, payOpenDemo } from "../shop/pay-demo.ts"
import { placeOrder } from "../shop/place-order.ts"
import { answerEnvelope, handOver, type Shop } from "../shop/shop.ts"
import { showBalance } from "../shop/show-balance.ts"
import { topUpBalance } from "../shop/top-up-balance.ts"
import { listPastOrders, resendGoods, trackOrder } from "../shop/track-orders.ts"
import type { HandleMessage } from "./inbox.ts"
import { serveOwner } from "./serve-owner.ts"

export type HandlerParts = Readonly<{
  shop: Shop
  shopName: string
  texts: Readonly<Record<Language, Texts>>
  payUrl: PayUrl
  newReference: () => string
  onHandled: (handled: {
    channel: string
    outcome: "answered" | "failed" | "quiet"
    durationMs: number
    userId: number
  }) => void
}>

type Step = "greeting" | "catalogue"

/** Words to answer with, or word that the use case has answered by itself. */
type Answer =
  | Readonly<{ kind: "say"; text: string; step?: Step; language?: Language }>
  | Readonly<{ kind: "answered"; next: ClaimedMessage | undefined }>

/** Of each command; buying has its own limit at the gate. */
const commandsPerMinute = 30
/** Each asks a provider for a charge, or takes one of the few amounts of a static code. */
const depositsPerMinute = 3
/** Each process that dies or loses PostgreSQL while it has a message counts as one: they come in bursts. */
const attemptsMax = 30

/**
 * Makes the one place where a message becomes an intent, the intent a use case, and its outcome a promised
 * reply. An error of our own becomes a reply with a reference, under which the log has the cause. In a chat
 * where a person answers there is no reply at all.
 */
export function createMessageHandler(parts: HandlerParts): HandleMessage {
  return async (message) => {
    const report = (outcome: "answered" | "failed" | "quiet") =>
      parts.onHandled({
        channel: message.channel,
        outcome,
        durationMs: performance.now() - message.heldSinceMs,
        userId: message.userId,
      })
    if (message.quiet) {
      const next = await finishQuietly(parts.shop.database, message)
      report("quiet")
      return next
    }
    try {
      if (message.attempts > attemptsMax)
        throw new Error("a message could not be handled in several attempts")
      const next = await answerTo(parts, message)
      report("answered")
      return next
    } catch (error) {
      if (isUnavailable(error) || errorCode(error) === "LP001") throw error
      const reference = parts.newReference()
      parts.shop.log.error("a message failed", { reference, inboxId: message.inboxId, error })
      report("failed")
      return await say(parts, message, { text: parts.texts[message.language].failed({ reference }) })
    }
  }
}

async function answerTo(parts: HandlerParts, message: ClaimedMessage): Promise<ClaimedMessage | undefined> {
  const answer = await decide(parts, message)
  return answer.kind === "answered" ? answer.next : await say(parts, message, answer)
}

async function say(
  parts: HandlerParts,
  message: ClaimedMessage,
  reply: { text: string; step?: Step; language?: Language },
) {
  const { shop } = parts
  const { promise, next } = await shop.answerMessage(message, reply)
  if (reply.step) shop.events.funnel(reply.step)
  const envelope = answerEnvelope(message, promise, { kind: "text", text: reply.text })
  handOver(shop, [[promise, { ...envelope, language: reply.language ?? envelope.language }]])
  return next
}

async function decide(parts: HandlerParts, message: ClaimedMessage): Promise<Answer> {
  const words = parts.texts[message.language]
  if (message.blocked) return { kind: "say", text: words.blocked() }
  const intent = understand(message.text, ".", { isOwner: message.role === "owner" })
  if (intent.kind === "buy") return await buy(parts, message, intent)
  const allowed = await parts.shop.gate.allow({
    userId: message.userId,
    command: intent.kind,
    limit: intent.kind === "deposit" ? depositsPerMinute : commandsPerMinute,
    windowMs: 60_000,
  })
  if (allowed.kind === "rate_limited") {
    return { kind: "say", text: words.slowDown({ seconds: Math.ceil(allowed.retryAfterMs / 1000) }) }
  }
  return await serve(parts, message, intent)
}

async function buy(
  { shop, texts, payUrl }: HandlerParts,
  message: ClaimedMessage,
  { code, quantity, method }: Extract<Intent, { kind: "buy" }>,
): Promise<Answer> {
  const { channel } = message
  const outcome = await placeOrder(shop, message, { productCode: code, quantity, method })
  if (outcome.kind === "answered") return outcome
  const suggestions = outcome.kind === "unknown_product" ? await suggestCodes(shop, code) : []
  const text = replyToOrder(
    outcome,
    { code, quantity, suggestions },
    { say: texts[message.language], payUrl: (payToken) => payUrl(payToken, channel) },
  )
  return { kind: "say", text }
}

async function serve(
  parts: HandlerParts,
  message: ClaimedMessage,
  intent: Exclude<Intent, { kind: "buy" }>,
): Promise<Answer> {
  const { shop } = parts
  const payUrl = (payToken: string) => parts.payUrl(payToken, message.channel)
  const words = parts.texts[message.language]
  const saying = (text: string, step?: Step): Answer => ({ kind: "say", text, ...(step ? { step } : {}) })
  switch (intent.kind) {
    case "menu": {
      const menu = words.menu({ shopName: parts.shopName, customerName: message.name || undefined })
      return saying(menu, "greeting")
    }
    case "catalogue":
      return saying(replyToCatalog(await browseCatalog(shop, intent), words), "catalogue")
    case "detail": {
      const product = await showProduct(shop, intent.code)
      if (product) return saying(replyToDetail(product, words), "catalogue")
      return saying(
        words.productNotFound({ code: intent.code, suggestions: await suggestCodes(shop, intent.code) }),
      )
    }
    case "balance":
      return saying(words.balance(await showBalance(shop, message.userId)))
    case "deposit":
      return await deposit(parts, message, intent)
    case "status": {
      const order = await trackOrder(shop, message.userId, intent.orderCode)
      if (order) return saying(replyToStatus(order, { say: words, payUrl }))
      return saying(
        intent.orderCode ? words.orderNotFound({ orderCode: intent.orderCode }) : words.noOrders(),
      )
    }
    case "history": {
      const { orders, pages, page } = await listPastOrders(shop, message.userId, intent.page)
      if (orders.length === 0) return saying(words.noOrders())
      return saying(words.history({ orders, pages, page }))
    }
    case "resend": {
      const outcome = await resendGoods(shop, message, intent.orderCode)
      if (outcome.kind === "answered") return outcome
      if (outcome.kind === "not_found") return saying(words.orderNotFound(intent))
      return saying(words.nothingToResend(outcome))
    }
    case "warranty": {
      const { orderCode, place } = intent
      const outcome = await claimWarranty(shop, message, { orderCode, place })
      return outcome.kind === "answered" ? outcome : saying(replyToWarranty(outcome, orderCode, words))
    }
    case "cancel":
      return saying(
        replyToCancel(await cancelOrder(shop, message, intent.orderCode), intent.orderCode, words),
      )
    case "language": {
      if (!intent.language) return saying(words.languageChoice())
      await chooseLanguage(shop, message.userId, intent.language)
      const text = parts.texts[intent.language].languageChanged()
      return { kind: "say", text, language: intent.language }
    }
    case "pay_demo":
      return await pretend(parts, message)
    case "refund":
    case "review":
      return saying(await serveOwner(shop, message, intent, words))
    case "help":
      return saying(replyToHelp({ isOwner: message.role === "owner" }, words))
    default:
      return saying(replyToWords(intent, words))
  }
}

async function deposit(
  { shop, texts }: HandlerParts,
  message: ClaimedMessage,
  { amount }: Extract<Intent, { kind: "deposit" }>,
): Promise<Answer> {
  const outcome = await topUpBalance(shop, message, amount)
  if (outcome.kind === "answered") return outcome
  const words = texts[message.language]
  switch (outcome.kind) {
    case "qris_not_offered":
      return { kind: "say", text: words.qrisNotOffered() }
    case "no_free_amount":
      return { kind: "say", text: words.noFreeAmount() }
    case "not_charged":
      return { kind: "say", text: words.depositUnavailable() }
  }
}

async function pretend({ shop, texts }: HandlerParts, message: ClaimedMessage): Promise<Answer> {
  const words = texts[message.language]
  if (!shop.provider?.isDemo) return { kind: "say", text: words.unknown({}) }
  if (!localChannels.includes(message.channel)) {
    const isWaiting = await hasOpenDemo(shop, message.userId)
    return { kind: "say", text: isWaiting ? words.demoElsewhere() : words.unknown({}) }
  }
  const outcome = await payOpenDemo(shop, message.userId)
  return { kind: "say", text: outcome === "paid" ? words.demoPaid() : words.nothingToPay() }
}
