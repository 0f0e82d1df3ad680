import type { Statements } from "./connect.ts"

/**
 * Takes the demo's products off sale for good, when the shop gets its own: hidden under another code, so that
 * their made-up units are never sold for a real product of the same code. Returns the codes they had.
 */
export async function retireDemo(statements: Statements): Promise<readonly string[]> {
  const retired = await statements<{ code: string }[]>`
    with demo as (
      select id, code
        from products
       where data @> '{"demo": true}'
         and not is_retired_demo(products)
       order by id
         for update
    )
    update products
       set hidden_at = now(),
           code = 'DEMO-' || products.id || '-' || left(products.code, 12)
      from demo
     where products.id = demo.id
    returning demo.code
  `
  return retired.map(({ code }) => code)
}
