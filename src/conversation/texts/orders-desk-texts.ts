import type { OrderStep, ResentToCustomer, ShippedOrder } from "../../shop/fulfil-order.ts"
import type { DeskOrder, FoundOrder, SalesFigures, UnshippedOrder } from "../../shop/orders-desk.ts"
import type { OrdersProblem } from "../desk/orders.ts"

/** What became of a step that an operator asked for. */
export interface OrderStepTexts {
  orderPacked(outcome: OrderStep & Readonly<{ orderCode: string }>): string
  orderSent(outcome: ShippedOrder & Readonly<{ orderCode: string }>): string
  orderEnded(outcome: OrderStep & Readonly<{ orderCode: string }>): string
  noSuchOrder(): string
  goodsResent(outcome: ResentToCustomer & Readonly<{ orderCode: string }>): string
}

/** Said to operators about the shop's orders, in a chat and at the shell. */
export interface OrdersDeskTexts extends OrderStepTexts {
  /** What the room can do, a line each, which begins with its command. */
  ordersHelp(): string
  /** Why a command could not be read, with an example of it. */
  ordersProblem(problem: Pick<OrdersProblem, "command" | "kind">): string
  sales(figures: SalesFigures): string
  /** What was looked for is not repeated: it may be goods. */
  ordersFound(found: Readonly<{ orders: readonly FoundOrder[] }>): string
  deskOrder(order: DeskOrder): string
  unshipped(list: Readonly<{ orders: readonly UnshippedOrder[]; count: number }>): string
}
