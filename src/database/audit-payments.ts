import type { AuditCheck } from "./audit.ts"
import { bookings } from "./audit-bookings.ts"

/** What holds of charges, of what came for them, and of money a person found the owner of. */
export const paymentChecks: readonly AuditCheck[] = [
  {
    name: "payments_booked_once",
    promise: "each paid payment has a first receipt, which is its own and is booked, and no other one has",
    tally: (sql) => sql`
      with firsts as (
        select distinct on (payment_id) payment_id, transaction_id
          from receipts
         order by payment_id, id
      )
      select count(*) as count,
             count(*) filter (
               where case
                 when payments.state = 'paid' then
                   payments.resolution is null
                   or firsts.transaction_id is distinct from
                      coalesce(payments.provider_transaction_id, payments.reference)
                   or booked.order_id is distinct from payments.order_id
                   or booked.kind is distinct from case
                     when payments.resolution in ('goods', 'late_goods') then 'sale'
                     when payments.resolution = 'balance' then 'deposit'
                     else 'late_payment'
                   end
                 else booked.id is not null or firsts.payment_id is not null
               end
             ) as violations
        from payments
        left join firsts on firsts.payment_id = payments.id
        left join ledger_transactions as booked on booked.key = 'payment:' || payments.id
    `,
  },
  {
    name: "receipts_booked_once",
    promise:
      "each receipt is booked once: the price of its goods as revenue, everything else to the customer",
    tally: (sql) => sql`
      with numbered as (
        select receipts.*, row_number() over (partition by payment_id order by id) = 1 as is_first
          from receipts
      ), expected as (
        select numbered.id,
               numbered.amount,
               case when is_first then 'payment:' || payments.id else 'receipt:' || numbered.id end as key,
               case
                 when is_first and payments.resolution in ('goods', 'late_goods') then orders.total
                 else 0
               end as revenue,
               case when payments.purpose = 'deposit' then 'deposit' else 'late_payment' end as kind_of_rest,
               payments.provider,
               payments.user_id,
               payments.order_id
          from numbered
          join payments on payments.id = numbered.payment_id
          left join orders on orders.id = payments.order_id
      ), booked as (${bookings(sql, ["payment:", "receipt:"])})
      select count(*) as count,
             count(*) filter (
               where expected.id is null
                 or booked.key is null
                 or booked.kind <> case when expected.revenue > 0 then 'sale' else expected.kind_of_rest end
                 or booked.order_id is distinct from expected.order_id
                 or booked.provider is distinct from expected.provider
                 or booked.cleared <> -expected.amount
                 or booked.revenue <> expected.revenue
                 or booked.owed <> expected.amount - expected.revenue
                 or booked.owed <> 0 and booked.user_id is distinct from expected.user_id
             ) as violations
        from expected
        full join booked on booked.key = expected.key
    `,
  },
  {
    name: "payments_equal_their_orders",
    promise: "each payment for an order asks for its total and its own unique extra, from its customer",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where payments.amount <> orders.total + payments.unique_extra
                  or payments.user_id <> orders.user_id
             ) as violations
        from payments
        join orders on orders.id = payments.order_id
    `,
  },
  {
    name: "reviews_booked_once",
    promise: "money on the review list is booked once, when it was decided so and as it was decided",
    tally: (sql) => sql`
      with settled as (
        select transaction_id, min(amount) as amount, count(*) as receipts
          from receipts
         where transaction_id ~ '^review-[0-9]+$'
         group by transaction_id
      ), booked as (${bookings(sql, ["review:"])})
      select count(*) as count,
             count(*) filter (
               where reviews.id is null
                 or case
                   when reviews.decision = 'credited' then
                     booked.key is null
                     or booked.kind <> 'found_payment'
                     or booked.provider is distinct from reviews.provider
                     or booked.cleared <> -coalesce(reviews.amount, reviews.decided_amount)
                     or booked.owed <> coalesce(reviews.amount, reviews.decided_amount)
                     or booked.user_id is distinct from coalesce(customer.united_into, customer.id)
                   else booked.key is not null
                 end
                 or case
                   when reviews.decision = 'settled' then
                     settled.receipts is distinct from 1
                     or settled.amount is distinct from coalesce(reviews.amount, reviews.decided_amount)
                   else settled.receipts is not null
                 end
             ) as violations
        from reviews
        left join users as customer on customer.id = reviews.user_id
        left join settled on settled.transaction_id = 'review-' || reviews.id
        full join booked on booked.key = 'review:' || reviews.id
    `,
  },
]
