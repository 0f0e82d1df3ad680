import type { Rupiah } from "../shop/money.ts"
import type { Statements } from "./connect.ts"
import { retireDemo } from "./retire-demo.ts"

/** A product as its seller sees it. What is left of the demo is no product to them. */
export type DeskProduct = Readonly<{
  id: number
  code: string
  name: string
  price: Rupiah
  category: string
  description: string
  kind: "digital" | "physical"
  warrantyDays: number
  maxQuantity: number
  lowStockAt: number
  isHidden: boolean
  isDemo: boolean
  /** Free to sell. */
  free: number
}>

export type NewDeskProduct = Pick<
  DeskProduct,
  "code" | "name" | "price" | "category" | "description" | "kind"
> &
  Readonly<{ stock: number }>

/** What is absent stays. */
export type ProductPatch = Partial<
  Pick<DeskProduct, "name" | "category" | "description" | "warrantyDays" | "maxQuantity" | "lowStockAt">
>

/** Keeps the product from being changed by others until the transaction ends. */
export async function holdDeskProduct(
  statements: Statements,
  code: string,
): Promise<DeskProduct | undefined> {
  await statements`select from products where code = ${code} for no key update`
  return await findDeskProduct(statements, code)
}

export async function findDeskProduct(
  statements: Statements,
  code: string,
): Promise<DeskProduct | undefined> {
  const rows = await statements<DeskProduct[]>`
    select id, code, name, price, category, description, kind,
           warranty_days as "warrantyDays",
           max_quantity as "maxQuantity",
           low_stock_at as "lowStockAt",
           hidden_at is not null as "isHidden",
           data @> '{"demo": true}' as "isDemo",
           free_stock(id) as free
      from products
     where code = ${code}
       and not is_retired_demo(products)
  `
  return rows[0]
}

/** Codes that a mistyped one may have meant, also of products that are off sale. */
export async function findNearCodes(statements: Statements, code: string): Promise<readonly string[]> {
  const rows = await statements<{ code: string }[]>`
    select code
      from products
     where not is_retired_demo(products)
       and (starts_with(code, ${code.slice(0, 3)}) or strpos(code, ${code}) > 0)
     order by code
     limit 3
  `
  return rows.map((row) => row.code)
}

/**
 * Puts a new product on sale. The demo's go off sale with the first real one; a code of theirs is free.
 * Undefined when the code is taken.
 */
export async function addDeskProduct(
  statements: Statements,
  product: NewDeskProduct,
): Promise<Readonly<{ id: number; retired: readonly string[] }> | undefined> {
  const retired = await retireDemo(statements)
  const [row] = await statements<{ id: number }[]>`
    insert into products (code, name, price, category, description, kind, stock)
    values (
      ${product.code}, ${product.name}, ${product.price}, ${product.category}, ${product.description},
      ${product.kind}, ${product.stock}
    )
    on conflict (code) do nothing
    returning id
  `
  return row && { id: row.id, retired }
}

export async function patchProduct(statements: Statements, id: number, patch: ProductPatch): Promise<void> {
  await statements`
    update products
       set name = coalesce(${patch.name ?? null}, name),
           category = coalesce(${patch.category ?? null}, category),
           description = coalesce(${patch.description ?? null}, description),
           warranty_days = coalesce(${patch.warrantyDays ?? null}, warranty_days),
           max_quantity = coalesce(${patch.maxQuantity ?? null}, max_quantity),
           low_stock_at = coalesce(${patch.lowStockAt ?? null}, low_stock_at),
           updated_at = now()
     where id = ${id}
  `
}

/** Whether an order ever had it, or there is anything of it. */
export async function isUsed(statements: Statements, id: number): Promise<boolean> {
  const [row] = await statements<{ used: boolean }[]>`
    select exists (select from order_lines where product_id = ${id})
        or exists (select from stock_units where product_id = ${id}) as used
  `
  return row?.used ?? false
}

/** Physical goods have no warranty that works by itself. */
export async function setGoods(
  statements: Statements,
  id: number,
  { kind, stock }: Pick<NewDeskProduct, "kind" | "stock">,
): Promise<void> {
  await statements`
    update products
       set kind = ${kind},
           stock = ${stock},
           warranty_days = case ${kind}::text when 'physical' then 0 else warranty_days end,
           updated_at = now()
     where id = ${id}
  `
}

export async function setHidden(statements: Statements, id: number, isHidden: boolean): Promise<void> {
  await statements`
    update products
       set hidden_at = case when ${isHidden} then now() end,
           updated_at = now()
     where id = ${id}
  `
}

/** Orders that hold or were promised goods of this product, and go on whatever becomes of it. */
export async function countOpenOrders(statements: Statements, id: number): Promise<number> {
  const [row] = await statements<{ open: number }[]>`
    select count(*)::integer as open
      from order_lines
      join orders on orders.id = order_lines.order_id
     where order_lines.product_id = ${id}
       and orders.status in ('awaiting_payment', 'paid', 'packing')
  `
  return row?.open ?? 0
}
