import type { Sql } from "../../src/database/connect.ts"

/**
 * Every contradiction between the tables, in words; none in books that are right. Unpaid orders may be open.
 */
export async function auditBooks(sql: Sql): Promise<string[]> {
  const rows = await sql<{ broken: string }[]>`
    select 'ledger transaction ' || transaction_id || ' sums to ' || sum(amount) as broken
      from ledger_entries
     group by transaction_id
    having sum(amount) <> 0
    union all
    select 'balance of user ' || users.id || ' is ' || balance || ', its entries say ' || booked.amount
      from users
      cross join lateral (
        select coalesce(sum(amount), 0) as amount from ledger_entries where user_id = users.id
      ) as booked
     where balance <> booked.amount
    union all
    select 'order ' || orders.id || ', ' || status || ', has ' || units.held || ' held and ' || units.sold || ' sold'
      from orders
      join order_lines on order_lines.order_id = orders.id
      cross join lateral (
        select count(*) filter (where state = 'held') as held, count(*) filter (where state = 'sold') as sold,
               count(warranty_claims.id) as replacements
          from stock_units
          left join warranty_claims on replacement_id = stock_units.id
         where stock_units.order_id = orders.id
      ) as units
     where kind = 'digital'
       and (units.held, units.sold) <> (
         case status when 'awaiting_payment' then quantity else 0 end,
         case when status in ('paid', 'delivered', 'refunded') then quantity + units.replacements else 0 end
       )
    union all
    select 'order ' || orders.id || ', ' || status || ', is booked as sold for ' || coalesce(sold, 0)
           || ', and keeps ' || coalesce(kept, 0) || ', with ' || coalesce(lost, 0) || ' lost'
      from orders
      left join (
        select order_id,
               sum(amount) filter (where account = 'revenue' and kind = 'sale') as sold,
               sum(amount) filter (where account = 'revenue') as kept,
               sum(amount) filter (where account = 'losses') as lost
          from ledger_entries
          join ledger_transactions on ledger_transactions.id = transaction_id
         group by order_id
      ) as booked on booked.order_id = orders.id
     where coalesce(sold, 0) <>
           case when status in ('awaiting_payment', 'expired', 'cancelled') then 0 else total end
        or coalesce(kept, 0) not between 0 and total
        or status = 'refunded' and coalesce(kept, 0) + coalesce(lost, 0) > 0
    union all
    select 'payment ' || payments.id || ', ' || state || ', had ' || came.receipts || ' receipts of '
           || came.amount || ', booked ' || booked.count || ' times, to ' || booked.amount
      from payments
      cross join lateral (
        select count(*) as receipts, coalesce(sum(amount), 0) as amount,
               array_agg('receipt:' || id) || ('payment:' || payments.id) as keys
          from receipts
         where payment_id = payments.id
      ) as came
      cross join lateral (
        select count(*) as count, coalesce(sum(amount), 0) as amount
          from ledger_transactions
          join ledger_entries on ledger_entries.transaction_id = ledger_transactions.id
         where account = 'clearing:' || payments.provider
           and key = any (came.keys)
      ) as booked
     where (came.receipts > 0) <> (state = 'paid')
        or (came.receipts, -came.amount) <> (booked.count, booked.amount)
    union all
    select 'refunds due are ' || due.amount || ', but ' || requested.amount || ' is requested'
      from (
        select coalesce(sum(amount), 0) as amount from ledger_entries where account = 'refunds_due'
      ) as due
      cross join (
        select coalesce(sum(amount), 0) as amount from refunds where state = 'requested'
      ) as requested
     where due.amount <> requested.amount
    union all
    select 'paid order ' || orders.id || ' was promised ' || promised.count || ' times'
      from orders
      cross join lateral (
        select count(*) as count
          from outbox
         where order_id = orders.id
           and kind in ('goods', 'order_paid')
           and not data ? 'resent'
      ) as promised
     where promised.count <> case when paid_at is null then 0 else 1 end
    union all
    select 'user ' || users.id || ' is united into ' || united_into || ' and has ' || rest.what
      from users
      cross join lateral (
        select 'balance' as what where balance <> 0
        union all
        select 'a number' where number is not null
        union all
        select 'order ' || id from orders where user_id = users.id
        union all
        select 'payment ' || id from payments where user_id = users.id
        union all
        select 'message out ' || id from outbox where user_id = users.id
        union all
        select 'message in ' || id from inbox where user_id = users.id and state in ('waiting', 'working')
        union all
        select lid from lids where user_id = users.id
      ) as rest
     where united_into is not null
    union all
    select 'voucher ' || code || ' counts ' || uses || ' uses of ' || coalesce(uses_max::text, 'many') || ', and '
           || given.orders || ' orders have its discount'
      from vouchers
      cross join lateral (
        select count(*) as orders
          from voucher_uses
          join orders on orders.id = order_id
         where voucher_id = vouchers.id
           and discount > 0
           and status not in ('expired', 'cancelled')
      ) as given
     where uses <> given.orders
        or given.orders > uses_max
    union all
    select 'user ' || id || ' has no address'
      from users
     where number is null
       and united_into is null
       and id not in (select user_id from lids)
  `
  return rows.map(({ broken }) => broken)
}
