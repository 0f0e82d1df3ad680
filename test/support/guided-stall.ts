import { saveProducts } from "../../src/database/products.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { ShopProcess } from "./shop-process.ts"
import type { Stall } from "./stall.ts"

/** One customer who writes to a shop, message by message. */
export type Talk = Readonly<{
  from: string
  /** Says something and returns the first reply to it. */
  say: (text: string) => Promise<string>
}>

/** A new customer in a talk with a shop. */
export async function talkWith(
  { peer, welcome, sql }: Stall,
  shop: Pick<ShopProcess, "url">,
  given: { balance?: number; language?: "id" | "en" } = {},
): Promise<Talk> {
  const [from = ""] = await welcome(1, given.balance ?? 0)
  if (given.language) await sql`update users set language = ${given.language} where number = ${from}`
  return { from, say: async (text) => (await peer.ask(shop.url, from, text)).text }
}

/** Puts a physical product on sale. */
export async function sellParcels(
  { database }: Stall,
  { code, name, price = 20_000, stock = 5 }: { code: string; name: string; price?: number; stock?: number },
): Promise<void> {
  const texts = { category: "Barang", description: "" }
  await saveProducts(database, [{ code, name, price: rupiah(price), kind: "physical", stock, ...texts }])
}

/** The step a customer is at; undefined when they are in the middle of nothing. */
export async function stepOf({ sql }: Stall, { from }: Talk): Promise<string | undefined> {
  const [row] = await sql<{ step: string }[]>`
    select step from conversations join users on users.id = user_id where users.number = ${from}
  `
  return row?.step
}

export type SoldOrder = Readonly<{
  code: string
  status: string
  method: string
  total: number
  delivery: Readonly<Record<string, string>>
}>

export async function ordersOf({ sql }: Stall, { from }: Talk): Promise<readonly SoldOrder[]> {
  return await sql<SoldOrder[]>`
    select code, status, method, total, delivery
      from orders
     where user_id = (select id from users where number = ${from})
     order by id
  `
}
