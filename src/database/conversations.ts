import type { UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"

/** Whatever this customer was in the middle of is over. Idempotent. */
export async function endConversation(database: Database, userId: UserId): Promise<void> {
  const { sql } = database
  await database.ask("end_conversation", () => sql`delete from conversations where user_id = ${userId}`)
}
