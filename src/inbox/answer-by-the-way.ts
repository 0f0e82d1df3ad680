import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import { answerWithin, type WorkedReply } from "../shop/answer-within.ts"
import type { Answer, ServingParts } from "./answer.ts"

/**
 * Does a customer's small work in one transaction with the answer, as `answerWithin` does; where a question is
 * open it stands below, as it is after the work.
 */
export async function answerByTheWay(
  { shop, prepareBelow }: ServingParts,
  message: ClaimedMessage,
  work: (statements: Statements) => Promise<WorkedReply>,
): Promise<Answer> {
  const below = await prepareBelow?.()
  const next = await answerWithin(shop, message, async (statements) => {
    const reply = await work(statements)
    return below && reply.conversation === undefined ? await below(reply, statements) : reply
  })
  return { kind: "answered", next }
}
