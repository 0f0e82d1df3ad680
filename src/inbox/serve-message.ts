import { confirmStep, readConfirmation } from "../conversation/desk/confirm.ts"
import { commandOfMenuAnswer, deskMenuStep } from "../conversation/desk/menu.ts"
import type { Intent } from "../conversation/intent.ts"
import { readable, withoutPrefix } from "../conversation/normal-words.ts"
import { understand } from "../conversation/understand.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"
import { roomOf } from "./desk/rooms.ts"
import { serveDesk } from "./desk/serve-desk.ts"
import { readOpenOrder } from "./open-order.ts"
import { serveAddress } from "./serve-address.ts"
import { serveCustomer } from "./serve-customer.ts"
import { serveAnswer, startOrder, startWithProduct, withOpenQuestion } from "./serve-guided.ts"
import { serveOwner } from "./serve-owner.ts"
import { servePurchase } from "./serve-purchase.ts"

/** Of each command. */
const commandsPerMinute = 30

const limits: Readonly<Partial<Record<Intent["kind"] | "answer", number>>> = {
  // Each asks a provider for a charge, or takes one of the few amounts of a static code.
  deposit: 3,
  answer: 60,
}

const prefix = "."

/** Decides what a message means, by what its customer is in the middle of and by its words, and does that. */
export async function serveMessage(parts: ServingParts, message: ClaimedMessage): Promise<Answer> {
  const words = parts.texts[message.language]
  if (message.blocked) return saying(words.blocked())
  const isCommand = withoutPrefix(readable(message.text.slice(0, 1_000)), prefix) !== undefined
  const confirmation = readConfirmation(message.conversation, message.text, { isCommand })
  if (confirmation?.kind === "dropped")
    return { kind: "say", text: words.confirmationDropped(), conversation: null }
  if (confirmation?.kind === "unclear") return saying(words.confirmationUnclear())
  const open = confirmation ? undefined : await readOpenOrder(parts.shop, message, prefix)
  const said = open?.answer
  if (open && said && said.kind !== "command") {
    const haste = await refuseHaste(parts, message, "answer")
    return haste ?? (await serveAnswer(parts, message, open, said))
  }
  const { conversation, role } = message
  const chosen = commandOfMenuAnswer(conversation, message.text, { prefix, role })
  const text = confirmation?.line ?? chosen ?? message.text
  const intent = said?.kind === "command" ? said.intent : understand(text, prefix, { role })
  const haste = intent.kind === "buy" ? undefined : await refuseHaste(parts, message, intent.kind)
  if (haste) return haste
  const answer = await serveIntent(parts, message, intent, { confirmed: confirmation !== undefined })
  if (open) return await withOpenQuestion(parts, message, open, { intent, answer })
  return withoutDeskQuestion(conversation, answer)
}

/** Buying has its own limit at the gate; `answer` is one to a question of the guided order. */
async function refuseHaste(
  { shop, texts }: ServingParts,
  { userId, language }: ClaimedMessage,
  command: Exclude<Intent["kind"], "buy"> | "answer",
): Promise<Answer | undefined> {
  const limit = limits[command] ?? commandsPerMinute
  const allowed = await shop.gate.allow({ userId, command, limit, windowMs: 60_000 })
  if (allowed.kind === "allowed") return undefined
  return saying(texts[language].slowDown({ seconds: Math.ceil(allowed.retryAfterMs / 1000) }))
}

/** Whatever does not answer what an operator was asked at the desk ends it: a later yes must mean nothing. */
function withoutDeskQuestion(conversation: ClaimedMessage["conversation"], answer: Answer): Answer {
  const isAsked = conversation?.step === confirmStep || conversation?.step === deskMenuStep
  return isAsked && answer.kind === "say" ? { conversation: null, ...answer } : answer
}

async function serveIntent(
  parts: ServingParts,
  message: ClaimedMessage,
  intent: Intent,
  given: { confirmed: boolean },
): Promise<Answer> {
  switch (intent.kind) {
    case "buy":
      return await servePurchase(parts, message, intent, prefix)
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
