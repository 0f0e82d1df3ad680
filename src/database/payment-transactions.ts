import type { ChargeState } from "../payments/payment-provider.ts"
import type { Database } from "./connect.ts"
import type { NamedCharge } from "./open-charges.ts"

const askedMax = 10

/** Nothing comes or goes by a transaction any more that is in one of these. */
const finalStates: readonly ChargeState[] = ["cancelled", "denied", "refunded", "charged_back"]

/**
 * The transactions of a charge that the provider named before and that may still change, those with money
 * first; at most 10.
 */
export async function readTransactionsToAsk(
  database: Database,
  charge: NamedCharge,
): Promise<readonly string[]> {
  const { sql } = database
  const rows = await database.ask(
    "read_transactions_to_ask",
    () => sql<{ id: string }[]>`
      select transaction_id as id
        from payment_transactions
        join payments on payments.id = payment_id
       where reference = ${charge.reference}
         and provider = ${charge.provider}
         and (payment_transactions.state is null
              or payment_transactions.state <> all (${[...finalStates]}::text[]))
       order by coalesce(payment_transactions.state = 'expired', false), seen_at desc
       limit ${askedMax}
    `,
  )
  return rows.map(({ id }) => id)
}

/** Keeps what the provider said of a transaction; without effect where the shop has no such charge. */
export async function noteTransaction(
  database: Database,
  charge: NamedCharge,
  said: { transactionId: string; state: ChargeState },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "note_transaction",
    () => sql`
      insert into payment_transactions (payment_id, transaction_id, state)
      select id, ${said.transactionId}, ${said.state}
        from payments
       where reference = ${charge.reference}
         and provider = ${charge.provider}
      on conflict (payment_id, transaction_id) do update
         set state = excluded.state
       where payment_transactions.state is distinct from excluded.state
    `,
  )
}
