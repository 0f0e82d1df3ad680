import type { DeskProduct, UnknownProduct } from "../../shop/manage-product.ts"
import { formatRupiah } from "../../shop/money.ts"
import type { SpecialPrice } from "../../shop/prices.ts"
import type { PricePlace } from "../../shop/set-price.ts"
import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import { yesOrNo } from "./en-desk.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function prices(wording: Wording): Pick<CatalogueDeskTexts, "productPrices" | "priceToConfirm"> {
  const { desk } = wording
  return {
    productPrices: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { product, steps } = outcome
      const { code } = product
      const table = join(`*${oneLine(product.name)}* (${code})`, priceTable(product, steps))
      switch (outcome.kind) {
        case "prices":
          return join(
            table,
            "",
            `Change it: ${desk("price")} ${code} 15000`,
            `For resellers: ${desk("price")} ${code} reseller 12000`,
            `From 10 on: ${desk("price")} ${code} 10+ 14000`,
          )
        case "set":
          return join(
            `The ${placeName(outcome.place)} price is now ${formatRupiah(outcome.to)} ✅`,
            outcome.dropped.length > 0 && `Removed with it: ${listed(outcome.dropped)}.`,
            table,
          )
        case "removed":
          return join(`The ${placeName(outcome.place)} price is removed ✅`, table)
        case "above_own_price":
          return join(
            `The ${placeName(outcome.place)} price can’t be above the basic price, ${formatRupiah(product.price)}. ` +
              "Nothing was changed.",
            table,
          )
        case "same_price":
          return join(`The price is ${formatRupiah(outcome.to)} already.`, table)
        case "not_there":
          return join(`${code} has no ${placeName(outcome.place)} price.`, table)
      }
    },
    priceToConfirm: ({ product, place, from, to, dropped }) =>
      join(
        `Change the ${placeName(place)} price of *${oneLine(product.name)}* (${product.code}) ` +
          `from ${formatRupiah(from)} to ${formatRupiah(to)}?`,
        dropped.length > 0 && `Special prices that would be dearer are removed with it: ${listed(dropped)}.`,
        yesOrNo,
      ),
  }
}

/** The prices of a product, a line each. */
export function priceTable(product: DeskProduct, steps: readonly SpecialPrice[]): string {
  return join(
    `Price: ${formatRupiah(product.price)}`,
    ...steps.map((step) => `- ${placeName(step)}: ${formatRupiah(step.price)}`),
  )
}

/** A code that is no product's, and what may have been meant. It is not repeated: it may be goods. */
export function nearCodes({ suggestions }: UnknownProduct, { desk }: Wording): string {
  return join(
    "There is no product with that code.",
    suggestions.length > 0 && `Did you mean: ${suggestions.join(", ")}`,
    `All products: ${desk("stock")}`,
    `Make a new one: ${desk("newproduct")} CODE | Name | 15000`,
  )
}

function placeName({ role, minQuantity }: PricePlace): string {
  const who = role === "reseller" ? "reseller" : ""
  const many = minQuantity > 1 ? `${minQuantity}+` : ""
  return [who, many].filter((part) => part !== "").join(" ") || "basic"
}

function listed(steps: readonly SpecialPrice[]): string {
  return steps.map((step) => `${placeName(step)} ${formatRupiah(step.price)}`).join(", ")
}
