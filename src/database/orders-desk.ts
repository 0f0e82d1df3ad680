import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Statements } from "./connect.ts"
import type { Shipment } from "./fulfilment.ts"
import type { OrderWords } from "./orders.ts"

/** One of several orders, as an operator looks for it. `number` is null while only their LID is known. */
export type FoundOrder = Readonly<{
  orderCode: string
  status: OrderStatus
  total: Rupiah
  at: Date
  number: string | null
  summary: string
}>

/** An order of physical goods that was not shipped yet. */
export type UnshippedOrder = Readonly<{
  orderCode: string
  status: "paid" | "packing"
  paidAt: Date
  summary: string
  hasAddress: boolean
}>

export type DeskRefund = Readonly<{
  amount: Rupiah
  state: "requested" | "done" | "failed"
  destination: "saldo" | "provider"
  at: Date
}>

/** Everything an operator needs of one order. */
export type DeskOrder = OrderWords &
  Readonly<{
    status: OrderStatus
    number: string | null
    name: string
    /** Of physical goods. */
    delivery?: Shipment
    /** How its money came; null when it was paid from the balance, or not charged yet. */
    payment: Readonly<{ provider: string; reference: string; state: string }> | null
    createdAt: Date
    expiresAt: Date | null
    paidAt: Date | null
    deliveredAt: Date | null
    packedAt: Date | null
    shippedAt: Date | null
    completedAt: Date | null
    endedAt: Date | null
    /** What of it went back, however it did, and what is on its way back. */
    returned: Rupiah
    returning: Rupiah
    refunds: readonly DeskRefund[]
  }>

const listedMax = 10
const unshippedMax = 20

/**
 * Orders whose code holds the text, whose customer's number ends in its digits, or that bought the product of
 * that code; the newest first, at most ten.
 */
export async function searchOrders(statements: Statements, text: string): Promise<readonly FoundOrder[]> {
  const wanted = text.toUpperCase().replace(/^#/, "")
  // However it is written: with a country code, with a zero, or its end alone.
  const ending = text.replace(/[^0-9]/g, "").replace(/^(?:62|0)(?=[0-9]{8})/, "")
  const isNumber = /^[0-9+() .-]+$/.test(text) && ending.length >= 4
  return await statements<FoundOrder[]>`
    select orders.code as "orderCode", orders.status, orders.total, orders.created_at as at, users.number,
           coalesce(
             (select string_agg(quantity || ' × ' || name, ', ' order by id)
                from order_lines
               where order_id = orders.id),
             ''
           ) as summary
      from orders
      join users on users.id = orders.user_id
     where position(${wanted} in orders.code) > 0
        or (${isNumber} and right(users.number, length(${ending})) = ${ending})
        or exists (
          select from order_lines
            join products on products.id = order_lines.product_id
           where order_lines.order_id = orders.id
             and products.code = ${wanted}
        )
     order by orders.id desc
     limit ${listedMax}
  `
}

/** One order by its code, whoever's it is. */
export async function readDeskOrder(
  statements: Statements,
  orderCode: string,
): Promise<DeskOrder | undefined> {
  type Row = { words: OrderWords; refunds: ReadonlyArray<Omit<DeskRefund, "at"> & { at: string }> } & Omit<
    DeskOrder,
    keyof OrderWords | "refunds"
  >
  const rows = await statements<Row[]>`
    select describe_order(orders.id) as words, orders.status, users.number, users.name,
           payment.payment,
           orders.created_at as "createdAt", orders.expires_at as "expiresAt", orders.paid_at as "paidAt",
           orders.delivered_at as "deliveredAt", orders.packed_at as "packedAt",
           orders.shipped_at as "shippedAt", orders.completed_at as "completedAt",
           orders.ended_at as "endedAt",
           orders.total - left_to_refund(orders.id) - given.underway as returned,
           given.underway as returning, given.refunds
      from orders
      join users on users.id = orders.user_id
      left join lateral (
        select jsonb_build_object('provider', provider, 'reference', reference, 'state', state) as payment
          from payments
         where order_id = orders.id
         order by id desc
         limit 1
      ) as payment on true
      cross join lateral (
        select coalesce(sum(amount) filter (where state = 'requested'), 0)::bigint as underway,
               coalesce(
                 jsonb_agg(
                   jsonb_build_object(
                     'amount', amount, 'state', state, 'at', created_at,
                     'destination', case when payment_id is null then 'saldo' else 'provider' end
                   ) order by id
                 ),
                 '[]'
               ) as refunds
          from refunds
         where order_id = orders.id
      ) as given
     where orders.code = ${orderCode}
  `
  const [row] = rows
  if (!row) return undefined
  const { words, refunds, ...rest } = row
  return { ...words, ...rest, refunds: refunds.map((refund) => ({ ...refund, at: new Date(refund.at) })) }
}

/** What is to be packed or shipped, the longest paid first, and how much of it there is. */
export async function listUnshipped(
  statements: Statements,
): Promise<{ orders: readonly UnshippedOrder[]; count: number }> {
  const rows = await statements<(UnshippedOrder & { count: number })[]>`
    select orders.code as "orderCode", orders.status, orders.paid_at as "paidAt",
           has_address(orders.delivery) as "hasAddress",
           (select string_agg(quantity || ' × ' || name, ', ' order by id)
              from order_lines
             where order_id = orders.id) as summary,
           count(*) over ()::integer as count
      from orders
     where orders.kind = 'physical'
       and orders.status in ('paid', 'packing')
     order by orders.paid_at, orders.id
     limit ${unshippedMax}
  `
  return { orders: rows.map(({ count, ...order }) => order), count: rows[0]?.count ?? 0 }
}
