import type { ProcessId } from "../shop/ids.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database } from "./connect.ts"
import { atTheirPlaces, groupedByOwner, type LockWait, refusal } from "./grouped.ts"
import type { MessagePromise } from "./inbox.ts"

export type Answered = Readonly<{ promise: MessagePromise; next: ClaimedMessage | undefined }>

/**
 * Promises the reply to a message and finishes it, in one transaction, which answers to other customers may
 * share. Throws the SQLSTATE LP001 when the message is no longer this process's; nothing is promised then.
 */
export type AnswerMessage = (message: ClaimedMessage, reply: Reply) => Promise<Answered>

export type Reply = Readonly<{ text: string; step?: "greeting" | "catalogue" | undefined }>

export function createAnswering(database: Database, serves: () => readonly string[]): AnswerMessage {
  type Item = Readonly<{ message: ClaimedMessage; reply: Reply }>
  type Row = Readonly<{
    place: number
    answered: { promise: MessagePromise; next: ClaimedRow | null } | null
    refused: string | null
  }>
  const { sql } = database
  const answerTogether = async (owner: ProcessId, items: readonly Item[], lockWait: LockWait) => {
    const rows = await database.ask(
      "answer_messages",
      () => sql<Row[]>`
        select place, answered, refused
          from answer_messages(
            ${owner}, ${[...serves()]}::text[],
            ${items.map(({ message }) => message.inboxId)}::bigint[],
            ${items.map(({ reply }) => reply.text)}::text[],
            ${items.map(({ reply }) => reply.step ?? null)}::text[],
            ${lockWait}
          )
      `,
    )
    return atTheirPlaces(rows, ({ answered, refused }): Answered | Error =>
      answered
        ? { promise: answered.promise, next: nextMessage(answered.next, owner) }
        : refusal(refused ?? ""),
    )
  }
  const answer = groupedByOwner<Item, Answered>(({ message }) => message.owner, answerTogether)
  return (message, reply) => answer({ message, reply })
}
