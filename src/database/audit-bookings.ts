import type { Statements } from "./connect.ts"

/**
 * What is booked under keys that begin so, a row for each key: its accounts side by side, 0 where it has no
 * entry; the provider whose clearing it moves; its customer, as who they turned out to be.
 */
export function bookings(sql: Statements, beginnings: readonly string[]) {
  return sql`
    select ledger_transactions.key,
           ledger_transactions.kind,
           ledger_transactions.order_id,
           string_agg(distinct substr(account, 10), ' ') filter (where account like 'clearing:%') as provider,
           coalesce(sum(amount) filter (where account like 'clearing:%'), 0) as cleared,
           coalesce(sum(amount) filter (where account = 'revenue'), 0) as revenue,
           coalesce(sum(amount) filter (where account = 'customer'), 0) as owed,
           coalesce(sum(amount) filter (where account = 'losses'), 0) as losses,
           coalesce(sum(amount) filter (where account = 'refunds_due'), 0) as refunds_due,
           min(coalesce(users.united_into, users.id)) as user_id
      from ledger_transactions
      join ledger_entries on ledger_entries.transaction_id = ledger_transactions.id
      left join users on users.id = ledger_entries.user_id
     where ledger_transactions.key like any (${beginnings.map((beginning) => `${beginning}%`)}::text[])
     group by ledger_transactions.id
  `
}
