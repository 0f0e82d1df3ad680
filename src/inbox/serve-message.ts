import { readConfirmation } from "../conversation/desk/confirm.ts"
import { isDeskQuestion } from "../conversation/desk/desk-question.ts"
import { commandOfMenuAnswer } from "../conversation/desk/menu.ts"
import { readStockAnswer } from "../conversation/desk/stock-step.ts"
import type { Intent } from "../conversation/intent.ts"
import { readable, withoutPrefix } from "../conversation/normal-words.ts"
import { understand } from "../conversation/understand.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { endConversation } from "../database/conversations.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { commandLimits, type LimitedCommand } from "./command-limits.ts"
import { roomOf } from "./desk/rooms.ts"
import { serveDesk } from "./desk/serve-desk.ts"
import { type OpenOrder, readOpenOrder } from "./open-order.ts"
import { serveAddress } from "./serve-address.ts"
import { serveCustomer } from "./serve-customer.ts"
import { questionBelow, serveAnswer, startOrder, startWithProduct, withOpenQuestion } from "./serve-guided.ts"
import { serveOwner } from "./serve-owner.ts"
import { servePurchase } from "./serve-purchase.ts"

/** Decides what a message means, by what its customer is in the middle of and by its words, and does that. */
export async function serveMessage(parts: ServingParts, message: ClaimedMessage): Promise<Answer> {
  const { prefix } = parts.settings
  const words = parts.texts[message.language]
  if (message.blocked) return saying(words.blocked())
  const open = await readOpenOrder(parts.shop, message, prefix)
  if (open) return await serveOpen(parts, message, open)
  const pasted = readStockAnswer(message.conversation, message.text, { prefix, role: message.role })
  if (pasted?.kind === "dropped") return { kind: "say", text: words.unitsNotSent(), conversation: null }
  if (pasted?.kind === "something_else") await endConversation(parts.shop.database, message.userId)
  const isCommand = withoutPrefix(readable(message.text.slice(0, 1_000)), prefix) !== undefined
  const confirmation = readConfirmation(message.conversation, message.text, { isCommand })
  if (confirmation?.kind === "dropped")
    return { kind: "say", text: words.confirmationDropped(), conversation: null }
  if (confirmation?.kind === "unclear") return saying(words.confirmationUnclear())
  const { conversation, role } = message
  const chosen = commandOfMenuAnswer(conversation, message.text, { prefix, role })
  const text = confirmation?.line ?? chosen ?? message.text
  const intent: Intent =
    pasted?.kind === "units" ? { kind: "desk", asked: pasted.asked } : understand(text, prefix, { role })
  const answer = await serveIntent(parts, message, intent, { confirmed: confirmation !== undefined })
  return withoutDeskQuestion(conversation, answer)
}

/** What is said while a question of the guided order is open: an answer to it, or something by the way. */
async function serveOpen(parts: ServingParts, message: ClaimedMessage, open: OpenOrder): Promise<Answer> {
  const said = open.answer
  if (said.kind !== "command")
    return (await refuseHaste(parts, message, "answer")) ?? (await serveAnswer(parts, message, open, said))
  const { intent } = said
  const prepareBelow = () => questionBelow(parts, message, open)
  const answer = await serveIntent({ ...parts, prepareBelow }, message, intent, { confirmed: false })
  return await withOpenQuestion(parts, message, open, { intent, answer })
}

/** Whatever does not answer what an operator was asked at the desk ends it: a later yes must mean nothing. */
function withoutDeskQuestion(conversation: ClaimedMessage["conversation"], answer: Answer): Answer {
  return isDeskQuestion(conversation) && answer.kind === "say" ? { conversation: null, ...answer } : answer
}

async function refuseHaste(
  { shop, texts }: ServingParts,
  { userId, language }: ClaimedMessage,
  command: LimitedCommand,
): Promise<Answer | undefined> {
  const { uses, windowMs } = commandLimits[command]
  const allowed = await shop.gate.allow({ userId, command, limit: uses, windowMs })
  if (allowed.kind === "allowed") return undefined
  return saying(texts[language].slowDown({ seconds: Math.ceil(allowed.retryAfterMs / 1000) }))
}

async function serveIntent(
  parts: ServingParts,
  message: ClaimedMessage,
  intent: Intent,
  given: { confirmed: boolean },
): Promise<Answer> {
  if (intent.kind === "buy") return await servePurchase(parts, message, intent, parts.settings.prefix)
  const haste = await refuseHaste(parts, message, intent.kind)
  if (haste) return haste
  switch (intent.kind) {
    case "order":
      return await startOrder(parts, message, intent.wish)
    case "address":
      return await serveAddress(parts, message, intent.orderCode)
    case "unknown":
      return (await startWithProduct(parts, message)) ?? (await serveCustomer(parts, message, intent))
    case "desk":
      return await serveDesk(parts, message, intent.asked, given)
    case "desk_problem": {
      const { command, problem } = intent
      return saying(roomOf(problem).explain(command, problem, parts.texts[message.language]))
    }
    case "refund":
    case "review":
      return await serveOwner(parts, message, intent, given)
    default:
      return await serveCustomer(parts, message, intent)
  }
}
