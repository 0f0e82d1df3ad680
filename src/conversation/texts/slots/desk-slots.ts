import type { RefundId, UserId } from "../../../shop/ids.ts"
import { formatRupiah, rupiah } from "../../../shop/money.ts"
import type { Refund } from "../../../shop/refund-order.ts"
import type { DeskTexts, RefundRefusal } from "../desk-texts.ts"
import { named } from "../people-desk-texts.ts"
import { oneLine } from "../wording.ts"
import { reviewSlots } from "./review-slots.ts"
import { example } from "./samples.ts"
import { byKind, fixed, type GivenTo, line, needed, type SlotTable, slot, type TextSlots } from "./slot.ts"

const { orderCode, amount, balance, received } = example

const refund: Refund = {
  id: 1 as RefundId,
  amount,
  state: "done",
  destination: "saldo",
  failure: null,
  at: example.at.toISOString(),
  orderCode,
  orderStatus: "delivered",
  left: received,
  userId: 1 as UserId,
  balance,
}

const refundWords: TextSlots<Refund>["slots"] = {
  amount: needed(({ amount }) => formatRupiah(amount)),
  order: needed(({ orderCode }) => orderCode),
  left_over: slot((refund, words) => words.leftOver(refund)),
}

type Before = GivenTo<DeskTexts["refundedBefore"]>

const before: TextSlots<Before>["slots"] = {
  ...refundWords,
  at: slot(({ at }, { time }) => time(new Date(at))),
  again: line(({ again, wanted, ...refund }, words) => {
    return refund.left >= refund.amount ? (again ?? words.refundAgain(refund, wanted)) : ""
  }),
}

const refundedBefore: Before = { ...refund, wanted: "saldo", left: example.total }

const reason = "barang rusak"

const confirmation: TextSlots<GivenTo<DeskTexts["confirmRefund"]>>["slots"] = {
  order: needed(({ orderCode }) => orderCode),
  destination: slot((refund, words) => words.destination(refund)),
  reason: slot(({ reason }) => oneLine(reason, 200)),
  amount: needed(({ amount }) => formatRupiah(amount)),
  customer: slot(({ customer }) => named(customer)),
}

const confirmed: GivenTo<DeskTexts["confirmRefund"]> = {
  orderCode,
  amount,
  isAll: false,
  customer: { name: example.customerName, number: example.number, lid: null },
  destination: "saldo",
  reason,
}

type Refused = RefundRefusal & Readonly<{ orderCode: string }>

const order = slot<Refused>(({ orderCode }) => orderCode)

const refusal = <Kind extends Refused["kind"]>(kind: Kind) => ({
  sample: { kind, orderCode },
  slots: { order },
})

export const deskSlots: SlotTable<DeskTexts> = {
  refundMade: {
    pick: ({ state }) => state,
    forms: {
      done: {
        sample: refund,
        slots: {
          ...refundWords,
          destination: slot((refund, words) => words.destination(refund)),
          balance: line(({ destination, balance }) => (destination === "saldo" ? formatRupiah(balance) : "")),
        },
      },
      requested: { sample: { ...refund, destination: "provider", state: "requested" }, slots: refundWords },
      failed: {
        sample: { ...refund, destination: "provider", state: "failed", failure: "provider is failing" },
        slots: {
          amount: needed(({ amount }) => formatRupiah(amount)),
          order: needed(({ orderCode }) => orderCode),
          why: slot(({ failure }, words) => words.whyItFailed(failure ?? "provider refused")),
        },
      },
    },
  },
  refundedBefore: {
    pick: ({ state }) => (state === "requested" ? "not_confirmed" : "confirmed"),
    forms: {
      confirmed: {
        sample: refundedBefore,
        slots: { ...before, destination: slot((refund, words) => words.destination(refund)) },
      },
      not_confirmed: {
        sample: { ...refundedBefore, destination: "provider", state: "requested" },
        slots: { ...before, destination: slot((refund, words) => words.destination(refund)) },
      },
    },
  },
  refundRefused: byKind<Refused>({
    unknown_order: refusal("unknown_order"),
    not_paid: {
      sample: { kind: "not_paid", orderCode, status: "expired" },
      slots: { order, status: slot(({ status }, words) => words.status(status)) },
    },
    nothing_left: refusal("nothing_left"),
    more_than_left: {
      sample: { kind: "more_than_left", orderCode, left: amount },
      slots: { order, left: needed(({ left }) => formatRupiah(left)) },
    },
    paid_from_balance: refusal("paid_from_balance"),
    provider_cannot: refusal("provider_cannot"),
    provider_away: {
      sample: { kind: "provider_away", orderCode, provider: "midtrans" },
      slots: { order, provider: slot(({ provider }) => provider) },
    },
    provider_holds_less: {
      sample: { kind: "provider_holds_less", orderCode, holds: amount },
      slots: { order, left: needed(({ holds }) => formatRupiah(rupiah(Math.max(0, holds)))) },
    },
  }),
  confirmRefund: {
    pick: ({ isAll }) => (isAll ? "all" : "amount"),
    forms: {
      amount: { sample: confirmed, slots: confirmation },
      all: { sample: { ...confirmed, isAll: true }, slots: confirmation },
    },
  },
  confirmDecision: {
    sample: { id: 73, decision: { kind: "credited", number: example.number, amount }, reason },
    slots: {
      number: needed(({ id }) => String(id)),
      decision: needed(({ decision }, words) => words.decisionMeant(decision)),
      reason: slot(({ reason }) => oneLine(reason, 200)),
    },
  },
  confirmationDropped: fixed,
  confirmationChanged: fixed,
  confirmationLapsed: fixed,
  confirmationUnclear: fixed,
  ownerHelp: fixed,
  ...reviewSlots,
}
