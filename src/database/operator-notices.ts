import type { Language } from "../shop/customer.ts"
import type { Database } from "./connect.ts"

/**
 * Promises the owners a word on something they have to look at, on the channel each last wrote on: nobody is
 * written to who never wrote. The same notice is promised once an hour at most. Returns how many owners get
 * it.
 */
export async function promiseNotice(
  database: Database,
  given: {
    /** Names what happened: `whatsapp_logged_out`. */
    notice: string
    texts: Readonly<Record<Language, string>>
    channels: readonly string[]
  },
): Promise<number> {
  const { sql } = database
  const channels = [...given.channels]
  const rows = await database.ask(
    "promise_notice",
    () => sql`
      insert into outbox (channel, user_id, kind, text, data, state)
      select
        latest.channel,
        users.id,
        'text',
        case users.language when 'en' then ${given.texts.en} else ${given.texts.id} end,
        jsonb_build_object('notice', ${given.notice}::text),
        'waiting'
      from users
      cross join lateral (
        select coalesce(
          (
            select channel
              from last_channel_of(users.id) as channel
             where channel = any (${channels}::text[])
          ),
          (
            select inbox.channel
              from inbox
             where inbox.user_id = users.id
               and inbox.channel = any (${channels}::text[])
             order by inbox.id desc
             limit 1
          )
        ) as channel
      ) as latest
      where users.role = 'owner'
        and users.blocked_at is null
        and latest.channel is not null
        and not exists (
          select from outbox
           where outbox.user_id = users.id
             and outbox.data ->> 'notice' = ${given.notice}
             and outbox.created_at > now() - interval '1 hour'
        )
      returning id
    `,
  )
  return rows.length
}

/** What is said of WhatsApp being away, and no longer true once it is back. */
const whileAway = ["whatsapp_logged_out", "whatsapp_replaced", "whatsapp_stopped", "whatsapp_keeps_failing"]

/**
 * Takes back the notices of WhatsApp being away that still wait on a channel: told only now that it is back,
 * they would send the owner to mend what works. What happens again is then told again. Idempotent.
 */
export async function takeBackNotices(database: Database, given: { channel: string }): Promise<void> {
  const { sql } = database
  await database.ask(
    "take_back_notices",
    () => sql`
      delete from outbox
       where channel = ${given.channel}
         and state = 'waiting'
         and data ->> 'notice' = any (${whileAway}::text[])
    `,
  )
}
