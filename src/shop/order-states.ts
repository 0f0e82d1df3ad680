/** Every state of an order. */
export type OrderStatus =
  | "awaiting_payment"
  | "paid"
  | "delivered"
  | "packing"
  | "shipped"
  | "completed"
  | "expired"
  | "cancelled"
  | "refunded"

/**
 * Every legal move of an order; `new` is before the first state. The one list: migrating writes it to the
 * table `order_moves`, where a trigger holds each order to it.
 */
export const orderMoves: ReadonlyArray<readonly [from: OrderStatus | "new", to: OrderStatus]> = [
  ["new", "awaiting_payment"],
  ["new", "paid"],
  ["awaiting_payment", "paid"],
  ["awaiting_payment", "expired"],
  ["awaiting_payment", "cancelled"],
  ["paid", "delivered"],
  ["paid", "packing"],
  ["packing", "shipped"],
  ["shipped", "completed"],
  // Money that came after the end still gets the goods when they are there.
  ["expired", "paid"],
  ["cancelled", "paid"],
  ["paid", "refunded"],
  ["delivered", "refunded"],
  ["packing", "refunded"],
  ["shipped", "refunded"],
  ["completed", "refunded"],
]
