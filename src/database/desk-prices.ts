import type { Rupiah } from "../shop/money.ts"
import type { SpecialPrice } from "../shop/prices.ts"
import type { Statements } from "./connect.ts"

export async function listPriceSteps(statements: Statements, productId: number): Promise<SpecialPrice[]> {
  return await statements<SpecialPrice[]>`
    select role, min_quantity as "minQuantity", price
      from product_prices
     where product_id = ${productId}
     order by role, min_quantity
  `
}

/** Sets the product's own price. Steps that would lie above it go; returns them. */
export async function setOwnPrice(
  statements: Statements,
  productId: number,
  price: Rupiah,
): Promise<SpecialPrice[]> {
  await statements`update products set price = ${price}, updated_at = now() where id = ${productId}`
  return await statements<SpecialPrice[]>`
    delete from product_prices
     where product_id = ${productId}
       and price > ${price}
    returning role, min_quantity as "minQuantity", price
  `
}

export async function savePriceStep(
  statements: Statements,
  productId: number,
  step: SpecialPrice,
): Promise<void> {
  await statements`
    insert into product_prices (product_id, role, min_quantity, price)
    values (${productId}, ${step.role}, ${step.minQuantity}, ${step.price})
    on conflict (product_id, role, min_quantity) do update set price = excluded.price
  `
}

/** Returns the price that was there, if one was. */
export async function removePriceStep(
  statements: Statements,
  productId: number,
  { role, minQuantity }: Omit<SpecialPrice, "price">,
): Promise<Rupiah | undefined> {
  const [row] = await statements<{ price: Rupiah }[]>`
    delete from product_prices
     where product_id = ${productId}
       and role = ${role}
       and min_quantity = ${minQuantity}
    returning price
  `
  return row?.price
}
