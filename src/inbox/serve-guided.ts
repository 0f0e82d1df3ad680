import { isDeskStep } from "../conversation/desk/desk-talk.ts"
import { afterRefusal, type RefusedPurchase } from "../conversation/guided/after-refusal.ts"
import { type Guided, orderOf } from "../conversation/guided/conversation.ts"
import type { Facts } from "../conversation/guided/facts.ts"
import type { AskedOrNot, GuidedOrder, Move } from "../conversation/guided/move.ts"
import { begin, proceed, repeat } from "../conversation/guided/proceed.ts"
import type { OwnAnswer } from "../conversation/guided/read-answer.ts"
import { readMention, readWanted } from "../conversation/guided/read-product.ts"
import { sayAsked } from "../conversation/guided/say-guided.ts"
import { keepGuided } from "../conversation/guided/stored.ts"
import type { Intent } from "../conversation/intent.ts"
import { readable } from "../conversation/normal-words.ts"
import { replyToMenu, replyToOrder } from "../conversation/reply.ts"
import type { Texts } from "../conversation/texts/texts.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { lookUpPurchaseInside } from "../database/guided-orders.ts"
import type { GoodsCount } from "../database/orders.ts"
import { answerWithin, type WorkedReply } from "../shop/answer-within.ts"
import { mayOperate } from "../shop/customer.ts"
import { type PlaceOrderOutcome, placeOrder } from "../shop/place-order.ts"
import { wantBroadcasts } from "../shop/send-broadcast.ts"
import type { Answer, Below, ServingParts } from "./answer.ts"
import { type Catalogue, loadCatalogue, loadFacts, prepareFacts } from "./guided-facts.ts"
import type { OpenOrder } from "./open-order.ts"
import { deliverTo } from "./serve-address.ts"

/** Begins a guided order, with what was wished for in plain words, if anything was. */
export async function startOrder(
  parts: ServingParts,
  message: ClaimedMessage,
  wish: string | undefined,
): Promise<Answer> {
  const catalogue = await loadCatalogue(parts.shop)
  const wanted = wish === undefined ? undefined : readWanted(readable(wish), catalogue.onSale)
  return await beginWith(parts, message, catalogue, wish === undefined ? undefined : (wanted ?? notKnown))
}

/** The same with a message that is a product's code or name, or a part of it; undefined for any other. */
export async function startWithProduct(
  parts: ServingParts,
  message: ClaimedMessage,
): Promise<Answer | undefined> {
  const catalogue = await loadCatalogue(parts.shop)
  const named = readMention(readable(message.text), catalogue.onSale)
  return named && (await beginWith(parts, message, catalogue, named))
}

/** Deals with the answer to an open question, and asks the next one, or buys. */
export async function serveAnswer(
  parts: ServingParts,
  message: ClaimedMessage,
  { conversation, catalogue }: OpenOrder,
  answer: OwnAnswer,
): Promise<Answer> {
  const facts = await loadFacts(parts.shop, message, { catalogue, conversation, answer })
  const making = { parts, message, catalogue }
  const move = proceed(conversation, answer, facts)
  if (move.kind === "left" && answer.kind === "leave" && answer.isStop) return await stop(move, making)
  return await make(move, making)
}

/** A reply to something asked by the way, with the question below that is still open; a menu closes it. */
export async function withOpenQuestion(
  { shop, texts }: ServingParts,
  message: ClaimedMessage,
  { conversation, catalogue }: OpenOrder,
  { intent, answer }: { intent: Intent; answer: Answer },
): Promise<Answer> {
  if (answer.kind !== "say") return answer
  const words = texts[answer.language ?? message.language]
  if (answer.conversation !== undefined) return sayOrderEnds(answer, conversation, words)
  if (isClosedBy(intent, conversation)) return { ...answer, conversation: null }
  const facts = await loadFacts(shop, message, { catalogue, conversation })
  return putBelow(answer, repeat(conversation, facts), words)
}

/** The same for a reply that is promised in the transaction of what it tells; it may ask something itself. */
export async function questionBelow(
  { shop, texts }: ServingParts,
  message: ClaimedMessage,
  { conversation, catalogue }: OpenOrder,
  intent: Intent,
): Promise<Below> {
  if (isClosedBy(intent, conversation)) return async (reply) => ({ ...reply, conversation: null })
  const finish = await prepareFacts(shop, message, { catalogue, conversation })
  return async (reply, statements) => {
    const words = texts[message.language]
    if (reply.conversation) return sayOrderEnds(reply, conversation, words)
    const facts = await finish((asked) => lookUpPurchaseInside(statements, message.userId, asked))
    return putBelow(reply, repeat(conversation, withFreed(facts, reply.freed)), words)
  }
}

function isClosedBy(intent: Intent, conversation: Guided): boolean {
  return intent.kind === "menu" || (intent.kind === "cancel" && orderOf(conversation) !== undefined)
}

/** The counters were asked before. */
function withFreed(facts: Facts, freed: readonly GoodsCount[] = []): Facts {
  const left = new Map(facts.left)
  for (const { code, quantity } of freed) left.set(code, (left.get(code) ?? 0) + quantity)
  return { ...facts, left }
}

/** A question of the desk takes the place of the order's, which is said before it. */
function sayOrderEnds<Reply extends Pick<WorkedReply, "text" | "conversation">>(
  reply: Reply,
  ended: Guided,
  words: Texts,
): Reply {
  if (!reply.conversation || !isDeskStep(reply.conversation.step)) return reply
  const orderCode = orderOf(ended)
  const left = orderCode === undefined ? words.orderLeft() : words.addressLeft({ orderCode })
  return { ...reply, text: `${left}\n\n${reply.text}` }
}

function putBelow<Reply extends Readonly<{ text: string }>>(
  reply: Reply,
  move: AskedOrNot,
  words: Texts,
): Reply & Readonly<{ conversation: ReturnType<typeof keepGuided> | null }> {
  if (move.kind !== "asked") return { ...reply, conversation: null }
  const text = `${reply.text}\n\n${words.stillOpen()}\n\n${sayAsked(move, words)}`
  return { ...reply, text, conversation: keepGuided(move.conversation) }
}

const notKnown: OwnAnswer = { kind: "unknown_product" }

async function beginWith(
  parts: ServingParts,
  message: ClaimedMessage,
  catalogue: Catalogue,
  answer: OwnAnswer | undefined,
): Promise<Answer> {
  const facts = await loadFacts(parts.shop, message, { catalogue, conversation: undefined, answer })
  return await make(begin(answer, facts), { parts, message, catalogue })
}

type Making = Readonly<{ parts: ServingParts; message: ClaimedMessage; catalogue: Catalogue }>

async function make(move: Move, making: Making): Promise<Answer> {
  const { parts, message } = making
  switch (move.kind) {
    case "place":
      return await place(move.order, making)
    case "deliver_to":
      return await deliverTo(parts, message, move)
    default:
      return speak(move, making)
  }
}

/** Leaves the order, and ends broadcasts to this customer, in one transaction. */
async function stop(move: Extract<Move, { kind: "left" }>, making: Making): Promise<Answer> {
  const { parts, message } = making
  const next = await answerWithin(parts.shop, message, async (statements) => {
    await wantBroadcasts(statements, { userId: message.userId, wanted: false })
    const text = `${speak(move, making).text}\n${parts.texts[message.language].noBroadcastsEither()}`
    return { text, conversation: null }
  })
  return { kind: "answered", next }
}

type SpokenMove = Exclude<Move, { kind: "place" | "deliver_to" }>

function speak(move: SpokenMove, { parts, message }: Making): Extract<Answer, { kind: "say" }> {
  const words = parts.texts[message.language]
  const ended = { kind: "say", conversation: null } as const
  switch (move.kind) {
    case "asked": {
      const step = move.question.kind === "product" ? "catalogue" : undefined
      const text = sayAsked(move, words)
      return { kind: "say", text, step, conversation: keepGuided(move.conversation) }
    }
    case "left": {
      const { orderCode } = move
      return {
        ...ended,
        text: orderCode === undefined ? words.orderLeft() : words.addressLeft({ orderCode }),
      }
    }
    case "menu": {
      const text = replyToMenu({ ...message, ...parts.settings }, words)
      return { ...ended, text, step: "greeting" }
    }
    case "nothing_on_sale":
      return {
        ...ended,
        text: mayOperate(message.role, "admin")
          ? words.firstProduct()
          : words.catalogueEmpty({ categories: [] }),
      }
  }
}

/** Buys what was agreed to; a sale ends the conversation in its own transaction. */
async function place(order: GuidedOrder, making: Making): Promise<Answer> {
  const { parts, message, catalogue } = making
  const { shop, texts, payUrl } = parts
  const outcome = await placeOrder(shop, message, order)
  if (outcome.kind === "answered") return outcome
  const { method, expectedTotal, ...basket } = order
  const conversation: Guided = { step: "summary", ...basket, total: expectedTotal, way: method }
  const facts = await loadFacts(shop, message, { catalogue, conversation })
  const refused = refusedAs(outcome)
  const move = afterRefusal(basket, refused, facts)
  const answer = speak(move, making)
  if (refused.kind !== "other") return answer
  const why = replyToOrder(
    outcome,
    { code: order.productCode, quantity: order.quantity, suggestions: [] },
    { say: texts[message.language], payUrl: (payToken) => payUrl(payToken, message.channel) },
  )
  return { ...answer, text: `${why}\n\n${answer.text}` }
}

function refusedAs(outcome: Exclude<PlaceOrderOutcome, { kind: "answered" }>): RefusedPurchase {
  switch (outcome.kind) {
    case "sold_out":
    case "unknown_product":
    case "quantity_too_large":
    case "price_changed":
      return outcome
    default:
      return { kind: "other" }
  }
}
