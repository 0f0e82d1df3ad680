import type { Database } from "./connect.ts"

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
  const { sql } = database
  const found = await database.ask(
    "find_product_for_stock",
    () => sql<{ id: number; kind: string }[]>`select id, kind from products where code = ${code}`,
  )
  const product = found[0]
  if (!product) return { kind: "unknown_product" }
  if (product.kind !== "digital") return { kind: "not_digital" }
  const rows = await database.ask(
    "add_units",
    () => sql`
      insert into stock_units (product_id, payload, fingerprint, batch)
      select ${product.id}, decode(payload, 'base64'), decode(fingerprint, 'base64'), ${batch}
        from unnest(
          ${units.map(({ payload }) => Buffer.from(payload).toString("base64"))}::text[],
          ${units.map(({ fingerprint }) => Buffer.from(fingerprint).toString("base64"))}::text[]
        ) with ordinality as given(payload, fingerprint, place)
       order by place
      on conflict (product_id, fingerprint) do nothing
      returning id
    `,
  )
  return { kind: "added", added: rows.length, duplicates: units.length - rows.length }
}
