import type { InboxId, OutboxId, ProcessId, UserId } from "../shop/ids.ts"
import { type ClaimedMessage, type ClaimedRow, claimedMessage } from "./claimed-message.ts"
import type { Database } from "./connect.ts"
import type { MessageKind } from "./message-kinds.ts"

/** A message as it came in. */
export type NewMessage = Address &
  Readonly<{
    channel: string
    id: string
    text: string
    name?: string
    /** A file, described and sealed; kept of operators alone, until the message is answered. */
    document?: Uint8Array
  }>

/**
 * A phone number, or `<digits>@lid` where it is not known; with the LID beside the number when both are.
 * Where the two lead to different customers the number decides: it is what the operator, the gateway and a
 * customer list know, while WhatsApp may give somebody another LID. As numbers are given out again, that is
 * noted in `audit_log` as `number_with_another_lid`. A number that nobody has leaves a LID whose it was.
 */
export type Address = Readonly<{ from: string; lid?: string | undefined }>

/** A message promised to a customer: stored, and `sending` when the promising process is to send it now. */
export type MessagePromise = Readonly<{ id: OutboxId; messageId: string; state: "waiting" | "sending" }>

/** `united`: another customer turned out to be this one, whose balance and orders are theirs together now. */
export type AcceptedMessage = Readonly<{ userId: UserId; united: boolean }> &
  (
    | Readonly<{ kind: "working"; message: ClaimedMessage }>
    | Readonly<{ kind: "waiting" | "duplicate" | "refused" }>
  )

/** How many messages of one customer may wait before the next is refused and the customer told. */
const waitingLimit = 20

/**
 * Stores messages, each once by channel and id, and claims for this process those of customers who have none
 * before them. On WhatsApp, where the customers' phones choose the ids, each is stored once by id and
 * customer, under `<id>/<user id>`. The result at each place belongs to the message at that place.
 */
export async function acceptMessages(
  database: Database,
  owner: ProcessId,
  messages: readonly NewMessage[],
): Promise<AcceptedMessage[]> {
  // In the order of their customers, so that two processes never wait for each other crosswise.
  const places = [...messages.keys()].sort((one, other) => {
    const [a, b] = [messages[one]?.from ?? "", messages[other]?.from ?? ""]
    return a < b ? -1 : a > b ? 1 : one - other
  })
  const column = <Value>(pick: (entry: NewMessage) => Value) =>
    places.flatMap((place) => messages[place] ?? []).map(pick)
  const { sql } = database
  type Row = ClaimedRow & {
    place: number
    outcome: "working" | "waiting" | "duplicate" | "refused"
    accepted_user_id: UserId
    united: boolean
  }
  const rows = await database.ask(
    "accept_messages",
    () => sql<Row[]>`
      select place, outcome, accepted_user_id, united, (message).*
        from accept_messages(
          ${owner}, '{}',
          ${column(({ channel }) => channel)}::text[],
          ${column(({ id }) => id)}::text[],
          ${column((entry) => splitAddress(entry).number)}::text[],
          ${column((entry) => splitAddress(entry).lid)}::text[],
          ${column(({ name }) => (name ?? "").slice(0, 100))}::text[],
          ${column(({ text }) => text)}::text[],
          ${waitingLimit},
          ${column(({ document }) => (document ? Buffer.from(document).toString("base64") : null))}::text[]
        )
    `,
  )
  const accepted: AcceptedMessage[] = []
  for (const row of rows) {
    const { accepted_user_id: userId, united } = row
    accepted[places[row.place - 1] ?? 0] =
      row.outcome === "working"
        ? { kind: "working", userId, united, message: claimedMessage(row, owner) }
        : { kind: row.outcome, userId, united }
  }
  return accepted
}

/** Claims waiting messages of customers whom nobody is serving, at most one of each. */
export async function claimMessages(
  database: Database,
  owner: ProcessId,
  given: { limit: number; number?: string | undefined },
) {
  const { sql } = database
  const rows = await database.ask(
    "claim_messages",
    () => sql<ClaimedRow[]>`select * from claim_messages(${owner}, ${given.number ?? null}, ${given.limit})`,
  )
  return rows.map((row) => claimedMessage(row, owner))
}

/** Claims the next waiting message of one customer, if nobody is serving them. */
export async function claimNextOfUser(database: Database, owner: ProcessId, userId: UserId) {
  const { sql } = database
  const rows = await database.ask(
    "claim_next_of_user",
    () => sql<ClaimedRow[]>`select * from claim_next_of_user(${owner}, ${userId}) where inbox_id is not null`,
  )
  return rows[0] ? claimedMessage(rows[0], owner) : undefined
}

/** The file that came with a message, as it was stored; undefined when none did, or it is answered. */
export async function readDocument(database: Database, inboxId: InboxId): Promise<Uint8Array | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_document",
    () => sql<{ document: Uint8Array | null }[]>`select document from inbox where id = ${inboxId}`,
  )
  return rows[0]?.document ?? undefined
}

/** Lets go of a message that could not be handled; after a few attempts it is set aside. Idempotent. */
export async function letGoOfMessage(
  database: Database,
  message: ClaimedMessage,
  attemptsMax: number,
): Promise<void> {
  const { sql } = database
  await database.ask(
    "let_go_of_message",
    () => sql`select let_go_of_message(${message.inboxId}, ${message.owner}, ${attemptsMax})`,
  )
}

/** Gives the claims of dead processes back; returns how many messages in and out that were. */
export async function recoverAbandoned(database: Database): Promise<{ inbox: number; outbox: number }> {
  const { sql } = database
  const rows = await database.ask(
    "recover_abandoned",
    () => sql<{ inbox: number; outbox: number }[]>`
      select inbox_count as inbox, outbox_count as outbox from recover_abandoned()
    `,
  )
  return rows[0] ?? { inbox: 0, outbox: 0 }
}

/** True while a message of this channel and customer is stored and not answered yet. */
export async function hasUnfinished(database: Database, channel: string, number: string): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "unfinished_messages",
    () => sql<{ unfinished: boolean }[]>`
      select exists (
        select from inbox
          join users on users.id = inbox.user_id
         where users.number = ${number}
           and inbox.channel = ${channel}
           and inbox.state in ('waiting', 'working')
      ) as unfinished
    `,
  )
  return rows[0]?.unfinished ?? false
}

/** What proves that goods were handed over, and is sent again when it is asked for; all else is but words. */
const keptForGood: readonly MessageKind[] = ["goods", "warranty_replaced", "order_shipped"]

/**
 * Forgets finished messages, and whatever was said to anybody or could not be, older than the given age; the
 * ids of the former are then accepted anew. What was sold stays.
 */
export async function forgetOldMessages(
  database: Database,
  given: { ageDays: number; limit: number },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "forget_old_messages",
    () => sql`
      with old_replies as (
        delete from outbox
         where id in (
           select id
             from outbox
            where state in ('sent', 'given_up')
              and kind <> all (${keptForGood}::text[])
              and created_at < now() - make_interval(days => ${given.ageDays})
            order by id
            limit ${given.limit}
         )
      )
      delete from inbox
       where id in (
         select id
           from inbox
          where state in ('done', 'refused')
            and received_at < now() - make_interval(days => ${given.ageDays})
          order by id
          limit ${given.limit}
       )
    `,
  )
}

/** The two of an address apart, as the database takes them. */
export function splitAddress({ from, lid }: Address): { number: string | null; lid: string | null } {
  return from.endsWith("@lid") ? { number: null, lid: from } : { number: from, lid: lid ?? null }
}
