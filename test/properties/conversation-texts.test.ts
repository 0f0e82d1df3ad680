import { expect, test } from "bun:test"
import fc from "fast-check"
import type { Command, InvalidReason } from "../../src/conversation/intent.ts"
import { depositLimits } from "../../src/conversation/limits.ts"
import { wordsFor } from "../../src/conversation/texts/slots/phrases-for.ts"
import { originalTemplate } from "../../src/conversation/texts/slots/present.ts"
import { type Changeable, changeables } from "../../src/conversation/texts/slots/slots.ts"
import { placeholdersOf, readTemplate } from "../../src/conversation/texts/slots/template.ts"
import { withTemplates } from "../../src/conversation/texts/slots/with-templates.ts"
import type { Texts } from "../../src/conversation/texts/texts.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import type { Review } from "../../src/shop/decide-review.ts"
import { defaultSettings, type HouseSettings, settingNames } from "../../src/shop/house-settings.ts"
import type { RefundId, ReviewId, UserId } from "../../src/shop/ids.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { Refund } from "../../src/shop/refund-order.ts"
import { catalogueCalls } from "../support/catalogue-texts.ts"
import { fulfilmentCalls } from "../support/fulfilment-texts.ts"
import { guidedCalls } from "../support/guided-text-calls.ts"
import { alertCalls, broadcastCalls } from "../support/notice-texts.ts"
import { peopleCalls } from "../support/people-texts.ts"
import { voucherTextCalls } from "../support/voucher-text-calls.ts"

const word = fc.stringMatching(/^[A-Z0-9 _*-]{1,20}$/)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const amount = fc.integer({ min: -(10 ** 12), max: 10 ** 12 }).map(rupiah)
const count = fc.integer({ min: 0, max: 1000 })
const date = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
const method = fc.constantFrom("saldo" as const, "qris" as const)
const status = fc.constantFrom(
  ...(["awaiting_payment", "paid", "delivered", "packing", "shipped"] as const),
  ...(["completed", "expired", "cancelled", "refunded"] as const),
)
const command = fc.constantFrom<Command[]>(
  ...(["menu", "help", "catalogue", "categories", "detail", "buy", "balance", "deposit", "status"] as const),
  ...([
    "history",
    "cancel",
    "language",
    "pay_demo",
    "resend",
    "warranty",
    "voucher",
    "restock",
    "address",
  ] as const),
  ...(["refund", "review", "person"] as const),
)
const reason = fc.constantFrom<InvalidReason[]>(
  { kind: "missing_code" },
  { kind: "malformed_code" },
  { kind: "missing_order_code" },
  { kind: "malformed_order_code" },
  { kind: "malformed_voucher" },
  { kind: "quantity_not_a_number" },
  { kind: "quantity_not_whole" },
  { kind: "quantity_out_of_range", min: 1, max: 100 },
  { kind: "place_invalid" },
  { kind: "unknown_method" },
  { kind: "missing_amount" },
  { kind: "amount_not_a_number" },
  { kind: "amount_out_of_range", ...depositLimits },
  { kind: "page_invalid" },
  { kind: "unknown_language" },
  { kind: "too_many_words" },
  { kind: "missing_reason" },
  { kind: "reason_too_long", max: 200 },
  { kind: "refund_how_much", orderCode: "AB12" },
  { kind: "malformed_review" },
)
const lines = fc.array(fc.record({ name: word, quantity: count, amount }), { maxLength: 3 })
const units = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 })

const anything = fc.record({
  word,
  words: fc.array(word, { minLength: 1, maxLength: 3 }),
  maybeWord: maybe(word),
  amount,
  maybeAmount: maybe(amount),
  count,
  maybeCount: maybe(count),
  date,
  maybeDate: maybe(date),
  method,
  status,
  command,
  reason,
  lines,
  isDemo: fc.boolean(),
  refused: fc.constantFrom(
    ...(["physical", "not_delivered", "no_warranty", "over", "refunded_before", "no_such_unit"] as const),
    ...(["claimed_before", "in_review", "other_in_review", "reviewed", "made_good_before"] as const),
  ),
  ended: fc.constantFrom("expired" as const, "cancelled" as const, undefined),
  why: fc.constantFrom("chosen" as const, "balance_short" as const, "only_method" as const),
})

function refundOf({ word, amount, status, date, isDemo, why }: Anything): Refund {
  const states = { chosen: "done", balance_short: "requested", only_method: "failed" } as const
  return {
    id: 1 as RefundId,
    amount,
    state: states[why],
    destination: isDemo ? "saldo" : "provider",
    failure: why === "only_method" ? word : null,
    at: date.toISOString(),
    orderCode: word,
    orderStatus: status,
    left: amount,
    userId: 1 as UserId,
    balance: amount,
  }
}

function settingsOf(isOff: boolean): HouseSettings {
  return isOff ? { ...defaultSettings, quietHours: null, summaryHour: null } : defaultSettings
}

function reviewOf({ word, amount, status, date, isDemo }: Anything): Review {
  return {
    id: 1 as ReviewId,
    kind: isDemo ? "reversal" : "unknown_payment",
    at: date,
    provider: isDemo ? "midtrans" : null,
    reference: isDemo ? word : null,
    orderCode: isDemo ? word : null,
    orderStatus: isDemo ? status : null,
    number: isDemo ? word : null,
    amount: isDemo ? amount : null,
    left: isDemo ? amount : null,
    unitPrice: isDemo ? amount : null,
    refund: isDemo ? null : { state: "failed", since: amount },
    evidence: { fromSale: amount, lost: null, reference: word },
    decision: isDemo ? "dismissed" : null,
    decidedBy: isDemo ? word : null,
    decidedReason: isDemo ? word : null,
    decidedAt: isDemo ? date : null,
  }
}

type Anything = typeof anything extends fc.Arbitrary<infer Value> ? Value : never

/** One call of each text; a text that is added and not called here does not compile. */
const calls: { [Name in Exclude<keyof Texts, "demoMark">]: (texts: Texts, data: Anything) => string } = {
  ...guidedCalls,
  ...catalogueCalls,
  ...voucherTextCalls,
  confirmRefund: (texts, { word, amount }) =>
    [true, false]
      .map((isAll) => ({ orderCode: word, amount, isAll, destination: "saldo", reason: word }) as const)
      .map((refund) =>
        texts.confirmRefund({ ...refund, customer: { name: word, number: "62812", lid: null } }),
      )
      .join("\n"),
  confirmDecision: (texts, { count, word, maybeAmount }) =>
    texts.confirmDecision({
      id: count,
      decision: { kind: "credited", number: word, amount: maybeAmount },
      reason: word,
    }),
  confirmationChanged: (texts) => texts.confirmationChanged(),
  confirmationLapsed: (texts) => texts.confirmationLapsed(),
  confirmationDropped: (texts) => texts.confirmationDropped(),
  confirmationUnclear: (texts) => texts.confirmationUnclear(),
  priceChanged: (texts, { word, amount, count }) =>
    texts.priceChanged({ code: word, price: amount, discount: amount, total: amount, quantity: count }),
  shareHeld: (texts, { word, count }) => texts.shareHeld({ code: word, left: count, wanted: count }),
  holdsPaused: (texts, { word, count, date }) =>
    texts.holdsPaused({ until: date, code: word, quantity: count }),
  menu: (texts, { word, maybeWord }) => texts.menu({ shopName: word, customerName: maybeWord }),
  help: (texts) => texts.help(),
  youAreWelcome: (texts) => texts.youAreWelcome(),
  catalogue: (texts, { word, words, amount, count, maybeWord, isDemo }) =>
    texts.catalogue({
      products: words.map((code, place) => ({
        ...{ code, name: word, price: amount, left: count, category: words[place - 1] },
        ...(isDemo ? { sold: count, isNew: true } : {}),
      })),
      page: 1,
      pages: count,
      category: maybeWord,
      categories: words,
    }),
  categoryList: (texts, { words, count, isDemo }) =>
    texts.categoryList({ categories: isDemo ? [] : ["", ...words].map((name) => ({ name, count })) }),
  catalogueEmpty: (texts, { words, maybeWord, isDemo }) =>
    texts.catalogueEmpty({ category: maybeWord, categories: isDemo ? words : [] }),
  detail: (texts, { word, amount, count, isDemo }) =>
    texts.detail({
      code: word,
      name: word,
      price: amount,
      left: count,
      description: word,
      kind: isDemo ? "digital" : "physical",
      category: word,
      ...(isDemo ? { sold: count, isNew: true } : {}),
    }),
  productNotFound: (texts, { word, words, isDemo }) =>
    texts.productNotFound({ code: word, suggestions: isDemo ? words : [] }),
  balance: (texts, { amount, date, words, word, maybeWord }) =>
    texts.balance({
      balance: amount,
      movements: [...words, "purchase", "toString"].map((kind) => ({
        at: date,
        amount,
        kind: kind || word,
        reason: maybeWord,
      })),
    }),
  languageChanged: (texts) => texts.languageChanged(),
  languageChoice: (texts) => texts.languageChoice(),
  demo: (texts, { word }) => texts.demo(word),
  goods: (texts, { word, words, lines, amount, method, maybeAmount, isDemo }) =>
    texts.goods({
      orderCode: word,
      lines,
      units: words,
      total: amount,
      method,
      balanceAfter: maybeAmount,
      resent: isDemo,
    }),
  physicalPaid: (texts, { word, lines, amount, method, maybeAmount, isDemo }) =>
    texts.physicalPaid({
      orderCode: word,
      lines,
      total: amount,
      method,
      balanceAfter: maybeAmount,
      isAskedWhere: isDemo,
    }),
  paymentRequest: (texts, { word, lines, amount, maybeAmount, date, isDemo, why, maybeWord }) =>
    texts.paymentRequest({
      uniqueExtra: maybeAmount,
      orderCode: word,
      lines: isDemo ? lines : undefined,
      total: amount,
      expiresAt: date,
      payUrl: maybeWord,
      isDemo,
      why,
      balance: amount,
    }),
  paymentUnavailable: (texts, { maybeWord }) => texts.paymentUnavailable({ orderCode: maybeWord }),
  depositUnavailable: (texts) => texts.depositUnavailable(),
  noFreeAmount: (texts) => texts.noFreeAmount(),
  qrisNotOffered: (texts) => texts.qrisNotOffered(),
  depositRequest: (texts, { amount, maybeAmount, date, isDemo, maybeWord }) =>
    texts.depositRequest({
      amount,
      uniqueExtra: maybeAmount,
      expiresAt: date,
      payUrl: maybeWord,
      isDemo,
      balance: amount,
    }),
  depositPaid: (texts, { amount }) => texts.depositPaid({ amount, balance: amount }),
  orderStatus: (texts, { word, lines, amount, maybeAmount, method, date, maybeDate, maybeWord, status }) =>
    texts.orderStatus({
      exactAmount: maybeAmount,
      orderCode: word,
      status,
      lines,
      total: amount,
      method,
      returned: maybeAmount,
      returning: maybeAmount,
      createdAt: date,
      expiresAt: maybeDate,
      payUrl: maybeWord,
    }),
  noOrders: (texts) => texts.noOrders(),
  orderNotFound: (texts, { word }) => texts.orderNotFound({ orderCode: word }),
  history: (texts, { words, word, amount, date, count, status }) =>
    texts.history({
      orders: words.map((orderCode) => ({ orderCode, status, total: amount, at: date, summary: word })),
      page: 1,
      pages: count,
    }),
  cancelled: (texts, { word }) => texts.cancelled({ orderCode: word }),
  depositCancelled: (texts) => texts.depositCancelled(),
  nothingToCancel: (texts) => texts.nothingToCancel(),
  cannotCancel: (texts, { word, status }) => texts.cannotCancel({ orderCode: word, status }),
  nothingToPay: (texts) => texts.nothingToPay(),
  demoPaid: (texts) => texts.demoPaid(),
  demoElsewhere: (texts) => texts.demoElsewhere(),
  nothingToResend: (texts, { word, status }) => texts.nothingToResend({ orderCode: word, status }),
  expired: (texts, { word }) => texts.expired({ orderCode: word }),
  latePaymentGoods: (texts, { word, ended: endedAs }) => texts.latePaymentGoods({ orderCode: word, endedAs }),
  latePaymentToBalance: (texts, { word, amount, ended: endedAs }) =>
    texts.latePaymentToBalance({ orderCode: word, amount, balance: amount, endedAs }),
  surplusToBalance: (texts, { amount }) => texts.surplusToBalance({ surplus: amount }),
  paidTwice: (texts, { word, amount }) => texts.paidTwice({ orderCode: word, amount, balance: amount }),
  underpaid: (texts, { word, amount }) =>
    texts.underpaid({ orderCode: word, asked: amount, amount, balance: amount }),
  paymentReversed: (texts, { word, amount, isDemo }) =>
    texts.paymentReversed({
      orderCode: isDemo ? word : null,
      amount,
      reversal: isDemo ? "refund" : "chargeback",
      fromBalance: amount,
      balance: amount,
    }),
  reviewRaised: (texts, { word, amount, isDemo }) =>
    texts.reviewRaised({
      reviewId: amount,
      reviewKind: isDemo ? "unknown_payment" : "reversal",
      amount,
      orderCode: isDemo ? null : word,
    }),
  warrantyReplaced: (texts, { word, words, count }) =>
    texts.warrantyReplaced({ orderCode: word, name: word, place: count, count, units: words }),
  warrantyRefunded: (texts, { word, amount, count, isDemo }) =>
    texts.warrantyRefunded({
      orderCode: word,
      name: word,
      place: count,
      count,
      amount,
      balance: amount,
      isSoldOut: isDemo,
    }),
  warrantyWhich: (texts, { word, words, isDemo }) =>
    texts.warrantyWhich({ orderCode: word, units: words.map((name) => ({ name, isClaimed: isDemo })) }),
  warrantyRefused: (texts, { word, amount, date, count, isDemo, refused }) =>
    texts.warrantyRefused({
      kind: refused,
      returned: amount,
      replaced: count,
      orderCode: word,
      endedAt: date,
      otherOrderCode: word,
      place: count,
      count,
      wasReplaced: isDemo,
    }),
  reviewCredited: (texts, { amount }) => texts.reviewCredited({ amount, balance: amount }),
  paymentReview: (texts, { word, amount, isDemo }) =>
    texts.paymentReview({ orderCode: isDemo ? word : null, amount, received: amount }),
  orderRefunded: (texts, data) => texts.orderRefunded(refundOf(data)),
  refundRequested: (texts, data) => texts.refundRequested(refundOf(data)),
  refundFailed: (texts, data) => texts.refundFailed(refundOf(data)),
  refundMade: (texts, data) => texts.refundMade(refundOf(data)),
  refundedBefore: (texts, data) =>
    texts.refundedBefore({
      ...refundOf(data),
      wanted: "saldo",
      again: data.maybeWord,
    }),
  refundRefused: (texts, { word, amount, status, isDemo }) =>
    texts.refundRefused(
      isDemo
        ? { kind: "not_paid", status, orderCode: word }
        : { kind: "provider_holds_less", holds: amount, orderCode: word },
    ),
  noReviews: (texts) => texts.noReviews(),
  reviewList: (texts, data) => texts.reviewList({ reviews: [reviewOf(data)], hasMore: data.isDemo }),
  review: (texts, data) => texts.review(reviewOf(data)),
  reviewNotFound: (texts, { count }) => texts.reviewNotFound({ id: count }),
  reviewDecided: (texts, { count, maybeAmount, isDemo }) =>
    texts.reviewDecided({
      id: count,
      decision: isDemo ? "settled" : "dismissed",
      amount: maybeAmount ?? null,
      settlement: null,
      reversal: null,
    }),
  ownerHelp: (texts) => texts.ownerHelp(),
  warrantyNotGranted: (texts, { word, count }) =>
    texts.warrantyNotGranted({ orderCode: word, name: word, place: count, count }),
  reviewDecidedBefore: (texts, { count }) => texts.reviewDecidedBefore({ id: count }),
  reviewNotDecided: (texts, { isDemo }) =>
    texts.reviewNotDecided({ kind: isDemo ? "no_money" : "unknown_customer" }),
  soldOut: (texts, { word, maybeWord, count }) =>
    texts.soldOut({ code: word, name: maybeWord, left: count, wanted: count }),
  insufficientBalance: (texts, { amount, maybeWord, maybeCount }) =>
    texts.insufficientBalance({
      balance: amount,
      total: amount,
      missing: amount,
      code: maybeWord,
      quantity: maybeCount,
    }),
  rateLimited: (texts, { count }) => texts.rateLimited({ seconds: count }),
  slowDown: (texts, { count }) => texts.slowDown({ seconds: count }),
  transactionInProgress: (texts, { maybeCount }) => texts.transactionInProgress({ seconds: maybeCount }),
  unpaidOrderExists: (texts, { word, amount, maybeWord, date }) =>
    texts.unpaidOrderExists({ orderCode: word, total: amount, payUrl: maybeWord, expiresAt: date }),
  quantityOutOfRange: (texts, { count }) => texts.quantityOutOfRange({ min: count, max: count }),
  amountOutOfRange: (texts, { amount }) => texts.amountOutOfRange({ min: amount, max: amount }),
  invalid: (texts, { command, reason }) => texts.invalid(command, reason),
  blocked: (texts) => texts.blocked(),
  tooLong: (texts, { count }) => texts.tooLong({ max: count }),
  empty: (texts) => texts.empty(),
  noWords: (texts) => texts.noWords(),
  unknown: (texts, { command, isDemo }) => texts.unknown(isDemo ? { suggestion: command } : {}),
  busy: (texts) => texts.busy(),
  delayed: (texts) => texts.delayed(),
  unavailable: (texts) => texts.unavailable(),
  failed: (texts, { word }) => texts.failed({ reference: word }),
  textList: (texts, { words, count, isDemo }) =>
    texts.textList({
      texts: words.map((key) => ({ key, isChanged: isDemo })),
      sought: isDemo ? "order" : "",
      page: 1,
      pages: count,
    }),
  textShown: (texts, { word, isDemo }) => {
    const shown = { template: word, isChanged: isDemo, example: word }
    return texts.textShown({ key: word, texts: { id: shown, en: shown }, placeholders: [] })
  },
  textPreview: (texts, { word, isDemo }) =>
    texts.textPreview({ key: word, language: "en", isRestored: isDemo, example: word }),
  textChanged: (texts, { word }) => texts.textChanged({ key: word, language: "id" }),
  textRestored: (texts, { word }) => texts.textRestored({ key: word, language: "id" }),
  textWasOriginal: (texts, { word }) => texts.textWasOriginal({ key: word, language: "en" }),
  settingList: (texts, { isDemo }) => texts.settingList(settingsOf(isDemo)),
  settingChanged: (texts, { isDemo, count }) =>
    texts.settingChanged({
      name: settingNames[count % settingNames.length] ?? "zone",
      settings: settingsOf(isDemo),
    }),
  houseProblem: (texts, { word, count }) => {
    const name = settingNames[count % settingNames.length] ?? "zone"
    const problems = [
      { kind: "unknown_language", key: word },
      { kind: "missing_template", key: word, language: "id" },
      { kind: "template", key: word, language: "en", problem: { kind: "too_long", max: 2000 } },
      { kind: "unknown_setting" },
      { kind: "setting_value", name },
    ] as const
    const problem = problems[count % 6] ?? { kind: "unknown_text" as const }
    return texts.houseProblem({ room: "house", ...problem })
  },
  houseHelp: (texts) => texts.houseHelp(),
  whatsappLoggedOut: (texts) => texts.whatsappLoggedOut(),
  whatsappReplaced: (texts) => texts.whatsappReplaced(),
  whatsappStopped: (texts) => texts.whatsappStopped(),
  whatsappKeepsFailing: (texts) => texts.whatsappKeepsFailing(),
  ...fulfilmentCalls,
  whatsappRests: (texts, { count }) => texts.whatsappRests({ minutes: count }),
  ...broadcastCalls,
  ...alertCalls,
  ...peopleCalls,
}

const hole = /undefined|NaN|null|false|true|Invalid|\[object|\[native|=>|[{}]|\n\n\n/

const place = { prefix: ".", zone: "Asia/Jakarta", shopName: "Toko Budi" }

/** Any template that may be kept for a text: its placeholders in any order, each needed one among them. */
function templateFor({ text }: Changeable): fc.Arbitrary<string> {
  const optional = Object.keys(text.slots).filter((name) => text.slots[name]?.isLine)
  return wildTemplateFor({ text }).map((template) =>
    // What can be empty has a line to itself.
    optional.reduce((all, name) => all.replaceAll(`{${name}}`, `\n{${name}}\n`), template),
  )
}

/** The same, wherever they stand: what is refused is among them. */
function wildTemplateFor({ text }: Pick<Changeable, "text">): fc.Arbitrary<string> {
  const musts = Object.keys(text.slots).filter((name) => text.slots[name]?.must)
  const free = placeholdersOf(text).filter((name) => !musts.includes(name) && name !== "original")
  const all = [...musts, ...free].map((name) => `{${name}}`)
  return fc
    .record({
      kept: fc.shuffledSubarray(all),
      between: fc.array(fc.constantFrom(" ", "\n", "\n\n", ": ", " *kata* ", "$& $1 ", "\\"), {
        minLength: 40,
      }),
    })
    .map(({ kept, between }) => {
      const names = [...new Set([...kept, ...musts.map((name) => `{${name}}`)])]
      return `Toko: ${names.map((name, index) => `${name}${between[index] ?? ""}`).join("")}`
    })
}

function templatesBy(template: (of: Changeable) => fc.Arbitrary<string>) {
  return fc
    .tuple(...changeables.map(template))
    .map((templates) => new Map(changeables.map(({ key }, index) => [key, templates[index] ?? ""])))
}

const anyTemplates = templatesBy(templateFor)
const wildTemplates = templatesBy(wildTemplateFor)

/** The texts, each of which looks after what it says. */
function watched(texts: Texts, look: (name: string, given: unknown, said: string) => void): Texts {
  const says = Object.entries(texts).filter(([, say]) => typeof say === "function")
  const watching = says.map(([name, say]) => [
    name,
    (...all: readonly unknown[]) => {
      const said = say(...all)
      look(name, all.length === 1 ? all[0] : all, said)
      return said
    },
  ])
  return { ...texts, ...Object.fromEntries(watching) }
}

for (const language of ["id", "en"] as const) {
  const texts = textsFor(language)
  const writing = { ...place, words: wordsFor(language, place) }

  test(`no ${language} text shows a hole where data should stand`, () => {
    fc.assert(
      fc.property(anything, (data) => {
        for (const call of Object.values(calls)) {
          const text = call(texts, data)
          expect(text.trim()).not.toBe("")
          expect(text).not.toMatch(hole)
        }
      }),
      { numRuns: 200 },
    )
  })

  test(`the ${language} message with the goods holds every payload verbatim and once, in order`, () => {
    const order = { orderCode: "A1", lines: [], total: rupiah(1), method: "qris", resent: false } as const
    fc.assert(
      fc.property(units, (payloads) => {
        const marked = payloads.map((payload, index) => `${index}<${payload}>${index}`)
        const text = texts.goods({ ...order, units: marked })
        expect(text).toContain(marked.join("\n"))
        for (const unit of marked) expect(text.split(unit)).toHaveLength(2)
      }),
    )
  })

  test(`no ${language} text shows a hole, whatever template stands in its place`, () => {
    fc.assert(
      fc.property(anything, fc.noShrink(anyTemplates), (data, templates) => {
        for (const { key, text } of changeables)
          expect([key, readTemplate(templates.get(key) ?? "", text).kind]).toEqual([key, "read"])
        const changed = withTemplates(texts, templates, writing)
        for (const call of Object.values(calls)) {
          const text = call(changed, data)
          expect(text.trim()).not.toBe("")
          expect(text).not.toMatch(hole)
        }
      }),
      { numRuns: 50 },
    )
  })

  test(`every ${language} text says what it may not leave out, whatever template was accepted`, () => {
    let accepted = 0
    fc.assert(
      fc.property(anything, fc.noShrink(wildTemplates), (data, templates) => {
        accepted += changeables.filter(
          ({ key, text }) => readTemplate(templates.get(key) ?? "", text).kind === "read",
        ).length
        const changed = watched(withTemplates(texts, templates, writing), (name, given, said) => {
          const text = changeables.find((one) => one.name === name && one.fits(given))?.text
          for (const [slot, { must, write }] of Object.entries(text?.slots ?? {})) {
            if (slot !== "original" && must)
              expect([name, said]).toEqual([
                name,
                expect.stringContaining(write(given, writing.words).trim()),
              ])
          }
        })
        for (const call of Object.values(calls)) call(changed, data)
      }),
      { numRuns: 50 },
    )
    expect(accepted).toBeGreaterThan(50 * changeables.length * 0.7)
  })

  test(`every ${language} text says the same when it is kept as it is shown to be changed`, () => {
    const shown = new Map(changeables.map((one) => [one.key, originalTemplate(one, language, place.zone)]))
    const changed = withTemplates(texts, shown, writing)
    const full = (word: string) => `A${word}Z`
    const readable = anything.map(({ word, words, maybeWord, ...data }) => ({
      ...data,
      word: full(word),
      words: words.map(full),
      maybeWord: maybeWord === undefined ? undefined : full(maybeWord),
    }))
    const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "")
    fc.assert(
      fc.property(readable, (data) => {
        for (const [name, call] of Object.entries(calls))
          expect([name, ...lines(call(changed, data))]).toEqual([name, ...lines(call(texts, data))])
      }),
      { numRuns: 100 },
    )
  })
}
