import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database } from "./connect.ts"
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
