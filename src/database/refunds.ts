import type { ChargeReference } from "../payments/payment-provider.ts"
import type { ProcessId, RefundId, UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Database } from "./connect.ts"
import type { GoodsCount } from "./orders.ts"

/** Where money of an order goes back to: the customer's balance, or the way it was paid. */
export type RefundDestination = "saldo" | "provider"

export type Refund = Readonly<{
  id: RefundId
  amount: Rupiah
  /** `requested`: the provider has not confirmed it yet. */
  state: "requested" | "done" | "failed"
  destination: RefundDestination
  /** Why the provider refused. */
  failure: string | null
  at: string
  orderCode: string
  orderStatus: OrderStatus
  /** What of the order may still be given back. */
  left: Rupiah
  userId: UserId
  /** The customer's balance now. */
  balance: Rupiah
}>

export type RefundedOrder =
  | Readonly<{ kind: "refunded"; refund: Refund; freed: readonly GoodsCount[] }>
  /** The same amount of the same order was given back before, by another request. */
  | Readonly<{ kind: "refunded_before"; refund: Refund }>
  | Readonly<{ kind: "unknown_order" }>
  | Readonly<{ kind: "not_paid"; status: OrderStatus }>
  | Readonly<{ kind: "nothing_left" }>
  | Readonly<{ kind: "more_than_left"; left: Rupiah }>
  | Readonly<{ kind: "paid_from_balance" }>
  | Readonly<{ kind: "provider_cannot" }>
  | Readonly<{ kind: "provider_away"; provider: string }>
  | Readonly<{ kind: "provider_holds_less"; holds: Rupiah }>

/** A refund that a provider is to be asked for. */
export type RequestedRefund = Readonly<{
  id: RefundId
  /** Names it at the provider, the same at every asking. */
  key: string
  provider: string
  reference: ChargeReference
  amount: Rupiah
  reason: string
  /** How often it was asked for, this time included. */
  asks: number
  ageSeconds: number
}>

/**
 * Gives money of an order back, once per `request`; see `refund_order` in sql/0017. To the balance it is done
 * at once; through the provider it is `requested`, and to be asked for.
 */
export async function refundOrder(
  database: Database,
  owner: ProcessId,
  given: {
    providers: readonly string[]
    orderCode: string
    /** Everything that is left when it is not given. */
    amount?: Rupiah | undefined
    destination: RefundDestination
    /** At most 25 of letters, digits and `-`; repeated, it answers with what it made before. */
    request: string
    /** Meant although the same amount of this order was given back before. */
    again: boolean
    reason: string
    actor: string
  },
): Promise<RefundedOrder> {
  const { sql } = database
  const rows = await database.ask(
    "refund_order",
    () => sql<{ refunded: RefundedOrder }[]>`
      select refund_order(
        ${owner}, ${[...given.providers]}::text[], ${given.orderCode}, ${given.amount ?? null},
        ${given.destination}, ${given.request}, ${given.again}, ${given.reason}, ${given.actor}
      ) as refunded
    `,
  )
  return rows[0]?.refunded ?? { kind: "unknown_order" }
}

/**
 * Requested refunds whose provider is to be asked now, the longest unasked first, noted as asked: nobody else
 * gets them for `leaseSeconds`. With `id`, that one, whenever it was asked for last.
 */
export async function takeRefundsToAsk(
  database: Database,
  given: { providers: readonly string[]; leaseSeconds: number; limit: number; id?: RefundId | undefined },
): Promise<readonly RequestedRefund[]> {
  const { sql } = database
  return await database.ask(
    "take_refunds_to_ask",
    () => sql<RequestedRefund[]>`
      update refunds
         set asked_at = now(),
             asks = refunds.asks + 1,
             ask_at = now() + make_interval(secs => ${given.leaseSeconds})
        from payments
       where payments.id = refunds.payment_id
         and refunds.id in (
           select refunds.id
             from refunds
             join payments on payments.id = refunds.payment_id
            where refunds.state = 'requested'
              and payments.provider = any(${[...given.providers]}::text[])
              and case
                when ${given.id ?? null}::bigint is null then refunds.ask_at <= now()
                else refunds.id = ${given.id ?? null}
              end
            order by refunds.ask_at
            limit ${given.limit}
            for update of refunds skip locked
         )
      returning
        refunds.id,
        refunds.key,
        payments.provider,
        payments.reference,
        refunds.amount,
        refunds.reason,
        refunds.asks,
        extract(epoch from now() - refunds.created_at)::float as "ageSeconds"
    `,
  )
}

/** Has a refund asked for again after that time. */
export async function postponeRefund(
  database: Database,
  given: { id: RefundId; delayMs: number },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "postpone_refund",
    () => sql`
      update refunds
         set ask_at = now() + ${given.delayMs} * interval '1 millisecond'
       where id = ${given.id}
         and state = 'requested'
    `,
  )
}

/**
 * Books what the provider said of a refund: made, or refused for `failure`. Returns the goods that came free;
 * undefined when it had ended before. Idempotent; see `conclude_refund` in sql/0017.
 */
export async function concludeRefund(
  database: Database,
  owner: ProcessId,
  given: { id: RefundId; failure?: string | undefined },
): Promise<readonly GoodsCount[] | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "conclude_refund",
    () => sql<{ freed: GoodsCount[] | null }[]>`
      select conclude_refund(${owner}, ${given.id}, ${given.failure ?? null}) as freed
    `,
  )
  return rows[0]?.freed ?? undefined
}

/** Puts a refund that nobody says anything certain of on the review list. True when it was not there yet. */
export async function reviewUnknownRefund(
  database: Database,
  given: { id: RefundId; reason: string },
): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "review_unknown_refund",
    () => sql<{ review: number | null }[]>`
      select raise_refund_review(${given.id}, 'refund_unknown', ${given.reason}) as review
    `,
  )
  return (rows[0]?.review ?? null) !== null
}

/**
 * Puts refunds that are not confirmed after so long on the review list, whether or not their provider is
 * there to be asked. Returns how many were not there yet.
 */
export async function reviewOverdueRefunds(
  database: Database,
  given: { patienceSeconds: number },
): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "review_overdue_refunds",
    () => sql<{ raised: number }[]>`
      select raise_overdue_refunds(make_interval(secs => ${given.patienceSeconds})) as raised
    `,
  )
  return rows[0]?.raised ?? 0
}

/** A refund as it is now. */
export async function readRefund(database: Database, id: RefundId): Promise<Refund | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_refund",
    () => sql<{ refund: Refund | null }[]>`select describe_refund(${id}) as refund`,
  )
  return rows[0]?.refund ?? undefined
}
