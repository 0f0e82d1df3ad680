import type { PickQuestion } from "../texts/guided-texts.ts"
import { askAddress, askRecipient } from "./ask-delivery.ts"
import { askMethod, askSummary } from "./ask-payment.ts"
import { type Basket, basket, type Delivery, type Guided } from "./conversation.ts"
import { type Facts, leftOf, mostOf, type OnSale, pageSize, productOf } from "./facts.ts"
import type { AskedOrNot, Reason } from "./move.ts"

/** As many numbers as are remembered of the pages before. */
const shownMax = 5 * pageSize

/** What is to be asked; what follows from the shop's present state is added by `ask`. */
export type Wanted =
  | Readonly<{ step: "product"; start?: number; before?: Extract<Guided, { step: "product" }> }>
  | Readonly<{ step: "pick"; codes: readonly string[]; isCut?: boolean }>
  | Readonly<{ step: "quantity"; productCode: string; delivery?: Delivery | undefined }>
  | (Readonly<{ step: "recipient" }> & (Basket | Readonly<{ orderCode: string }>))
  | (Readonly<{ step: "address"; recipient: string }> & (Basket | Readonly<{ orderCode: string }>))
  | (Readonly<{ step: "summary" }> & Basket)
  | (Readonly<{ step: "method" }> & Basket)

/**
 * Asks a question where the shop, as it is now, still allows it, else the one that has to be answered first,
 * with the reason. What is asked is what the shop has and takes at this moment.
 */
export function ask(wanted: Wanted, facts: Facts, reason?: Reason): AskedOrNot {
  if ("orderCode" in wanted)
    return wanted.step === "recipient"
      ? askRecipient(wanted, facts, reason)
      : askAddress(wanted, facts, reason)
  switch (wanted.step) {
    case "product":
      return askProduct(wanted, facts, reason)
    case "pick":
      return askPick(wanted, facts, reason)
    default:
      return askAbout(wanted, facts, reason)
  }
}

type AboutOne = Exclude<Wanted, { step: "product" | "pick" } | { orderCode: string }>

function askAbout(wanted: AboutOne, facts: Facts, reason: Reason | undefined): AskedOrNot {
  const product = productOf(facts, wanted.productCode)
  if (!product) return askProduct({ step: "product" }, facts, { kind: "product_gone" })
  const left = leftOf(facts, product.code)
  if (left <= 0) {
    const { code, name } = product
    return askProduct({ step: "product" }, facts, { kind: "product_sold_out", code, name })
  }
  if (wanted.step === "quantity") return askQuantity(product, wanted.delivery, facts, reason)
  const refusal = refuseQuantity(product, wanted.quantity, left)
  if (refusal) return askQuantity(product, wanted.delivery, facts, refusal)
  const { delivery, ...digital } = basket(wanted)
  const bought = product.kind === "physical" ? { ...digital, ...(delivery && { delivery }) } : digital
  if (product.kind === "physical" && wanted.step === "address") return askAddress(wanted, facts, reason)
  if (product.kind === "physical" && (wanted.step === "recipient" || !delivery))
    return askRecipient(bought, facts, reason)
  const asking = wanted.step === "method" ? askMethod : askSummary
  return asking({ product, basket: bought }, facts, reason)
}

/** Why so many can't be had; undefined when they can. */
function refuseQuantity(product: OnSale, quantity: number, left: number): Reason | undefined {
  const most = mostOf(product)
  if (quantity < 1 || quantity > most) return { kind: "quantity_invalid", max: Math.min(most, left) }
  return quantity > left ? { kind: "only_left", name: product.name, left } : undefined
}

function askProduct(
  { start = 0, before }: Extract<Wanted, { step: "product" }>,
  facts: Facts,
  reason: Reason | undefined,
): AskedOrNot {
  const { products } = facts
  if (products.length === 0) return { kind: "nothing_on_sale" }
  const from = start < products.length ? start : 0
  const page = products.slice(from, from + pageSize)
  const kept = before && before.first <= from ? before.shown.slice(0, from + 1 - before.first) : []
  const isGapless = before !== undefined && kept.length === from + 1 - before.first
  const shown = [...(isGapless ? kept : []), ...page.map(({ code }) => code)].slice(-shownMax)
  return {
    kind: "asked",
    conversation: { step: "product", start: from, first: from + page.length - shown.length + 1, shown },
    question: {
      kind: "product",
      products: numbered(page, from + 1, facts),
      hasMore: from + pageSize < products.length,
    },
    reason,
  }
}

function askPick(
  { codes, isCut = false }: Extract<Wanted, { step: "pick" }>,
  facts: Facts,
  reason: Reason | undefined,
): AskedOrNot {
  const products = codes.flatMap((code) => productOf(facts, code) ?? [])
  if (products.length === 0) return askProduct({ step: "product" }, facts, { kind: "product_gone" })
  const question: PickQuestion = { products: numbered(products, 1, facts), isCut }
  return {
    kind: "asked",
    conversation: { step: "pick", shown: products.map(({ code }) => code) },
    question: { kind: "pick", ...question },
    reason,
  }
}

function askQuantity(
  product: OnSale,
  delivery: Delivery | undefined,
  facts: Facts,
  reason: Reason | undefined,
): AskedOrNot {
  const { code, name } = product
  const left = leftOf(facts, code)
  return {
    kind: "asked",
    conversation: { step: "quantity", productCode: code, ...(delivery && { delivery }) },
    question: {
      kind: "quantity",
      code,
      name,
      price: facts.priceOf(code, 1),
      steps: facts.stepsOf(code),
      left,
      max: Math.min(mostOf(product), left),
    },
    reason,
  }
}

function numbered(products: readonly OnSale[], first: number, facts: Facts) {
  return products.map(({ code, name }, place) => ({
    number: first + place,
    code,
    name,
    price: facts.priceOf(code, 1),
    left: leftOf(facts, code),
  }))
}
