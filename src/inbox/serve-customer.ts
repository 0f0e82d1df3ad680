import { nearestDeskWord } from "../conversation/desk/nearest-desk-word.ts"
import type { Intent } from "../conversation/intent.ts"
import {
  replyToCancel,
  replyToCatalog,
  replyToDetail,
  replyToHelp,
  replyToMenu,
  replyToOperator,
  replyToStatus,
  replyToWords,
} from "../conversation/reply.ts"
import { replyToWarranty } from "../conversation/reply-to-warranty.ts"
import { localChannels } from "../conversation/write-words.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { readDocument } from "../database/inbox.ts"
import { browseCatalog, countCategories, showProduct, suggestCodes } from "../shop/browse-catalog.ts"
import { cancelOrder } from "../shop/cancel-order.ts"
import { chooseLanguage } from "../shop/choose-language.ts"
import { claimWarranty } from "../shop/claim-warranty.ts"
import { mayOperate } from "../shop/customer.ts"
import { hasOpenDemo, payOpenDemo } from "../shop/pay-demo.ts"
import { showBalance } from "../shop/show-balance.ts"
import { topUpBalance } from "../shop/top-up-balance.ts"
import { listPastOrders, resendGoods, trackOrder } from "../shop/track-orders.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { answerByTheWay } from "./answer-by-the-way.ts"
import { serveBroadcastChoice } from "./serve-broadcast-choice.ts"
import { receipt, receive } from "./serve-fulfilment.ts"
import { servePerson } from "./serve-person.ts"
import { serveRestock } from "./serve-restock.ts"
import { serveVoucher } from "./serve-voucher.ts"

/** What anybody may ask for; the desk's commands and purchases are served elsewhere. */
export type CustomerIntent = Exclude<
  Intent,
  { kind: "buy" | "order" | "address" | "desk" | "desk_problem" | "refund" | "review" }
>

/** Does what a customer asks for by command or from the menu, everything but a purchase. */
export async function serveCustomer(
  parts: ServingParts,
  message: ClaimedMessage,
  intent: CustomerIntent,
): Promise<Answer> {
  const { shop } = parts
  const payUrl = (payToken: string) => parts.payUrl(payToken, message.channel)
  const words = parts.texts[message.language]
  switch (intent.kind) {
    case "menu": {
      const menu = replyToMenu({ ...message, ...parts.settings }, words)
      return saying(menu, "greeting")
    }
    case "catalogue": {
      const page = await browseCatalog(shop, intent)
      if (page.isShopEmpty && mayOperate(message.role, "admin")) return saying(words.firstProduct())
      return saying(replyToCatalog(page, words, message.role), "catalogue")
    }
    case "categories":
      return saying(words.categoryList({ categories: await countCategories(shop) }), "catalogue")
    case "detail": {
      const product = await showProduct(shop, intent.code)
      if (product) return saying(replyToDetail(product, words, message.role), "catalogue")
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
    case "voucher":
      return await serveVoucher(parts, message, intent)
    case "restock":
      return await serveRestock(parts, message, intent)
    case "receipt":
      return saying(await receipt(parts, message, intent.orderCode))
    case "received":
      return await receive(parts, message, intent.orderCode)
    case "cancel":
      return await cancel(parts, message, intent)
    case "language": {
      if (!intent.language) return saying(words.languageChoice())
      await chooseLanguage(shop, message.userId, intent.language)
      const text = parts.texts[intent.language].languageChanged()
      return { kind: "say", text, language: intent.language }
    }
    case "pay_demo":
      return await pretend(parts, message)
    case "stop_broadcasts":
    case "start_broadcasts":
      return await serveBroadcastChoice(parts, message, intent.kind === "start_broadcasts")
    case "person":
      return await servePerson(parts, message)
    case "bot":
      return saying(words.botAnswers())
    case "thanks":
      return saying(words.youAreWelcome())
    case "help":
      return saying(replyToHelp({ isOperator: mayOperate(message.role, "admin") }, words))
    case "empty": {
      const isOperator = mayOperate(message.role, "admin")
      if (isOperator && (await readDocument(shop.database, message.inboxId)))
        return saying(words.documentForWhat())
      return saying(words.empty())
    }
    default: {
      if (!mayOperate(message.role, "admin")) return saying(replyToWords(intent, words))
      const meant = nearestDeskWord(message.text, { ...parts.settings, role: message.role })
      return saying(replyToOperator(intent, meant, words))
    }
  }
}

async function cancel(
  parts: ServingParts,
  message: ClaimedMessage,
  { orderCode }: Extract<Intent, { kind: "cancel" }>,
): Promise<Answer> {
  const words = parts.texts[message.language]
  return await answerByTheWay(parts, message, async (statements) => {
    const { cancelled, ...rest } = await cancelOrder(parts.shop, statements, { message, orderCode })
    return { ...rest, text: replyToCancel(cancelled, orderCode, words) }
  })
}

async function deposit(
  { shop, texts }: ServingParts,
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

async function pretend({ shop, texts }: ServingParts, message: ClaimedMessage): Promise<Answer> {
  const words = texts[message.language]
  if (!shop.provider?.isDemo) return { kind: "say", text: words.unknown({}) }
  if (!localChannels.includes(message.channel)) {
    const isWaiting = await hasOpenDemo(shop, message.userId)
    return { kind: "say", text: isWaiting ? words.demoElsewhere() : words.unknown({}) }
  }
  const outcome = await payOpenDemo(shop, message.userId)
  return { kind: "say", text: outcome === "paid" ? words.demoPaid() : words.nothingToPay() }
}
