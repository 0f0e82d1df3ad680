import { hasAddress, type OrderJourney, type OrderTimes } from "./fulfilment-texts.ts"
import { oneLine, type Wording } from "./wording.ts"

const addressCharactersMax = 300

/** To whom and where; nothing where that is not known yet. */
export function addressLines(delivery: OrderJourney["delivery"]): readonly string[] {
  if (!hasAddress(delivery)) return []
  return [
    `Recipient: ${oneLine(delivery?.recipient ?? "")}`,
    `Address: ${oneLine(delivery?.address ?? "", addressCharactersMax)}`,
  ]
}

/** Where an order goes, or how its customer says where to. */
export function whereTo(
  { orderCode, delivery }: Pick<OrderJourney, "orderCode" | "delivery">,
  { typed }: Wording,
): readonly string[] {
  if (hasAddress(delivery)) return addressLines(delivery)
  return [`There is no address to send it to yet. Tell us here: ${typed("address")} ${orderCode}`]
}

export function carriedBy(delivery: OrderJourney["delivery"]): readonly string[] {
  if (!delivery?.courier || !delivery.tracking) return []
  return [`Courier: ${oneLine(delivery.courier)}`, `Tracking number: ${oneLine(delivery.tracking)}`]
}

/** The steps that were made, with their times. */
export function stepsMade(order: OrderTimes, { time }: Wording): readonly string[] {
  const steps: ReadonlyArray<readonly [string, Date | null | undefined]> = [
    ["Paid", order.paidAt],
    ["Delivered", order.deliveredAt],
    ["Packed", order.packedAt],
    ["Shipped", order.shippedAt],
    ["Completed", order.completedAt],
  ]
  return steps.flatMap(([what, at]) => (at ? [`${what} ${time(at)}`] : []))
}

/** Where the goods of an order are, when each step was made, and what their customer can do. */
export function journey(order: OrderJourney, wording: Wording): readonly string[] {
  const { orderCode, status, delivery } = order
  const steps = stepsMade(order, wording)
  if (order.kind !== "physical") return steps
  const isToSend = status === "paid" || status === "packing"
  return [
    ...steps,
    ...(isToSend || hasAddress(delivery) ? whereTo(order, wording) : []),
    ...carriedBy(delivery),
    ...(status === "shipped" ? [`Did it arrive? ${wording.command("received")} ${orderCode}`] : []),
  ]
}
