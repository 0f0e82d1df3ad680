import type { Sql } from "../../src/database/connect.ts"

/** Looks into the database, with nothing of the shop's own code, for what must never be. Empty when all is right. */
export async function auditBooks(sql: Sql): Promise<string[]> {
  const rows = await sql<{ broken: string }[]>`
    select 'ledger transaction ' || transaction_id || ' does not sum to zero' as broken
      from ledger_entries group by transaction_id having sum(amount) <> 0
    union all
    select 'the balance of user ' || users.id || ' is not what the ledger says'
      from users left join ledger_entries on ledger_entries.user_id = users.id
     group by users.id having users.balance <> coalesce(sum(ledger_entries.amount), 0)
    union all
    select 'order ' || orders.id || ' (' || orders.status || ') has not the units it should have'
      from orders
      join lateral (select sum(quantity) as wanted from order_lines where order_id = orders.id) as lines on true
      join lateral (
        select count(*) filter (where state = 'sold') as sold, count(*) filter (where state = 'held') as held
          from stock_units where order_id = orders.id
      ) as units on true
     where orders.kind = 'digital'
       and (units.sold, units.held) is distinct from (
         case when orders.status in ('paid', 'delivered') then lines.wanted else 0 end,
         case when orders.status = 'awaiting_payment' then lines.wanted else 0 end
       )
    union all
    select 'order ' || orders.id || ' is not booked as one sale of its total'
      from orders
      left join ledger_transactions as booked on booked.order_id = orders.id and booked.kind = 'sale'
      left join ledger_entries as entry on entry.transaction_id = booked.id and entry.account = 'revenue'
     where orders.status in ('paid', 'delivered')
     group by orders.id having count(booked.id) <> 1 or sum(entry.amount) <> orders.total
    union all
    select 'order ' || orders.id || ' is booked as a sale but not paid'
      from orders join ledger_transactions as booked on booked.order_id = orders.id and booked.kind = 'sale'
     where orders.status not in ('paid', 'delivered', 'packing', 'shipped', 'completed', 'refunded')
    union all
    select 'payment ' || payments.id || ' is paid but not booked'
      from payments
     where state = 'paid'
       and not exists (select from ledger_transactions where key = 'payment:' || payments.id)
  `
  return rows.map(({ broken }) => broken)
}
