import { formatRupiah } from "../../../shop/money.ts"
import type { DepositRequest, OrderTexts, PaymentRequest } from "../texts.ts"
import { example } from "./samples.ts"
import { block, fixed, line, needed, once, type SlotTable, slot, type Words } from "./slot.ts"

const { orderCode, amount, balance, extra, received } = example

/** What is said of a payment that is asked for, or that came otherwise than asked for. */
export type PaymentTexts =
  | "paymentRequest"
  | "paymentUnavailable"
  | "depositUnavailable"
  | "qrisNotOffered"
  | "noFreeAmount"
  | "depositRequest"
  | "latePaymentGoods"
  | "latePaymentToBalance"
  | "paymentReview"

const awaited = {
  uniqueExtra: extra,
  expiresAt: example.at,
  payUrl: example.payUrl,
  isDemo: false,
  canPretend: true,
  balance,
} as const

export const paymentSlots: SlotTable<Pick<OrderTexts, PaymentTexts>> = {
  paymentRequest: {
    sample: { ...awaited, orderCode, lines: example.lines, total: amount, why: "balance_short" },
    slots: {
      amount: needed(({ total }) => formatRupiah(total)),
      how_to_pay: once((request, words) => words.howToPay(request)),
      order: slot(({ orderCode }) => orderCode),
      lines: block((request, words) => (request.lines?.length ? words.lines(request) : "")),
      why: slot((request, words) => words.whyOnline(request)),
      by: slot((request, words) => words.by(request)),
      exactly: line((request, words) => words.exactTotal(request)),
      expires: slot(expiry),
      pretend: line(pretending),
    },
  },
  depositRequest: {
    sample: { ...awaited, amount },
    slots: {
      amount: needed(({ amount }) => formatRupiah(amount)),
      how_to_pay: once((request, words) => words.howToPay(request)),
      balance: slot(({ balance }) => formatRupiah(balance)),
      by: slot((request, words) => words.by(request)),
      exactly: line((request, words) => words.exactDeposit(request)),
      expires: slot(expiry),
      pretend: line(pretending),
    },
  },
  paymentUnavailable: {
    pick: ({ orderCode }) => (orderCode ? "order" : "no_order"),
    forms: {
      order: { sample: { orderCode }, slots: { order: slot(({ orderCode }) => orderCode ?? "") } },
      no_order: { sample: {}, slots: {} },
    },
  },
  depositUnavailable: fixed,
  qrisNotOffered: fixed,
  noFreeAmount: fixed,
  latePaymentGoods: {
    sample: { orderCode, endedAs: "expired" },
    slots: {
      order: slot(({ orderCode }) => orderCode),
      ended: slot(({ endedAs }, words) => words.ended(endedAs)),
    },
  },
  latePaymentToBalance: {
    sample: { orderCode, amount, balance, endedAs: "expired" },
    slots: {
      order: slot(({ orderCode }) => orderCode),
      ended: slot(({ endedAs }, words) => words.ended(endedAs)),
      amount: needed(({ amount }) => formatRupiah(amount)),
      balance: slot(({ balance }) => formatRupiah(balance)),
    },
  },
  paymentReview: {
    sample: { orderCode, amount, received },
    slots: {
      received: needed(({ received }) => formatRupiah(received)),
      amount: slot(({ amount }) => formatRupiah(amount)),
      what_for: slot(({ orderCode }, words) => words.paidFor(orderCode)),
    },
  },
}

function expiry({ expiresAt }: PaymentRequest | DepositRequest, { time }: Words): string {
  return time(expiresAt)
}

function pretending({ canPretend }: PaymentRequest | DepositRequest, { command }: Words): string {
  return canPretend ? command("pay_demo") : ""
}
