import { rupiah } from "../../../shop/money.ts"
import type { GuardTexts } from "../guard-texts.ts"
import { example } from "./samples.ts"
import { line, needed, type SlotTable, slot } from "./slot.ts"

const { productCode: code, total } = example

export const guardSlots: SlotTable<GuardTexts> = {
  priceChanged: {
    sample: { code, price: example.received, discount: rupiah(0), total, quantity: 2 },
    slots: {
      code: slot(({ code }) => code),
      sum: needed((order, words) => words.sum(order)),
      quantity: slot(({ quantity }) => String(quantity)),
    },
  },
  shareHeld: {
    sample: { code, left: 37, wanted: 83 },
    slots: {
      code: slot(({ code }) => code),
      left: line(({ left }) => (left > 0 ? String(left) : "")),
      wanted: slot(({ wanted }) => String(wanted)),
    },
  },
  holdsPaused: {
    sample: { until: example.at, code, quantity: 29 },
    slots: {
      until: needed(({ until }, { time }) => time(until)),
      code: slot(({ code }) => code),
      quantity: slot(({ quantity }) => String(quantity)),
    },
  },
}
