import type { Language } from "../shop/customer.ts"
import type { UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"

/** What moved a balance: the ledger's own kind, or what it was in particular. */
export type MovementKind =
  | "sale"
  | "deposit"
  | "late_payment"
  | "refund"
  | "opening"
  | "adjustment"
  | "union"
  | "reversal"
  | "found_payment"
  /** What was paid beyond an order's price. */
  | "surplus"
  | "underpaid"
  | "paid_twice"
  | "warranty"
  /** A payment that went back to its payer after it had become balance. */
  | "sent_back"

export type Movement = Readonly<{
  at: Date
  kind: MovementKind
  /** Above zero: into the balance. */
  amount: Rupiah
  reason: string
}>

export type BalanceView = Readonly<{ balance: Rupiah; movements: readonly Movement[] }>

export type NewCustomer = Readonly<{ number: string; name: string; balance: Rupiah }>

/** The balance and its last five movements. */
export async function readBalance(database: Database, userId: UserId): Promise<BalanceView> {
  const { sql } = database
  const rows = await database.ask(
    "read_balance",
    () => sql<{ balance: Rupiah; at: Date | null; kind: MovementKind; amount: Rupiah; reason: string }[]>`
      select users.balance, latest.at, latest.amount,
             case
               when kind = 'sale' and amount > 0 then 'surplus'
               when kind = 'late_payment' and key like 'receipt:%' then 'paid_twice'
               when kind = 'late_payment' then (
                 select case resolution
                          when 'underpaid_balance' then 'underpaid'
                          when 'already_paid_balance' then 'paid_twice'
                          else kind
                        end
                   from payments
                  where id = split_part(key, ':', 2)::bigint
               )
               when kind = 'refund' and key like 'warranty:%' then 'warranty'
               when kind = 'refund' and amount < 0 then 'sent_back'
               else kind
             end as kind,
             -- What an operator wrote about money that was looked at, or in a chat, is for the record.
             case
               when kind in ('refund', 'found_payment') or key like 'adjust:%' then ''
               else reason
             end as reason
        from users
        left join lateral (
          select ledger_entries.id, created_at as at, key, kind::text, amount, reason
            from ledger_entries
            join ledger_transactions on ledger_transactions.id = ledger_entries.transaction_id
           where ledger_entries.user_id = users.id
           order by ledger_entries.id desc
           limit 5
        ) as latest on true
       where users.id = ${userId}
       order by latest.id desc
    `,
  )
  const balance = rows[0]?.balance ?? (0 as Rupiah)
  const movements = rows.flatMap(({ at, kind, amount, reason }) => (at ? [{ at, kind, amount, reason }] : []))
  return { balance, movements }
}

export async function setLanguage(database: Database, userId: UserId, language: Language): Promise<void> {
  const { sql } = database
  await database.ask("set_language", () => sql`update users set language = ${language} where id = ${userId}`)
}

/**
 * Makes exactly the given numbers owners, creating those who never wrote; who was one before is a customer
 * again. Without a number it changes nothing. Idempotent, and on the record.
 */
export async function appointOwners(database: Database, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return
  const { sql } = database
  const given = [...numbers]
  await database.ask(
    "appoint_owners",
    () => sql`
      with dismissed as (
        update users
           set role = 'customer'
         where role = 'owner'
           and coalesce(number <> all (${given}::text[]), true)
        returning id, 'dismiss_owner' as action
      ), appointed as (
        insert into users (number, role)
        select distinct number, 'owner' from unnest(${given}::text[]) as number
        on conflict (number) do update set role = 'owner' where users.role <> 'owner'
        returning id, 'appoint_owner' as action
      )
      insert into audit_log (actor, action, subject)
      select 'configuration', action, 'user:' || id
        from (select * from dismissed union all select * from appointed) as changed
    `,
  )
}

/** Those of the given owners to whom nothing can be told, because they never wrote. */
export async function findSilentOwners(
  database: Database,
  numbers: readonly string[],
): Promise<readonly string[]> {
  const { sql } = database
  const rows = await database.ask(
    "silent_owners",
    () => sql<{ number: string }[]>`
      select given.number
        from unnest(${[...numbers]}::text[]) with ordinality as given (number, place)
        left join users on users.number = given.number
       where last_channel_of(users.id) is null
       order by given.place
    `,
  )
  return rows.map(({ number }) => number)
}

/**
 * Adds customers with their opening balances, all in one transaction. Those whose number is known are left as
 * they are and returned.
 */
export async function addCustomers(
  database: Database,
  customers: readonly NewCustomer[],
): Promise<{ added: number; known: readonly string[] }> {
  const { sql } = database
  return await database.ask("add_customers", () =>
    sql.begin(async (transaction) => {
      const added = await transaction<{ id: UserId; number: string }[]>`
        insert into users (number, name)
        select number, name
          from unnest(
            ${customers.map(({ number }) => number)}::text[], ${customers.map(({ name }) => name)}::text[]
          ) as given(number, name)
        on conflict (number) do nothing
        returning id, number
      `
      const ids = new Map(added.map(({ id, number }) => [number, id]))
      const opening = customers.flatMap(({ number, balance }) => {
        const id = ids.get(number)
        return id !== undefined && balance > 0 ? [{ id, balance }] : []
      })
      await transaction`
        select book('user:' || id || ':opening', 'opening', '', null, 'opening', null, 'customer', id, balance)
          from unnest(
            ${opening.map(({ id }) => id)}::bigint[], ${opening.map(({ balance }) => balance)}::bigint[]
          ) as given(id, balance)
      `
      const known = customers.filter(({ number }) => !ids.has(number)).map(({ number }) => number)
      return { added: added.length, known }
    }),
  )
}
