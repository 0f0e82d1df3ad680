import { type Rupiah, rupiah } from "../../shop/money.ts"
import type { Basket, WayToPay } from "./conversation.ts"
import type { Facts, OnSale, Quote } from "./facts.ts"
import type { Asked, Reason } from "./move.ts"

type Priced = Readonly<{ product: OnSale; basket: Basket }>

/** All of the purchase, to be agreed to. */
export function askSummary({ product, basket }: Priced, facts: Facts, reason: Reason | undefined): Asked {
  const quote = quoteFor(basket, facts)
  const { price, discount, voucherCode, total } = quote
  const way = wayToPay(total, facts)
  const { code, name } = product
  const { quantity, delivery } = basket
  const { balance } = facts
  const missing = rupiah(Math.max(0, total - balance))
  return {
    kind: "asked",
    conversation: { step: "summary", ...basket, total, way },
    question: {
      kind: "summary",
      ...{ code, name, quantity, price, discount, voucherCode, total, delivery, way, balance, missing },
    },
    reason,
  }
}

/** Which way to pay, where there are two; else the summary once more, which says the one there is. */
export function askMethod(priced: Priced, facts: Facts, reason: Reason | undefined): Asked {
  const { total } = quoteFor(priced.basket, facts)
  if (wayToPay(total, facts) !== "choose") return askSummary(priced, facts, reason ?? { kind: "way_changed" })
  return {
    kind: "asked",
    conversation: { step: "method", ...priced.basket, total },
    question: { kind: "method", total, balance: facts.balance },
    reason,
  }
}

export function wayToPay(total: Rupiah, { balance, isQrisOffered }: Facts): WayToPay {
  if (balance >= total) return isQrisOffered ? "choose" : "saldo"
  return isQrisOffered ? "qris" : "none"
}

/**
 * Without a price of the database's own, which a product that is just being changed may lack, the listed
 * one.
 */
function quoteFor(basket: Basket, facts: Facts): Quote {
  const { productCode, quantity } = basket
  const price = facts.priceOf(productCode, quantity)
  return facts.quoteOf(basket) ?? { price, discount: rupiah(0), total: rupiah(price * quantity) }
}
