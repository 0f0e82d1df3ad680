import type { Statements } from "./connect.ts"

/** What there is of a product: free to sell, held by unpaid orders, and sold so far. */
export type StockLevel = Readonly<{
  code: string
  name: string
  kind: "digital" | "physical"
  isHidden: boolean
  isLow: boolean
  free: number
  held: number
  sold: number
}>

export type StockPage = Readonly<{ levels: readonly StockLevel[]; page: number; pages: number }>

/** A page of all products: low ones first, those off sale last. A page beyond the last is the last. */
export async function listStockLevels(
  statements: Statements,
  given: { page: number; pageSize: number },
): Promise<StockPage> {
  const [counted] = await statements<{ products: number }[]>`
    select count(*)::integer as products
      from products
     where not is_retired_demo(products)
  `
  const pages = Math.max(1, Math.ceil((counted?.products ?? 0) / given.pageSize))
  const page = Math.min(given.page, pages)
  const levels = await statements<StockLevel[]>`
    with counted as (
      select id, code, name, kind,
             hidden_at is not null as is_hidden,
             free_stock(id) as free,
             low_stock_at
        from products
       where not is_retired_demo(products)
    ), shown as (
      select *, not is_hidden and free <= low_stock_at as is_low
        from counted
       order by is_hidden,
                is_low desc,
                case when free <= low_stock_at then free end,
                code
       limit ${given.pageSize}
      offset ${(page - 1) * given.pageSize}
    )
    select code, name, kind, is_hidden as "isHidden", is_low as "isLow", free,
           held_stock(id) as held,
           sold_stock(id) as sold
      from shown
     order by is_hidden, is_low desc, case when is_low then free end, code
  `
  return { levels, page, pages }
}

/** What there is of one product; undefined when there is no such product. */
export async function findStockLevel(
  statements: Statements,
  productId: number,
): Promise<StockLevel | undefined> {
  const rows = await statements<StockLevel[]>`
    select code, name, kind,
           hidden_at is not null as "isHidden",
           free_stock(id) <= low_stock_at as "isLow",
           free_stock(id) as free,
           held_stock(id) as held,
           sold_stock(id) as sold
      from products
     where id = ${productId}
  `
  return rows[0]
}

/** The last goods that came in one paste or file and are not all gone; undefined when none is free. */
export async function findLastBatch(
  statements: Statements,
  productId: number,
): Promise<Readonly<{ batch: string; units: number; addedAt: Date }> | undefined> {
  const [row] = await statements<{ batch: string; units: number; addedAt: Date }[]>`
    select batch, count(*)::integer as units, max(added_at) as "addedAt"
      from stock_units
     where product_id = ${productId}
       and state = 'available'
     group by batch
     order by max(id) desc
     limit 1
  `
  return row
}

/** Takes a batch's free units away; held and sold ones stay with their orders. Returns how many. */
export async function removeFreeUnits(
  statements: Statements,
  { productId, batch }: { productId: number; batch: string },
): Promise<number> {
  const rows = await statements`
    delete from stock_units
     where product_id = ${productId}
       and batch = ${batch}
       and state = 'available'
    returning id
  `
  return rows.length
}

/** Counts physical goods anew. The caller holds the product, and has looked whether they may be so many. */
export async function setPhysicalStock(
  statements: Statements,
  productId: number,
  stock: number,
): Promise<void> {
  await statements`update products set stock = ${stock}, updated_at = now() where id = ${productId}`
}
