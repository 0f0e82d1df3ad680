import type { AuditCheck } from "./audit.ts"

/** What holds of the shop's own static code: what the phone said and what was booked are the same. */
export const staticChecks: readonly AuditCheck[] = [
  {
    name: "matched_notifications_are_booked",
    promise: "each notification that paid was booked, within 15 minutes, with its amount",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where receipts.amount is distinct from listener_notifications.amount
                 and (receipts.id is not null or payment_events.received_at < now() - interval '15 minutes')
             ) as violations
        from listener_notifications
        join payment_events on payment_events.id = listener_notifications.event_id
        left join receipts
          on receipts.payment_id = listener_notifications.payment_id
         and receipts.transaction_id = 'listener-' || listener_notifications.event_id
       where listener_notifications.outcome = 'matched'
    `,
  },
  {
    name: "static_receipts_have_their_notification",
    promise: "each receipt through the static code is what a notification said, or what a person decided",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where receipts.transaction_id !~ '^review-[0-9]+$'
                 and listener_notifications.amount is distinct from receipts.amount
             ) as violations
        from receipts
        join payments on payments.id = receipts.payment_id
        left join listener_notifications
          on listener_notifications.payment_id = receipts.payment_id
         and receipts.transaction_id = 'listener-' || listener_notifications.event_id
       where payments.provider = 'static_qris'
    `,
  },
]
