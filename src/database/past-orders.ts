import type { UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database } from "./connect.ts"
import type { Shipment } from "./fulfilment.ts"
import type { MessagePromise } from "./inbox.ts"
import type { OrderWords } from "./orders.ts"

export type ResentGoods = Readonly<{
  words: OrderWords
  units: readonly string[]
  promise: MessagePromise
  next: ClaimedMessage | undefined
}>

export type OrderSummary = Readonly<{
  orderCode: string
  status: OrderStatus
  total: Rupiah
  at: Date
  summary: string
}>

export type OrderDetails = OrderWords &
  Readonly<{
    id: number
    status: OrderStatus
    createdAt: Date
    expiresAt: Date | null
    payToken: string | null
    /** What is to be paid, where that is more than the total. */
    exactAmount: Rupiah | null
    /** What of it went back, and what is on its way back. */
    returned: Rupiah
    returning: Rupiah
    /** Of physical goods. */
    delivery?: Shipment
    paidAt: Date | null
    deliveredAt: Date | null
    packedAt: Date | null
    shippedAt: Date | null
    completedAt: Date | null
  }>

/** One order of a customer: the named one, else the latest. */
export async function findOrder(
  database: Database,
  userId: UserId,
  orderCode: string | undefined,
): Promise<OrderDetails | undefined> {
  const { sql } = database
  type Row = { words: OrderWords } & Omit<OrderDetails, keyof OrderWords>
  const rows = await database.ask(
    "find_order",
    () => sql<Row[]>`
      select
        orders.id,
        describe_order(orders.id) as words,
        orders.status,
        orders.created_at as "createdAt",
        orders.expires_at as "expiresAt",
        orders.paid_at as "paidAt",
        orders.delivered_at as "deliveredAt",
        orders.packed_at as "packedAt",
        orders.shipped_at as "shippedAt",
        orders.completed_at as "completedAt",
        payment.pay_token as "payToken",
        case when payment.unique_extra > 0 then payment.amount end as "exactAmount",
        orders.total - left_to_refund(orders.id) - underway.amount as returned,
        underway.amount as returning
      from orders
      left join lateral (
        select pay_token, amount, unique_extra
          from payments
         where order_id = orders.id
         order by id desc
         limit 1
      ) as payment on true
      cross join lateral (
        select coalesce(sum(amount) filter (where state = 'requested'), 0)::bigint as amount
          from refunds
         where order_id = orders.id
      ) as underway
      where orders.user_id = ${userId}
        and (${orderCode ?? null}::text is null or orders.code = ${orderCode ?? null})
      order by orders.id desc
      limit 1
    `,
  )
  const row = rows[0]
  if (!row) return undefined
  const { words, ...rest } = row
  return { ...words, ...rest }
}

/** A page of a customer's orders, newest first, and how many pages there are. */
export async function listOrders(
  database: Database,
  userId: UserId,
  given: { page: number; pageSize: number },
): Promise<{ orders: readonly OrderSummary[]; pages: number }> {
  const { sql } = database
  const rows = await database.ask(
    "list_orders",
    () => sql<(OrderSummary & { count: number })[]>`
      select
        orders.code as "orderCode",
        orders.status,
        orders.total,
        orders.created_at as at,
        coalesce(
          (select string_agg(quantity || ' × ' || name, ', ' order by id)
             from order_lines
            where order_id = orders.id),
          ''
        ) as summary,
        count(*) over ()::integer as count
      from orders
      where orders.user_id = ${userId}
      order by orders.id desc
      limit ${given.pageSize}
      offset ${(given.page - 1) * given.pageSize}
    `,
  )
  const orders = rows.map(({ count, ...order }) => order)
  return { orders, pages: Math.max(1, Math.ceil((rows[0]?.count ?? 0) / given.pageSize)) }
}

/**
 * Promises the goods of a paid digital order once more and finishes the message. Undefined, with the message
 * still open, when the customer has no such order. Throws LP001 likewise.
 */
export async function resendGoods(
  database: Database,
  message: ClaimedMessage,
  given: { serves: readonly string[]; orderCode: string },
): Promise<ResentGoods | undefined> {
  const { sql } = database
  type Answer = Omit<ResentGoods, "next"> & { next: ClaimedRow | null }
  const rows = await database.ask(
    "resend_goods",
    () => sql<{ resent: Answer | null }[]>`
      select resend_goods(
        ${message.inboxId}, ${message.owner}, ${[...given.serves]}::text[], ${given.orderCode}
      ) as resent
    `,
  )
  const resent = rows[0]?.resent
  return resent ? { ...resent, next: nextMessage(resent.next, message.owner) } : undefined
}
