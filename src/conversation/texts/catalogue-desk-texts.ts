import type { PastedUnits } from "../../shop/add-pasted-units.ts"
import type { ChangedGoods } from "../../shop/change-goods.ts"
import type { CountedGoods } from "../../shop/count-goods.ts"
import type {
  AddedProduct,
  ChangedProduct,
  DeskProduct,
  StockLevel,
  StockPage,
  Visibility,
} from "../../shop/manage-product.ts"
import type { RemovableUnits, RemovedUnits } from "../../shop/remove-units.ts"
import type { RemovedPrice, SetPrice, ShownPrices } from "../../shop/set-price.ts"
import type { CatalogueProblem, ProductField } from "../desk/catalogue-asked.ts"

/** Why a file that was sent could not be read as a list of units. */
export type DocumentProblem = "failed" | "too_large" | "not_text" | "not_utf8" | "beside_lines"

/** Said to owners and admins who look after the catalogue in a chat. None repeats what was pasted. */
export interface CatalogueDeskTexts {
  /** What can be done here, a line each, with examples. */
  catalogueHelp(): string
  /** What could not be read, and how it is written. */
  catalogueProblem(problem: CatalogueProblem): string
  /** Stands where a shop's own catalogue is empty: how the first product is made. */
  firstProduct(): string
  productAdded(outcome: AddedProduct): string
  productChanged(outcome: ChangedProduct, change: Readonly<{ field: Exclude<ProductField, "price"> }>): string
  /** The prices of a product, or what became of one. */
  productPrices(outcome: ShownPrices | SetPrice | RemovedPrice): string
  /** Asks before a price that is far from the one before, or that ends others. */
  priceToConfirm(meant: Extract<SetPrice, { kind: "set" }>): string
  productVisibility(outcome: Visibility): string
  hidingToConfirm(meant: Readonly<{ product: DeskProduct; openOrders: number }>): string
  stockList(page: StockPage): string
  /** Of one product; for digital goods it asks for units, in the next message or a file. */
  stockOf(stock: Readonly<{ product: DeskProduct; level: StockLevel }>): string
  unitsPasted(outcome: PastedUnits): string
  /** The question for units was answered with a no. */
  unitsNotSent(): string
  /** In place of units came plain words. */
  unitsDoubtful(asked: Readonly<{ code: string }>): string
  /** Asks before the last paste goes again. */
  unitsToRemove(meant: Extract<RemovableUnits, { kind: "removable" }>): string
  unitsRemoved(outcome: RemovedUnits): string
  /** A number without a sign, for physical goods. */
  countUnclear(asked: Readonly<{ code: string; amount: number }>): string
  /** A product became physical or digital, or may not any more. */
  goodsChanged(outcome: ChangedGoods): string
  goodsCounted(outcome: CountedGoods): string
  /** A file came without a word of what it is. */
  documentForWhat(): string
  /** A message so long that its end was not kept: nothing of it was done. */
  messageCut(): string
  /** An operator is too fast: nothing was done, goods that were pasted were not added. */
  deskSlowDown(limit: Readonly<{ seconds: number }>): string
  documentNotRead(refusal: Readonly<{ problem: DocumentProblem }>): string
}
