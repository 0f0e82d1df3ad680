import { createAnswering } from "../../src/database/answers.ts"
import { claimOutbox, markSent } from "../../src/database/outbox.ts"
import { addUnits } from "../../src/database/stock.ts"
import { claimWarranty, setWarranty, type WarrantyPolicy } from "../../src/database/warranty.ts"
import { newCustomer, newProduct, order, say, someProcess, type TestTables, userIdOf } from "./selling.ts"

export type Bought = Readonly<{ number: string; productCode: string; orderCode: string }>

/** What tests of the warranty do in a shop's tables: sell under warranty, deliver, and claim. */
export function warrantyDesk(tables: TestTables) {
  const { database, sql } = tables

  /** A new digital product under warranty, with this many units. */
  async function newWarranted(units: number, policy: WarrantyPolicy = "replace", price = 1_000) {
    const code = await newProduct(tables, { units }, price)
    await setWarranty(database, { code, days: 7, policy, actor: "test" })
    return code
  }

  /** Sends whatever waits, which delivers orders. */
  async function deliverAll(): Promise<void> {
    const wanted = { channels: ["test", "whatsapp"], limit: 100, broadcastsMax: 0 }
    for (;;) {
      const due = await claimOutbox(database, someProcess, wanted)
      if (due.length === 0) return
      await markSent(
        database,
        someProcess,
        due.map(({ id }) => id),
      )
    }
  }

  async function buy(number: string, productCode: string, quantity = 1): Promise<Bought> {
    const placed = await order(tables, await say(tables, number), { productCode, quantity })
    if (placed.kind !== "paid") throw new Error(`the order was ${placed.kind}`)
    return { number, productCode, orderCode: placed.order.orderCode }
  }

  /** An order of a new customer, delivered. */
  async function bought(productCode: string, quantity = 1): Promise<Bought> {
    const made = await buy(await newCustomer(tables, 100_000), productCode, quantity)
    await deliverAll()
    return made
  }

  /** Claims as a customer's message does, and answers it where the claim did not. */
  async function claim({ number, orderCode }: Pick<Bought, "number" | "orderCode">, place?: number) {
    const message = await say(tables, number)
    const claimed = await claimWarranty(database, message, { serves: [], orderCode, place })
    if (claimed.kind !== "made_good") await createAnswering(database, () => [])(message, { text: "so it is" })
    return claimed
  }

  return {
    newWarranted,
    deliverAll,
    buy,
    bought,
    claim,

    /** A claim that has to be made good. */
    async claimGood(of: Pick<Bought, "number" | "orderCode">, place?: number) {
      const claimed = await claim(of, place)
      if (claimed.kind !== "made_good") throw new Error(`the claim was ${claimed.kind}`)
      return claimed
    },

    /** More units of a product, of a batch of their own. */
    async restock(code: string, batch: string, count: number): Promise<void> {
      const units = Array.from({ length: count }, (_, place) => Buffer.from(`${code} ${batch} ${place}`))
      await addUnits(
        database,
        code,
        units.map((payload) => ({ payload, fingerprint: payload })),
        batch,
      )
    },

    async stateOf({ orderCode, number, productCode }: Bought) {
      const [row] = await sql<
        { status: string; balance: number; left: number; free: number; sold: number }[]
      >`
        select orders.status, users.balance, left_to_refund(orders.id) as left,
               free_stock(products.id) as free,
               (select count(*)::integer from stock_units where order_id = orders.id) as sold
          from orders, users, products
         where orders.code = ${orderCode}
           and users.id = ${await userIdOf(tables, number)}
           and products.code = ${productCode}
      `
      return row
    },

    reviews: (number: string) => sql<{ key: string; evidence: Record<string, unknown> }[]>`
      select reviews.key, reviews.evidence
        from reviews
        join users on users.id = reviews.user_id
       where users.number = ${number}
       order by reviews.id
    `,
  }
}

/** A sealed unit of these tests in the clear: they are not sealed at all. */
export function inTheClear(unit: string | undefined): string {
  return Buffer.from(unit ?? "", "base64").toString()
}
