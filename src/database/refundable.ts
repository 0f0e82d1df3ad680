import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Database } from "./connect.ts"
import type { Refund } from "./refunds.ts"

/** What there is to give back of an order, as it is now. */
export type Refundable = Readonly<{
  status: OrderStatus
  left: Rupiah
  /** Null where it was paid from the balance. */
  provider: string | null
  /** What the provider still has of it. */
  holds: Rupiah | null
  /** Whose order it is. */
  name: string
  number: string
  lid: string | null
  /** The latest refund of the amount in question, or of all where nothing is left. */
  before: Refund | null
}>

/** Looks without holding anything, so that it may be another when the refund is made. */
export async function readRefundable(
  database: Database,
  { orderCode, amount }: { orderCode: string; amount: Rupiah | undefined },
): Promise<Refundable | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_refundable",
    () => sql<Refundable[]>`
      with found as (
        select orders.id, orders.status, orders.user_id, left_to_refund(orders.id) as left
          from orders
         where orders.code = ${orderCode}
      )
      select found.status, found.left, payments.provider, left_at_provider(payments.id) as holds,
             users.name, users.number, lid_of(users.id) as lid,
             (
               select describe_refund(max(refunds.id))
                 from refunds
                where refunds.order_id = found.id
                  and refunds.state <> 'failed'
                  and case
                    when ${amount ?? null}::bigint is null then found.left = 0
                    else refunds.amount = ${amount ?? null}
                  end
             ) as before
        from found
        join users on users.id = found.user_id
        left join payments
          on payments.order_id = found.id
         and payments.resolution in ('goods', 'late_goods')
    `,
  )
  return rows[0]
}
