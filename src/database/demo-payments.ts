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
 * taken, they must not buy anything. What was spent was pretended money before it was real; what came in
 * afterwards is never touched. Customers who turned out to be one are looked at as one. Idempotent. Returns
 * from how many customers.
 */
export async function takeBackDemoBalances(database: Database): Promise<number> {
  const { sql } = database
  return await database.ask("take_back_demo_balances", () =>
    sql.begin(async (transaction) => {
      const holders = await transaction<{ id: number }[]>`
        select id
          from users
         where balance > 0
           and id in (
             select coalesce(booked_for.united_into, booked_for.id)
               from payments
               join ledger_transactions on ledger_transactions.key = 'payment:' || payments.id
               join ledger_entries as entry on entry.transaction_id = ledger_transactions.id
               join users as booked_for on booked_for.id = entry.user_id
              where payments.provider = 'demo'
                and payments.state = 'paid'
                and entry.account = 'customer'
           )
         order by id
           for no key update
      `
      const rows = await transaction<{ booked: boolean }[]>`
        with entries as (
          select entry.id, coalesce(booked_for.united_into, booked_for.id) as user_id, entry.amount, exists (
                   select from ledger_entries as other
                    where other.transaction_id = entry.transaction_id
                      and other.account = 'clearing:demo'
                 ) as is_demo
            from ledger_entries as entry
            join ledger_transactions on ledger_transactions.id = entry.transaction_id
            join users as booked_for on booked_for.id = entry.user_id
           where (
               booked_for.id = any (${holders.map(({ id }) => id)}::bigint[])
               or booked_for.united_into = any (${holders.map(({ id }) => id)}::bigint[])
             )
             and ledger_transactions.kind <> 'union'
        ), walked as (
          select *,
                 sum(amount) filter (where not is_demo) over (partition by user_id order by id) as real_so_far
            from entries
        ), pretended as (
          select user_id, max(id) filter (where is_demo) as last_entry,
                 sum(amount) filter (where is_demo) + least(0, min(real_so_far)) as amount
            from walked
           group by user_id
        )
        select book(
          'demo-taken-back:' || users.id || ':' || last_entry, 'adjustment', 'demo', null,
          'customer', users.id, 'clearing:demo', null, least(users.balance, amount)::bigint
        ) as booked
        from pretended
        join users on users.id = pretended.user_id
        where least(users.balance, amount) > 0
      `
      return rows.filter(({ booked }) => booked).length
    }),
  )
}
