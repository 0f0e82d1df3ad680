import type { ChargeReference } from "../payments/payment-provider.ts"
import type { OrderId, PaymentId, UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"

export type PaymentEvent = Readonly<{ id: number; provider: string; reference: ChargeReference }>

export type OpenEvent = PaymentEvent & Readonly<{ ageSeconds: number }>

/** Stores a notification as it came; returns the id it is worked under. */
export async function storeEvent(
  database: Database,
  event: {
    provider: string
    reference: ChargeReference
    claimedState: string
    transactionId?: string | undefined
    rawBody: string
  },
): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "store_payment_event",
    () => sql<{ id: number }[]>`
      insert into payment_events (provider, reference, claimed_state, transaction_id, raw_body)
      values (${event.provider}, ${event.reference}, ${event.claimedState}, ${event.transactionId ?? null},
              ${event.rawBody})
      returning id
    `,
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error("a payment event was stored without an id")
  return id
}

/** Writes what became of an event. Idempotent: the first outcome stays. */
export async function concludeEvent(database: Database, eventId: number, outcome: string): Promise<void> {
  const { sql } = database
  await database.ask(
    "conclude_payment_event",
    () => sql`
      insert into payment_event_outcomes (event_id, outcome)
      values (${eventId}, ${outcome})
      on conflict (event_id) do nothing
    `,
  )
}

/**
 * Events stored and not worked yet: a process died, or its provider could not be asked. The young ones are
 * due in every turn, the older ones in fewer and fewer, down to one turn of seven. Which ones, and in which
 * order, depends on `turn`, a whole number, another each time: none stands before the others for ever.
 */
export async function openEvents(
  database: Database,
  given: { providers: readonly string[]; turn: number; limit: number },
): Promise<OpenEvent[]> {
  const { sql } = database
  return await database.ask(
    "open_payment_events",
    () => sql<OpenEvent[]>`
      select id, provider, reference, age_seconds as "ageSeconds"
        from (
          select id, provider, reference,
                 extract(epoch from now() - received_at)::float8 as age_seconds,
                 hashint8extended(id, ${given.turn}) as chance
            from open_payment_events
            join payment_events on id = event_id
           where provider = any(${[...given.providers]}::text[])
        ) as open
       where (chance & 1023) * least(age_seconds, 200) < 1024 * 30
       order by chance
       limit ${given.limit}
    `,
  )
}

/** What a stored event claims, and the payment it is about; null where the shop knows of none. */
export type EventSubject = Readonly<{
  claimedState: string
  transactionId: string | null
  payment: Readonly<{ id: PaymentId; orderId: OrderId | null; userId: UserId }> | null
}>

export async function readEventSubject(
  database: Database,
  eventId: number,
): Promise<EventSubject | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_payment_event_subject",
    () => sql<EventSubject[]>`
      select claimed_state as "claimedState",
             transaction_id as "transactionId",
             case when payments.id is not null then
               jsonb_build_object('id', payments.id, 'orderId', order_id, 'userId', user_id)
             end as payment
        from payment_events
        left join payments using (reference, provider)
       where payment_events.id = ${eventId}
    `,
  )
  return rows[0]
}

export type ListedEvent = Readonly<{
  id: number
  receivedAt: Date
  reference: ChargeReference
  claimedState: string
  /** Null while it is still to be worked. */
  outcome: string | null
}>

/** The newest events, of all payments or of one order; `name` is an order's code or a charge's reference. */
export async function listEvents(
  database: Database,
  given: { name: string | undefined; limit: number },
): Promise<readonly ListedEvent[]> {
  const { sql } = database
  const { name = null, limit } = given
  return await database.ask(
    "list_payment_events",
    () => sql<ListedEvent[]>`
      select id, received_at as "receivedAt", reference, claimed_state as "claimedState", outcome
        from payment_events
        left join payment_event_outcomes on event_id = id
       where ${name}::text is null
          or reference = ${name}
          or reference in (
            select payments.reference
              from payments
              join orders on orders.id = payments.order_id
             where orders.code = ${name}
          )
       order by id desc
       limit ${limit}
    `,
  )
}

export async function readEvent(database: Database, id: number): Promise<PaymentEvent | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_payment_event",
    () => sql<PaymentEvent[]>`select id, provider, reference from payment_events where id = ${id}`,
  )
  return rows[0]
}

/** Notes that somebody ran an event again, and what came of it. */
export async function noteReplay(
  database: Database,
  given: { event: PaymentEvent; actor: string; outcome: string },
): Promise<void> {
  const { sql } = database
  const { event, actor, outcome } = given
  await database.ask(
    "note_payment_event_replay",
    () => sql`
      insert into audit_log (actor, action, subject, details)
      values (${actor}, 'replay_payment_event', ${`payment:${event.reference}`},
              ${sql.json({ event: event.id, outcome })})
    `,
  )
}
