import type { UserId } from "../shop/ids.ts"
import type { Database, Statements } from "./connect.ts"

/** What became of the wish to hear when a product is back. */
export type AskedForRestock =
  | Readonly<{ kind: "noted" | "noted_before"; code: string; name: string }>
  | Readonly<{ kind: "in_stock"; code: string; name: string; left: number }>
  | Readonly<{ kind: "unknown_product" }>
  | Readonly<{ kind: "too_many"; max: number }>

export type ToldOfRestock = Readonly<{ code: string; told: number }>

export type RestockAlert = Readonly<{ code: string; name: string }>

/** Notes that a customer waits for a product; asked again, it changes nothing. */
export async function askForRestock(
  statements: Statements,
  given: { userId: UserId; code: string; openMax: number },
): Promise<AskedForRestock> {
  const rows = await statements<{ asked: AskedForRestock }[]>`
    select ask_for_restock(${given.userId}, ${given.code}, ${given.openMax}) as asked
  `
  return rows[0]?.asked ?? { kind: "unknown_product" }
}

/** What a customer waits for, the longest first. */
export async function listRestockAlerts(statements: Statements, userId: UserId): Promise<RestockAlert[]> {
  return await statements<RestockAlert[]>`
    select products.code, products.name
      from restock_alerts
      join products on products.id = restock_alerts.product_id
     where restock_alerts.user_id = ${userId}
     order by restock_alerts.asked_at, restock_alerts.id
     limit 100
  `
}

/** False when the customer did not wait for it. */
export async function endRestockAlert(
  statements: Statements,
  given: { userId: UserId; code: string },
): Promise<boolean> {
  const rows = await statements`
    delete from restock_alerts
     using products
     where products.id = restock_alerts.product_id
       and products.code = ${given.code}
       and restock_alerts.user_id = ${given.userId}
    returning restock_alerts.id
  `
  return rows.length > 0
}

/**
 * Promises word to those who wait for what is there again, and last wrote on one of the `channels`; returns
 * how many of them, by the product. At most `underwayMax` such words wait there to be sent at a time, and
 * three for each unit are promised in one wave. Idempotent: everybody is told once.
 */
export async function tellRestocked(
  database: Database,
  given: { channels: readonly string[]; underwayMax: number; waveSeconds: number },
): Promise<readonly ToldOfRestock[]> {
  const { sql } = database
  return await database.ask(
    "tell_restocked",
    () => sql<ToldOfRestock[]>`
      select code, told
        from tell_restocked(${[...given.channels]}::text[], ${given.underwayMax}, ${given.waveSeconds})
    `,
  )
}
