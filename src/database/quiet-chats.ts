import type { UserId } from "../shop/ids.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database, Statements } from "./connect.ts"
import { type Address, splitAddress } from "./inbox.ts"

/**
 * For so many hours a person answers this customer, and the shop is silent; a longer pause that was made
 * before stays. Goods and word of payments still go out. Creates the customer when unknown.
 */
export async function pauseChat(database: Database, given: Address & { hours: number }): Promise<void> {
  const { sql } = database
  const { number, lid } = splitAddress(given)
  await database.ask("pause_chat", () => sql`select pause_chat(${number}, ${lid}, ${given.hours})`)
}

/** The shop answers this customer again. Idempotent. */
export async function resumeChat(database: Database, given: Address): Promise<void> {
  const { sql } = database
  const { number, lid } = splitAddress(given)
  await database.ask("resume_chat", () => sql`select resume_chat(${number}, ${lid})`)
}

/**
 * The same for a customer by their id, as an operator takes the chat: nobody waits in it any more. Returns
 * when the pause ends.
 */
export async function pauseChatOf(statements: Statements, userId: UserId, hours: number): Promise<Date> {
  const rows = await statements<{ until: Date }[]>`select pause_chat_of(${userId}, ${hours}, true) as until`
  return endOf(rows)
}

/** The shop answers this customer again. False when it was not silent. */
export async function resumeChatOf(statements: Statements, userId: UserId): Promise<boolean> {
  const rows = await statements<{ was_quiet: boolean }[]>`select resume_chat_of(${userId}) as was_quiet`
  return rows[0]?.was_quiet ?? false
}

/**
 * A customer asks for a person: the shop is silent in their chat for so many hours, and the operators are
 * told; see `hand_over_chat` in sql/0025. Returns when the silence ends; undefined, and nothing happens,
 * where there is nobody to tell.
 */
export async function handOverChat(
  statements: Statements,
  userId: UserId,
  hours: number,
): Promise<Date | undefined> {
  const rows = await statements<{ until: Date | null }[]>`select hand_over_chat(${userId}, ${hours}) as until`
  return rows[0]?.until ?? undefined
}

/**
 * A customer wants no person any more. False where they are not the one who made the shop silent, or a person
 * came; it stays silent then.
 */
export async function takeChatBack(database: Database, userId: UserId): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "take_chat_back",
    () => sql<{ is_back: boolean }[]>`select take_chat_back(${userId}) as is_back`,
  )
  return rows[0]?.is_back ?? false
}

/** Promises a customer word that the shop answers them again; nothing to one who never wrote. */
export async function tellOfResumption(statements: Statements, userId: UserId): Promise<void> {
  await statements`select tell_of_resumption(${userId})`
}

/**
 * Finishes a message without a reply and claims the customer's next one. Throws the SQLSTATE LP001 when the
 * message is no longer this process's.
 */
export async function finishQuietly(
  database: Database,
  message: ClaimedMessage,
): Promise<ClaimedMessage | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "finish_quietly",
    () => sql<{ next: ClaimedRow | null }[]>`
      select finish_quietly(${message.inboxId}, ${message.owner}) as next
    `,
  )
  return nextMessage(rows[0]?.next, message.owner)
}

function endOf(rows: readonly { until: Date }[]): Date {
  const until = rows[0]?.until
  if (!until) throw new Error("there is no such customer")
  return until
}
