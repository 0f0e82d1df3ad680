import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"
import { inSnapshot } from "./snapshot.ts"

/** What was moved over one account: debits lessen what the shop owes or has earned, credits add to it. */
export type AccountBalance = Readonly<{ account: string; debits: Rupiah; credits: Rupiah; balance: Rupiah }>

export type TrialBalance = Readonly<{
  accounts: readonly AccountBalance[]
  debits: Rupiah
  credits: Rupiah
  /** The sum of the customers' balances, which their account has to equal. */
  owedToCustomers: Rupiah
}>

/** One entry of the ledger with what its transaction says; either `debit` or `credit` is above zero. */
export type LedgerLine = Readonly<{
  /** In the shop's zone, as YYYY-MM-DD and HH:MM:SS. */
  date: string
  time: string
  transaction: number
  key: string
  kind: string
  orderCode: string | null
  /** The number of the customer whose balance it moves; a LID where there is none. */
  customer: string | null
  account: string
  debit: Rupiah
  credit: Rupiah
  reason: string
  /** Of the charge at the payment provider, where the transaction is about one. */
  reference: string | null
}>

/** Days as YYYY-MM-DD in the shop's zone, both included. */
export type DayRange = Readonly<{ from: string; to: string }>

const linesAtOnce = 1_000

/**
 * What each account holds, in one snapshot. Bounded by five minutes a statement, not by `ask`. Throws
 * `DatabaseUnavailable`.
 */
export async function readTrialBalance(database: Database): Promise<TrialBalance> {
  return await inSnapshot(database, "trial_balance", async (transaction) => {
    const accounts = await transaction<AccountBalance[]>`
      select account,
             coalesce(-sum(amount) filter (where amount < 0), 0)::bigint as debits,
             coalesce(sum(amount) filter (where amount > 0), 0)::bigint as credits,
             sum(amount)::bigint as balance
        from ledger_entries
       group by account
       order by account
    `
    const [sums] = await transaction<{ debits: Rupiah; credits: Rupiah; owedToCustomers: Rupiah }[]>`
      select coalesce(-sum(amount) filter (where amount < 0), 0)::bigint as debits,
             coalesce(sum(amount) filter (where amount > 0), 0)::bigint as credits,
             (select coalesce(sum(balance), 0)::bigint from users) as "owedToCustomers"
        from ledger_entries
    `
    if (!sums) throw new Error("the ledger could not be summed")
    return { accounts: [...accounts], ...sums }
  })
}

/**
 * Hands over each entry of transactions booked on these days, oldest first, some at a time, until `take`
 * answers false. One snapshot, so that the debits it has handed over in the end equal the credits. Each
 * hand-over is bounded, the whole is not: it takes as long as its reader. Throws `DatabaseUnavailable`.
 */
export async function readLedger(
  database: Database,
  { from, to }: DayRange,
  take: (lines: readonly LedgerLine[]) => Promise<boolean>,
): Promise<void> {
  await inSnapshot(database, "ledger_export", async (transaction) => {
    const pages = transaction<LedgerLine[]>`
      select to_char(booked.created_at at time zone (select shop_zone()), 'YYYY-MM-DD') as date,
             to_char(booked.created_at at time zone (select shop_zone()), 'HH24:MI:SS') as time,
             booked.id as transaction,
             booked.key,
             booked.kind,
             orders.code as "orderCode",
             coalesce(customer.number, (
               select lid from lids where user_id = customer.id order by seen_at desc limit 1
             )) as customer,
             entry.account,
             greatest(-entry.amount, 0) as debit,
             greatest(entry.amount, 0) as credit,
             booked.reason,
             charge.reference
        from ledger_transactions as booked
        join ledger_entries as entry on entry.transaction_id = booked.id
        left join orders on orders.id = booked.order_id
        left join users as booked_for on booked_for.id = entry.user_id
        left join users as customer on customer.id = coalesce(booked_for.united_into, booked_for.id)
        left join lateral (
          select payments.reference
            from payments
           where booked.key ~ '^[a-z]+:[0-9]{1,18}(:|$)'
             and payments.id = case split_part(booked.key, ':', 1)
             when 'payment' then split_part(booked.key, ':', 2)::bigint
             when 'receipt' then (
               select payment_id from receipts where id = split_part(booked.key, ':', 2)::bigint
             )
             when 'reversal' then (
               select receipts.payment_id
                 from reversals
                 join receipts on receipts.id = reversals.receipt_id
                where reversals.id = split_part(booked.key, ':', 2)::bigint
             )
             when 'refund' then (
               select payment_id from refunds where id = split_part(booked.key, ':', 2)::bigint
             )
           end
        ) as charge on true
       where booked.created_at >= ${from}::date::timestamp at time zone (select shop_zone())
         and booked.created_at < (${to}::date + 1)::timestamp at time zone (select shop_zone())
       order by booked.created_at, booked.id, entry.id
    `.cursor(linesAtOnce)
    for await (const lines of pages) if (!(await take(lines))) break
  })
}
