import { messageLimit } from "../limits.ts"
import { ask, type Wanted } from "./ask.ts"
import { rememberedFor } from "./ask-delivery.ts"
import { wayToPay } from "./ask-payment.ts"
import {
  addressLimits,
  type Basket,
  basket,
  type Delivery,
  type Guided,
  orderOf,
  recipientLimits,
} from "./conversation.ts"
import { type Facts, leftOf, mostOf, pageSize, productOf } from "./facts.ts"
import type { AskedOrNot, Move, Reason } from "./move.ts"
import type { Answer, OwnAnswer } from "./read-answer.ts"

/** Begins an order: with what was named already, or with the catalogue. */
export function begin(answer: OwnAnswer | undefined, facts: Facts): Move {
  return answer
    ? chooseProduct({ step: "product", start: 0, first: 1, shown: [] }, answer, facts)
    : ask({ step: "product" }, facts)
}

/** The open question once more, as things stand now. */
export function repeat(conversation: Guided, facts: Facts): AskedOrNot {
  return ask(wantedBy(conversation), facts, whatChanged(conversation, facts))
}

/** What follows from an answer. Never nothing: one that is no answer gets the question again, and why. */
export function proceed(conversation: Guided, answer: OwnAnswer, facts: Facts): Move {
  switch (answer.kind) {
    case "leave":
      return { kind: "left", orderCode: orderOf(conversation) }
    case "back":
      return goBack(conversation, facts)
    case "too_long":
      return again(conversation, facts, { kind: "too_long", max: messageLimit })
    case "unreadable":
      return again(conversation, facts, { kind: "unreadable" })
    case "chosen":
    case "several":
      return chooseNamed(conversation, answer, facts)
  }
  switch (conversation.step) {
    case "product":
    case "pick":
      return chooseProduct(conversation, answer, facts)
    case "quantity":
      return chooseQuantity(conversation, answer, facts)
    case "recipient":
    case "address":
      return sayWhere(conversation, answer, facts)
    case "summary":
      return agree(conversation, answer, facts)
    case "method":
      return chooseMethod(conversation, answer, facts)
  }
}

function chooseProduct(
  conversation: Extract<Guided, { step: "product" | "pick" }>,
  answer: OwnAnswer,
  facts: Facts,
): Move {
  switch (answer.kind) {
    case "more":
      return conversation.step === "product"
        ? ask({ step: "product", start: conversation.start + pageSize, before: conversation }, facts)
        : ask({ step: "product" }, facts)
    case "several":
    case "chosen":
      return chooseNamed(conversation, answer, facts)
    case "not_shown":
      return again(conversation, facts, { kind: "number_not_shown" })
    default:
      return ask({ step: "product" }, facts, { kind: "product_not_known" })
  }
}

/** At any question: an order may be changed into one for another product. */
function chooseNamed(
  conversation: Guided,
  answer: Extract<Answer, { kind: "chosen" | "several" }>,
  facts: Facts,
): Move {
  return answer.kind === "chosen"
    ? choose(conversation, answer, facts)
    : ask({ step: "pick", codes: answer.codes, isCut: answer.isCut }, facts)
}

function choose(
  conversation: Guided,
  { code, quantity }: Extract<Answer, { kind: "chosen" }>,
  facts: Facts,
): Move {
  // What an order was for until now is not among the facts, which are of the product that was named.
  const isChoosing = conversation.step === "product" || conversation.step === "pick"
  const orElse = (reason: Reason) =>
    isChoosing ? again(conversation, facts, reason) : ask({ step: "product" }, facts, reason)
  const product = productOf(facts, code)
  if (!product) return orElse({ kind: "product_gone" })
  if (leftOf(facts, code) <= 0) return orElse({ kind: "product_sold_out", code, name: product.name })
  return quantity === undefined
    ? ask({ step: "quantity", productCode: code }, facts)
    : ask(afterQuantity({ productCode: code, quantity }, product.kind), facts)
}

function chooseQuantity(
  conversation: Extract<Guided, { step: "quantity" }>,
  answer: OwnAnswer,
  facts: Facts,
): Move {
  const product = productOf(facts, conversation.productCode)
  if (!product || answer.kind !== "quantity") {
    const max = product ? Math.min(mostOf(product), leftOf(facts, product.code)) : 0
    return again(conversation, facts, { kind: "quantity_invalid", max })
  }
  const { productCode, delivery } = conversation
  return ask(afterQuantity({ productCode, quantity: answer.quantity, delivery }, product.kind), facts)
}

/** Whereto is asked anew each time: what was said before is offered. */
function afterQuantity(chosen: Basket, kind: "digital" | "physical"): Wanted {
  return kind === "physical" ? { step: "recipient", ...chosen } : { step: "summary", ...chosen }
}

function sayWhere(
  conversation: Extract<Guided, { step: "recipient" | "address" }>,
  answer: OwnAnswer,
  facts: Facts,
): Move {
  if (answer.kind === "recipient")
    return ask({ ...conversation, step: "address", recipient: answer.recipient }, facts)
  const remembered = rememberedFor(conversation, facts)
  const delivery = answer.kind === "remembered" ? takeRemembered(conversation, remembered) : undefined
  if (delivery) return goOn(conversation, delivery, facts)
  if (answer.kind === "address" && conversation.step === "address")
    return goOn(conversation, { recipient: conversation.recipient, address: answer.address }, facts)
  return again(
    conversation,
    facts,
    conversation.step === "recipient"
      ? { kind: "recipient_invalid", ...recipientLimits }
      : { kind: "address_invalid", ...addressLimits },
  )
}

/** A recipient that was just named keeps their name; only the address is taken. */
function takeRemembered(
  conversation: Extract<Guided, { step: "recipient" | "address" }>,
  remembered: Delivery | undefined,
): Delivery | undefined {
  if (!remembered || conversation.step === "recipient") return remembered
  return { recipient: conversation.recipient, address: remembered.address }
}

function goOn(
  conversation: Extract<Guided, { step: "recipient" | "address" }>,
  delivery: Delivery,
  facts: Facts,
): Move {
  if ("orderCode" in conversation) return { kind: "deliver_to", orderCode: conversation.orderCode, delivery }
  return ask({ step: "summary", ...basket(conversation), delivery }, facts)
}

function agree(conversation: Extract<Guided, { step: "summary" }>, answer: OwnAnswer, facts: Facts): Move {
  const { productCode, delivery, way, total } = conversation
  if (answer.kind === "change") return ask({ step: "quantity", productCode, delivery }, facts)
  if (answer.kind === "method") return agreeBy(conversation, answer, facts)
  if (answer.kind !== "yes") return again(conversation, facts, { kind: "not_a_choice" })
  if (way === "saldo" || way === "qris")
    return {
      kind: "place",
      order: { ...basket(conversation), delivery, method: way, isOnlyWay: true, expectedTotal: total },
    }
  const changed = whatChanged(conversation, facts)
  return changed || way === "none"
    ? ask({ step: "summary", ...basket(conversation) }, facts, changed)
    : ask({ step: "method", ...basket(conversation) }, facts)
}

/** A way to pay that is named at the summary is a yes where there are two of them. */
function agreeBy(
  conversation: Extract<Guided, { step: "summary" }>,
  answer: Extract<OwnAnswer, { kind: "method" }>,
  facts: Facts,
): Move {
  const isOpen = conversation.way === "choose" && !whatChanged(conversation, facts)
  return isOpen
    ? chooseMethod(conversation, answer, facts)
    : again(conversation, facts, { kind: "way_not_chosen" })
}

function chooseMethod(
  conversation: Extract<Guided, { step: "summary" | "method" }>,
  answer: OwnAnswer,
  facts: Facts,
): Move {
  if (answer.kind !== "method") return again(conversation, facts, { kind: "not_a_choice" })
  const { delivery, total } = conversation
  const { method } = answer
  const order = { ...basket(conversation), delivery, method, isOnlyWay: false, expectedTotal: total }
  return { kind: "place", order }
}

function goBack(conversation: Guided, facts: Facts): Move {
  switch (conversation.step) {
    case "product":
      return { kind: "menu" }
    case "pick":
    case "quantity":
      return ask({ step: "product" }, facts)
    case "recipient":
      if ("orderCode" in conversation) return { kind: "left", orderCode: conversation.orderCode }
      return ask({ ...conversation, step: "quantity" }, facts)
    case "address":
      return ask({ ...conversation, step: "recipient" }, facts)
    case "summary": {
      const { delivery } = conversation
      return delivery
        ? ask({ step: "address", recipient: delivery.recipient, ...basket(conversation) }, facts)
        : ask({ ...conversation, step: "quantity" }, facts)
    }
    case "method":
      return ask({ step: "summary", ...basket(conversation) }, facts)
  }
}

function again(conversation: Guided, facts: Facts, reason: Reason): Move {
  return ask(wantedBy(conversation), facts, whatChanged(conversation, facts) ?? reason)
}

function wantedBy(conversation: Guided): Wanted {
  switch (conversation.step) {
    case "product":
      return { step: "product", start: conversation.start, before: conversation }
    case "pick":
      return { step: "pick", codes: conversation.shown }
    default:
      return conversation
  }
}

/** What of the price or the way to pay is not as it was shown. */
function whatChanged(conversation: Guided, facts: Facts): Reason | undefined {
  if (conversation.step !== "summary" && conversation.step !== "method") return undefined
  const quote = facts.quoteOf(basket(conversation))
  if (quote && quote.total !== conversation.total) return { kind: "price_changed" }
  const shown = conversation.step === "method" ? "choose" : conversation.way
  return quote && wayToPay(quote.total, facts) !== shown ? { kind: "way_changed" } : undefined
}
