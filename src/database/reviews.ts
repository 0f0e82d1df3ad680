import type { OrderId, PaymentId, ProcessId, ReviewId, UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Database } from "./connect.ts"
import type { GoodsCount } from "./orders.ts"
import type { Refund } from "./refunds.ts"
import type { Settled } from "./settlements.ts"

export type ReviewKind =
  /** The provider has money for an order this shop never made. */
  | "unknown_payment"
  /** A provider took money back, or gave it back without us; `evidence` says where it was taken from. */
  | "reversal"
  /** It went back in part, and the provider does not say how much. */
  | "reversal_amount"
  | "refund_failed"
  /** A forwarded notification that fits no payment, or more than one, or came late. */
  | "unmatched_payment"
  | "warranty"

export type ReviewDecision = "credited" | "settled" | "taken" | "made" | "not_made" | "dismissed"

export type Review = Readonly<{
  id: ReviewId
  kind: ReviewKind
  at: Date
  provider: string | null
  reference: string | null
  orderCode: string | null
  orderStatus: OrderStatus | null
  /** The customer's; the LID of one whose number is not known. */
  number: string | null
  /** As it was raised with, or as the person said who decided. */
  amount: Rupiah | null
  /** What can be given back of the order now. */
  left: Rupiah | null
  /** What one unit of the order cost. */
  unitPrice: Rupiah | null
  /** The refund in question as it is now, and what of its order was refunded by later ones. */
  refund: Readonly<{ state: Refund["state"]; since: Rupiah }> | null
  evidence: Readonly<Record<string, unknown>>
  decision: ReviewDecision | null
  /** A number, where it was an owner in a chat. */
  decidedBy: string | null
  decidedReason: string | null
  decidedAt: Date | null
}>

export type DecidedReview =
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "decided_before"; decision: ReviewDecision }>
  | Readonly<{ kind: "no_money" }>
  | Readonly<{ kind: "amount_missing" }>
  | Readonly<{ kind: "other_amount"; amount: Rupiah }>
  | Readonly<{ kind: "no_reversal" }>
  | Readonly<{ kind: "more_than_came"; came: Rupiah }>
  | Readonly<{ kind: "no_refund" }>
  /** One that is still uncertain is not dismissed, because nobody would hear of it again. */
  | Readonly<{ kind: "refund_waits" }>
  | Readonly<{ kind: "refund_ended"; state: Refund["state"] }>
  | Readonly<{ kind: "unknown_customer" }>
  | Readonly<{ kind: "unknown_payment" }>
  | Readonly<{ kind: "other_provider" }>
  | Readonly<{
      kind: "decided"
      decision: ReviewDecision
      userId: UserId | null
      amount: Rupiah | null
      settlement: Settled | Readonly<{ kind: "already_settled" | "unknown_payment" }> | null
      /** `explained`: refunds and reversals booked before account for all of it. */
      reversal: Readonly<{ kind: "reversed"; amount: Rupiah }> | Readonly<{ kind: "explained" }> | null
      /** Goods that came free. */
      freed: readonly GoodsCount[]
    }>

/**
 * Puts something on the review list, and promises the owners a word on it; see `raise_review` in sql/0013.
 * Returns its number; undefined when it was raised before.
 */
export async function raiseReview(
  database: Database,
  given: {
    /** Names the one odd thing, so that it is raised once. */
    key: string
    kind: ReviewKind
    provider?: string | undefined
    paymentId?: PaymentId | undefined
    orderId?: OrderId | undefined
    userId?: UserId | undefined
    amount?: Rupiah | undefined
    /** Never a secret, a payload or a message's text. */
    evidence: Readonly<Record<string, string | number | boolean | null>>
  },
): Promise<ReviewId | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "raise_review",
    () => sql<{ id: ReviewId | null }[]>`
      select raise_review(
        ${given.key}, ${given.kind}, ${given.provider ?? null}, ${given.paymentId ?? null},
        ${given.orderId ?? null}, ${given.userId ?? null}, ${given.amount ?? null},
        ${sql.json(given.evidence)}
      ) as id
    `,
  )
  return rows[0]?.id ?? undefined
}

/** The review list, oldest first: the open ones, or one by its number whether it is open or not. */
export async function readReviews(
  database: Database,
  given: { id?: ReviewId | undefined; limit: number },
): Promise<readonly Review[]> {
  const { sql } = database
  return await database.ask(
    "read_reviews",
    () => sql<Review[]>`
      select
        reviews.id,
        reviews.kind,
        reviews.created_at as at,
        reviews.provider,
        coalesce(payments.reference, reviews.evidence ->> 'reference') as reference,
        orders.code as "orderCode",
        orders.status as "orderStatus",
        coalesce(customer.number, lid_of(customer.id)) as number,
        coalesce(reviews.amount, reviews.decided_amount) as amount,
        left_to_refund(orders.id) as left,
        (
          select max(worth_of_unit(orders, order_lines)) from order_lines where order_id = orders.id
        ) as "unitPrice",
        case when refunds.id is not null then jsonb_build_object('state', refunds.state, 'since', (
          select coalesce(sum(later.amount), 0)
            from refunds as later
           where later.order_id = refunds.order_id
             and later.id > refunds.id
             and later.state <> 'failed'
        )) end as refund,
        reviews.evidence,
        reviews.decision,
        coalesce(
          (
            select coalesce(number, lid_of(id))
              from users
             where id = substring(reviews.decided_by from '^user:([0-9]{1,18})$')::bigint
          ),
          reviews.decided_by
        ) as "decidedBy",
        reviews.decided_reason as "decidedReason",
        reviews.decided_at as "decidedAt"
      from reviews
      left join refunds on refunds.key = reviews.evidence ->> 'refundKey'
      left join payments on payments.id = coalesce(
        reviews.payment_id,
        (select id from payments as meant where meant.reference = reviews.evidence ->> 'reference')
      )
      left join orders on orders.id = coalesce(reviews.order_id, payments.order_id)
      left join users as raised_for on raised_for.id = coalesce(reviews.user_id, payments.user_id)
      left join users as customer on customer.id = coalesce(raised_for.united_into, raised_for.id)
      where case
        when ${given.id ?? null}::bigint is null then reviews.decision is null
        else reviews.id = ${given.id ?? null}
      end
      order by reviews.id
      limit ${given.limit}
    `,
  )
}

/** Writes a person's decision, once, and does what follows from it; see `decide_review` in sql/0013. */
export async function decideReview(
  database: Database,
  owner: ProcessId,
  given: {
    id: ReviewId
    decision: ReviewDecision
    /** Who is credited. */
    userId?: UserId | undefined
    /** What it is taken as the payment of. */
    reference?: string | undefined
    /** How much it is, where the review does not say. */
    amount?: Rupiah | undefined
    allowEqual: boolean
    actor: string
    reason: string
  },
): Promise<DecidedReview> {
  const { sql } = database
  const rows = await database.ask(
    "decide_review",
    () => sql<{ decided: DecidedReview }[]>`
      select decide_review(
        ${owner}, '{}'::text[], ${given.id}, ${given.decision}, ${given.userId ?? null},
        ${given.reference ?? null}, ${given.allowEqual}, ${given.actor}, ${given.reason},
        ${given.amount ?? null}
      ) as decided
    `,
  )
  return rows[0]?.decided ?? { kind: "not_found" }
}
