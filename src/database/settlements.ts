import type { ChargeReference } from "../payments/payment-provider.ts"
import type { ProcessId, UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"
import type { MessagePromise } from "./inbox.ts"
import type { GoodsCount } from "./orders.ts"

/** What became of money that came. */
export type Resolution =
  | "goods"
  | "late_goods"
  | "balance"
  | "late_balance"
  | "already_paid_balance"
  | "underpaid_balance"

export type Settled = Readonly<{
  kind: "settled"
  resolution: Resolution
  userId: UserId
  /** The amount the charge was made for; another one may have come. */
  asked: Rupiah
  /** The payment was paid before, by another transaction of the provider. */
  isSecond: boolean
  /** Taken from the counters, and given back to them. */
  taken: readonly GoodsCount[]
  freed: readonly GoodsCount[]
  promise: MessagePromise
}>

export type Settlement =
  | Settled
  | Readonly<{ kind: "already_settled" }>
  | Readonly<{ kind: "unknown_payment" }>

export type Reversal =
  | Readonly<{
      kind: "reversed"
      userId: UserId
      amount: Rupiah
      /** What neither the sale nor the balance could give. */
      lost: Rupiah
      freed: readonly GoodsCount[]
      promise: MessagePromise
    }>
  /** Our own refunds, or reversals booked before, account for all of it. */
  | Readonly<{ kind: "explained" }>
  /** Nothing was booked by that transaction. */
  | Readonly<{ kind: "not_received" }>
  | Readonly<{ kind: "unknown_payment" }>

export type ReversalKind = "refund" | "chargeback" | "denial"

/** Books what came for a charge, once per transaction of the provider; see `settle_payment` in sql/0013. */
export async function settlePayment(
  database: Database,
  owner: ProcessId,
  given: {
    serves: readonly string[]
    reference: ChargeReference
    amount: Rupiah
    transactionId: string
    /** Late money may get equal units when the ones it had held are gone: yes unless said otherwise. */
    allowEqual?: boolean
    /** Not all of the money stayed, so it gets no goods. */
    onlyBalance?: boolean
  },
): Promise<Settlement> {
  const { sql } = database
  const rows = await database.ask(
    "settle_payment",
    () => sql<{ settlement: Settlement }[]>`
      select settle_payment(
        ${owner}, ${[...given.serves]}::text[], ${given.reference}, ${given.amount}, ${given.transactionId},
        ${given.allowEqual ?? true}, ${given.onlyBalance ?? false}
      ) as settlement
    `,
  )
  return rows[0]?.settlement ?? { kind: "unknown_payment" }
}

/**
 * Books that of what came by a transaction this much went back to the payer so far, as the provider says.
 * Idempotent; see `record_reversal` in sql/0013.
 */
export async function recordReversal(
  database: Database,
  owner: ProcessId,
  given: {
    serves: readonly string[]
    reference: ChargeReference
    transactionId: string
    reversal: ReversalKind
    reversedTotal: Rupiah
  },
): Promise<Reversal> {
  const { sql } = database
  const rows = await database.ask(
    "record_reversal",
    () => sql<{ reversal: Reversal }[]>`
      select record_reversal(
        ${owner}, ${[...given.serves]}::text[], ${given.reference}, ${given.transactionId},
        ${given.reversal}, ${given.reversedTotal}
      ) as reversal
    `,
  )
  return rows[0]?.reversal ?? { kind: "unknown_payment" }
}

/**
 * Ends what waited for money that came and went before the shop heard of it. Returns the goods that came
 * free; undefined when nothing waited. Idempotent.
 */
export async function endReversedPayment(
  database: Database,
  reference: ChargeReference,
): Promise<readonly GoodsCount[] | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "end_reversed_payment",
    () => sql<{ freed: GoodsCount[] | null }[]>`select end_reversed_payment(${reference}) as freed`,
  )
  return rows[0]?.freed ?? undefined
}
