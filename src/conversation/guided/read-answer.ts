import type { Role } from "../../shop/customer.ts"
import type { Intent, PaymentMethod } from "../intent.ts"
import { messageLimit } from "../limits.ts"
import { hasWords, isTooLong } from "../line.ts"
import { readable, withoutPrefix } from "../normal-words.ts"
import type { Guided } from "./conversation.ts"
import { isFreeText } from "./conversation.ts"
import type { OnSale } from "./facts.ts"
import { readChoice, readMethod } from "./read-choice.ts"
import { type ReadCommand, readCommand, readWay } from "./read-command.ts"
import { addressedAnswer } from "./read-delivery.ts"
import { isCodeOf, isPurchase, readProduct, readWanted } from "./read-product.ts"
import { readQuantity } from "./read-quantity.ts"
import { wholeNumber, withoutWish } from "./said-words.ts"

/** What a message says to the question that is open. None holds free words but the name and the address. */
export type Answer =
  /** `isStop`: by a word that elsewhere ends broadcasts; both are meant. */
  | Readonly<{ kind: "leave"; isStop?: true }>
  | Readonly<{ kind: "back" }>
  /** The next page of the catalogue. */
  | Readonly<{ kind: "more" }>
  /** Something else altogether, that is served as ever. */
  | Readonly<{ kind: "command"; intent: Intent }>
  /** The quantity, where it was said in the same breath. */
  | Readonly<{ kind: "chosen"; code: string; quantity?: number }>
  | Readonly<{ kind: "several"; codes: readonly string[]; isCut: boolean }>
  | Readonly<{ kind: "unknown_product" }>
  | Readonly<{ kind: "not_shown" }>
  | Readonly<{ kind: "quantity"; quantity: number }>
  | Readonly<{ kind: "not_a_quantity" }>
  /** Where the last goods went, which was offered as 1. */
  | Readonly<{ kind: "remembered" }>
  | Readonly<{ kind: "recipient"; recipient: string }>
  | Readonly<{ kind: "address"; address: string }>
  | Readonly<{ kind: "malformed" }>
  | Readonly<{ kind: "yes" }>
  | Readonly<{ kind: "change" }>
  | Readonly<{ kind: "method"; method: PaymentMethod }>
  | Readonly<{ kind: "not_a_choice" }>
  | Readonly<{ kind: "too_long" }>
  /** Nothing that could be read: no text, or no word in it. */
  | Readonly<{ kind: "unreadable" }>

/** An answer to the question; a command is served by the way, and the question then repeated. */
export type OwnAnswer = Exclude<Answer, { kind: "command" }>

export type ReadingParts = Readonly<{ products: readonly OnSale[]; prefix: string; role: Role }>

/**
 * Reads one message as an answer. Total: every string there is has one. A command with its prefix is a
 * command at every step; one in plain words is, where the step does not ask for free words. To buy in plain
 * words is to choose within this order: nothing is bought that was not shown.
 */
export function readAnswer(conversation: Guided, text: string, parts: ReadingParts): Answer {
  const whole = readable(text.slice(0, 4 * messageLimit))
  const marked = withoutPrefix(whole, parts.prefix)
  // `.2` is the number: nobody who types it means anything else.
  const line = marked !== undefined && wholeNumber(marked) !== undefined ? marked : whole
  const command = readCommand(line, text, parts)
  if (command?.isPrefixed) return asAnswer(conversation, command.intent)
  if (isTooLong(text)) return { kind: "too_long" }
  if (!hasWords(line)) return { kind: "unreadable" }
  const isChoosing = conversation.step === "product" || conversation.step === "pick"
  const isNamed = isChoosing && isCodeOf(line, parts.products)
  const way = isNamed ? undefined : readWay(line, { isFreeText: isFreeText(conversation) })
  if (way) return way
  const answer = readStep(conversation, { line, text, command }, parts.products)
  return answer.kind === "command" ? asAnswer(conversation, answer.intent) : answer
}

function readStep(
  conversation: Guided,
  { line, text, command }: { line: string; text: string; command: ReadCommand | undefined },
  products: readonly OnSale[],
): Answer {
  const byTheWay = command && servedByTheWay(command.intent, line, products)
  switch (conversation.step) {
    case "product":
    case "pick":
      return readProduct(conversation, line, products, command)
    case "recipient":
    case "address":
      return addressedAnswer(conversation.step, wholeNumber(line) === undefined ? text : line)
    case "quantity":
      return readQuantity(line) ?? byTheWay ?? { kind: "not_a_quantity" }
    case "summary":
      return readChoice(line) ?? byTheWay ?? { kind: "not_a_choice" }
    case "method":
      return readMethod(line) ?? byTheWay ?? { kind: "not_a_choice" }
  }
}

/** Undefined for a wish that names nothing here; a number alone is no product's name. */
function servedByTheWay(intent: Intent, line: string, products: readonly OnSale[]): Answer | undefined {
  if (!isPurchase(intent) && intent.kind !== "order") return { kind: "command", intent }
  const isNamed = wholeNumber(withoutWish(line)) === undefined && !(intent.kind === "order" && !intent.wish)
  return isNamed ? readWanted(line, products) : undefined
}

/**
 * Of an order that exists, `.batal` is the order's; while one is only being made, there is but that to
 * leave.
 */
function asAnswer(conversation: Guided, intent: Intent): Answer {
  switch (intent.kind) {
    case "cancel":
      return intent.orderCode !== undefined || "orderCode" in conversation
        ? { kind: "command", intent }
        : { kind: "leave" }
    case "too_long":
      return { kind: "too_long" }
    case "empty":
    case "no_words":
      return { kind: "unreadable" }
    default:
      return { kind: "command", intent }
  }
}
