import type { OrderStatus } from "../shop/order-states.ts"

/** An order in one of these has not been paid, or its money went elsewhere; in every other one it has. */
export const unpaidStatuses: OrderStatus[] = ["awaiting_payment", "expired", "cancelled"]
