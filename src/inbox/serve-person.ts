import type { ClaimedMessage } from "../database/claimed-message.ts"
import { answerWithin } from "../shop/answer-within.ts"
import { mayOperate } from "../shop/customer.ts"
import { handOverChat } from "../shop/hand-over-chat.ts"
import { type Answer, type ServingParts, saying } from "./answer.ts"

/**
 * Hands the chat over to a person: the customer is told how long, the operators that somebody waits, and from
 * the next message on the shop is silent here. It is not to an operator, who would be shut out of the desk,
 * nor where there is none.
 */
export async function servePerson(
  { shop, texts }: Pick<ServingParts, "shop" | "texts">,
  message: ClaimedMessage,
): Promise<Answer> {
  const say = texts[message.language]
  if (mayOperate(message.role, "admin")) return saying(say.personIsYou())
  const next = await answerWithin(shop, message, async (statements) => {
    const until = await handOverChat(statements, message.userId)
    if (!until) return { text: say.personNowhere() }
    return { text: say.personComes({ until }), conversation: null, afterwards: async () => shop.promised() }
  })
  return { kind: "answered", next }
}
