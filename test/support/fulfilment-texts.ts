import type { FulfilmentTexts } from "../../src/conversation/texts/fulfilment-texts.ts"
import type { OrdersDeskTexts } from "../../src/conversation/texts/orders-desk-texts.ts"
import type { Texts } from "../../src/conversation/texts/texts.ts"
import type { OrderStep } from "../../src/shop/fulfil-order.ts"
import type { Rupiah } from "../../src/shop/money.ts"
import type { OrderStatus } from "../../src/shop/order-states.ts"

type Line = Readonly<{ name: string; quantity: number; amount: Rupiah }>

/** What a property draws, as far as these texts need it. */
type Drawn = Readonly<{
  word: string
  words: readonly string[]
  maybeWord: string | undefined
  amount: Rupiah
  maybeAmount: Rupiah | undefined
  count: number
  date: Date
  maybeDate: Date | undefined
  method: "saldo" | "qris"
  status: OrderStatus
  lines: readonly Line[]
  isDemo: boolean
  why: "chosen" | "balance_short" | "only_method"
}>

type Names = keyof FulfilmentTexts | keyof OrdersDeskTexts

const deliveryOf = ({ word, maybeWord, isDemo }: Drawn) => ({
  ...(maybeWord === undefined ? {} : { recipient: maybeWord, address: word }),
  ...(isDemo ? { courier: word, tracking: word } : {}),
})

const timesOf = ({ maybeDate, date, isDemo }: Drawn) => ({
  paidAt: date,
  deliveredAt: maybeDate ?? null,
  packedAt: maybeDate ?? null,
  shippedAt: isDemo ? date : null,
  completedAt: maybeDate ?? null,
})

const orderOf = (drawn: Drawn) => ({
  orderCode: drawn.word,
  lines: drawn.lines,
  total: drawn.amount,
  method: drawn.method,
  kind: drawn.isDemo ? ("digital" as const) : ("physical" as const),
  status: drawn.status,
  delivery: deliveryOf(drawn),
  ...(drawn.maybeAmount === undefined ? {} : { discount: drawn.maybeAmount }),
  returned: drawn.amount,
  returning: drawn.amount,
  ...timesOf(drawn),
})

function stepOf(drawn: Drawn): OrderStep & { orderCode: string } {
  const { word: orderCode, status, date, isDemo } = drawn
  const delivery = deliveryOf(drawn)
  switch (drawn.why) {
    case "chosen":
      return { kind: isDemo ? "moved" : "moved_before", at: date, delivery, orderCode }
    case "balance_short":
      return isDemo ? { kind: "unknown_order", orderCode } : { kind: "money_goes_back", orderCode }
    case "only_method":
      return { kind: isDemo ? "not_physical" : "wrong_status", status, orderCode }
  }
}

/** One call of each text about goods on their way, and about the operator's orders. */
export const fulfilmentCalls: { [Name in Names]: (texts: Texts, drawn: Drawn) => string } = {
  orderPacking: (texts, drawn) => texts.orderPacking(orderOf(drawn)),
  orderShipped: (texts, drawn) => texts.orderShipped({ ...orderOf(drawn), isCorrected: drawn.isDemo }),
  orderCompleted: (texts, { word }) => texts.orderCompleted({ orderCode: word }),
  addressWanted: (texts, drawn) => texts.addressWanted(orderOf(drawn)),
  orderReceived: (texts, { word, words, date, status, isDemo, why }) => {
    if (why === "only_method")
      return texts.orderReceived(isDemo ? { kind: "nothing_shipped" } : { kind: "which", orderCodes: words })
    if (why === "chosen")
      return texts.orderReceived(
        isDemo
          ? { kind: "received", orderCode: word }
          : { kind: "received_before", orderCode: word, at: date },
      )
    return texts.orderReceived(
      isDemo
        ? { kind: "not_found", asked: word }
        : { kind: "not_shipped", orderCode: word, status, orderKind: "physical" },
    )
  },
  receipt: (texts, drawn) => texts.receipt({ ...orderOf(drawn), paidAt: drawn.date, shopName: drawn.word }),
  noReceipt: (texts, { word, maybeWord, status, isDemo }) =>
    texts.noReceipt(
      isDemo ? { kind: "not_paid", orderCode: word, status } : { kind: "not_found", asked: maybeWord },
    ),
  ordersToPack: (texts, { words, lines, isDemo }) =>
    texts.ordersToPack({ orders: words.map((orderCode) => ({ orderCode, lines, hasAddress: isDemo })) }),
  ordersHelp: (texts) => texts.ordersHelp(),
  ordersProblem: (texts, { isDemo }) =>
    texts.ordersProblem(
      isDemo
        ? { command: "ship", kind: "tracking_malformed" }
        : { command: "to_ship", kind: "too_many_words" },
    ),
  sales: (texts, { word, words, amount, count, date, isDemo }) =>
    texts.sales({
      period: isDemo ? "day" : "week",
      since: date,
      orders: count,
      revenue: amount,
      refunded: amount,
      top: words.map((code) => ({ code, name: word, quantity: count, amount })),
    }),
  ordersFound: (texts, { word, words, amount, date, status, maybeWord, isDemo }) =>
    texts.ordersFound({
      orders: isDemo
        ? []
        : words.map((orderCode) => ({
            ...{ orderCode, status, total: amount, at: date, summary: word },
            number: maybeWord ?? null,
          })),
    }),
  deskOrder: (texts, drawn) =>
    texts.deskOrder({
      ...orderOf(drawn),
      number: drawn.maybeWord ?? null,
      name: drawn.word,
      payment: drawn.isDemo ? { provider: drawn.word, reference: drawn.word, state: drawn.word } : null,
      createdAt: drawn.date,
      expiresAt: drawn.maybeDate ?? null,
      endedAt: drawn.maybeDate ?? null,
      refunds: [{ amount: drawn.amount, state: "done", destination: "saldo", at: drawn.date }],
    }),
  unshipped: (texts, { word, words, count, date, isDemo }) =>
    texts.unshipped({
      orders: isDemo
        ? []
        : words.map((orderCode) => ({
            ...({ orderCode, status: "paid", paidAt: date, summary: word } as const),
            hasAddress: count > 500,
          })),
      count,
    }),
  orderPacked: (texts, drawn) => texts.orderPacked(stepOf(drawn)),
  orderSent: (texts, drawn) =>
    texts.orderSent(
      drawn.count % 2 === 0
        ? stepOf(drawn)
        : drawn.count % 3 === 0
          ? { kind: "no_address", isAskedNow: drawn.isDemo, orderCode: drawn.word }
          : { kind: "corrected", at: drawn.date, delivery: deliveryOf(drawn), orderCode: drawn.word },
    ),
  orderEnded: (texts, drawn) => texts.orderEnded(stepOf(drawn)),
  noSuchOrder: (texts) => texts.noSuchOrder(),
  goodsResent: (texts, { word, status, isDemo, why }) => {
    if (why === "chosen")
      return texts.goodsResent({ kind: isDemo ? "resent" : "being_sent", orderCode: word })
    if (why === "balance_short") return texts.goodsResent({ kind: "unknown_order", orderCode: word })
    const orderKind = isDemo ? "digital" : "physical"
    return texts.goodsResent({ kind: "nothing_to_resend", status, orderKind, orderCode: word })
  },
}
