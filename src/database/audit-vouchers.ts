import type { AuditCheck } from "./audit.ts"
import { unpaidStatuses } from "./audit-statuses.ts"

/** What holds of discounts, and of how often each was given. */
export const voucherChecks: readonly AuditCheck[] = [
  {
    name: "vouchers_count_their_uses",
    promise: "each voucher counts its held and used orders, and never more than it allows",
    tally: (sql) => sql`
      with counted as (
        select voucher_id, count(*) as uses
          from voucher_uses
         where state <> 'released'
         group by voucher_id
      )
      select count(*) as count,
             count(*) filter (
               where vouchers.uses <> coalesce(counted.uses, 0) or vouchers.uses > vouchers.uses_max
             ) as violations
        from vouchers
        left join counted on counted.voucher_id = vouchers.id
    `,
  },
  {
    name: "discounts_have_their_voucher",
    promise:
      "each order with a discount has the one use of a voucher that gave it, in the state of the order",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where orders.id is null
                 or voucher_uses.order_id is null
                 or orders.discount = 0
                 or voucher_uses.state <> case
                   when orders.status = 'awaiting_payment' then 'held'
                   when orders.status = any (${unpaidStatuses}::text[]) then 'released'
                   else 'used'
                 end
             ) as violations
        from (select * from orders where discount > 0) as orders
        full join voucher_uses on voucher_uses.order_id = orders.id
    `,
  },
]
