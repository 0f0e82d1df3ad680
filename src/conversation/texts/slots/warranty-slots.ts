import { formatRupiah } from "../../../shop/money.ts"
import type { OrderUnit, WarrantyRefusal, WarrantyTexts } from "../warranty-texts.ts"
import { unitBlock } from "../wording.ts"
import { example } from "./samples.ts"
import { byKind, type GivenTo, line, needed, once, type SlotTable, slot, type TextSlots } from "./slot.ts"

const { orderCode, amount, balance } = example

const unit: OrderUnit = { orderCode, name: example.productName, place: 2, count: 3 }

const unitWords: TextSlots<OrderUnit>["slots"] = {
  order: slot(({ orderCode }) => orderCode),
  unit: line((claim, words) => words.unitName(claim)),
}

type Refunded = GivenTo<WarrantyTexts["warrantyRefunded"]>

const refunded: TextSlots<Refunded>["slots"] = {
  ...unitWords,
  amount: needed(({ amount }) => formatRupiah(amount)),
  balance: slot(({ balance }) => formatRupiah(balance)),
}

const order = slot<WarrantyRefusal>(({ orderCode }) => orderCode)

const refusal = <Kind extends WarrantyRefusal["kind"]>(kind: Kind) => ({
  sample: { kind, orderCode },
  slots: { order },
})

type ClaimedBefore = Extract<WarrantyRefusal, { kind: "claimed_before" }>

const claimed: TextSlots<ClaimedBefore>["slots"] = {
  order,
  unit: slot((refusal, words) => words.claimedUnit(refusal)),
}

const claimedBefore: ClaimedBefore = {
  kind: "claimed_before",
  orderCode,
  wasReplaced: true,
  place: 2,
  count: 3,
}

const refusals = byKind<Exclude<WarrantyRefusal, ClaimedBefore>>({
  physical: refusal("physical"),
  not_delivered: refusal("not_delivered"),
  no_warranty: refusal("no_warranty"),
  over: {
    sample: { kind: "over", orderCode, endedAt: example.at },
    slots: { order, ended: slot(({ endedAt }, { time }) => time(endedAt)) },
  },
  refunded_before: refusal("refunded_before"),
  made_good_before: {
    sample: { kind: "made_good_before", orderCode, returned: amount, replaced: 3 },
    slots: {
      order,
      returned: slot(({ returned }) => formatRupiah(returned)),
      replaced: slot(({ replaced }, words) => words.itemsReplaced(replaced)),
    },
  },
  no_such_unit: {
    sample: { kind: "no_such_unit", orderCode, count: 23 },
    slots: {
      order,
      items: slot(({ count }, words) => words.items(count)),
      last: slot(({ count }) => String(count)),
    },
  },
  in_review: refusal("in_review"),
  other_in_review: {
    sample: { kind: "other_in_review", orderCode, otherOrderCode: "LPK-9H3XT5B" },
    slots: { order, other_order: slot(({ otherOrderCode }) => otherOrderCode) },
  },
  reviewed: refusal("reviewed"),
})

export const warrantySlots: SlotTable<WarrantyTexts> = {
  warrantyReplaced: {
    sample: { ...unit, units: [example.units[0]] },
    slots: { ...unitWords, units: once(({ units }) => unitBlock(units)) },
  },
  warrantyRefunded: {
    pick: ({ isSoldOut }) => (isSoldOut ? "sold_out" : "refunded"),
    forms: {
      refunded: { sample: { ...unit, amount, balance, isSoldOut: false }, slots: refunded },
      sold_out: { sample: { ...unit, amount, balance, isSoldOut: true }, slots: refunded },
    },
  },
  warrantyWhich: {
    sample: {
      orderCode,
      units: [
        { name: example.productName, isClaimed: false },
        { name: example.productName, isClaimed: true },
      ],
    },
    slots: {
      order: needed(({ orderCode }) => orderCode),
      count: slot(({ units }) => String(units.length)),
      units: once(({ units }, words) => words.unitList(units)),
    },
  },
  warrantyRefused: {
    pick: (refusal) => {
      if (refusal.kind !== "claimed_before") return refusal.kind
      return refusal.wasReplaced ? "replaced_before" : "paid_back_before"
    },
    forms: {
      ...refusals.forms,
      replaced_before: { sample: claimedBefore, slots: claimed },
      paid_back_before: { sample: { ...claimedBefore, wasReplaced: false }, slots: claimed },
    },
  },
  warrantyNotGranted: { sample: unit, slots: unitWords },
}
