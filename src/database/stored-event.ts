import type { ChargeReference } from "../payments/payment-provider.ts"
import type { Database } from "./connect.ts"

/** A notification as it was kept, and what became of it. */
export type StoredEvent = Readonly<{
  id: number
  provider: string
  reference: ChargeReference
  receivedAt: Date
  rawBody: string
  /** Null while it is still to be worked. */
  outcome: string | null
}>

export async function readStoredEvent(database: Database, id: number): Promise<StoredEvent | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_stored_event",
    () => sql<StoredEvent[]>`
      select id, provider, reference, received_at as "receivedAt", raw_body as "rawBody", outcome
        from payment_events
        left join payment_event_outcomes on event_id = id
       where id = ${id}
    `,
  )
  return rows[0]
}
