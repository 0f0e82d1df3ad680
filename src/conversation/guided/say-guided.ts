import type { Texts } from "../texts/texts.ts"
import type { Asked, Question, Reason } from "./move.ts"

/** A question in words, with why it is asked again before it. */
export function sayAsked({ question, reason }: Asked, say: Texts): string {
  const words = sayQuestion(question, say)
  return reason ? `${sayReason(reason, say)}\n\n${words}` : words
}

function sayQuestion(question: Question, say: Texts): string {
  switch (question.kind) {
    case "product":
      return say.askProduct(question)
    case "pick":
      return say.askWhich(question)
    case "quantity":
      return say.askQuantity(question)
    case "recipient":
      return say.askRecipient(question)
    case "address":
      return say.askAddress(question)
    case "summary":
      return say.orderSummary(question)
    case "method":
      return say.askMethod(question)
  }
}

function sayReason(reason: Reason, say: Texts): string {
  switch (reason.kind) {
    case "product_not_known":
      return say.productNotKnown()
    case "number_not_shown":
      return say.numberNotShown()
    case "product_gone":
      return say.productGone()
    case "product_sold_out":
      return say.chosenSoldOut(reason)
    case "only_left":
      return say.onlyLeft(reason)
    case "quantity_invalid":
      return say.quantityInvalid(reason)
    case "recipient_invalid":
      return say.recipientInvalid(reason)
    case "address_invalid":
      return say.addressInvalid(reason)
    case "not_a_choice":
      return say.notAChoice()
    case "price_changed":
      return say.priceIsNew()
    case "way_changed":
      return say.wayToPayChanged()
    case "way_not_chosen":
      return say.wayNotChosen()
    case "too_long":
      return say.answerTooLong(reason)
    case "unreadable":
      return say.answerUnreadable()
  }
}
