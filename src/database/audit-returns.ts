import type { AuditCheck } from "./audit.ts"
import { bookings } from "./audit-bookings.ts"
import { unpaidStatuses } from "./audit-statuses.ts"

/** What holds of money that went back: refunds we promised, and what a provider gave back unasked. */
export const returnChecks: readonly AuditCheck[] = [
  {
    name: "refunds_booked_once",
    promise: "each refund is booked with its amount, as far as it has come; a failed one took nothing",
    // All that is booked under refund:<id> and refund:<id>:… together is what its state says.
    tally: (sql) => sql`
      with each as (${bookings(sql, ["refund:"])}), booked as (
        select split_part(key, ':', 2) as id,
               bool_and(kind = 'refund') as is_refund,
               min(order_id) as order_id,
               max(order_id) as last_order_id,
               string_agg(distinct provider, ' ') as provider,
               min(user_id) as user_id,
               sum(revenue) as revenue,
               sum(owed) as owed,
               sum(refunds_due) as refunds_due,
               sum(cleared) as cleared
          from each
         group by split_part(key, ':', 2)
      ), expected as (
        select refunds.*,
               orders.user_id,
               payments.provider,
               case when refunds.state = 'failed' then 0 else refunds.amount end as given
          from refunds
          join orders on orders.id = refunds.order_id
          left join payments on payments.id = refunds.payment_id
      )
      select count(*) as count,
             count(*) filter (
               where expected.id is null
                 or booked.id is null
                 or not booked.is_refund
                 or booked.order_id is distinct from expected.order_id
                 or booked.last_order_id is distinct from expected.order_id
                 or booked.revenue <> -expected.given
                 or booked.owed <> case when payment_id is null then given else 0 end
                 or booked.owed <> 0 and booked.user_id is distinct from expected.user_id
                 or booked.refunds_due <> case when state = 'requested' then given else 0 end
                 or booked.cleared <>
                    case when state = 'done' and payment_id is not null then given else 0 end
                 or booked.cleared <> 0 and booked.provider is distinct from expected.provider
             ) as violations
        from expected
        full join booked on booked.id = expected.id::text
    `,
  },
  {
    name: "warranty_refunds_booked_once",
    promise: "each unit refunded under warranty is booked once, and no replaced one is",
    tally: (sql) => sql`
      with booked as (${bookings(sql, ["warranty:"])}), expected as (
        select warranty_claims.id, refunded, order_id, orders.user_id
          from warranty_claims
          join orders on orders.id = warranty_claims.order_id
         where refunded is not null
      )
      select count(*) as count,
             count(*) filter (
               where expected.id is null
                 or booked.key is null
                 or booked.kind <> 'refund'
                 or booked.order_id is distinct from expected.order_id
                 or booked.user_id is distinct from expected.user_id
                 or booked.revenue <> -expected.refunded
                 or booked.owed <> expected.refunded
             ) as violations
        from expected
        full join booked on booked.key = 'warranty:' || expected.id
    `,
  },
  {
    name: "reversals_booked_once",
    promise: "each reversal is booked once, split between sale, balance and loss as it says",
    tally: (sql) => sql`
      with booked as (${bookings(sql, ["reversal:"])}), expected as (
        select reversals.*,
               payments.provider,
               payments.user_id,
               payments.order_id,
               case when reversals.kind = 'refund' then reversals.from_sale else 0 end as from_revenue
          from reversals
          join receipts on receipts.id = reversals.receipt_id
          join payments on payments.id = receipts.payment_id
      )
      select count(*) as count,
             count(*) filter (
               where expected.id is null
                 or booked.key is null
                 or booked.kind <> case expected.kind when 'refund' then 'refund' else 'reversal' end
                 or booked.order_id is distinct from expected.order_id
                 or booked.provider is distinct from expected.provider
                 or booked.cleared <> expected.amount
                 or booked.revenue <> -expected.from_revenue
                 or booked.owed <> -expected.from_balance
                 or booked.owed <> 0 and booked.user_id is distinct from expected.user_id
                 or booked.losses <> -(expected.lost + expected.from_sale - expected.from_revenue)
             ) as violations
        from expected
        full join booked on booked.key = 'reversal:' || expected.id
    `,
  },
  {
    name: "reversals_within_receipts",
    promise: "no more is taken back of a receipt than came by it",
    tally: (sql) => sql`
      with taken as (
        select receipt_id, sum(amount) as amount
          from reversals
         group by receipt_id
      )
      select count(*) as count,
             count(*) filter (where taken.amount > receipts.amount) as violations
        from taken
        join receipts on receipts.id = taken.receipt_id
    `,
  },
  {
    name: "orders_refunded_within_total",
    promise: "no order gives back more than it cost, and an unpaid one nothing",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where case
                 when status = any (${unpaidStatuses}::text[]) then left_to_refund(id) <> total
                 else left_to_refund(id) not between 0 and total
               end
             ) as violations
        from orders
    `,
  },
  {
    name: "refunded_orders_gave_all_back",
    promise: "an order is refunded exactly when all that it cost has gone back",
    // What was requested is still with us, so it is not back.
    tally: (sql) => sql`
      with requested as (
        select order_id, sum(amount) as amount
          from refunds
         where state = 'requested'
         group by order_id
      )
      select count(*) as count,
             count(*) filter (
               where (orders.status = 'refunded') <>
                     (left_to_refund(orders.id) + coalesce(requested.amount, 0) = 0)
             ) as violations
        from orders
        left join requested on requested.order_id = orders.id
    `,
  },
]
