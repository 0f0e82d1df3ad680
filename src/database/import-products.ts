import type { Database, Statements } from "./connect.ts"
import type { Product } from "./products.ts"
import { retireDemo } from "./retire-demo.ts"

/** A product as a file gives it; null leaves a known product as it is, and is empty for a new one. */
export type ProductRow = Readonly<
  Pick<Product, "code" | "name" | "price" | "kind"> & {
    category: string | null
    description: string | null
    stock: number | null
    warrantyDays: number | null
  }
>

export type ImportedProducts =
  /** `retired`: the codes of demo products that were taken off sale. */
  | Readonly<{ kind: "imported"; added: number; changed: number; retired: readonly string[] }>
  /** Nothing was changed: these codes are known with another kind. */
  | Readonly<{ kind: "kind_changed"; kinds: ReadonlyMap<string, Product["kind"]> }>

/**
 * The kinds of those products that are known with another kind than the given one; the demo's don't count.
 */
export async function otherKinds(
  database: Database,
  products: readonly ProductRow[],
): Promise<ReadonlyMap<string, Product["kind"]>> {
  return await database.ask("other_kinds", () => findOtherKinds(database.sql, products))
}

/**
 * Adds products, or changes those whose code is known, and puts them on sale. The demo's products are hidden
 * under another code, so that their made-up units are never sold for a real product of the same code.
 * One transaction.
 */
export async function importProducts(
  database: Database,
  products: readonly ProductRow[],
): Promise<ImportedProducts> {
  const { sql } = database
  return await database.ask("import_products", () =>
    sql.begin(async (transaction): Promise<ImportedProducts> => {
      const given = transaction.json(products.map((product) => ({ ...product })))
      const kinds = await findOtherKinds(transaction, products)
      if (kinds.size > 0) return { kind: "kind_changed", kinds }
      const retired = await retireDemo(transaction)
      const saved = await transaction<{ added: boolean }[]>`
        insert into products (code, name, price, category, description, kind, stock, warranty_days)
        select code, given.name, given.price,
               coalesce(given.category, known.category, ''),
               coalesce(given.description, known.description, ''),
               given.kind,
               case given.kind when 'physical' then coalesce(given.stock, known.stock, 0) else 0 end,
               case given.kind
                 when 'digital' then coalesce(given."warrantyDays", known.warranty_days, 0)
                 else 0
               end
          from jsonb_to_recordset(${given}) as given(
                 code text, name text, price bigint, category text, description text, kind text,
                 stock integer, "warrantyDays" integer
               )
          left join products as known using (code)
        on conflict (code) do update
           set name = excluded.name,
               price = excluded.price,
               category = excluded.category,
               description = excluded.description,
               stock = excluded.stock,
               warranty_days = excluded.warranty_days,
               hidden_at = null,
               updated_at = now()
         where products.kind = excluded.kind
        returning xmax = 0 as added
      `
      if (saved.length < products.length) throw new Error("a product changed its kind during the import")
      const added = saved.filter((row) => row.added).length
      const counts = { added, changed: saved.length - added, retired: retired.length }
      await transaction`
        insert into audit_log (actor, action, subject, details)
        values ('shell', 'import_catalog', 'catalog', ${transaction.json(counts)})
      `
      return { kind: "imported", ...counts, retired }
    }),
  )
}

/** Holds the known products until the transaction ends, so that their stock stands still. */
async function findOtherKinds(
  sql: Statements,
  products: readonly ProductRow[],
): Promise<Map<string, Product["kind"]>> {
  const rows = await sql<{ code: string; kind: Product["kind"]; differs: boolean }[]>`
    select products.code, products.kind, products.kind <> given.kind as differs
      from products
      join unnest(
             ${products.map(({ code }) => code)}::text[], ${products.map(({ kind }) => kind)}::text[]
           ) as given(code, kind) using (code)
     where not products.data @> '{"demo": true}'
     order by products.id
       for update of products
  `
  return new Map(rows.filter(({ differs }) => differs).map(({ code, kind }) => [code, kind]))
}
