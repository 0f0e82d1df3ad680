import type { UserId } from "../shop/ids.ts"
import type { OrderStatus } from "../shop/order-states.ts"
import type { Statements } from "./connect.ts"
import type { Delivery, OrderLine } from "./orders.ts"

/** Where physical goods go, as far as it is known, and what carries them, once they are on their way. */
export type Shipment = Partial<Delivery & Parcel>

/** What carries an order's goods. */
export type Parcel = Readonly<{ courier: string; tracking: string }>

/** The step was not made, and nothing was changed. */
export type StepRefusal =
  | Readonly<{ kind: "unknown_order" }>
  | Readonly<{ kind: "not_physical"; status: OrderStatus }>
  | Readonly<{ kind: "wrong_status"; status: OrderStatus }>
  /** All of its money is on its way back to the customer. */
  | Readonly<{ kind: "money_goes_back" }>

export type OrderStep =
  | Readonly<{ kind: "moved"; at: Date; delivery: Shipment }>
  /** It was made earlier: nobody is told again. */
  | Readonly<{ kind: "moved_before"; at: Date; delivery: Shipment }>
  | StepRefusal

export type ShippedOrder =
  | OrderStep
  /** It was on its way already, under another courier or number. */
  | Readonly<{ kind: "corrected"; at: Date; delivery: Shipment }>
  /** `isAskedNow`: the customer is asked for it by this; else they were less than a day ago. */
  | Readonly<{ kind: "no_address"; isAskedNow: boolean }>

export type ReceivedOrder =
  | Readonly<{ kind: "received"; orderCode: string }>
  | Readonly<{ kind: "received_before"; orderCode: string; at: Date }>
  | Readonly<{ kind: "not_found" }>
  | Readonly<{ kind: "nothing_shipped" }>
  /** Several are on their way, the longest first; at most ten are named. */
  | Readonly<{ kind: "which"; orderCodes: readonly string[] }>
  | Readonly<{
      kind: "not_shipped"
      orderCode: string
      status: OrderStatus
      orderKind: "digital" | "physical"
    }>

export type ResentToCustomer =
  | Readonly<{ kind: "resent" }>
  /** They wait to be sent as it is. */
  | Readonly<{ kind: "being_sent" }>
  | Readonly<{ kind: "unknown_order" }>
  | Readonly<{ kind: "nothing_to_resend"; status: OrderStatus; orderKind: "digital" | "physical" }>

/** What the operators are told of an order that is to be packed. */
export type OrderToPack = Readonly<{
  orderCode: string
  lines: readonly OrderLine[]
  hasAddress: boolean
}>

/** A paid order of physical goods is being packed, and its customer told; see sql/0022. Idempotent. */
export async function packOrder(
  statements: Statements,
  given: { orderCode: string; actor: string },
): Promise<OrderStep> {
  const rows = await statements<{ step: OrderStep }[]>`
    select pack_order(${given.orderCode}, ${given.actor}) as step
  `
  return withTime(rows[0]?.step ?? { kind: "unknown_order" })
}

/** A packed order is on its way, or what was said of its way is corrected; see sql/0022. Idempotent. */
export async function shipOrder(
  statements: Statements,
  given: Parcel & { orderCode: string; actor: string },
): Promise<ShippedOrder> {
  const rows = await statements<{ step: ShippedOrder }[]>`
    select ship_order(${given.orderCode}, ${given.courier}, ${given.tracking}, ${given.actor}) as step
  `
  return withTime(rows[0]?.step ?? { kind: "unknown_order" })
}

/** A shipped order has arrived, as an operator knows; its customer is told. Idempotent. */
export async function completeOrder(
  statements: Statements,
  given: { orderCode: string; actor: string },
): Promise<OrderStep> {
  const rows = await statements<{ step: OrderStep }[]>`
    select complete_order(${given.orderCode}, ${given.actor}) as step
  `
  return withTime(rows[0]?.step ?? { kind: "unknown_order" })
}

/** A shipped order has arrived, as its customer says; without a code the only one of theirs. Idempotent. */
export async function receiveOrder(
  statements: Statements,
  given: { userId: UserId; orderCode: string | undefined },
): Promise<ReceivedOrder> {
  const rows = await statements<{ received: ReceivedOrder }[]>`
    select receive_order(${given.userId}, ${given.orderCode ?? null}) as received
  `
  return withTime(rows[0]?.received ?? { kind: "not_found" })
}

/** Promises the goods of a digital order to its customer once more, as an operator asks. */
export async function resendToCustomer(
  statements: Statements,
  given: { orderCode: string; actor: string },
): Promise<ResentToCustomer> {
  const rows = await statements<{ resent: ResentToCustomer }[]>`
    select resend_goods_to_customer(${given.orderCode}, ${given.actor}) as resent
  `
  return rows[0]?.resent ?? { kind: "unknown_order" }
}

/** Ends orders that were shipped so many days ago. Returns how many. */
export async function completeOldShipments(
  statements: Statements,
  given: { days: number; limit: number },
): Promise<number> {
  const rows = await statements<{ count: number }[]>`
    select complete_old_shipments(${given.days}, ${given.limit}) as count
  `
  return rows[0]?.count ?? 0
}

/** Tells the operators of paid orders that are to be packed, each once. Returns of how many. */
export async function tellOrdersToPack(
  statements: Statements,
  { limit }: { limit: number },
): Promise<number> {
  const rows = await statements<{ count: number }[]>`select tell_orders_to_pack(${limit}) as count`
  return rows[0]?.count ?? 0
}

/** JSON has no dates. */
function withTime<Outcome extends object>(outcome: Outcome): Outcome {
  return "at" in outcome ? { ...outcome, at: new Date(String(outcome.at)) } : outcome
}
