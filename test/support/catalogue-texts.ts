import type { CatalogueFault } from "../../src/conversation/desk/catalogue-asked.ts"
import type { CatalogueDeskTexts } from "../../src/conversation/texts/catalogue-desk-texts.ts"
import type { DeskProduct } from "../../src/shop/manage-product.ts"
import { type Rupiah, rupiah } from "../../src/shop/money.ts"

/** What the texts of the catalogue's desk are made of. */
type Given = Readonly<{
  word: string
  words: readonly string[]
  amount: Rupiah
  count: number
  isDemo: boolean
}>

/** A call of each text with every outcome it has words for, one below the other. */
export const catalogueCalls: {
  [Name in keyof CatalogueDeskTexts]: (texts: CatalogueDeskTexts, given: Given) => string
} = {
  catalogueHelp: (texts) => texts.catalogueHelp(),
  catalogueProblem: (texts) =>
    all(
      commands.flatMap((command) =>
        faults.map((fault) => texts.catalogueProblem({ room: "catalogue", command, ...fault })),
      ),
    ),
  firstProduct: (texts) => texts.firstProduct(),
  productAdded: (texts, given) =>
    all([
      texts.productAdded({ kind: "added", product: productOf(given), retired: given.words }),
      texts.productAdded({ kind: "exists", product: productOf(given) }),
    ]),
  productChanged: (texts, given) =>
    all(
      changeable.flatMap((field) => [
        texts.productChanged({ kind: "changed", product: productOf(given) }, { field }),
        texts.productChanged({ kind: "no_warranty", product: productOf(given) }, { field }),
        texts.productChanged(unknownOf(given), { field }),
      ]),
    ),
  productPrices: (texts, given) => {
    const priced = { product: productOf(given), steps: stepsOf(given) }
    const set = { place: { role: "reseller", minQuantity: given.count + 1 }, to: given.amount } as const
    const from = given.amount
    return all([
      texts.productPrices({ kind: "prices", ...priced }),
      texts.productPrices({ kind: "set", ...priced, ...set, from, dropped: stepsOf(given) }),
      texts.productPrices({ kind: "above_own_price", ...priced, ...set }),
      texts.productPrices({ kind: "same_price", ...priced, ...set }),
      texts.productPrices({ kind: "removed", ...priced, ...set }),
      texts.productPrices({ kind: "not_there", ...priced, ...set }),
      texts.productPrices(unknownOf(given)),
    ])
  },
  priceToConfirm: (texts, given) =>
    texts.priceToConfirm({
      kind: "set",
      place: { role: "", minQuantity: 1 },
      from: given.amount,
      to: given.amount,
      dropped: stepsOf(given),
      product: productOf(given),
      steps: [],
    }),
  productVisibility: (texts, given) =>
    all([
      ...(["hidden", "unhidden", "already_hidden", "already_shown"] as const).map((kind) =>
        texts.productVisibility({ kind, product: productOf(given) }),
      ),
      texts.productVisibility(unknownOf(given)),
    ]),
  hidingToConfirm: (texts, given) =>
    texts.hidingToConfirm({ product: productOf(given), openOrders: given.count }),
  stockList: (texts, given) =>
    texts.stockList({ levels: [levelOf(given), levelOf(given)], page: 1, pages: given.count }),
  stockOf: (texts, given) => texts.stockOf({ product: productOf(given), level: levelOf(given) }),
  unitsPasted: (texts, given) => {
    const product = productOf(given)
    const { count } = given
    const refused = [
      { line: 1, problem: "too_long" },
      { line: 2, problem: "control_character" },
    ] as const
    return all([
      texts.unitsPasted({
        kind: "added",
        product,
        added: count,
        repeated: count,
        known: 1,
        refused,
        free: 1,
      }),
      texts.unitsPasted({ kind: "no_units", product, refused }),
      texts.unitsPasted({ kind: "too_many_lines", lines: count, max: count }),
      texts.unitsPasted({ kind: "not_digital", product }),
      texts.unitsPasted({ kind: "demo_product", product }),
      texts.unitsPasted(unknownOf(given)),
    ])
  },
  unitsNotSent: (texts) => texts.unitsNotSent(),
  unitsDoubtful: (texts, given) => texts.unitsDoubtful({ code: given.word }),
  unitsToRemove: (texts, given) =>
    texts.unitsToRemove({
      kind: "removable",
      product: productOf(given),
      units: given.count,
      addedAt: new Date("2026-11-05T09:04:00Z"),
    }),
  unitsRemoved: (texts, given) => {
    const product = productOf(given)
    return all([
      texts.unitsRemoved({ kind: "removed", product, removed: given.count, free: given.count }),
      texts.unitsRemoved({ kind: "none_free", product }),
      texts.unitsRemoved({ kind: "not_digital", product }),
      texts.unitsRemoved(unknownOf(given)),
    ])
  },
  countUnclear: (texts, given) => texts.countUnclear({ code: given.word, amount: given.count }),
  goodsChanged: (texts, given) => {
    const product = productOf(given)
    return all([
      texts.goodsChanged({ kind: "changed", product }),
      texts.goodsChanged({ kind: "changed", product: { ...product, kind: "physical" } }),
      texts.goodsChanged({ kind: "in_use", product }),
      texts.goodsChanged(unknownOf(given)),
    ])
  },
  goodsCounted: (texts, given) => {
    const product = productOf(given)
    const { count } = given
    return all([
      texts.goodsCounted({ kind: "counted", product, before: count, free: count }),
      texts.goodsCounted({ kind: "below_zero", product, free: count }),
      texts.goodsCounted({ kind: "beyond_limit", product, max: count }),
      texts.goodsCounted({ kind: "not_physical", product }),
      texts.goodsCounted(unknownOf(given)),
    ])
  },
  documentForWhat: (texts) => texts.documentForWhat(),
  messageCut: (texts) => texts.messageCut(),
  deskSlowDown: (texts, { count }) => texts.deskSlowDown({ seconds: count }),
  documentNotRead: (texts) =>
    all(
      (["failed", "too_large", "not_text", "not_utf8", "beside_lines"] as const).map((problem) =>
        texts.documentNotRead({ problem }),
      ),
    ),
}

const commands = ["new_product", "change", "price", "hide", "unhide", "stock"] as const
const changeable = ["name", "category", "description", "warrantyDays", "maxQuantity", "lowStockAt"] as const

const faults: readonly CatalogueFault[] = [
  { kind: "incomplete" },
  { kind: "missing_code" },
  { kind: "malformed_code" },
  { kind: "missing_name" },
  { kind: "name_too_long", max: 200 },
  { kind: "category_too_long", max: 60 },
  { kind: "description_too_long", max: 2_000 },
  { kind: "missing_price" },
  { kind: "malformed_price" },
  { kind: "price_out_of_range", min: rupiah(1), max: rupiah(1_000) },
  { kind: "unknown_field" },
  ...[...changeable, "price" as const].map((field) => ({ kind: "missing_value", field }) as const),
  { kind: "number_out_of_range", field: "stock", min: 0, max: 9 },
  { kind: "malformed_tier", max: 100 },
  { kind: "base_price_stays" },
  { kind: "malformed_page" },
  { kind: "units_beside_code" },
  { kind: "too_many_words" },
]

function productOf({ word, amount, count, isDemo }: Given): DeskProduct {
  return {
    id: 1,
    code: word,
    name: word,
    price: amount,
    category: isDemo ? word : "",
    description: isDemo ? word : "",
    kind: isDemo ? "digital" : "physical",
    warrantyDays: count,
    maxQuantity: count,
    lowStockAt: count,
    isHidden: isDemo,
    isDemo,
    free: count,
  }
}

function levelOf({ word, count, isDemo }: Given) {
  const kind = isDemo ? "digital" : "physical"
  return {
    code: word,
    name: word,
    kind,
    isHidden: isDemo,
    isLow: !isDemo,
    free: count,
    held: 1,
    sold: 2,
  } as const
}

function stepsOf({ amount, count }: Given) {
  return [
    { role: "reseller", minQuantity: 1, price: amount },
    { role: "", minQuantity: count + 2, price: amount },
  ] as const
}

function unknownOf({ words, isDemo }: Given) {
  return { kind: "unknown_product", suggestions: isDemo ? words : [] } as const
}

function all(texts: readonly string[]): string {
  return texts.join("\n")
}
