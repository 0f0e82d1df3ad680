import { formatRupiah, rupiah } from "../../../shop/money.ts"
import type { Command, InvalidReason } from "../../intent.ts"
import { depositLimits } from "../../limits.ts"
import type { GuardTexts } from "../guard-texts.ts"
import type { RefusalTexts } from "../texts.ts"
import { nameWithCode } from "../wording.ts"
import { example } from "./samples.ts"
import { fixed, type GivenTo, line, needed, type SlotTable, slot, type TextSlots } from "./slot.ts"

const { orderCode, productCode: code, amount, balance, total } = example

type SoldOut = GivenTo<RefusalTexts["soldOut"]>

const soldOut: TextSlots<SoldOut>["slots"] = {
  product: slot(nameWithCode),
  code: slot(({ code }) => code),
}

const waiting: TextSlots<Readonly<{ seconds?: number | undefined }>>["slots"] = {
  seconds: needed(({ seconds }, words) => words.seconds(seconds ?? 1)),
}

const amounts: TextSlots<GivenTo<RefusalTexts["amountOutOfRange"]>> = {
  sample: { min: rupiah(10_000), max: rupiah(5_000_000) },
  slots: {
    min: needed(({ min }) => formatRupiah(min)),
    max: needed(({ max }) => formatRupiah(max)),
  },
}

const quantities: TextSlots<GivenTo<RefusalTexts["quantityOutOfRange"]>> = {
  sample: { min: 1, max: 100 },
  slots: { min: needed(({ min }) => String(min)), max: needed(({ max }) => String(max)) },
}

type Invalid = GivenTo<RefusalTexts["invalid"]>

/** What could not be read, said with an example of how it is written. */
function explained(command: Command, kind: PlainReason): TextSlots<Invalid> {
  return {
    sample: [command, kind === "reason_too_long" ? { kind, max: 200 } : { kind }],
    slots: { example: slot(([command, reason], words) => words.example(command, reason)) },
  }
}

type PlainReason = Exclude<
  InvalidReason["kind"],
  "quantity_out_of_range" | "amount_out_of_range" | "refund_how_much" | "malformed_review"
>

const invalid: Readonly<Record<InvalidReason["kind"], TextSlots<Invalid>>> = {
  missing_code: explained("detail", "missing_code"),
  malformed_code: explained("detail", "malformed_code"),
  missing_order_code: explained("resend", "missing_order_code"),
  malformed_order_code: explained("status", "malformed_order_code"),
  quantity_not_a_number: explained("buy", "quantity_not_a_number"),
  quantity_not_whole: explained("buy", "quantity_not_whole"),
  quantity_out_of_range: {
    sample: ["buy", { kind: "quantity_out_of_range", ...quantities.sample }],
    slots: {
      min: needed(([, reason]) => ("min" in reason ? String(reason.min) : "")),
      max: needed(([, reason]) => ("max" in reason ? String(reason.max) : "")),
    },
  },
  place_invalid: explained("warranty", "place_invalid"),
  unknown_method: explained("buy", "unknown_method"),
  missing_amount: explained("deposit", "missing_amount"),
  amount_not_a_number: explained("deposit", "amount_not_a_number"),
  amount_out_of_range: {
    sample: ["deposit", { kind: "amount_out_of_range", ...amounts.sample }],
    slots: {
      min: needed(([, reason]) => (reason.kind === "amount_out_of_range" ? formatRupiah(reason.min) : "")),
      max: needed(([, reason]) => (reason.kind === "amount_out_of_range" ? formatRupiah(reason.max) : "")),
    },
  },
  page_invalid: explained("catalogue", "page_invalid"),
  unknown_language: explained("language", "unknown_language"),
  too_many_words: explained("status", "too_many_words"),
  missing_reason: explained("refund", "missing_reason"),
  reason_too_long: explained("refund", "reason_too_long"),
  refund_how_much: {
    sample: ["refund", { kind: "refund_how_much", orderCode }],
    slots: { order: slot(([, reason]) => ("orderCode" in reason ? reason.orderCode : "")) },
  },
  malformed_voucher: explained("voucher", "malformed_voucher"),
  malformed_review: { sample: ["review", { kind: "malformed_review" }], slots: {} },
}

export const refusalSlots: SlotTable<Omit<RefusalTexts, keyof GuardTexts>> = {
  soldOut: {
    pick: ({ left }) => (left > 0 ? "too_few" : "none"),
    forms: {
      too_few: {
        sample: { code, name: example.productName, left: 37, wanted: 83 },
        slots: {
          ...soldOut,
          left: needed(({ left }) => String(left)),
          wanted: slot(({ wanted }) => String(wanted)),
        },
      },
      none: { sample: { code, name: example.productName, left: 0, wanted: 1 }, slots: soldOut },
    },
  },
  insufficientBalance: {
    sample: { balance, total, missing: amount, code, quantity: 29 },
    slots: {
      balance: slot(({ balance }) => formatRupiah(balance)),
      total: slot(({ total }) => formatRupiah(total)),
      missing: needed(({ missing }) => formatRupiah(missing)),
      top_up: slot(({ missing }, { command, offersQris }) => {
        if (!offersQris) return command("person")
        return `${command("deposit")} ${Math.max(missing, depositLimits.min)}`
      }),
      code: slot(({ code }, words) => code ?? words.usage("detail").split(" ").at(-1) ?? ""),
      quantity: slot(({ quantity = 1 }) => String(quantity)),
    },
  },
  rateLimited: { sample: { seconds: 37 }, slots: waiting },
  slowDown: { sample: { seconds: 37 }, slots: waiting },
  transactionInProgress: {
    pick: ({ seconds }) => (seconds === undefined ? "unknown_time" : "known_time"),
    forms: {
      known_time: { sample: { seconds: 37 }, slots: waiting },
      unknown_time: { sample: {}, slots: {} },
    },
  },
  unpaidOrderExists: {
    sample: { orderCode, total, payUrl: example.payUrl, expiresAt: example.at },
    slots: {
      order: needed(({ orderCode }) => orderCode),
      total: slot(({ total }) => formatRupiah(total)),
      expires: slot(({ expiresAt }, { time }) => time(expiresAt)),
      where_to_pay: needed(({ payUrl }, words) => words.whereToPay(payUrl)),
    },
  },
  quantityOutOfRange: quantities,
  amountOutOfRange: amounts,
  invalid: { pick: ([, { kind }]) => kind, forms: invalid },
  blocked: fixed,
  tooLong: { sample: { max: 500 }, slots: { max: needed(({ max }) => String(max)) } },
  empty: fixed,
  noWords: fixed,
  unknown: {
    sample: { suggestion: "buy" },
    slots: { suggestion: line(({ suggestion }, words) => (suggestion ? words.usage(suggestion) : "")) },
  },
  busy: fixed,
  delayed: fixed,
  unavailable: fixed,
  failed: { sample: { reference: "7KQ2-M4W9" }, slots: { reference: needed(({ reference }) => reference) } },
}
