import type { UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Database } from "./connect.ts"
import type { Shipment } from "./fulfilment.ts"
import type { OrderWords } from "./orders.ts"

/** What a receipt says of a paid order. */
export type OrderReceipt = OrderWords &
  Readonly<{
    status: OrderStatus
    paidAt: Date
    deliveredAt: Date | null
    /** Of physical goods. */
    delivery?: Shipment
    /** What of it went back, and what is on its way back. */
    returned: Rupiah
    returning: Rupiah
  }>

export type FoundReceipt =
  | Readonly<{ kind: "receipt"; receipt: OrderReceipt }>
  | Readonly<{ kind: "not_paid"; orderCode: string; status: OrderStatus }>
  /** Of that code, or at all. */
  | Readonly<{ kind: "not_found" }>

/** The receipt of a customer's named order, else of the last they paid. */
export async function findReceipt(
  database: Database,
  userId: UserId,
  orderCode: string | undefined,
): Promise<FoundReceipt> {
  const { sql } = database
  type Row = Omit<OrderReceipt, keyof OrderWords | "paidAt"> & { words: OrderWords; paidAt: Date | null }
  const rows = await database.ask(
    "find_receipt",
    () => sql<Row[]>`
      select describe_order(orders.id) as words, orders.status, orders.paid_at as "paidAt",
             orders.delivered_at as "deliveredAt",
             orders.total - left_to_refund(orders.id) - underway.amount as returned,
             underway.amount as returning
        from orders
        cross join lateral (
          select coalesce(sum(amount) filter (where state = 'requested'), 0)::bigint as amount
            from refunds
           where order_id = orders.id
        ) as underway
       where orders.user_id = ${userId}
         and case
           when ${orderCode ?? null}::text is null then orders.paid_at is not null
           else orders.code = ${orderCode ?? null}
         end
       order by orders.id desc
       limit 1
    `,
  )
  const [row] = rows
  if (!row) return { kind: "not_found" }
  const { words, paidAt, ...rest } = row
  if (!paidAt) return { kind: "not_paid", orderCode: words.orderCode, status: rest.status }
  return { kind: "receipt", receipt: { ...words, ...rest, paidAt } }
}
