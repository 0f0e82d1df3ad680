import type { RefusedLine } from "../../shop/add-pasted-units.ts"
import type { StockLevel } from "../../shop/manage-product.ts"
import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import { nearCodes } from "./en-catalogue-prices.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const shownLines = 20

export function stock(
  wording: Wording,
): Pick<CatalogueDeskTexts, "stockList" | "stockOf" | "unitsPasted" | "unitsNotSent" | "goodsCounted"> {
  const { desk } = wording
  return {
    stockList: ({ levels, page, pages }) =>
      join(
        `*Stock* (page ${page} of ${pages})`,
        "",
        ...levels.map(levelLine),
        "",
        `Add: ${desk("stock")} CODE`,
        page < pages && `Next page: ${desk("stock")} ${page + 1}`,
      ),
    stockOf: ({ product, level }) =>
      product.kind === "physical"
        ? join(
            `*${oneLine(product.name)}* (${product.code}): ${figures(level)}`,
            `Goods came: ${desk("stock")} ${product.code} +5`,
            `Goods went: ${desk("stock")} ${product.code} -2`,
            `Counted anew: ${desk("stock")} ${product.code} =10`,
          )
        : join(
            `*${oneLine(product.name)}* (${product.code}): ${figures(level)}`,
            "Send the new stock now: one unit a line, at most 1,000, or as a .txt file.",
            "Answer cancel if you don’t want to.",
          ),
    unitsPasted: (outcome) => {
      switch (outcome.kind) {
        case "unknown_product":
          return join("No stock was added.", nearCodes(outcome, wording))
        case "too_many_lines":
          return `There are ${outcome.lines} lines, at most ${outcome.max} fit one message. Split them into several. No stock was added.`
        case "not_digital":
          return join(
            `${outcome.product.code} is physical: its stock is a number, not a list. Nothing was added.`,
            `Goods came: ${desk("stock")} ${outcome.product.code} +5`,
          )
        case "demo_product":
          return join(
            `${outcome.product.code} is an example, so no real goods go into it. No stock was added.`,
            `Make a product of your own first: ${desk("newproduct")} ${outcome.product.code} | Name | 15000`,
          )
        case "no_units":
          return join(
            "There is nothing to add.",
            ...refusedLines(outcome.refused),
            `Try again: ${desk("stock")} ${outcome.product.code}`,
          )
        case "added":
          return join(
            outcome.added > 0
              ? `${outcome.added} ${outcome.added === 1 ? "unit" : "units"} added to ${outcome.product.code} ✅`
              : `Nothing new for ${outcome.product.code}.`,
            outcome.known > 0 && `${outcome.known} known already, skipped.`,
            outcome.repeated > 0 && `${outcome.repeated} written twice, skipped.`,
            ...refusedLines(outcome.refused),
            `For sale now: ${outcome.free}${outcome.product.isHidden ? " (the product is hidden)" : ""}`,
          )
      }
    },
    unitsNotSent: () => "All right, no stock was added.",
    goodsCounted: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code } = outcome.product
      switch (outcome.kind) {
        case "counted":
          return `The stock of ${code} is now ${outcome.free} (it was ${outcome.before}) ✅`
        case "below_zero":
          return `Of ${code} only ${outcome.free} are left, so that many can’t go. Nothing was changed.`
        case "beyond_limit":
          return `A stock is at most ${outcome.max}. Nothing was changed.`
        case "not_physical":
          return join(
            `${code} is digital: its stock is the goods themselves, one a line. Nothing was changed.`,
            `Add: send ${desk("stock")} ${code}, and the goods in the next message.`,
          )
      }
    },
  }
}

function levelLine(level: StockLevel): string {
  const marks = [level.isLow && "⚠️ low", level.isHidden && "hidden"].filter((mark) => mark)
  return join(
    `*${level.code}* ${oneLine(level.name, 40)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`,
    figures(level),
  )
}

function figures({ free, held, sold }: StockLevel): string {
  return `for sale ${free}, held ${held}, sold ${sold}`
}

function refusedLines(refused: readonly RefusedLine[]): string[] {
  const linesOf = (problem: RefusedLine["problem"]) => {
    const lines = refused.filter((one) => one.problem === problem).map(({ line }) => line)
    const more = lines.length - shownLines
    return `${lines.slice(0, shownLines).join(", ")}${more > 0 ? ` and ${more} more` : ""}`
  }
  const has = (problem: RefusedLine["problem"]) => refused.some((one) => one.problem === problem)
  return [
    ...(has("too_long") ? [`Refused, longer than 500 characters: line ${linesOf("too_long")}`] : []),
    ...(has("control_character")
      ? [`Refused, with an invisible character: line ${linesOf("control_character")}`]
      : []),
  ]
}
