import type { Sql } from "../../src/database/connect.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"

/** Everything that a payment of an order may change, so that two of them can be compared. */
export type PaymentOutcome = Readonly<{
  payment: string
  order: string
  balance: number
  /** What the books say that the provider has of us, below zero. */
  cleared: number
  receipts: readonly string[]
  /** Every entry, as a bag. */
  ledger: readonly string[]
  /** What was promised to the customer, in order, with what became of the promise. */
  told: readonly string[]
  reviews: readonly string[]
}>

/** What became of each of these charges, whose customers have no other. */
export async function readOutcomes(
  sql: Sql,
  references: readonly ChargeReference[],
): Promise<Map<ChargeReference, PaymentOutcome>> {
  const rows = await sql<{ reference: ChargeReference; outcome: PaymentOutcome }[]>`
    with chosen as (
      select * from payments where reference = any (${[...references]}::text[])
    ), came as (
      select payment_id, jsonb_agg(transaction_id || ' ' || amount order by id) as receipts
        from receipts
       group by payment_id
    ), booked as (
      select order_id,
             sum(amount) filter (where account like 'clearing:%') as cleared,
             jsonb_agg(kind || ': ' || account || ' ' || amount order by kind, account, amount) as entries
        from ledger_transactions
        join ledger_entries on ledger_entries.transaction_id = ledger_transactions.id
       group by order_id
    ), promised as (
      select user_id, jsonb_agg(concat_ws(' ', kind, data ->> 'amount', state) order by id) as words
        from outbox
       group by user_id
    ), raised as (
      select payment_id, jsonb_agg(kind || ' ' || amount order by id) as reviews
        from reviews
       group by payment_id
    )
    select chosen.reference,
           jsonb_build_object(
             'payment', concat_ws(' ', chosen.state, chosen.resolution),
             'order', orders.status,
             'balance', users.balance,
             'cleared', coalesce(booked.cleared, 0),
             'receipts', coalesce(came.receipts, '[]'),
             'ledger', coalesce(booked.entries, '[]'),
             'told', coalesce(promised.words, '[]'),
             'reviews', coalesce(raised.reviews, '[]')
           ) as outcome
      from chosen
      join orders on orders.id = chosen.order_id
      join users on users.id = chosen.user_id
      left join came on came.payment_id = chosen.id
      left join booked on booked.order_id = chosen.order_id
      left join promised on promised.user_id = chosen.user_id
      left join raised on raised.payment_id = chosen.id
  `
  return new Map(rows.map(({ reference, outcome }) => [reference, outcome]))
}
