import { type Database, DatabaseUnavailable, isUnavailable, type Statements } from "./connect.ts"

/** A unit ready to be stored: sealed, with the keyed hash that finds it again. */
export type SealedUnit = Readonly<{ payload: Uint8Array; fingerprint: Uint8Array }>

export type AddedStock =
  | Readonly<{ kind: "added"; added: number; duplicates: number }>
  | Readonly<{ kind: "unknown_product" }>
  | Readonly<{ kind: "not_digital" }>

/** Puts units on sale in one transaction; those already known to the product are skipped and counted. */
export async function addUnits(
  database: Database,
  code: string,
  units: readonly SealedUnit[],
  batch: string,
): Promise<AddedStock> {
  const product = await findForStock(database, code)
  if ("kind" in product) return product
  const added = await database.ask("add_units", () => insertUnits(database.sql, product.id, units, batch))
  return { kind: "added", added, duplicates: units.length - added }
}

/**
 * The same for more units than are held in memory at once, still in one transaction: an error from `batches`
 * undoes it all. It may take longer than `ask` lets a statement take.
 */
export async function addUnitBatches(
  database: Database,
  code: string,
  batches: AsyncIterable<readonly SealedUnit[]>,
  batch: string,
): Promise<AddedStock> {
  const product = await findForStock(database, code)
  if ("kind" in product) return product
  try {
    return await database.sql.begin(async (transaction) => {
      let added = 0
      let given = 0
      for await (const units of batches) {
        added += await insertUnits(transaction, product.id, units, batch)
        given += units.length
      }
      const counts = { added, duplicates: given - added }
      await transaction`
        insert into audit_log (actor, action, subject, details)
        values (
           'shell', 'import_stock', ${`product:${product.id}`}, ${transaction.json({ ...counts, batch })}
         )
      `
      return { kind: "added" as const, ...counts }
    })
  } catch (error) {
    if (isUnavailable(error)) throw new DatabaseUnavailable("PostgreSQL: import_stock", { cause: error })
    throw error
  }
}

async function findForStock(
  database: Database,
  code: string,
): Promise<{ id: number } | Exclude<AddedStock, { kind: "added" }>> {
  const { sql } = database
  const found = await database.ask(
    "find_product_for_stock",
    () => sql<{ id: number; kind: string }[]>`select id, kind from products where code = ${code}`,
  )
  const product = found[0]
  if (!product) return { kind: "unknown_product" }
  return product.kind === "digital" ? { id: product.id } : { kind: "not_digital" }
}

/** Puts units on sale with the caller's statements; returns how many of them the product did not have. */
export async function insertUnits(
  sql: Statements,
  productId: number,
  units: readonly SealedUnit[],
  batch: string,
): Promise<number> {
  const rows = await sql`
    insert into stock_units (product_id, payload, fingerprint, batch)
    select ${productId}, decode(payload, 'base64'), decode(fingerprint, 'base64'), ${batch}
      from unnest(
        ${units.map(({ payload }) => Buffer.from(payload).toString("base64"))}::text[],
        ${units.map(({ fingerprint }) => Buffer.from(fingerprint).toString("base64"))}::text[]
      ) with ordinality as given(payload, fingerprint, place)
     order by place
    on conflict (product_id, fingerprint) do nothing
    returning id
  `
  return rows.length
}
