import type { Held } from "../conversation/desk/confirm.ts"
import { readDeskTalk } from "../conversation/desk/desk-talk.ts"
import type { Intent } from "../conversation/intent.ts"
import { isCut } from "../conversation/line.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { endConversation } from "../database/conversations.ts"
import { finishQuietly } from "../database/quiet-chats.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { commandLimits, type LimitedCommand } from "./command-limits.ts"
import { roomOf } from "./desk/rooms.ts"
import { serveDesk } from "./desk/serve-desk.ts"
import { type OpenOrder, readOpenOrder } from "./open-order.ts"
import { serveAddress } from "./serve-address.ts"
import { serveCustomer } from "./serve-customer.ts"
import { questionBelow, serveAnswer, startOrder, startWithProduct, withOpenQuestion } from "./serve-guided.ts"
import { servePurchase } from "./serve-purchase.ts"
import { serveReturns } from "./serve-returns.ts"
import { withWholeCode } from "./with-whole-code.ts"

/** Decides what a message means, by what its customer is in the middle of and by its words, and does that. */
export async function serveMessage(parts: ServingParts, message: ClaimedMessage): Promise<Answer> {
  const { prefix } = parts.settings
  if (message.blocked) return await serveBlocked(parts, message)
  if (isCut(message.text)) return saying(parts.texts[message.language].messageCut())
  const open = await readOpenOrder(parts.shop, message, prefix)
  if (open) return await serveOpen(parts, message, open)
  return await serveTalk(parts, message)
}

/** They are told so once in a while, and not with every message. */
async function serveBlocked(parts: ServingParts, message: ClaimedMessage): Promise<Answer> {
  if (!(await refuseHaste(parts, message, "blocked"))) return saying(parts.texts[message.language].blocked())
  return { kind: "answered", next: await finishQuietly(parts.shop.database, message) }
}

/** What is said while no order is talked about: by operators maybe the answer to a question at the desk. */
async function serveTalk(parts: ServingParts, message: ClaimedMessage): Promise<Answer> {
  const words = parts.texts[message.language]
  const { prefix } = parts.settings
  const talk = readDeskTalk(message.conversation, message.text, { prefix, role: message.role })
  if (talk.kind === "unclear") return saying(words.confirmationUnclear())
  if (talk.kind === "lapsed") return { kind: "say", text: words.confirmationLapsed(), conversation: null }
  if (talk.kind === "doubtful_units") return saying(words.unitsDoubtful(talk))
  if (talk.kind === "dropped") {
    const text = talk.what === "units" ? words.unitsNotSent() : words.confirmationDropped()
    return { kind: "say", text, conversation: null }
  }
  // Before anything: what was asked stays open while somebody is asked to slow down.
  const haste = await refuseHaste(parts, message, talk.intent.kind)
  if (haste) return haste
  if (talk.kind === "something_else") await endConversation(parts.shop.database, message.userId)
  const confirmed = talk.kind === "asked" ? talk.confirmed : undefined
  return await serveIntent(parts, message, talk.intent, { confirmed })
}

/** What is said while a question of the guided order is open: an answer to it, or something by the way. */
async function serveOpen(parts: ServingParts, message: ClaimedMessage, open: OpenOrder): Promise<Answer> {
  const said = open.answer
  if (said.kind !== "command")
    return (await refuseHaste(parts, message, "answer")) ?? (await serveAnswer(parts, message, open, said))
  const { intent } = said
  const haste = await refuseHaste(parts, message, intent.kind)
  if (haste) return haste
  const prepareBelow = () => questionBelow(parts, message, open, intent)
  const answer = await serveIntent({ ...parts, prepareBelow }, message, intent, { confirmed: undefined })
  return await withOpenQuestion(parts, message, open, { intent, answer })
}

async function refuseHaste(
  { shop, texts }: ServingParts,
  { userId, language }: ClaimedMessage,
  command: LimitedCommand | "buy",
): Promise<Answer | undefined> {
  if (command === "buy") return undefined
  const { uses, windowMs } = commandLimits[command]
  const allowed = await shop.gate.allow({ userId, command, limit: uses, windowMs })
  if (allowed.kind === "allowed") return undefined
  const say = texts[language]
  const seconds = Math.ceil(allowed.retryAfterMs / 1000)
  return saying(command === "desk" ? say.deskSlowDown({ seconds }) : say.slowDown({ seconds }))
}

async function serveIntent(
  parts: ServingParts,
  message: ClaimedMessage,
  said: Intent,
  given: { confirmed: Held | undefined },
): Promise<Answer> {
  const intent = await withWholeCode(parts.shop, message, said)
  switch (intent.kind) {
    case "buy":
      return await servePurchase(parts, message, intent, parts.settings.prefix)
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
      return await serveReturns(parts, message, intent, given)
    default:
      return await serveCustomer(parts, message, intent)
  }
}
