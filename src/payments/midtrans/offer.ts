import type { ChargeRequest } from "../payment-provider.ts"
import type { Item } from "./midtrans-calls.ts"

/** Shorter offers are known to end up expired before the acquirer has made them. */
const minExpiryMinutes = 15

/** How many whole minutes an offer lasts. */
export function expiryMinutes({ expiresAt }: ChargeRequest, now: Date): number {
  return Math.max(minExpiryMinutes, Math.ceil((expiresAt.getTime() - now.getTime()) / 60_000))
}

/** What is paid for, as Midtrans lists it; nothing where no plain character of it is left. */
export function describeItem(request: ChargeRequest): { item_details?: readonly Item[] } {
  const name = printable(request.description)
  if (name === "") return {}
  return { item_details: [{ id: request.reference, name, price: request.amount, quantity: 1 }] }
}

/** At most 50 plain characters: the acquirers refuse more, and emoji. */
function printable(description: string): string {
  return description
    .replace(/[^A-Za-z0-9 .,:()x/-]+/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 50)
}
