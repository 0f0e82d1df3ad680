import type { OrderId, ProcessId, UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Database, Statements } from "./connect.ts"
import type { Delivery } from "./orders.ts"

/** What a purchase would cost a customer at this moment, and what they could pay it with. */
export type PurchaseLookUp = Readonly<{
  balance: Rupiah
  remembered: Delivery | null
  /** Null when it is not on sale. `total` is of the quantity asked about, less the discount. */
  product: Readonly<{
    maxQuantity: number
    price: Rupiah
    discount: Rupiah
    voucherCode: string | null
    total: Rupiah
  }> | null
}>

/** An order of a customer with goods that are to be sent, or were. */
export type AddressedOrder = Readonly<{
  id: OrderId
  orderCode: string
  status: OrderStatus
  isDigital: boolean
  takesAddress: boolean
}>

export type KeptDelivery =
  | Readonly<{ kind: "kept" }>
  | Readonly<{ kind: "not_found" }>
  /** It is on its way, ended, or not of the kind that is sent. */
  | Readonly<{ kind: "refused"; status: OrderStatus; isDigital: boolean }>

type Asked = Readonly<{
  productCode: string | undefined
  quantity: number
  /** Whose address is spoken of, if any. */
  orderCode: string | undefined
}>

/** Reads afresh what `place_order` will reckon with. */
export async function lookUpPurchase(
  database: Database,
  userId: UserId,
  asked: Asked,
): Promise<PurchaseLookUp> {
  return await database.ask("look_up_purchase", () => lookUpPurchaseInside(database.sql, userId, asked))
}

/** The same with what the statements of one transaction see. */
export async function lookUpPurchaseInside(
  statements: Statements,
  userId: UserId,
  { productCode, quantity, orderCode }: Asked,
): Promise<PurchaseLookUp> {
  const rows = await statements<{ found: PurchaseLookUp }[]>`
    select look_up_purchase(${userId}, ${productCode ?? null}, ${quantity}, ${orderCode ?? null}) as found
  `
  const found = rows[0]?.found
  if (!found) throw new Error("a customer who writes is not among the customers")
  return found
}

/** The named order of a customer; without a name their latest whose address can still be given. */
export async function findAddressedOrder(
  database: Database,
  userId: UserId,
  orderCode: string | undefined,
): Promise<AddressedOrder | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_addressed_order",
    () => sql<AddressedOrder[]>`
      select id, code as "orderCode", status, kind = 'digital' as "isDigital",
             takes_address(orders) as "takesAddress"
        from orders
       where user_id = ${userId}
         and case
               when ${orderCode ?? null}::text is null then takes_address(orders)
               else code = ${orderCode ?? null}
             end
       order by id desc
       limit 1
    `,
  )
  return rows[0]
}

/** Writes where an order of this customer goes, and remembers it for their next one. Idempotent. */
export async function keepDelivery(
  statements: Statements,
  given: { userId: UserId; orderCode: string; delivery: Delivery },
): Promise<KeptDelivery> {
  const { userId, orderCode, delivery } = given
  const rows = await statements<{ kept: KeptDelivery }[]>`
    select keep_delivery(${userId}, ${orderCode}, ${statements.json({ ...delivery })}) as kept
  `
  return rows[0]?.kept ?? { kind: "not_found" }
}

/** Ends conversations that nobody answered for half an hour, and promises a word on it; returns how many. */
export async function endIdleConversations(
  database: Database,
  owner: ProcessId,
  limit: number,
): Promise<number> {
  const { sql } = database
  const rows = await database.ask(
    "end_idle_conversations",
    () => sql<{ ended: number }[]>`select end_idle_conversations(${owner}, ${limit}) as ended`,
  )
  return rows[0]?.ended ?? 0
}
