import type { Database } from "./connect.ts"

/** A message's content, sealed. */
export type SentContent = Readonly<{ id: string; message: Uint8Array }>

/** What was sent under an id, sealed; undefined when nothing was, or it is forgotten. */
export async function findSent(database: Database, id: string): Promise<Uint8Array | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_whatsapp_sent",
    () => sql<{ message: Uint8Array }[]>`select message from whatsapp_sent where id = ${id}`,
  )
  return rows[0]?.message
}

/**
 * Keeps what is about to be sent under an id and returns what is kept: the first content stays, so that a
 * message sent again is the same one. Throws an error that `isLeaseLost` knows.
 */
export async function saveSent(database: Database, epoch: number, given: SentContent): Promise<Uint8Array> {
  const [kept] = await saveAllSent(database, epoch, [given])
  return kept ?? given.message
}

/** The same for several messages, all or none; what is kept comes at each one's place. */
export async function saveAllSent(
  database: Database,
  epoch: number,
  given: readonly SentContent[],
): Promise<Uint8Array[]> {
  const { sql } = database
  const rows = await database.ask(
    "save_whatsapp_sent",
    () => sql<{ message: Uint8Array }[]>`
      select save_whatsapp_sent(${epoch}, id, decode(message, 'base64')) as message
        from unnest(
          ${given.map(({ id }) => id)}::text[],
          ${given.map(({ message }) => Buffer.from(message).toString("base64"))}::text[]
        ) as given (id, message)
    `,
  )
  return rows.map(({ message }) => message)
}

/** How often a message was asked for again; 0 when it never was. */
export async function readRetryCount(database: Database, id: string): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "read_whatsapp_retry_count",
    () => sql<{ count: number }[]>`select count from whatsapp_retries where id = ${id}`,
  )
  return rows[0]?.count ?? 0
}

export async function saveRetryCount(database: Database, id: string, count: number): Promise<void> {
  const { sql } = database
  await database.ask(
    "save_whatsapp_retry_count",
    () => sql`
      insert into whatsapp_retries (id, count)
      values (${id}, ${count})
      on conflict (id) do update set count = excluded.count, at = now()
    `,
  )
}

/** Forgets what was sent, and how often it was asked for again, beyond the given age; so many at a time. */
export async function forgetOldSent(
  database: Database,
  given: { ageDays: number; limit: number },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "forget_old_whatsapp_sent",
    () => sql`
      with old_retries as (
        delete from whatsapp_retries
         where id in (
           select id
             from whatsapp_retries
            where at < now() - make_interval(days => ${given.ageDays})
            order by at
            limit ${given.limit}
         )
      )
      delete from whatsapp_sent
       where id in (
         select id
           from whatsapp_sent
          where created_at < now() - make_interval(days => ${given.ageDays})
          order by created_at
          limit ${given.limit}
       )
    `,
  )
}
