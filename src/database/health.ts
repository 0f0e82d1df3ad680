import type { Rupiah } from "../shop/money.ts"
import type { Database } from "./connect.ts"
import { pendingMigrations } from "./migrate.ts"

export type BusinessFigures = Readonly<{
  revenue: Rupiah
  orders: Readonly<Record<string, number>>
  lowStockProducts: number
  activeUsers: number
}>

/** Throws when PostgreSQL does not answer; else the names of migrations that are still to be applied. */
export async function checkDatabase(database: Database): Promise<string[]> {
  return await database.ask("check_database", () => pendingMigrations(database.sql))
}

/** The figures that all processes of the shop share. */
export async function readBusinessFigures(database: Database): Promise<BusinessFigures> {
  const { sql } = database
  const rows = await database.ask(
    "business_figures",
    () => sql<BusinessFigures[]>`
      select
        coalesce((
          select sum(amount)
            from ledger_entries
            join ledger_transactions on ledger_transactions.id = transaction_id
           where account = 'revenue'
             and kind = 'sale'
        ), 0)::bigint as revenue,
        coalesce(
          (select jsonb_object_agg(status, count)
             from (select status, count(*) as count from orders group by status) as by_status),
          '{}'
        ) as orders,
        (select count(*) from products
          where hidden_at is null and free_stock(id) <= low_stock_at)::integer as "lowStockProducts",
        (select count(distinct user_id) from inbox
          where received_at > now() - interval '24 hours')::integer as "activeUsers"
    `,
  )
  const figures = rows[0]
  if (!figures) throw new Error("the figures of the shop could not be read")
  return figures
}
