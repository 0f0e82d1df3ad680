import type { Intent, PaymentMethod } from "../intent.ts"
import { hasWords, isTooLong, readable } from "../line.ts"
import type { Guided } from "./conversation.ts"
import { isFreeText } from "./conversation.ts"
import type { OnSale } from "./facts.ts"
import { readChoice, readMethod } from "./read-choice.ts"
import { readCommand, readWay } from "./read-command.ts"
import { addressedAnswer } from "./read-delivery.ts"
import { readProduct } from "./read-product.ts"
import { readQuantity } from "./read-quantity.ts"

/** What a message says to the question that is open. None holds free words but the name and the address. */
export type Answer =
  | Readonly<{ kind: "leave" }>
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

export type ReadingParts = Readonly<{ products: readonly OnSale[]; prefix: string; isOwner: boolean }>

/**
 * Reads one message as an answer. Total: every string there is has one. A command with its prefix is a command
 * at every step; one in plain words is, where the step does not ask for free words.
 */
export function readAnswer(conversation: Guided, text: string, parts: ReadingParts): Answer {
  if (isTooLong(text)) return { kind: "too_long" }
  const line = readable(text)
  const command = readCommand(line, parts)
  if (command?.isPrefixed) return prefixedAnswer(conversation, command.intent)
  if (!hasWords(line)) return { kind: "unreadable" }
  const way = readWay(line, { isFreeText: isFreeText(conversation) })
  if (way) return way
  switch (conversation.step) {
    case "product":
    case "pick":
      return readProduct(conversation, line, parts.products, command)
    case "recipient":
    case "address":
      return addressedAnswer(conversation.step, text)
    case "quantity":
      return readQuantity(line) ?? commandOr(command?.intent, { kind: "not_a_quantity" })
    case "summary":
      return readChoice(line) ?? commandOr(command?.intent, { kind: "not_a_choice" })
    case "method":
      return readMethod(line) ?? commandOr(command?.intent, { kind: "not_a_choice" })
  }
}

function commandOr(intent: Intent | undefined, otherwise: Answer): Answer {
  return intent ? { kind: "command", intent } : otherwise
}

/** Of an order that exists, `.batal` is the order's; of one that is only being made, there is but that. */
function prefixedAnswer(conversation: Guided, intent: Intent): Answer {
  const isOrders = intent.kind === "cancel" && (intent.orderCode !== undefined || "orderCode" in conversation)
  if (intent.kind === "cancel" && !isOrders) return { kind: "leave" }
  return { kind: "command", intent }
}
