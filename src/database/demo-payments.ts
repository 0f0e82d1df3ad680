import type { ChargeReference } from "../payments/payment-provider.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"

export type DemoPayment = Readonly<{ amount: Rupiah; paidAt: Date | null; expiresAt: Date }>

/** What is known of a pretended charge; undefined when there is no such charge. */
export async function readDemoPayment(
  database: Database,
  reference: ChargeReference,
): Promise<DemoPayment | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_demo_payment",
    () => sql<DemoPayment[]>`
      select payments.amount, demo_payments.paid_at as "paidAt", payments.expires_at as "expiresAt"
        from payments
        left join demo_payments on demo_payments.reference = payments.reference
       where payments.reference = ${reference}
         and payments.provider = 'demo'
    `,
  )
  return rows[0]
}

/** Pretends that a charge is paid. False when it is not open any more; idempotent. */
export async function pretendPayment(database: Database, reference: ChargeReference): Promise<boolean> {
  const { sql } = database
  const rows = await database.ask(
    "pretend_payment",
    () => sql`
      with open as (
        select reference
          from payments
         where reference = ${reference}
           and provider = 'demo'
           and (state = 'pending' and expires_at > now() or state = 'paid')
      ), pretended as (
        insert into demo_payments (reference)
        select reference from open
        on conflict do nothing
      )
      select from open
    `,
  )
  return rows.length > 0
}

/**
 * Takes back, on the record, what is left of balances that came from pretended payments: where real money is
 * taken, they must not buy anything. Idempotent. Returns from how many customers.
 */
export async function takeBackDemoBalances(database: Database): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "take_back_demo_balances",
    () => sql<{ booked: boolean }[]>`
      with pretended as (
        select entry.user_id, sum(entry.amount) as amount, max(entry.id) as last_entry
          from ledger_entries as entry
         where entry.account = 'customer'
           and exists (
             select from ledger_entries as other
              where other.transaction_id = entry.transaction_id
                and other.account = 'clearing:demo'
           )
         group by entry.user_id
      )
      select book(
        'demo-taken-back:' || users.id || ':' || pretended.last_entry, 'adjustment', 'demo', null,
        'customer', users.id, 'clearing:demo', null, least(users.balance, pretended.amount)::bigint
      ) as booked
      from pretended
      join users on users.id = pretended.user_id
      where least(users.balance, pretended.amount) > 0
    `,
  )
  return rows.filter(({ booked }) => booked).length
}
