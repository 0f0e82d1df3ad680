import type { AuditCheck } from "./audit.ts"
import { unpaidStatuses } from "./audit-statuses.ts"

/** What holds of units, stock, and the goods that were promised. */
export const goodsChecks: readonly AuditCheck[] = [
  {
    name: "units_fit_their_orders",
    promise: "each held unit has an unpaid order, each sold one a paid one, of its product",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where case stock_units.state
                 when 'available' then stock_units.order_id is not null
                 else orders.id is null
                   or order_lines.id is null
                   or case stock_units.state
                     when 'held' then orders.status <> 'awaiting_payment'
                     else orders.status = any (${unpaidStatuses}::text[])
                   end
               end
             ) as violations
        from stock_units
        left join orders on orders.id = stock_units.order_id
        left join order_lines
          on order_lines.order_id = stock_units.order_id
         and order_lines.product_id = stock_units.product_id
    `,
  },
  {
    name: "orders_have_their_units",
    promise: "each digital order has exactly the units its lines say, and those that replaced one",
    tally: (sql) => sql`
      with units as (
        select stock_units.order_id, product_id,
               count(*) filter (where state = 'sold') as sold,
               count(*) filter (where state = 'held') as held,
               count(warranty_claims.id) as replacements
          from stock_units
          left join warranty_claims on warranty_claims.replacement_id = stock_units.id
         where stock_units.order_id is not null
         group by stock_units.order_id, product_id
      )
      select count(*) as count,
             count(*) filter (
               where coalesce(units.sold, 0) <> case
                   when orders.status = any (${unpaidStatuses}::text[]) then 0
                   else order_lines.quantity + coalesce(units.replacements, 0)
                 end
                 or coalesce(units.held, 0) <> case orders.status
                   when 'awaiting_payment' then order_lines.quantity
                   else 0
                 end
             ) as violations
        from orders
        join order_lines on order_lines.order_id = orders.id
        left join units on units.order_id = orders.id and units.product_id = order_lines.product_id
       where orders.kind = 'digital'
    `,
  },
  {
    name: "units_not_sold_twice",
    promise: "no product has the same goods in two units",
    tally: (sql) => sql`
      with goods as (
        select count(*) as units
          from stock_units
         group by product_id, fingerprint
      )
      select count(*) as count,
             count(*) filter (where units > 1) as violations
        from goods
    `,
  },
  {
    name: "stock_not_negative",
    promise: "no stock is below zero, and digital products have units only",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (where stock < 0 or (kind = 'digital' and stock <> 0)) as violations
        from products
    `,
  },
  {
    name: "paid_goods_are_promised",
    promise: "the goods of each paid digital order are promised to its customer",
    tally: (sql) => sql`
      with promised as (
        select distinct order_id, user_id
          from outbox
         where kind = 'goods'
      )
      select count(*) as count,
             count(*) filter (where promised.order_id is null) as violations
        from orders
        left join promised on promised.order_id = orders.id and promised.user_id = orders.user_id
       where orders.kind = 'digital'
         and orders.status <> all (${unpaidStatuses}::text[])
    `,
  },
  {
    name: "warranty_is_promised",
    promise: "what made each warranty claim good, a unit or money, is promised to the customer of its order",
    tally: (sql) => sql`
      with promised as (
        select distinct order_id, user_id, (data ->> 'claimId')::bigint as claim_id
          from outbox
         where kind = 'warranty_replaced'
      )
      select count(*) as count,
             count(*) filter (where promised.claim_id is null) as violations
        from warranty_claims
        join orders on orders.id = warranty_claims.order_id
        left join promised
          on promised.claim_id = warranty_claims.id
         and promised.order_id = orders.id
         and promised.user_id = orders.user_id
    `,
  },
  {
    name: "delivered_goods_were_sent",
    promise: "the goods of each delivered order were sent",
    tally: (sql) => sql`
      with sent as (
        select distinct order_id
          from outbox
         where kind = 'goods'
           and state = 'sent'
      )
      select count(*) as count,
             count(*) filter (where sent.order_id is null) as violations
        from orders
        left join sent on sent.order_id = orders.id
       where orders.kind = 'digital'
         and orders.status = 'delivered'
    `,
  },
  {
    name: "shipments_are_promised",
    promise: "the customer of each order that was shipped is told by whom and under which number",
    tally: (sql) => sql`
      with promised as (
        select distinct order_id, user_id,
               data -> 'delivery' -> 'courier' as courier, data -> 'delivery' -> 'tracking' as tracking
          from outbox
         where kind = 'order_shipped'
      )
      select count(*) as count,
             count(*) filter (where promised.order_id is null) as violations
        from orders
        left join promised
          on promised.order_id = orders.id
         and promised.user_id = orders.user_id
         and promised.courier = orders.delivery -> 'courier'
         and promised.tracking = orders.delivery -> 'tracking'
       where orders.shipped_at is not null
    `,
  },
  {
    name: "unpaid_goods_are_not_promised",
    promise: "no goods are promised to anybody but the customer of their paid order",
    tally: (sql) => sql`
      select count(*) as count,
             count(*) filter (
               where orders.id is null
                 or orders.user_id <> outbox.user_id
                 or orders.status = any (${unpaidStatuses}::text[])
             ) as violations
        from outbox
        left join orders on orders.id = outbox.order_id
       where outbox.kind = 'goods'
    `,
  },
]
