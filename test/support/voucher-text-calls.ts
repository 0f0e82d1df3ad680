import type { VouchersProblem } from "../../src/conversation/desk/vouchers.ts"
import type { RestockTexts } from "../../src/conversation/texts/restock-texts.ts"
import type { Texts } from "../../src/conversation/texts/texts.ts"
import type { VoucherTexts } from "../../src/conversation/texts/voucher-texts.ts"
import type { VouchersDeskTexts } from "../../src/conversation/texts/vouchers-desk-texts.ts"
import type { Rupiah } from "../../src/shop/money.ts"
import type { RulesRefusal, VoucherReport } from "../../src/shop/voucher-desk.ts"
import type { Voucher, VoucherRefusal } from "../../src/shop/vouchers.ts"

type Data = Readonly<{
  word: string
  words: readonly string[]
  amount: Rupiah
  maybeAmount: Rupiah | undefined
  maybeWord: string | undefined
  count: number
  date: Date
  isDemo: boolean
}>

type Name = keyof (VoucherTexts & RestockTexts & VouchersDeskTexts)

const reasons: readonly VoucherRefusal[] = [
  ...(["closed", "not_begun", "ended", "for_others", "used_up", "used_before"] as const),
  ...(["not_for_product", "below_minimum"] as const),
]

const refusals = (words: readonly string[], count: number): readonly RulesRefusal[] => [
  { kind: "cap_without_percent" },
  { kind: "unknown_products", codes: words },
  { kind: "unknown_category", categories: count % 2 === 0 ? words : [] },
  { kind: "ends_before_it_begins" },
  { kind: "over_already" },
  { kind: "fewer_than_used", uses: count },
]

const problems: readonly VouchersProblem[] = [
  ...(["missing_code", "malformed_code", "reserved_code", "missing_discount", "bad_discount"] as const),
  ...(["percent_out_of_range", "discount_stays", "nothing_to_change", "too_many_words"] as const),
]
  .map((kind): VouchersProblem => ({ room: "vouchers", kind }))
  .concat(
    (["missing_value", "bad_value", "twice"] as const).map((kind) => ({
      room: "vouchers",
      kind,
      option: "quota",
    })),
  )

function one<Value>(values: readonly Value[], count: number): Value {
  const value = values[count % values.length]
  if (value === undefined) throw new Error("there is nothing to choose from")
  return value
}

function voucherOf({ word, words, amount, maybeAmount, count, date, isDemo }: Data): Voucher {
  const at = date.toISOString()
  return {
    code: word,
    percent: isDemo ? 10 : null,
    amount: isDemo ? null : amount,
    maxDiscount: maybeAmount ?? null,
    minTotal: amount,
    usesMax: isDemo ? count : null,
    usesPerCustomer: isDemo ? null : count,
    startsAt: at,
    endsAt: isDemo ? at : null,
    productCodes: isDemo ? words : null,
    category: isDemo ? null : word,
    role: isDemo ? "reseller" : null,
    uses: count,
    createdAt: new Date(0).toISOString(),
    closedAt: isDemo ? null : at,
  }
}

function reportOf(data: Data): VoucherReport {
  const { word, amount, count, date, maybeWord } = data
  const use = { orderCode: word, number: maybeWord ?? null, discount: amount, total: amount, at: date }
  return {
    voucher: voucherOf(data),
    held: count,
    given: amount,
    lastUses: (["held", "used", "released"] as const).map((state) => ({ ...use, state })),
  }
}

/** One call of each text about vouchers and what is waited for. */
export const voucherTextCalls: { [Each in Name]: (texts: Texts, data: Data) => string } = {
  voucherChosen: (texts, data) => texts.voucherChosen({ voucher: voucherOf(data) }),
  voucherKept: (texts, data) =>
    texts.voucherKept({ voucher: voucherOf(data), reason: data.isDemo ? one(reasons, data.count) : null }),
  noVoucher: (texts) => texts.noVoucher(),
  voucherDropped: (texts, { word }) => texts.voucherDropped({ voucherCode: word }),
  voucherUnknown: (texts, { word, date, isDemo }) =>
    texts.voucherUnknown({ voucherCode: word, pausedUntil: isDemo ? date : undefined }),
  voucherPaused: (texts, { date }) => texts.voucherPaused({ until: date }),
  voucherNotChosen: (texts, data) =>
    texts.voucherNotChosen({ voucher: voucherOf(data), reason: one(reasons, data.count) }),
  voucherRefused: (texts, { word, amount, maybeAmount, count, isDemo }) =>
    texts.voucherRefused({
      voucherCode: word,
      reason: one(reasons, count),
      minTotal: maybeAmount,
      total: amount,
      code: word,
      quantity: count,
      method: isDemo ? "qris" : undefined,
    }),
  restockNoted: (texts, { word, isDemo }) => texts.restockNoted({ code: word, name: word, before: isDemo }),
  restockInStock: (texts, { word, count }) => texts.restockInStock({ code: word, name: word, left: count }),
  restockTooMany: (texts, { count }) => texts.restockTooMany({ max: count }),
  restockList: (texts, { words, isDemo }) =>
    texts.restockList({ products: isDemo ? [] : words.map((code) => ({ code, name: code })) }),
  restockEnded: (texts, { word }) => texts.restockEnded({ code: word }),
  restockNotAwaited: (texts, { word }) => texts.restockNotAwaited({ code: word }),
  backInStock: (texts, { word, amount }) => texts.backInStock({ code: word, name: word, price: amount }),
  vouchersHelp: (texts) => texts.vouchersHelp(),
  vouchersProblem: (texts, { count }) => texts.vouchersProblem({ problem: one(problems, count) }),
  voucherCreated: (texts, data) =>
    texts.voucherCreated(
      one(
        [
          { kind: "created", voucher: voucherOf(data) },
          { kind: "exists", voucher: voucherOf(data) },
          ...refusals(data.words, data.count),
        ],
        data.count,
      ),
    ),
  voucherChanged: (texts, data) =>
    texts.voucherChanged({
      voucherCode: data.word,
      ...one(
        [
          { kind: "changed", voucher: voucherOf(data) },
          { kind: "closed_before", voucher: voucherOf(data) },
          { kind: "not_found" },
          ...refusals(data.words, data.count),
        ],
        data.count,
      ),
    }),
  voucherToCreate: (texts, { word, amount }) =>
    [{ amount }, { percent: 15 }]
      .map((discount) => texts.voucherToCreate({ code: word, discount, isTiny: true, isUnlimited: true }))
      .join("\n"),
  voucherToClose: (texts, data) => texts.voucherToClose(reportOf(data)),
  voucherClosed: (texts, data) =>
    texts.voucherClosed({
      voucherCode: data.word,
      ...one(
        [
          { kind: "closed", voucher: voucherOf(data) },
          { kind: "closed_before", voucher: voucherOf(data) },
          { kind: "not_found" },
        ],
        data.count,
      ),
    }),
  voucherList: (texts, data) =>
    texts.voucherList({ vouchers: data.isDemo ? [voucherOf(data)] : [], left: data.count }),
  voucherReport: (texts, data) => texts.voucherReport({ ...reportOf(data), at: data.date }),
  noSuchVoucher: (texts) => texts.noSuchVoucher(),
}
