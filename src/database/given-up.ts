import type { OutboxId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"
import type { MessageKind } from "./outbox.ts"

/** A message that was given up, as its operator is shown it. */
export type GivenUpMessage = Readonly<{
  id: OutboxId
  /** When it was promised. */
  since: Date
  channel: string
  kind: MessageKind
  orderCode: string | null
  /** The customer's; the LID of one whose number is not known. */
  number: string
  /** A word of ours or the channel's for why. */
  reason: string
}>

export type GivenUp = Readonly<{ messages: readonly GivenUpMessage[]; count: number }>

/**
 * The oldest messages that were given up, at most `limit`, and how many there are in all. The goods of
 * refunded orders are withdrawn, not given up: they are in no such list.
 */
export async function readGivenUp(database: Database, { limit }: { limit: number }): Promise<GivenUp> {
  const { sql } = database
  const rows = await database.ask(
    "given_up_messages",
    () => sql<(GivenUpMessage & { count: number })[]>`
      select
        outbox.id,
        outbox.created_at as since,
        outbox.channel,
        outbox.kind,
        coalesce(orders.code, outbox.data ->> 'orderCode') as "orderCode",
        coalesce(users.number, lid_of(users.id), '') as number,
        coalesce(outbox.failure, 'unknown') as reason,
        count(*) over ()::integer as count
      from outbox
      join users on users.id = outbox.user_id
      left join orders on orders.id = outbox.order_id
      where outbox.state = 'given_up'
        and outbox.failure is distinct from 'refunded'
      order by outbox.id
      limit ${limit}
    `,
  )
  return { messages: rows, count: rows[0]?.count ?? 0 }
}

/**
 * Puts every message that was given up back to waiting, as if it had never been tried, and writes that down.
 * Returns how many there were. A running shop sends them at its next look, under the same ids as before.
 */
export async function retryGivenUp(database: Database, actor: string): Promise<number> {
  const { sql } = database
  return await database.ask("retry_given_up", () =>
    sql.begin(async (transaction) => {
      const { count } = await transaction`
        update outbox
           set state = 'waiting',
               attempts = 0,
               next_attempt_at = now(),
               failure = null
         where state = 'given_up'
           and failure is distinct from 'refunded'
      `
      if (count === 0) return 0
      await transaction`
        insert into audit_log (actor, action, subject, details)
        values (${actor}, 'retry_given_up', 'outbox', ${transaction.json({ count })})
      `
      return count
    }),
  )
}
