import type { Language } from "../shop/customer.ts"
import type { OutboxId, ProcessId, UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"
import type { MessageKind } from "./message-kinds.ts"

export type { MessageKind } from "./message-kinds.ts"

/**
 * A promised message as its sender needs it. Everything but `text` and `broadcast` is written out when it is
 * sent.
 */
export type Envelope = Readonly<{
  id: OutboxId
  /** Stable: the same at every attempt. */
  messageId: string
  owner: ProcessId
  channel: string
  userId: UserId
  to: string
  language: Language
  kind: MessageKind
  text: string | null
  data: Readonly<Record<string, unknown>>
  /** Sealed payloads, base64, for `goods` and `warranty_replaced`. */
  units: readonly string[]
  inReplyTo: string | null
  attempts: number
  /** Nobody waits for it: everything else goes first. */
  lane?: "broadcast" | undefined
}>

export type OutboxState = Readonly<{ waiting: number; oldestSeconds: number; givenUp: number }>

export type SentMessage = Envelope & Readonly<{ at: Date }>

type EnvelopeRow = Omit<Envelope, "owner" | "lane"> & Readonly<{ isBroadcast: boolean }>

/**
 * Claims messages that are due on the given channels, the oldest of each customer, for this process to send.
 * With `number`, only that customer's. Broadcasts come after everything else, at most so many; one that has a
 * reply behind it goes as the reply would.
 */
export async function claimOutbox(
  database: Database,
  owner: ProcessId,
  given: { channels: readonly string[]; limit: number; broadcastsMax: number; number?: string | undefined },
): Promise<Envelope[]> {
  const { sql } = database
  const rows = await database.ask(
    "claim_outbox",
    () => sql<EnvelopeRow[]>`
      select
        claimed.id,
        claimed.message_id as "messageId",
        claimed.channel,
        claimed.user_id as "userId",
        addressee.address as "to",
        coalesce(claimed.language, addressee.language) as language,
        claimed.kind,
        claimed.text,
        claimed.data,
        units_of_message(claimed.kind, claimed.order_id, claimed.data) as units,
        claimed.in_reply_to as "inReplyTo",
        claimed.attempts,
        is_broadcast as "isBroadcast"
      from claim_outbox(
        ${owner}, ${[...given.channels]}::text[], ${given.number ?? null}, ${given.limit},
        ${given.broadcastsMax}
      )
      cross join lateral (select (message).*) as claimed
      cross join lateral addressee_of(claimed.user_id, claimed.channel) as addressee
      order by is_broadcast, claimed.id
    `,
  )
  return rows.map(({ isBroadcast, ...row }) => ({
    ...row,
    owner,
    ...(isBroadcast ? { lane: "broadcast" } : {}),
  }))
}

/**
 * Marks messages as sent, and their digital orders as delivered. Idempotent. True when more waits for one of
 * their customers.
 */
export async function markSent(
  database: Database,
  owner: ProcessId,
  ids: readonly OutboxId[],
): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "mark_sent",
    () => sql<{ more: boolean }[]>`select mark_sent(${owner}, ${[...ids]}::bigint[]) as more`,
  )
  return rows[0]?.more ?? false
}

/** Puts a message back for a later attempt. `reason` is a word of ours, for the operator. */
export async function postpone(
  database: Database,
  envelope: Envelope,
  given: { delayMs: number; reason: string },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "postpone_message",
    () => sql`
      update outbox
         set state = 'waiting',
             claimed_by = null,
             failure = ${given.reason},
             next_attempt_at = now() + ${given.delayMs} * interval '1 millisecond'
       where id = ${envelope.id}
         and state = 'sending'
         and claimed_by = ${envelope.owner}
    `,
  )
}

/** Puts a message back that was not even tried: this attempt does not count. */
export async function putBackUntried(database: Database, envelope: Envelope): Promise<void> {
  const { sql } = database
  await database.ask(
    "put_back_untried",
    () => sql`
      update outbox
         set state = 'waiting',
             claimed_by = null,
             attempts = attempts - 1
       where id = ${envelope.id}
         and state = 'sending'
         and claimed_by = ${envelope.owner}
    `,
  )
}

/** Gives a message up: it stays, with its reason, in the list the operator sees. */
export async function giveUp(database: Database, envelope: Envelope, reason: string): Promise<void> {
  const { sql } = database
  await database.ask(
    "give_up_message",
    () => sql`
      update outbox
         set state = 'given_up',
             claimed_by = null,
             failure = ${reason}
       where id = ${envelope.id}
         and state = 'sending'
         and claimed_by = ${envelope.owner}
    `,
  )
}

/** How much is waiting to be sent, and since when. */
export async function readOutboxState(database: Database): Promise<OutboxState> {
  const { sql } = database
  const rows = await database.ask(
    "outbox_state",
    () => sql<OutboxState[]>`
      select
        count(*) filter (where state in ('waiting', 'sending'))::integer as waiting,
        coalesce(
          extract(epoch from now() - min(created_at) filter (where state in ('waiting', 'sending'))), 0
        )::float as "oldestSeconds",
        count(*) filter (
          where state = 'given_up' and failure is distinct from 'refunded'
        )::integer as "givenUp"
      from outbox
      where state in ('waiting', 'sending', 'given_up')
    `,
  )
  return rows[0] ?? { waiting: 0, oldestSeconds: 0, givenUp: 0 }
}

/** True while something of this customer is unsent on the channel. */
export async function hasUnsent(database: Database, channel: string, number: string): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "unsent_messages",
    () => sql<{ unsent: boolean }[]>`
      select exists (
        select from outbox
          join users on users.id = outbox.user_id
         where users.number = ${number}
           and outbox.channel = ${channel}
           and outbox.state in ('waiting', 'sending')
      ) as unsent
    `,
  )
  return rows[0]?.unsent ?? false
}

/**
 * The latest messages already handed over to a customer on a channel, oldest first, with when they were
 * promised; only those after the given message, when it is known.
 */
export async function readSent(
  database: Database,
  given: { channel: string; number: string; after: string | undefined; limit: number },
): Promise<SentMessage[]> {
  const { sql } = database
  const rows = await database.ask(
    "sent_messages",
    () => sql<SentMessage[]>`
      select
        outbox.id,
        outbox.message_id as "messageId",
        outbox.channel,
        outbox.user_id as "userId",
        users.number as "to",
        coalesce(outbox.language, users.language) as language,
        outbox.kind,
        outbox.text,
        outbox.data,
        units_of_message(outbox.kind, outbox.order_id, outbox.data) as units,
        outbox.in_reply_to as "inReplyTo",
        outbox.attempts,
        outbox.claimed_by as owner,
        outbox.created_at as at
      from outbox
      join users on users.id = outbox.user_id
      where users.number = ${given.number}
        and outbox.channel = ${given.channel}
        and outbox.state = 'sent'
        and outbox.id > coalesce((select id from outbox where message_id = ${given.after ?? null}), 0)
      order by outbox.id desc
      limit ${given.limit}
    `,
  )
  return rows.reverse()
}
