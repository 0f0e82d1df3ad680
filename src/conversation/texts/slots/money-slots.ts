import { formatRupiah } from "../../../shop/money.ts"
import type { RefundNotice } from "../desk-texts.ts"
import type { MoneyTexts } from "../money-texts.ts"
import { example } from "./samples.ts"
import { type GivenTo, line, needed, type SlotTable, slot, type TextSlots } from "./slot.ts"

const { orderCode, amount, balance, received } = example

type Reversed = GivenTo<MoneyTexts["paymentReversed"]>

const reversed: TextSlots<Reversed>["slots"] = {
  amount: needed(({ amount }) => formatRupiah(amount)),
  what_for: slot(({ orderCode }, words) => words.paidFor(orderCode)),
  from_balance: line(({ fromBalance }) => (fromBalance > 0 ? formatRupiah(fromBalance) : "")),
  balance: slot(({ balance }) => formatRupiah(balance)),
}

const reversal: Omit<Reversed, "reversal"> = { orderCode, amount, fromBalance: received, balance }

const refundWords: TextSlots<RefundNotice>["slots"] = {
  amount: needed(({ amount }) => formatRupiah(amount)),
  order: slot(({ orderCode }) => orderCode),
}

const notice: RefundNotice = { orderCode, amount, destination: "provider" }

export const moneySlots: SlotTable<MoneyTexts> = {
  surplusToBalance: {
    sample: { surplus: amount },
    slots: { amount: needed(({ surplus }) => formatRupiah(surplus)) },
  },
  paidTwice: {
    sample: { orderCode, amount, balance },
    slots: {
      order: slot(({ orderCode }) => orderCode),
      amount: needed(({ amount }) => formatRupiah(amount)),
      balance: slot(({ balance }) => formatRupiah(balance)),
    },
  },
  underpaid: {
    sample: { orderCode, asked: amount, amount: received, balance },
    slots: {
      order: slot(({ orderCode }) => orderCode),
      asked: slot(({ asked }) => formatRupiah(asked)),
      amount: needed(({ amount }) => formatRupiah(amount)),
      balance: slot(({ balance }) => formatRupiah(balance)),
    },
  },
  paymentReversed: {
    pick: ({ reversal }) => (reversal === "refund" ? "sent_back" : "taken_back"),
    forms: {
      sent_back: { sample: { ...reversal, reversal: "refund" }, slots: reversed },
      taken_back: { sample: { ...reversal, reversal: "chargeback" }, slots: reversed },
    },
  },
  reviewRaised: {
    sample: { reviewId: 73, reviewKind: "unknown_payment", amount, orderCode: null },
    slots: {
      number: needed(({ reviewId }) => String(reviewId)),
      what: needed((notice, words) => words.whatHappened(notice)),
    },
  },
  reviewCredited: {
    sample: { amount, balance },
    slots: {
      amount: needed(({ amount }) => formatRupiah(amount)),
      balance: slot(({ balance }) => formatRupiah(balance)),
    },
  },
  orderRefunded: {
    pick: ({ destination }) => destination,
    forms: {
      saldo: {
        sample: { ...notice, destination: "saldo", balance },
        slots: { ...refundWords, balance: slot(({ balance }) => formatRupiah(balance)) },
      },
      provider: { sample: { ...notice, balance }, slots: refundWords },
    },
  },
  refundRequested: { sample: notice, slots: refundWords },
  refundFailed: { sample: notice, slots: refundWords },
}
