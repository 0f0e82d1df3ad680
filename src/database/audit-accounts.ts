import type { AuditCheck } from "./audit.ts"
import { unpaidStatuses } from "./audit-statuses.ts"
import type { Statements } from "./connect.ts"

/** What holds of each account as a whole: the other tables explain it to the rupiah. */
export const accountChecks: readonly AuditCheck[] = [
  {
    name: "clearing_is_explained",
    promise: "each provider has of us what came by it, less what went back through it",
    tally: (sql) => sql`
      with moved as (
        select payments.provider, -receipts.amount as amount
          from receipts
          join payments on payments.id = receipts.payment_id
        union all
        select provider, -coalesce(amount, decided_amount) from reviews where decision = 'credited'
        union all
        select payments.provider, reversals.amount
          from reversals
          join receipts on receipts.id = reversals.receipt_id
          join payments on payments.id = receipts.payment_id
        union all
        select payments.provider, refunds.amount
          from refunds
          join payments on payments.id = refunds.payment_id
         where refunds.state = 'done'
        union all
        select 'demo', ledger_entries.amount
          from ledger_entries
          join ledger_transactions on ledger_transactions.id = ledger_entries.transaction_id
         where ledger_transactions.key like 'demo-taken-back:%'
           and ledger_entries.account = 'clearing:demo'
      ), explained as (
        select provider, sum(amount) as amount from moved group by provider
      ), booked as (
        select substr(account, 10) as provider, sum(amount) as amount
          from ledger_entries
         where account like 'clearing:%'
         group by account
      )
      select count(*) as count,
             count(*) filter (
               where coalesce(booked.amount, 0) <> coalesce(explained.amount, 0)
             ) as violations
        from booked
        full join explained on explained.provider = booked.provider
    `,
  },
  accountCheck(
    "revenue_is_explained",
    "revenue is what was sold, less what of it went back",
    "revenue",
    (sql) => sql`
      coalesce((select sum(total) from orders where status <> all (${unpaidStatuses}::text[])), 0)
      - coalesce((select sum(amount) from refunds where state <> 'failed'), 0)
      - coalesce((select sum(from_sale) from reversals where kind = 'refund'), 0)
      - coalesce((select sum(refunded) from warranty_claims), 0)
    `,
  ),
  accountCheck(
    "customers_are_owed_their_balances",
    "what the shop owes its customers is the sum of their balances",
    "customer",
    (sql) => sql`coalesce((select sum(balance) from users), 0)`,
  ),
  accountCheck(
    "refunds_due_are_explained",
    "what is due to payers is what was requested of providers and not done yet",
    "refunds_due",
    (sql) => sql`coalesce((select sum(amount) from refunds where state = 'requested'), 0)`,
  ),
  accountCheck(
    "losses_are_explained",
    "losses are what was taken back after its goods or its balance were gone",
    "losses",
    (sql) => sql`
      -coalesce((
         select sum(lost + case when kind = 'refund' then 0 else from_sale end) from reversals
       ), 0)
    `,
  ),
]

/** An account's sum is what the rest of the tables say. It counts the entries. */
function accountCheck(
  name: string,
  promise: string,
  account: string,
  explained: (sql: Statements) => ReturnType<Statements>,
): AuditCheck {
  return {
    name,
    promise,
    tally: (sql) => sql`
      select count(*) as count,
             (coalesce(sum(amount), 0) <> ${explained(sql)})::integer as violations
        from ledger_entries
       where account = ${account}
    `,
  }
}
