import { formatRupiah } from "../../shop/money.ts"
import type { CatalogueDeskTexts, DocumentProblem } from "./catalogue-desk-texts.ts"
import { corrections } from "./en-catalogue-corrections.ts"
import { nearCodes, prices, priceTable } from "./en-catalogue-prices.ts"
import { catalogueProblem, newProductForm } from "./en-catalogue-problems.ts"
import { stock } from "./en-catalogue-stock.ts"
import { yesOrNo } from "./en-desk.ts"
import { unit } from "./en-refusals.ts"
import { join, oneLine, type Wording } from "./wording.ts"

export function catalogueDesk(wording: Wording): CatalogueDeskTexts {
  const { desk } = wording
  return {
    ...prices(wording),
    ...stock(wording),
    ...corrections(wording),
    catalogueHelp: () =>
      join(
        `${newProductForm(wording)}: a new product`,
        `${desk("newproduct")} SHIRT-L | Shirt size L | 95000 | Clothes | Cotton | physical 10: physical goods`,
        `${desk("edit")} KOPI-1 name Coffee with palm sugar: change name, price, category, description, warranty, limit, minstock`,
        `${desk("price")} KOPI-1 15000: change the price`,
        `${desk("price")} KOPI-1 reseller 12000, or 10+ 14000: special prices`,
        `${desk("stock")}: all stock, what runs low first`,
        `${desk("stock")} KOPI-1, then the goods on the lines below: add stock`,
        `${desk("stock")} KOPI-1 remove: take back the stock that was added last`,
        `${desk("stock")} SHIRT-L +5: add physical goods`,
        `${desk("hide")} KOPI-1, ${desk("unhide")} KOPI-1: stop selling, sell again`,
      ),
    catalogueProblem: (problem) => catalogueProblem(problem, wording),
    firstProduct: () =>
      join(
        "This shop has no product yet. Make the first with one message, its parts separated by bars:",
        newProductForm(wording),
        "",
        "Category and description may be left out. For physical goods add | physical 10 at the end.",
      ),
    productAdded: (outcome) => {
      const { product } = outcome
      const { code } = product
      if (outcome.kind === "exists")
        return join(
          `The code ${code} is taken, so nothing was changed: *${oneLine(product.name)}*, ` +
            `${formatRupiah(product.price)}, stock ${product.free}${product.isHidden ? ", hidden" : ""}.`,
          `Change it: ${desk("edit")} ${code} name A new name`,
          product.isHidden
            ? `Sell it again: ${desk("unhide")} ${code}`
            : `Add stock: ${desk("stock")} ${code}`,
          "Or use another code for the new product.",
        )
      return join(
        `*${oneLine(product.name)}* (${code}) is on sale ✅`,
        priceTable(product, []),
        product.category !== "" && `Category: ${oneLine(product.category)}`,
        product.kind === "digital"
          ? join(
              `A digital product: fill its stock with codes, one a line. Send ${desk("stock")} ${code}`,
              `Physical goods? ${desk("edit")} ${code} physical 10`,
            )
          : `Physical goods. Stock: ${product.free}. Change it with ${desk("stock")} ${code} +5`,
        outcome.retired.length > 0 &&
          `The example products are no longer on sale: ${outcome.retired.join(", ")}.`,
      )
    },
    productChanged: (outcome, { field }) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { product } = outcome
      if (outcome.kind === "no_warranty")
        return join(
          `${product.code} is physical, so it has no automatic warranty. Nothing was changed.`,
          `Promise it in the description: ${desk("edit")} ${product.code} description Shop warranty of 7 days`,
        )
      const said = {
        name: `${product.code} is now called *${oneLine(product.name)}*`,
        category: product.category
          ? `${product.code} is now in the category ${oneLine(product.category)}`
          : `${product.code} now has no category`,
        description: product.description
          ? `The description of ${product.code} is now:\n${product.description}\n\nSaved`
          : `${product.code} now has no description`,
        warrantyDays:
          product.warrantyDays > 0
            ? `${product.code} now has a warranty of ${product.warrantyDays} ${product.warrantyDays === 1 ? "day" : "days"}`
            : `${product.code} now has no warranty`,
        maxQuantity: `At most ${product.maxQuantity} of ${product.code} can be bought at once now`,
        lowStockAt: `The stock of ${product.code} now counts as low from ${product.lowStockAt} on`,
      }
      return `${said[field]} ✅`
    },
    productVisibility: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code, name } = outcome.product
      switch (outcome.kind) {
        case "hidden":
          return `${oneLine(name)} (${code}) is no longer on sale ✅ Sell it again at any time: ${desk("unhide")} ${code}`
        case "unhidden":
          return `${oneLine(name)} (${code}) is on sale again ✅`
        case "already_hidden":
          return `${code} is hidden already. Sell it again: ${desk("unhide")} ${code}`
        case "already_shown":
          return `${code} is on sale already. Stop selling it: ${desk("hide")} ${code}`
      }
    },
    hidingToConfirm: ({ product, openOrders }) =>
      join(
        `Stop selling *${oneLine(product.name)}* (${product.code})? Customers will no longer see it.`,
        openOrders > 0 &&
          `${openOrders} open ${openOrders === 1 ? "order goes" : "orders go"} on and will be finished.`,
        yesOrNo,
      ),
    documentForWhat: () =>
      join(
        "Which product is this file for? Send it once more with a caption like this:",
        `${desk("stock")} KOPI-1`,
      ),
    messageCut: () =>
      join(
        "That message is too long to be read to its end, so nothing was done and no stock was added.",
        "Send it as a .txt file of at most 1,000 lines, or split it into several messages.",
      ),
    deskSlowDown: ({ seconds }) =>
      join(
        "Slowly, please 🙏 This message was not handled: nothing was changed, and no stock was added.",
        `Send all of it again in ${seconds} ${unit(seconds)}.`,
      ),
    documentNotRead: ({ problem }) => join(documentProblems[problem], "No stock was added."),
  }
}

const documentProblems: Readonly<Record<DocumentProblem, string>> = {
  failed: "The file could not be fetched from WhatsApp. Please send it once more.",
  too_large: "The file is too large, at most 1 MB. Split it into several, of at most 1,000 lines each.",
  not_text: "The file is no list of text. Send a .txt or .csv file with one unit a line.",
  beside_lines: "There are goods in the file and in the message, too. Send just one of them.",
  not_utf8: "Its letters can’t be read. Save the file as UTF-8 and send it again.",
}
