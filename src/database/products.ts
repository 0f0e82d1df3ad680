import type { Rupiah } from "../shop/money.ts"
import type { SpecialPrice } from "../shop/prices.ts"
import type { Database } from "./connect.ts"

/** What customers see of a product, without its stock, which changes with each sale. */
export type Product = Readonly<{
  code: string
  name: string
  price: Rupiah
  category: string
  description: string
  kind: "digital" | "physical"
  /** 0 is none. */
  warrantyDays: number
  /** Below the price: for a role, or from a quantity on. Absent in what an older version cached. */
  prices?: readonly SpecialPrice[]
  /** How many were sold and kept, as of the last count. Absent in what an older version cached. */
  sold?: number
  /** On sale for two weeks at most. Absent in what an older version cached. */
  isNew?: boolean
}>

/**
 * `demo`: made up, and to go when the shop gets its own catalogue. Without `warrantyDays` a known product keeps
 * its own.
 */
export type NewProduct = Omit<Product, "warrantyDays" | "prices" | "sold" | "isNew"> &
  Readonly<{ stock: number; demo?: boolean; warrantyDays?: number | undefined }>

/** Every product on sale, by code. */
export async function listProducts(database: Database): Promise<Product[]> {
  const { sql } = database
  return await database.ask(
    "list_products",
    () => sql<Product[]>`
      select code, name, price, category, description, kind, warranty_days as "warrantyDays",
             special_prices(id) as prices, sold_of(id) as sold, is_new(products) as "isNew"
        from products
       where hidden_at is null
       order by category = '', category, code
       limit 5000
    `,
  )
}

export async function findProduct(database: Database, code: string): Promise<Product | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_product",
    () => sql<Product[]>`
      select code, name, price, category, description, kind, warranty_days as "warrantyDays",
             special_prices(id) as prices, sold_of(id) as sold, is_new(products) as "isNew"
        from products
       where code = ${code}
         and hidden_at is null
    `,
  )
  return rows[0]
}

/** Units free to sell right now, by code; a code that is not on sale is left out. */
export async function countStock(
  database: Database,
  codes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { sql } = database
  const rows = await database.ask(
    "count_stock",
    () => sql<{ code: string; free: number }[]>`
      select code, free_stock(id) as free
        from products
       where code = any (${[...codes]}::text[])
         and hidden_at is null
    `,
  )
  return new Map(rows.map(({ code, free }) => [code, free]))
}

/** Adds products, or changes those whose code is known, all in one transaction. Returns how many of each. */
export async function saveProducts(
  database: Database,
  products: readonly NewProduct[],
): Promise<{ added: number; changed: number }> {
  const { sql } = database
  const rows = await database.ask(
    "save_products",
    () => sql<{ added: boolean }[]>`
      insert into products (code, name, price, category, description, kind, stock, data, warranty_days)
      select code, given.name, given.price, given.category, given.description, given.kind, given.stock,
             case when demo then '{"demo": true}'::jsonb else '{}' end,
             case given.kind when 'digital' then coalesce("warrantyDays", known.warranty_days, 0) else 0 end
        from jsonb_to_recordset(${sql.json(products.map((product) => ({ ...product })))}) as given(
          code text, name text, price bigint, category text, description text, kind text, stock integer,
          demo boolean, "warrantyDays" integer
        )
        left join products as known using (code)
      on conflict (code) do update
         set name = excluded.name,
             price = excluded.price,
             category = excluded.category,
             description = excluded.description,
             stock = case products.kind when 'physical' then excluded.stock else 0 end,
             warranty_days = excluded.warranty_days,
             updated_at = now()
       where products.kind = excluded.kind
      returning xmax = 0 as added
    `,
  )
  const added = rows.filter((row) => row.added).length
  return { added, changed: rows.length - added }
}

export async function countProducts(database: Database): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "count_products",
    () => sql<{ count: number }[]>`select count(*)::integer as count from products`,
  )
  return rows[0]?.count ?? 0
}
