import type { DeskProduct } from "../../../shop/manage-product.ts"
import type { CatalogueDeskTexts } from "../catalogue-desk-texts.ts"
import { example } from "./samples.ts"
import { fixed, framed, type GivenTo, needed, type SlotTable } from "./slot.ts"

const product: DeskProduct = {
  id: 1,
  code: example.productCode,
  name: example.productName,
  price: example.amount,
  category: "Minuman",
  description: "",
  kind: "digital",
  warrantyDays: 0,
  maxQuantity: 100,
  lowStockAt: 0,
  isHidden: false,
  isDemo: false,
  free: 37,
}

const level = {
  code: product.code,
  name: product.name,
  kind: product.kind,
  isHidden: false,
  isLow: false,
  free: 37,
  held: 0,
  sold: 13,
}

export const catalogueDeskSlots: SlotTable<CatalogueDeskTexts> = {
  catalogueHelp: fixed,
  catalogueProblem: framed({ room: "catalogue", command: "price", kind: "missing_price" }),
  firstProduct: fixed,
  productAdded: framed({ kind: "added", product, retired: [] }),
  productChanged: framed<GivenTo<CatalogueDeskTexts["productChanged"]>>([
    { kind: "changed", product },
    { field: "name" },
  ]),
  productPrices: framed({ kind: "prices", product, steps: [] }),
  priceToConfirm: framed({
    kind: "set",
    place: { role: "", minQuantity: 1 },
    from: example.received,
    to: example.amount,
    dropped: [],
    product,
    steps: [],
  }),
  productVisibility: framed({ kind: "hidden", product }),
  hidingToConfirm: framed({ product, openOrders: 0 }),
  stockList: framed({ levels: [level], page: 1, pages: 1 }),
  stockOf: framed({ product, level }),
  unitsPasted: framed({ kind: "added", product, added: 8, repeated: 0, known: 0, refused: [], free: 37 }),
  unitsNotSent: fixed,
  unitsDoubtful: framed({ code: product.code }),
  unitsToRemove: framed({ kind: "removable", product, units: 8, addedAt: example.at }),
  unitsRemoved: framed({ kind: "removed", product, removed: 8, free: 29 }),
  countUnclear: framed({ code: product.code, amount: 5 }),
  goodsChanged: framed({ kind: "changed", product }),
  goodsCounted: framed({ kind: "counted", product, before: 2, free: 7 }),
  documentForWhat: fixed,
  messageCut: fixed,
  deskSlowDown: {
    sample: { seconds: 37 },
    slots: { seconds: needed(({ seconds }, words) => words.seconds(seconds)) },
  },
  documentNotRead: framed({ problem: "failed" }),
}
