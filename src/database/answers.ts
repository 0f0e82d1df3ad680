import type { ProcessId } from "../shop/ids.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database, Statements } from "./connect.ts"
import { atTheirPlaces, groupedByOwner, type LockWait, refusal } from "./grouped.ts"
import type { MessagePromise } from "./inbox.ts"

export type Answered = Readonly<{ promise: MessagePromise; next: ClaimedMessage | undefined }>

/**
 * Promises the reply to a message and finishes it, in one transaction, which answers to other customers may
 * share. Throws the SQLSTATE LP001 when the message is no longer this process's; nothing is promised then.
 */
export type AnswerMessage = (message: ClaimedMessage, reply: Reply) => Promise<Answered>

export type Reply = Readonly<{
  text: string
  step?: "greeting" | "catalogue" | undefined
  /** What the customer is in the middle of from now on: null is nothing, absence leaves it as it is. */
  conversation?: Conversation | null | undefined
}>

export type Conversation = Readonly<{ step: string; data: Readonly<Record<string, unknown>> }>

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
            ${sql.json(items.map(({ reply }) => keptConversation(reply)))},
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

/**
 * Holds a message, has the work done that it asks for, and answers it, all with the statements of one
 * transaction. Throws an error with the SQLSTATE LP001 when the message is no longer this process's.
 */
export async function answerInside<Given extends Reply>(
  statements: Statements,
  message: ClaimedMessage,
  given: { serves: readonly string[]; work: () => Promise<Given> },
): Promise<{ reply: Given; answered: Answered }> {
  await statements`select hold_message(${message.inboxId}, ${message.owner})`
  const reply = await given.work()
  const rows = await statements<{ answered: { promise: MessagePromise; next: ClaimedRow | null } }[]>`
    select answer_message(
      ${message.inboxId}, ${message.owner}, ${[...given.serves]}::text[], ${reply.text},
      ${reply.step ?? null}, ${statements.json(keptConversation(reply))}
    ) as answered
  `
  const answered = rows[0]?.answered
  if (!answered) throw new Error("a message was answered without a promise")
  const next = nextMessage(answered.next, message.owner)
  return { reply, answered: { promise: answered.promise, next } }
}

/** As `answer_message` takes it. */
function keptConversation({ conversation }: Reply): { step: string | null } | null {
  if (conversation === undefined) return null
  return conversation === null ? { step: null } : JSON.parse(JSON.stringify(conversation))
}
