import type { OrdersAsked, OrdersProblem } from "../../conversation/desk/orders.ts"
import { completeOrder, packOrder, resendToCustomer, shipOrder } from "../../shop/fulfil-order.ts"
import { listUnshipped, readDeskOrder, readSales, searchOrders } from "../../shop/orders-desk.ts"
import type { Desk, DeskRoom } from "./desk-room.ts"

/** The shop's orders: what was sold, which order is whose, and where its goods are. */
export const ordersDesk: DeskRoom<OrdersAsked, OrdersProblem> = {
  explain: (_, problem, say) => say.ordersProblem(problem),
  act: async (desk, asked) => {
    const { shop, say, actor, statements } = desk
    if (asked.kind !== "ship")
      return {
        text: await serve(desk, asked),
        // What was promised to the customer is nobody's to send yet.
        afterwards: async () => shop.promised(),
      }
    const step = await shipOrder(statements, { ...asked, actor })
    return {
      text: say.orderSent({ ...step, ...codeOf(asked) }),
      afterwards: async () => {
        shop.promised()
        if (step.kind === "moved") shop.events.funnel("delivered")
      },
    }
  },
}

async function serve(
  { shop, say, actor, statements }: Desk,
  asked: Exclude<OrdersAsked, { kind: "ship" }>,
): Promise<string> {
  switch (asked.kind) {
    case "sales":
      return say.sales(await readSales(statements, { period: asked.period, at: shop.clock() }))
    case "find":
      return say.ordersFound({ orders: await searchOrders(statements, asked.text) })
    case "show": {
      const order = await readDeskOrder(statements, asked.orderCode)
      return order ? say.deskOrder(order) : say.noSuchOrder()
    }
    case "to_ship":
      return say.unshipped(await listUnshipped(statements))
    case "pack":
      return say.orderPacked({ ...(await packOrder(statements, { ...asked, actor })), ...codeOf(asked) })
    case "complete":
      return say.orderEnded({ ...(await completeOrder(statements, { ...asked, actor })), ...codeOf(asked) })
    case "resend":
      return say.goodsResent({
        ...(await resendToCustomer(statements, { ...asked, actor })),
        ...codeOf(asked),
      })
  }
}

function codeOf({ orderCode }: Readonly<{ orderCode: string }>) {
  return { orderCode }
}
