import { type AddressedOrder, type Basket, basket } from "./conversation.ts"
import type { Facts } from "./facts.ts"
import type { Asked, Reason } from "./move.ts"

type Of = Basket | AddressedOrder

/** Whom goods go to. What was said before for this order is offered, else where the last goods went. */
export function askRecipient(of: Of, facts: Facts, reason: Reason | undefined): Asked {
  return {
    kind: "asked",
    conversation: { step: "recipient", ...only(of) },
    question: { kind: "recipient", ...offered(of, facts) },
    reason,
  }
}

export function askAddress(
  { recipient, ...of }: Of & Readonly<{ recipient: string }>,
  facts: Facts,
  reason: Reason | undefined,
): Asked {
  return {
    kind: "asked",
    conversation: { step: "address", recipient, ...only(of) },
    question: { kind: "address", recipient, ...offered(of, facts) },
    reason,
  }
}

/** What is offered as 1. */
export function rememberedFor(of: Of, { remembered }: Facts) {
  return ("orderCode" in of ? undefined : of.delivery) ?? remembered
}

function offered(of: Of, facts: Facts) {
  return {
    orderCode: "orderCode" in of ? of.orderCode : undefined,
    remembered: rememberedFor(of, facts),
  }
}

function only(of: Of): Of {
  return "orderCode" in of ? { orderCode: of.orderCode } : basket(of)
}
