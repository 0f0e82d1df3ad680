import type { ChargeReference } from "../payments/payment-provider.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"

export type StaticPayment = Readonly<{
  amount: Rupiah
  expiresAt: Date
  isOpen: boolean
  /** The notification that was taken for its payment. */
  match: Readonly<{ eventId: number; amount: Rupiah }> | null
}>

/**
 * A forwarded notification, read; `reading` is why its money is in doubt where it is not clear, `isIncoming`
 * that it came. `timelessFingerprint`, where its forwarder does not say when, is of its words alone.
 */
export type ListenerNotification = Readonly<{
  nonce: string
  fingerprint: string
  timelessFingerprint: string | undefined
  packageName: string
  rawBody: string
  postedAt: Date
  reading: string
  isIncoming: boolean
  amounts: readonly number[]
}>

export type RecordedNotification =
  /** The very same notification, or request, was stored before. */
  | Readonly<{ kind: "duplicate" }>
  /** The nonce was used for another notification; nothing is stored. */
  | Readonly<{ kind: "nonce_used" }>
  | Readonly<{ kind: "ignored" }>
  | Readonly<{ kind: "matched"; eventId: number; reference: ChargeReference }>
  | Readonly<{ kind: "review"; why: string }>

/** What is known of a charge through the static code; undefined when there is no such charge. */
export async function readStaticPayment(
  database: Database,
  reference: ChargeReference,
): Promise<StaticPayment | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_static_payment",
    () => sql<StaticPayment[]>`
      select payments.amount,
             payments.expires_at as "expiresAt",
             payments.state in ('requested', 'pending') as "isOpen",
             case when event_id is not null then
               jsonb_build_object('eventId', event_id, 'amount', listener_notifications.amount)
             end as match
        from payments
        left join listener_notifications on listener_notifications.payment_id = payments.id
       where payments.reference = ${reference}
         and payments.provider = 'static_qris'
    `,
  )
  return rows[0]
}

/**
 * Stores a notification with what it is taken for, once; see `record_listener_notification` in sql/0015.
 * Above `amountMax` nothing is matched: a person looks at it.
 */
export async function recordNotification(
  database: Database,
  notification: ListenerNotification,
  amountMax: Rupiah,
): Promise<RecordedNotification> {
  const { sql } = database
  const { nonce, fingerprint, timelessFingerprint = null, packageName, rawBody } = notification
  const { postedAt, reading, isIncoming, amounts } = notification
  const rows = await database.ask(
    "record_listener_notification",
    () => sql<{ recorded: RecordedNotification }[]>`
      select record_listener_notification(
        ${nonce}, ${fingerprint}, ${timelessFingerprint}, ${packageName}, ${rawBody}, ${postedAt},
        ${reading}, ${isIncoming}, ${[...amounts]}::bigint[], ${amountMax}
      ) as recorded
    `,
  )
  const recorded = rows[0]?.recorded
  if (!recorded) throw new Error("record_listener_notification answered nothing")
  return recorded
}

/** Forgets nonces that are too old to be replayed: their requests are refused by their time. */
export async function forgetOldNonces(
  database: Database,
  given: { ageHours: number; limit: number },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "forget_old_nonces",
    () => sql`
      delete from listener_nonces
       where nonce in (
         select nonce
           from listener_nonces
          where seen_at < now() - make_interval(hours => ${given.ageHours})
          order by seen_at
          limit ${given.limit}
       )
    `,
  )
}

/** How the seller's phone is. */
export type ListenerVitals = Readonly<{
  /** Since anything came from it, of whatever app; null when nothing ever did. */
  silentSeconds: number | null
  /** Open payments, which only a notification can tell to be paid. */
  waiting: number
}>

export async function readListenerVitals(database: Database): Promise<ListenerVitals> {
  const { sql } = database
  const rows = await database.ask(
    "listener_vitals",
    () => sql<ListenerVitals[]>`
      select (
               select extract(epoch from now() - payment_events.received_at)::float
                 from listener_notifications
                 join payment_events on payment_events.id = listener_notifications.event_id
                order by listener_notifications.event_id desc
                limit 1
             ) as "silentSeconds",
             (
               select count(*)::integer
                 from payments
                where provider = 'static_qris'
                  and state in ('requested', 'pending')
                  and expires_at > now()
             ) as waiting
    `,
  )
  return rows[0] ?? { silentSeconds: null, waiting: 0 }
}
