import { formatRupiah } from "../../../shop/money.ts"
import { hasAddress, type OrderReport } from "../fulfilment-texts.ts"
import type { OrderTexts, PaidOrder } from "../texts.ts"
import { unitBlock } from "../wording.ts"
import type { PaymentTexts } from "./payment-slots.ts"
import { example } from "./samples.ts"
import {
  block,
  fixed,
  type GivenTo,
  line,
  needed,
  once,
  type SlotTable,
  slot,
  type TextSlots,
} from "./slot.ts"

const { orderCode, amount, balance, total } = example

/** A wrapper, and the mark it puts above a text: they say that the money is none, and stay as they are. */
export type Fragment = "demoMark" | "demo"

const paid: TextSlots<PaidOrder>["slots"] = {
  order: needed(({ orderCode }) => orderCode),
  lines: block((order, words) => words.lines(order)),
  paid: slot((order, words) => words.paid(order)),
}

const parcel: TextSlots<GivenTo<OrderTexts["physicalPaid"]>>["slots"] = {
  ...paid,
  where_to: once((order, words) => (order.isAskedWhere ? "" : words.whereTo(order))),
}

const bought: PaidOrder = {
  orderCode,
  lines: example.lines,
  total,
  method: "saldo",
  balanceAfter: balance,
}

const named: TextSlots<Readonly<{ orderCode: string }>> = {
  sample: { orderCode },
  slots: { order: slot(({ orderCode }) => orderCode) },
}

const report: TextSlots<OrderReport>["slots"] = {
  order: needed(({ orderCode }) => orderCode),
  status: needed(({ status }, words) => words.status(status)),
  lines: block((order, words) => words.lines(order)),
  total: slot(({ total }) => formatRupiah(total)),
  method: slot(({ method }, words) => words.method(method)),
  made: slot(({ createdAt }, { time }) => time(createdAt)),
  journey: block((order, words) => words.journey(order)),
  returned: line(({ returned }) => (returned ? formatRupiah(returned) : "")),
  returning: line(({ returning }) => (returning ? formatRupiah(returning) : "")),
}

const reported: OrderReport = {
  orderCode,
  status: "paid",
  lines: example.lines,
  total: amount,
  method: "qris",
  returned: example.extra,
  returning: example.received,
  createdAt: example.at,
  paidAt: example.later,
}

export const orderSlots: SlotTable<Omit<OrderTexts, Fragment | PaymentTexts>> = {
  goods: {
    pick: ({ resent }) => (resent ? "sent_again" : "bought"),
    forms: {
      bought: {
        sample: { ...bought, units: example.units, resent: false },
        slots: { ...paid, units: once(({ units }) => unitBlock(units)) },
      },
      sent_again: {
        sample: { ...bought, units: example.units, resent: true },
        slots: { ...paid, units: once(({ units }) => unitBlock(units)) },
      },
    },
  },
  physicalPaid: {
    pick: ({ delivery }) => (hasAddress(delivery) ? "with_address" : "no_address"),
    forms: {
      with_address: { sample: { ...bought, delivery: example.delivery }, slots: parcel },
      no_address: { sample: bought, slots: parcel },
    },
  },
  depositPaid: {
    sample: { amount, balance },
    slots: {
      amount: needed(({ amount }) => formatRupiah(amount)),
      balance: slot(({ balance }) => formatRupiah(balance)),
    },
  },
  orderStatus: {
    pick: ({ status }) => {
      if (status === "awaiting_payment") return "unpaid"
      if (status === "delivered") return "delivered"
      return status === "expired" || status === "cancelled" ? "ended" : "other"
    },
    forms: {
      unpaid: {
        sample: {
          ...reported,
          status: "awaiting_payment",
          exactAmount: example.total,
          expiresAt: example.later,
          payUrl: example.payUrl,
        },
        slots: {
          ...report,
          exact: line(({ exactAmount }) => (exactAmount === undefined ? "" : formatRupiah(exactAmount))),
          expires: line(({ expiresAt }, { time }) => (expiresAt ? time(expiresAt) : "")),
          where_to_pay: needed(({ payUrl }, words) => words.whereToPay(payUrl)),
        },
      },
      delivered: { sample: { ...reported, status: "delivered" }, slots: report },
      ended: { sample: { ...reported, status: "expired" }, slots: report },
      other: { sample: reported, slots: report },
    },
  },
  noOrders: fixed,
  orderNotFound: named,
  history: {
    sample: {
      orders: [{ orderCode, status: "delivered", total, at: example.at, summary: example.productName }],
      page: 13,
      pages: 29,
    },
    slots: {
      page: slot(({ page }) => String(page)),
      pages: slot(({ pages }) => String(pages)),
      orders: once(({ orders }, words) => words.pastOrders(orders)),
      next: line(({ page, pages }, { command }) => (page < pages ? `${command("history")} ${page + 1}` : "")),
    },
  },
  cancelled: named,
  depositCancelled: fixed,
  nothingToCancel: fixed,
  cannotCancel: {
    sample: { orderCode, status: "delivered" },
    slots: {
      order: slot(({ orderCode }) => orderCode),
      status: slot(({ status }, words) => words.status(status)),
    },
  },
  demoPaid: fixed,
  demoElsewhere: fixed,
  nothingToPay: fixed,
  nothingToResend: {
    sample: { orderCode, status: "expired" },
    slots: {
      order: slot(({ orderCode }) => orderCode),
      status: slot(({ status }, words) => words.status(status)),
    },
  },
  expired: named,
}
