import { type Rupiah, rupiah } from "../../shop/money.ts"
import { categoryLimit, productLimits } from "../limits.ts"
import { readable } from "../normal-words.ts"
import { amountOf, readCode } from "../read-words.ts"
import {
  type CatalogueFault,
  type CatalogueReading,
  type Goods,
  type PriceTier,
  type ProductChange,
  type ProductField,
  refuse,
  room,
} from "./catalogue-asked.ts"
import { type DeskWords, hasLines } from "./desk-command.ts"

/** The product's own price. */
export const everybody: PriceTier = Object.freeze({ role: "", minQuantity: 1 })

/** `fisik 10` among the fields of a new product, or `10 fisik`, `stok: 10`, `10 pcs`. */
const physicalFields: readonly RegExp[] = [
  /^(?:(?:barang )?fisik|physical(?: goods)?)\s*[:=]?\s*([0-9]*)(?: ?(?:pcs?|buah|biji))?$/i,
  /^(?:stok|stock)\s*[:=]?\s*([0-9]+)(?: ?(?:pcs?|buah|biji))?$/i,
  /^([0-9]+) ?(?:(?:barang )?fisik|physical|stok|stock|in stock|pcs?|buah|biji)$/i,
]

const fields: ReadonlyMap<string, ProductField> = new Map([
  ["nama", "name"],
  ["name", "name"],
  ["harga", "price"],
  ["price", "price"],
  ["kategori", "category"],
  ["category", "category"],
  ["keterangan", "description"],
  ["deskripsi", "description"],
  ["description", "description"],
  ["garansi", "warrantyDays"],
  ["warranty", "warrantyDays"],
  ["batas", "maxQuantity"],
  ["limit", "maxQuantity"],
  ["minstok", "lowStockAt"],
  ["minstock", "lowStockAt"],
])

const goodsWords = new Set(["fisik", "physical", "digital"])

/** CODE | NAME | PRICE | CATEGORY | DESCRIPTION, the last two optional; or each on a line of its own. */
export function readNewProduct(given: DeskWords): CatalogueReading {
  const { stock, texts } = takePhysical(splitFields(given))
  const [codeText = "", nameText = "", priceText = "", categoryText = "", ...descriptions] = texts
  if (texts.length < 3) return refuse("new_product", { kind: "incomplete" })
  const code = readCode(readable(codeText))
  if (code === undefined) return refuse("new_product", { kind: "malformed_code" })
  const name = readText("name", nameText)
  if (typeof name === "object") return refuse("new_product", name)
  const price = readPrice(readable(priceText))
  if (typeof price === "object") return refuse("new_product", price)
  const category = readText("category", categoryText)
  if (typeof category === "object") return refuse("new_product", category)
  const description = readText("description", descriptions.join("\n"))
  if (typeof description === "object") return refuse("new_product", description)
  if ((stock ?? 0) > productLimits.stock) {
    return refuse("new_product", outOfRange("stock", 0, productLimits.stock))
  }
  const product = { code, name, price, category, description, ...goods(stock) }
  return { kind: "asked", asked: { room, kind: "add_product", product } }
}

/** CODE FIELD VALUE; a description may go on over the following lines. */
export function readProductChange({ words, lines, behind }: DeskWords): CatalogueReading {
  const [codeWord, fieldWord, ...values] = words
  if (codeWord === undefined) return refuse("change", { kind: "missing_code" })
  const code = readCode(codeWord)
  if (code === undefined) return refuse("change", { kind: "malformed_code" })
  if (goodsWords.has((fieldWord ?? "").toLowerCase().replace(/:$/, "")))
    return readGoods(code, [...words.slice(1), ...lines].join(" ").trim())
  const field = fields.get((fieldWord ?? "").toLowerCase().replace(/:$/, ""))
  if (!field) return refuse("change", { kind: "unknown_field" })
  if (field !== "description" && hasLines(lines)) return refuse("change", { kind: "too_many_words" })
  const isFreeText = field === "name" || field === "category" || field === "description"
  const value = [isFreeText ? behind(2) : values.join(" "), ...lines].join("\n").trim()
  if (value === "") return refuse("change", { kind: "missing_value", field })
  if (field === "price") {
    const price = readPrice(value)
    if (typeof price === "object") return refuse("change", price)
    return { kind: "asked", asked: { room, kind: "set_price", code, tier: everybody, price } }
  }
  const change = readChange(field, value)
  if ("kind" in change) return refuse("change", change)
  return { kind: "asked", asked: { room, kind: "change_product", code, change } }
}

/** An amount of money as people write it, from 1 rupiah on. */
export function readPrice(text: string): Rupiah | CatalogueFault {
  const amount = amountOf(text.trim())
  if (amount === undefined) return { kind: text.trim() === "" ? "missing_price" : "malformed_price" }
  const { min, max } = productLimits.price
  return amount >= min && amount <= max ? rupiah(amount) : { kind: "price_out_of_range", min, max }
}

function readChange(field: Exclude<ProductField, "price">, value: string): ProductChange | CatalogueFault {
  switch (field) {
    case "name":
    case "category":
    case "description": {
      const isEmptied = field !== "name" && /^[-\u2013\u2014]$/.test(value)
      const read = readText(field, isEmptied ? "" : value)
      return typeof read === "string" ? { field, value: read } : read
    }
    case "warrantyDays":
      return readNumber(field, value, 0, productLimits.warrantyDays)
    case "maxQuantity":
      return readNumber(field, value, 1, productLimits.quantity)
    case "lowStockAt":
      return readNumber(field, value, 0, productLimits.stock)
  }
}

function readNumber(
  field: "warrantyDays" | "maxQuantity" | "lowStockAt",
  text: string,
  min: number,
  max: number,
): ProductChange | CatalogueFault {
  const [, digits] = /^([0-9]{1,7})(?: (?:hari|days?))?$/i.exec(text) ?? []
  const value = Number(digits ?? Number.NaN)
  return value >= min && value <= max ? { field, value } : outOfRange(field, min, max)
}

function readText(field: "name" | "category" | "description", text: string): string | CatalogueFault {
  const isBlock = field === "description"
  const value = cleaned(text, isBlock)
  const [max, kind] = (
    {
      name: [productLimits.nameCharacters, "name_too_long"],
      category: [categoryLimit, "category_too_long"],
      description: [productLimits.descriptionCharacters, "description_too_long"],
    } as const
  )[field]
  if (field === "name" && value === "") return { kind: "missing_name" }
  return [...value].length > max ? { kind, max } : value
}

/** Without what cannot be seen; a block keeps its lines. */
function cleaned(text: string, isBlock: boolean): string {
  const lines = isBlock ? text.split("\n") : [text]
  return lines
    .map((line) =>
      line
        .toWellFormed()
        .replace(/[\p{Cc}\p{Z}]+/gu, " ")
        .trim(),
    )
    .join("\n")
    .trim()
}

function splitFields({ behind, lines }: DeskWords): string[] {
  const whole = [behind(0), ...lines].join("\n")
  if (whole.includes("|")) return whole.split("|").map((field) => field.trim())
  return whole.split("\n").flatMap((line) => line.trim() || [])
}

/** The stock of physical goods, when a field says that it is some, and the other fields. */
function takePhysical(texts: readonly string[]): { stock: number | undefined; texts: readonly string[] } {
  const place = texts.findIndex((text, index) => index >= 3 && countOf(readable(text)) !== undefined)
  const digits = countOf(readable(texts[place] ?? ""))
  if (digits === undefined) return { stock: undefined, texts }
  return { stock: Number(digits), texts: texts.filter((_, index) => index !== place) }
}

/** The digits of a field that says how many physical goods there are, maybe none. */
function countOf(text: string): string | undefined {
  return physicalFields.map((pattern) => pattern.exec(text)?.[1]).find((digits) => digits !== undefined)
}

/** `fisik 10`, `fisik`, or `digital`, behind the code of a product that has sold nothing yet. */
function readGoods(code: string, text: string): CatalogueReading {
  const digits = countOf(text)
  if (digits === undefined && text.toLowerCase() !== "digital")
    return refuse("change", { kind: "too_many_words" })
  const stock = digits === undefined ? undefined : Number(digits)
  if ((stock ?? 0) > productLimits.stock) return refuse("change", outOfRange("stock", 0, productLimits.stock))
  return { kind: "asked", asked: { room, kind: "change_goods", code, goods: goods(stock) } }
}

function goods(stock: number | undefined): Goods {
  return stock === undefined ? { kind: "digital", stock: 0 } : { kind: "physical", stock }
}

function outOfRange(field: ProductField | "stock", min: number, max: number): CatalogueFault {
  return { kind: "number_out_of_range", field, min, max }
}
