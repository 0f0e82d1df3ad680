import { answerInside, type Reply } from "../database/answers.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import type { Statements } from "../database/connect.ts"
import { answerEnvelope, handOver, type Shop } from "./shop.ts"

/** `afterwards` runs once it is committed: what is cached is forgotten there. It must not reject. */
export type WorkedReply = Reply & Readonly<{ afterwards?: (() => Promise<void>) | undefined }>

/**
 * Does a piece of work and answers the message that asked for it in one transaction: a crash repeats nothing
 * and loses nothing. `work` touches nothing but the database; it may be run again from the start, when
 * PostgreSQL undid it for a deadlock. Throws `DatabaseUnavailable`, and LP001 when the message is another
 * process's by now; nothing is done then.
 */
export async function answerWithin(
  shop: Shop,
  message: ClaimedMessage,
  work: (statements: Statements) => Promise<WorkedReply>,
): Promise<ClaimedMessage | undefined> {
  const { database } = shop
  const { reply, answered } = await database.ask("answer_within", () =>
    database.sql.begin((statements) =>
      answerInside(statements, message, { serves: shop.serves(), work: () => work(statements) }),
    ),
  )
  await reply.afterwards?.()
  const { promise, next } = answered
  handOver(shop, [[promise, answerEnvelope(message, promise, { kind: "text", text: reply.text })]])
  return next
}
