import type { AuditCheck } from "./audit.ts"
import { unpaidStatuses } from "./audit-statuses.ts"

/** What holds of balances, the ledger, and orders as sums. */
export const moneyChecks: readonly AuditCheck[] = [
  {
    name: "ledger_sums_to_zero",
    promise: "the whole ledger sums to zero",
    tally: (sql) => sql`
      select count(*) as count,
             (coalesce(sum(amount), 0) <> 0)::integer as violations
        from ledger_entries
    `,
  },
  {
    name: "ledger_transactions_sum_to_zero",
    promise: "each ledger transaction has entries that sum to zero",
    tally: (sql) => sql`
      with sums as (
        select transaction_id, sum(amount) as total
          from ledger_entries
         group by transaction_id
      )
      select count(*) as count,
             count(*) filter (where sums.total is distinct from 0) as violations
        from ledger_transactions
        left join sums on sums.transaction_id = ledger_transactions.id
    `,
  },
  {
    name: "balances_equal_their_entries",
    promise: "each balance is what its ledger entries say",
    tally: (sql) => sql`
      with sums as (
        select user_id, sum(amount) as total
          from ledger_entries
         where account = 'customer'
         group by user_id
      )
      select count(*) as count,
             count(*) filter (where users.balance <> coalesce(sums.total, 0)) as violations
        from users
        left join sums on sums.user_id = users.id
    `,
  },
  {
    name: "balances_not_negative",
    promise: "no balance is below zero",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (where balance < 0) as violations
        from users
    `,
  },
  {
    name: "order_totals_equal_their_lines",
    promise: "each order's total is the sum of its lines less its discount",
    tally: (sql) => sql`
      with sums as (
        select order_id, sum(amount) as total, bool_and(amount = unit_price * quantity) as multiplied
          from order_lines
         group by order_id
      )
      select count(*) as count,
             count(*) filter (
               where sums.total is distinct from orders.total + orders.discount or not sums.multiplied
             ) as violations
        from orders
        left join sums on sums.order_id = orders.id
    `,
  },
  {
    name: "one_unpaid_order_per_customer",
    promise: "no customer has two unpaid orders",
    tally: (sql) => sql`
      with unpaid as (
        select user_id, count(*) as orders
          from orders
         where status = 'awaiting_payment'
         group by user_id
      )
      select count(*) as count,
             count(*) filter (where orders > 1) as violations
        from unpaid
    `,
  },
  {
    name: "orders_sold_once",
    promise: "each paid order is in the ledger once, with its total, and no unpaid one is",
    tally: (sql) => sql`
      with sales as (
        select ledger_transactions.order_id,
               count(distinct ledger_transactions.id) as sales,
               sum(ledger_entries.amount) filter (where ledger_entries.account = 'revenue') as revenue
          from ledger_transactions
          join ledger_entries on ledger_entries.transaction_id = ledger_transactions.id
         where ledger_transactions.kind = 'sale'
         group by ledger_transactions.order_id
      )
      select count(*) as count,
             count(*) filter (
               where case
                 when orders.id is null then true
                 when orders.status = any (${unpaidStatuses}::text[]) then sales.sales is not null
                 else sales.sales is distinct from 1 or sales.revenue is distinct from orders.total
               end
             ) as violations
        from orders
        full join sales on sales.order_id = orders.id
    `,
  },
]
