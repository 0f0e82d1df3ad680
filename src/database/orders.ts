import type { ProcessId, UserId } from "../shop/ids.ts"
import type { Rupiah } from "../shop/money.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import { type ClaimedMessage, type ClaimedRow, nextMessage } from "./claimed-message.ts"
import type { Database, Statements } from "./connect.ts"
import { atTheirPlaces, groupedByOwner, type LockWait, refusal } from "./grouped.ts"
import type { MessagePromise } from "./inbox.ts"
import type { PaymentRow } from "./payments.ts"
import type { VoucherRefusal } from "./vouchers.ts"

export type OrderLine = Readonly<{ name: string; quantity: number; amount: Rupiah }>

/** An order as messages speak of it. */
export type OrderWords = Readonly<{
  orderCode: string
  total: Rupiah
  /** `online`: on a page of the provider. */
  method: "saldo" | "qris" | "online"
  kind: "digital" | "physical"
  lines: readonly OrderLine[]
  balanceAfter?: Rupiah
  /** What a voucher took off; absent where there was none. */
  discount?: Rupiah
  /** Of physical goods; empty until the customer has said where to. */
  delivery?: Partial<Delivery>
}>

/** Where goods go, and how they went. */
export type Delivery = Readonly<{ recipient: string; address: string }>

/** Units of a product that came free or were taken outside a checkout. */
export type GoodsCount = Readonly<{ code: string; quantity: number }>

export type PlacedOrder =
  | Readonly<{
      kind: "paid"
      order: OrderWords
      /** Sealed payloads, base64. */
      units: readonly string[]
      promise: MessagePromise
      next: ClaimedMessage | undefined
    }>
  | Readonly<{
      kind: "awaiting_payment"
      order: OrderWords
      status: OrderStatus
      balance: Rupiah
      payment: PaymentRow
    }>
  | Readonly<{
      kind: "unpaid_order"
      order: OrderWords
      /** What is still to be paid, exactly. */
      amount: Rupiah
      expiresAt: string
      payToken: string
    }>
  | Readonly<{ kind: "unknown_product" }>
  | Readonly<{ kind: "quantity_too_large"; limit: number }>
  | Readonly<{ kind: "sold_out"; left: number }>
  | Readonly<{ kind: "insufficient_balance"; balance: Rupiah; total: Rupiah }>
  | Readonly<{ kind: "qris_not_offered" }>
  /** Every amount near the price is somebody else's for now; nothing is held. */
  | Readonly<{ kind: "no_free_amount" }>
  /** `price` of one; `total` is less the discount. */
  | Readonly<{ kind: "price_changed"; price: Rupiah; discount: Rupiah; total: Rupiah }>
  /** The chosen voucher gives nothing for it: without the voucher the order comes to `total`. */
  | Readonly<{
      kind: "voucher_refused"
      reason: VoucherRefusal
      voucherCode: string
      minTotal?: Rupiah
      total: Rupiah
    }>
  /** So many of it may still be held unpaid; with the balance more are to be had. */
  | Readonly<{ kind: "share_held"; left: number }>
  /** A customer who held several times lately and never paid; with the balance they buy as ever. */
  | Readonly<{ kind: "holds_paused"; until: string }>

export type OrderRequest = Readonly<{
  productCode: string
  quantity: number
  method: "auto" | "saldo" | "qris"
  orderCode: string
  payToken: string
  /** What was shown and agreed to: nothing is sold for another. */
  expectedTotal?: Rupiah | undefined
  /** Undefined: where the customer's last goods went. */
  delivery?: Delivery | undefined
}>

export type CancelledOrder =
  | Readonly<{ kind: "cancelled"; orderCode: string; goods: readonly GoodsCount[] }>
  | Readonly<{ kind: "deposit_cancelled" }>
  | Readonly<{ kind: "not_cancellable"; orderCode: string; status: OrderStatus }>
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "nothing_to_cancel" }>

/**
 * The purchase, whole, in one round trip and one transaction, which purchases of other customers may share;
 * see `place_order` in sql/0007. Idempotent by the message that asks for it. Throws the SQLSTATE LP001 when
 * the message is no longer this process's, and 23505 when the order code is taken.
 */
export type PlaceOrder = (message: ClaimedMessage, request: OrderRequest) => Promise<PlacedOrder>

export function createOrderPlacing(
  database: Database,
  given: { serves: () => readonly string[]; qrisProvider: string | undefined; holdSeconds: number },
): PlaceOrder {
  type Item = Readonly<{ message: ClaimedMessage; request: OrderRequest }>
  type Answer =
    | Exclude<PlacedOrder, { kind: "paid" }>
    | (Omit<PlacedOrder & { kind: "paid" }, "next"> & { next: ClaimedRow | null })
  const { sql } = database
  const placeTogether = async (owner: ProcessId, items: readonly Item[], lockWait: LockWait) => {
    const rows = await database.ask(
      "place_orders",
      () => sql<{ place: number; placed: Answer | null; refused: string | null }[]>`
        select place, placed, refused
          from place_orders(
            ${owner}, ${[...given.serves()]}::text[],
            ${items.map(({ message }) => message.inboxId)}::bigint[],
            ${items.map(({ request }) => request.productCode)}::text[],
            ${items.map(({ request }) => request.quantity)}::integer[],
            ${items.map(({ request }) => request.method)}::text[],
            ${items.map(({ request }) => request.orderCode)}::text[],
            ${given.qrisProvider ?? null},
            ${items.map(({ request }) => request.payToken)}::text[],
            ${given.holdSeconds},
            ${items.map(({ request }) => request.expectedTotal ?? null)}::bigint[],
            ${sql.json(items.map(({ request }) => request.delivery ?? null))},
            ${lockWait}
          )
      `,
    )
    return atTheirPlaces(rows, ({ placed, refused }): PlacedOrder | Error => {
      if (!placed) return refusal(refused ?? "")
      return placed.kind === "paid" ? { ...placed, next: nextMessage(placed.next, owner) } : placed
    })
  }
  const place = groupedByOwner<Item, PlacedOrder>(({ message }) => message.owner, placeTogether)
  return (message, request) => place({ message, request })
}

/**
 * Cancels an unpaid order of a customer and frees what it held. Without a code the latest that is unpaid, be
 * it a top-up: asked once more, it may end another.
 */
export async function cancelOrder(
  statements: Statements,
  userId: UserId,
  orderCode: string | undefined,
): Promise<CancelledOrder> {
  const rows = await statements<{ cancelled: CancelledOrder }[]>`
    select cancel_order(${userId}, ${orderCode ?? null}) as cancelled
  `
  return rows[0]?.cancelled ?? { kind: "nothing_to_cancel" }
}
