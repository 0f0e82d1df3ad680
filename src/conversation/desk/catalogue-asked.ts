import type { Rupiah } from "../../shop/money.ts"

/** What an operator says of a new product; `stock` counts physical goods. */
export type DescribedProduct = Readonly<{
  code: string
  name: string
  price: Rupiah
  category: string
  description: string
  kind: "digital" | "physical"
  stock: number
}>

/** What a product's goods are; `stock` counts physical ones. */
export type Goods = Pick<DescribedProduct, "kind" | "stock">

/** What can be changed of a product, and into what. */
export type ProductChange =
  | Readonly<{ field: "name" | "category" | "description"; value: string }>
  | Readonly<{ field: "warrantyDays" | "maxQuantity" | "lowStockAt"; value: number }>

export type ProductField = ProductChange["field"] | "price"

/** Whose price it is, and from how many on; everybody's from one on is the product's own. */
export type PriceTier = Readonly<{ role: "" | "reseller"; minQuantity: number }>

/** What an operator asks of the catalogue. */
export type CatalogueAsked = Readonly<{ room: "catalogue" }> &
  (
    | Readonly<{ kind: "add_product"; product: DescribedProduct }>
    | Readonly<{ kind: "change_product"; code: string; change: ProductChange }>
    | Readonly<{ kind: "show_prices"; code: string }>
    | Readonly<{ kind: "set_price"; code: string; tier: PriceTier; price: Rupiah }>
    | Readonly<{ kind: "remove_price"; code: string; tier: PriceTier }>
    | Readonly<{ kind: "hide_product" | "unhide_product"; code: string }>
    /** `code`: the page could also be meant as a product's code. */
    | Readonly<{ kind: "list_stock"; page: number; code?: string }>
    /** Without a line it asks for them, or shows what physical goods there are. */
    | Readonly<{ kind: "add_units"; code: string; lines: readonly string[] }>
    | Readonly<{ kind: "count_stock"; code: string; count: StockCount }>
    /** A bare number: of physical goods it could be what came, or what there is. */
    | Readonly<{ kind: "unclear_count"; code: string; amount: number }>
    /** The last paste, as far as it is still free. */
    | Readonly<{ kind: "remove_units"; code: string }>
    | Readonly<{ kind: "change_goods"; code: string; goods: Goods }>
  )

/** Physical goods that came, went, or were counted anew. */
export type StockCount = Readonly<{ how: "by" | "to"; amount: number }>

export type CatalogueCommand = "new_product" | "change" | "price" | "hide" | "unhide" | "stock"

/** Why a command of the catalogue could not be read. None holds words of the message: they may be goods. */
export type CatalogueProblem = Readonly<{ room: "catalogue"; command: CatalogueCommand }> & CatalogueFault

export type CatalogueFault =
  | Readonly<{ kind: "incomplete" | "missing_code" | "malformed_code" | "missing_name" }>
  | Readonly<{ kind: "name_too_long" | "category_too_long" | "description_too_long"; max: number }>
  | Readonly<{ kind: "missing_price" | "malformed_price" }>
  | Readonly<{ kind: "price_out_of_range"; min: Rupiah; max: Rupiah }>
  | Readonly<{ kind: "unknown_field" }>
  | Readonly<{ kind: "missing_value"; field: ProductField }>
  | Readonly<{ kind: "number_out_of_range"; field: ProductField | "stock"; min: number; max: number }>
  | Readonly<{ kind: "malformed_tier"; max: number }>
  | Readonly<{ kind: "base_price_stays" | "malformed_page" | "units_beside_code" | "too_many_words" }>

export type CatalogueReading =
  | Readonly<{ kind: "asked"; asked: CatalogueAsked }>
  | Readonly<{ kind: "problem"; command: CatalogueCommand; problem: CatalogueProblem }>

export const room = "catalogue"

export function refuse(command: CatalogueCommand, fault: CatalogueFault): CatalogueReading {
  return { kind: "problem", command, problem: { room, command, ...fault } }
}
