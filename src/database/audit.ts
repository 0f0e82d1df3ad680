import type { Rupiah } from "../shop/money.ts"
import { accountChecks } from "./audit-accounts.ts"
import { customerChecks } from "./audit-customers.ts"
import { goodsChecks } from "./audit-goods.ts"
import { moneyChecks } from "./audit-money.ts"
import { paymentChecks } from "./audit-payments.ts"
import { returnChecks } from "./audit-returns.ts"
import { staticChecks } from "./audit-static.ts"
import { voucherChecks } from "./audit-vouchers.ts"
import { type Database, DatabaseUnavailable, isUnavailable, type Statements } from "./connect.ts"

/** How many were looked at, and how many of them break the promise. */
export type Tally = Readonly<{ count: number; violations: number }>

/** One promise of the database, as one statement. */
export type AuditCheck = Readonly<{
  /** Stable: monitoring knows it by this. */
  name: string
  /** What holds when there is no violation, as an end of "✓ …". */
  promise: string
  tally: (sql: Statements) => PromiseLike<readonly Tally[]>
}>

export type AuditedCheck = Readonly<{ name: string; promise: string }> & Tally

export type AuditTotals = Readonly<{
  orders: number
  ordersByStatus: Readonly<Record<string, number>>
  units: Readonly<{ available: number; held: number; sold: number }>
  customers: number
  balances: Rupiah
  revenue: Rupiah
  ledgerTransactions: number
  /** What each provider has of us, by its name. */
  clearing: Readonly<Record<string, Rupiah>>
  /** Promised back to payers, and not confirmed by a provider yet. */
  refundsDue: Rupiah
  losses: Rupiah
  /** Not wrong, but somebody has to look at them. */
  reviewsOpen: number
  messagesGivenUp: number
  /**
   * Messages that a process has been holding for over a minute which is gone; the next start takes them over.
   */
  abandonedClaims: number
}>

export type Audit = Readonly<{ ok: boolean; checks: readonly AuditedCheck[]; totals: AuditTotals }>

const checks: readonly AuditCheck[] = [
  ...moneyChecks,
  ...paymentChecks,
  ...staticChecks,
  ...returnChecks,
  ...accountChecks,
  ...goodsChecks,
  ...voucherChecks,
  ...customerChecks,
]

/**
 * Checks every invariant in one read-only snapshot, so that it is consistent beside a running shop. Bounded
 * by five minutes a check, not by `ask`. Throws `DatabaseUnavailable`.
 */
export async function auditDatabase(database: Database): Promise<Audit> {
  try {
    return await database.sql.begin("isolation level repeatable read read only", async (transaction) => {
      await transaction`set local statement_timeout = '5min'`
      await transaction`set local work_mem = '32MB'`
      return await auditSnapshot(transaction)
    })
  } catch (error) {
    if (isUnavailable(error)) throw new DatabaseUnavailable("PostgreSQL: audit", { cause: error })
    throw error
  }
}

/** The same of what one transaction sees, its own changes included. */
export async function auditSnapshot(transaction: Statements): Promise<Audit> {
  const audited: AuditedCheck[] = []
  for (const { name, promise, tally } of checks) {
    const [result] = await tally(transaction)
    if (!result) throw new Error(`the check ${name} answered nothing`)
    audited.push({ name, promise, ...result })
  }
  const ok = audited.every(({ violations }) => violations === 0)
  return { ok, checks: audited, totals: await readTotals(transaction) }
}

async function readTotals(sql: Statements): Promise<AuditTotals> {
  const [row] = await sql<AuditTotals[]>`
    with by_status as (
      select status, count(*) as count from orders group by status
    ), by_state as (
      select state, count(*) as count from stock_units group by state
    ), by_provider as (
      select substr(account, 10) as provider, -sum(amount) as amount
        from ledger_entries
       where account like 'clearing:%'
       group by account
    ), process_alive as (
      select objid::bigint as id
        from pg_locks
       where locktype = 'advisory'
         and granted
         and database = (select oid from pg_database where datname = current_database())
         and classid::bigint = process_lock_class()::bigint & 4294967295
    ), claims as (
      select claimed_by, received_at as at from inbox where state = 'working'
      union all
      select claimed_by, created_at from outbox where state = 'sending'
    )
    select
      (select count(*) from orders) as orders,
      (select coalesce(jsonb_object_agg(status, count), '{}') from by_status) as "ordersByStatus",
      (select jsonb_build_object('available', 0, 'held', 0, 'sold', 0)
              || coalesce(jsonb_object_agg(state, count), '{}') from by_state) as units,
      (select count(*) from users where united_into is null) as customers,
      (select coalesce(sum(balance), 0)::bigint from users) as balances,
      (select coalesce(sum(amount), 0)::bigint from ledger_entries where account = 'revenue') as revenue,
      (select count(*) from ledger_transactions) as "ledgerTransactions",
      (select coalesce(jsonb_object_agg(provider, amount), '{}') from by_provider) as clearing,
      (select coalesce(sum(amount), 0)::bigint
         from ledger_entries where account = 'refunds_due') as "refundsDue",
      (select coalesce(-sum(amount), 0)::bigint from ledger_entries where account = 'losses') as losses,
      (select count(*) from reviews where decision is null) as "reviewsOpen",
      (select count(*) from outbox
        where state = 'given_up' and failure is distinct from 'refunded') as "messagesGivenUp",
      (select count(*) from claims
        where at < now() - interval '1 minute'
          and claimed_by not in (select id from process_alive)) as "abandonedClaims"
  `
  if (!row) throw new Error("the totals of the shop could not be read")
  return row
}
