import type { Rupiah } from "../shop/money.ts"
import type { Statements } from "./connect.ts"

/** Of the shop's own calendar; a week begins on Monday. */
export type SalesPeriod = "day" | "week" | "month"

export type SalesFigures = Readonly<{
  period: SalesPeriod
  since: Date
  /** Paid within the period, whatever became of them later. */
  orders: number
  revenue: Rupiah
  /** Given back within the period, of whichever orders; see `given_back_between` in sql/0023. */
  refunded: Rupiah
  /** At most five, the most units first; amounts before discounts. */
  top: ReadonlyArray<Readonly<{ code: string; name: string; quantity: number; amount: Rupiah }>>
}>

/** What was sold in the period of the shop's zone that `at` is in. */
export async function readSales(
  statements: Statements,
  { period, at }: { period: SalesPeriod; at: Date },
): Promise<SalesFigures> {
  const rows = await statements<Omit<SalesFigures, "period">[]>`
    with zone as (
      select shop_zone() as name
    ), local as (
      select date_trunc(${period}, ${at}::timestamptz at time zone name) as since, name from zone
    ), period as (
      select since at time zone name as since,
             (since + ('1 ' || ${period}::text)::interval) at time zone name as until
        from local
    ), paid as (
      select orders.id, orders.total
        from orders
        join period on orders.paid_at >= since and orders.paid_at < until
    ), top as (
      select products.code, products.name, sum(quantity)::integer as quantity,
             sum(amount)::bigint as amount
        from paid
        join order_lines on order_lines.order_id = paid.id
        join products on products.id = order_lines.product_id
       group by products.id
       order by sum(quantity) desc, sum(amount) desc, products.code
       limit 5
    )
    select period.since,
           (select count(*)::integer from paid) as orders,
           (select coalesce(sum(total), 0)::bigint from paid) as revenue,
           (select amount from given_back_between(period.since, period.until)) as refunded,
           (
             select coalesce(jsonb_agg(to_jsonb(top) order by quantity desc, amount desc, code), '[]')
               from top
           ) as top
      from period
  `
  const [figures] = rows
  if (!figures) throw new Error("there is no period")
  return { period, ...figures }
}
