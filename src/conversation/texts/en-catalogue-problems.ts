import { formatRupiah } from "../../shop/money.ts"
import type { CatalogueProblem, ProductField } from "../desk/catalogue-asked.ts"
import { join, type Wording } from "./wording.ts"

/** How a product is made, as it can be typed. */
export function newProductForm({ desk }: Wording): string {
  return `${desk("newproduct")} KOPI-1 | Coffee voucher | 18000 | Voucher | A glass of coffee with milk`
}

/** What could not be read, and an example that can be. */
export function catalogueProblem(problem: CatalogueProblem, wording: Wording): string {
  return join(`${explain(problem)} Nothing was changed.`, ...examples(problem, wording))
}

const fieldNames: Readonly<Record<ProductField | "stock", string>> = {
  name: "The name",
  price: "The price",
  category: "The category",
  description: "The description",
  warrantyDays: "The warranty (in days)",
  maxQuantity: "The limit of a purchase",
  lowStockAt: "The mark of low stock",
  stock: "The stock",
}

function explain(problem: CatalogueProblem): string {
  switch (problem.kind) {
    case "incomplete":
      return "A new product needs at least code, name and price, separated by bars or each on its own line."
    case "missing_code":
      return "Which product? Its code is missing."
    case "malformed_code":
      return "A product code has no spaces, only letters, digits, dots and dashes, at most 32 of them."
    case "missing_name":
      return "The name of the product is empty."
    case "name_too_long":
      return `The name is too long, at most ${problem.max} characters.`
    case "category_too_long":
      return `The category is too long, at most ${problem.max} characters.`
    case "description_too_long":
      return `The description is too long, at most ${problem.max} characters.`
    case "missing_price":
      return "The price is missing."
    case "malformed_price":
      return "The price can’t be read. Write it in plain digits, such as 15000 or 15k."
    case "price_out_of_range":
      return `A price is from ${formatRupiah(problem.min)} to ${formatRupiah(problem.max)}.`
    case "unknown_field":
      return "What can be changed: name, price, category, description, warranty, limit, minstock."
    case "missing_value":
      return `${fieldNames[problem.field]} to change it to is missing.`
    case "number_out_of_range":
      return `${fieldNames[problem.field]} is a number from ${problem.min} to ${problem.max}.`
    case "malformed_tier":
      return `A least quantity is written like 10+, from 1+ to ${problem.max}+, just one.`
    case "base_price_stays":
      return "The product’s own price can’t be removed, only changed. Special prices can be removed."
    case "malformed_page":
      return "The page must be a number from 1 on."
    case "units_beside_code":
      return "The goods go on the lines below, one a line, not beside the code."
    case "too_many_words":
      return "There are too many words."
  }
}

function examples(problem: CatalogueProblem, wording: Wording): string[] {
  const { desk } = wording
  switch (problem.command) {
    case "new_product":
      return [`Example: ${newProductForm(wording)}`]
    case "change":
      return [
        problem.kind === "missing_value" || problem.kind === "number_out_of_range"
          ? `Example: ${desk("edit")} KOPI-1 ${fieldExamples[problem.field]}`
          : `Example: ${desk("edit")} KOPI-1 name Coffee with palm sugar`,
      ]
    case "price":
      return [
        `Example: ${desk("price")} KOPI-1 15000`,
        `For resellers: ${desk("price")} KOPI-1 reseller 12000`,
        `From 10 on: ${desk("price")} KOPI-1 10+ 14000`,
        `Remove a special price: ${desk("price")} KOPI-1 reseller remove`,
      ]
    case "hide":
      return [`Example: ${desk("hide")} KOPI-1`]
    case "unhide":
      return [`Example: ${desk("unhide")} KOPI-1`]
    case "stock":
      return [
        `Example: send ${desk("stock")} KOPI-1 alone, and the goods in the next message.`,
        `Or at once, one unit a line below it:\n${desk("stock")} KOPI-1\nFIRST-CODE\nSECOND-CODE`,
        `Physical goods: ${desk("stock")} SHIRT-L +5`,
      ]
  }
}

const fieldExamples: Readonly<Record<ProductField | "stock", string>> = {
  name: "name Coffee with palm sugar",
  price: "price 15000",
  category: "category Drinks",
  description: "description A glass of coffee with milk",
  warrantyDays: "warranty 7",
  maxQuantity: "limit 5",
  lowStockAt: "minstock 3",
  stock: "minstock 3",
}
