import type { Database } from "./connect.ts"

/** How PostgreSQL itself is. */
export type ServerVitals = Readonly<{
  version: string
  /** False: what was sold may be forgotten after a power cut. */
  durable: boolean
  now: Date
}>

/** What somebody should look at in a shop whose tables are there. */
export type ShopVitals = Readonly<{
  products: number
  /** Codes, the emptiest first. */
  low: ReadonlyArray<{ code: string; kind: "digital" | "physical"; free: number }>
  /** Of all that are short. */
  lowCount: number
  messagesGivenUp: number
  /** The newest thing the shop has written down; null when it is empty. */
  latestRecord: Date | null
}>

export async function readServerVitals(database: Database): Promise<ServerVitals> {
  const { sql } = database
  const rows = await database.ask(
    "server_vitals",
    () => sql<ServerVitals[]>`
      select current_setting('server_version') as version,
             current_setting('fsync')::boolean
               and current_setting('full_page_writes')::boolean
               and current_setting('synchronous_commit') <> 'off' as durable,
             clock_timestamp() as now
    `,
  )
  const vitals = rows[0]
  if (!vitals) throw new Error("PostgreSQL did not say how it is")
  return vitals
}

export async function readShopVitals(
  database: Database,
  { lowMax }: { lowMax: number },
): Promise<ShopVitals> {
  const { sql } = database
  const rows = await database.ask(
    "shop_vitals",
    () => sql<ShopVitals[]>`
      with stock as (
        select code, kind, free_stock(id) as free, low_stock_at
          from products
         where hidden_at is null
      ), low as (
        select code, kind, free
          from stock
         where free <= low_stock_at
         order by free, code
         limit ${lowMax}
      )
      select
        (select count(*) from stock) as products,
        (select coalesce(jsonb_agg(low), '[]') from low) as low,
        (select count(*) from stock where free <= low_stock_at) as "lowCount",
        (select count(*) from outbox
          where state = 'given_up' and failure is distinct from 'refunded') as "messagesGivenUp",
        greatest(
          (select at from events order by id desc limit 1),
          (select created_at from ledger_transactions order by id desc limit 1)
        ) as "latestRecord"
    `,
  )
  const vitals = rows[0]
  if (!vitals) throw new Error("PostgreSQL did not say how the shop is")
  return vitals
}
