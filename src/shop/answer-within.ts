import { answerInside, type Reply } from "../database/answers.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { DatabaseUnavailable, type Statements } from "../database/connect.ts"
import type { GoodsCount } from "../database/orders.ts"
import { answerEnvelope, handOver, type Shop } from "./shop.ts"

/**
 * `afterwards` runs once it is committed, or may be: what is cached is forgotten there, what came free is
 * given back to the counters, which are compared with PostgreSQL anyway. It must not reject, nor do harm
 * where nothing was committed. A process killed in between leaves it undone: what is cached then shows for as
 * long as it is kept.
 */
export type WorkedReply = Reply &
  Readonly<{
    afterwards?: (() => Promise<void>) | undefined
    /** What came free, which the counters outside learn `afterwards`. */
    freed?: readonly GoodsCount[]
  }>

/**
 * Does a piece of work and answers the message that asked for it in one transaction: a crash repeats nothing
 * and loses nothing. `work` touches nothing but the database; it may be run again from the start, when
 * PostgreSQL undid it for a deadlock. Throws `DatabaseUnavailable`, and LP001 when the message is another
 * process's by now; nothing is done then, or all of it where PostgreSQL's word was lost.
 */
export async function answerWithin(
  shop: Shop,
  message: ClaimedMessage,
  work: (statements: Statements) => Promise<WorkedReply>,
): Promise<ClaimedMessage | undefined> {
  const { database } = shop
  const worked: { reply?: WorkedReply } = {}
  const begin = () =>
    database.sql.begin((statements) => {
      const noted = async () => {
        worked.reply = await work(statements)
        return worked.reply
      }
      return answerInside(statements, message, { serves: shop.serves(), work: noted })
    })
  const { reply, answered } = await database.ask("answer_within", begin).catch(async (error: unknown) => {
    if (error instanceof DatabaseUnavailable) await worked.reply?.afterwards?.()
    throw error
  })
  await reply.afterwards?.()
  const { promise, next } = answered
  handOver(shop, [[promise, answerEnvelope(message, promise, { kind: "text", text: reply.text })]])
  return next
}
