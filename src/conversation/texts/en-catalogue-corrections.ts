import type { CatalogueDeskTexts } from "./catalogue-desk-texts.ts"
import { nearCodes } from "./en-catalogue-prices.ts"
import { yesOrNo } from "./en-desk.ts"
import { join, oneLine, type Wording } from "./wording.ts"

/** What is said where goods were written down wrongly, and how that is put right. */
export function corrections(
  wording: Wording,
): Pick<
  CatalogueDeskTexts,
  "unitsDoubtful" | "unitsToRemove" | "unitsRemoved" | "countUnclear" | "goodsChanged"
> {
  const { desk, time } = wording
  return {
    unitsDoubtful: ({ code }) =>
      join(
        `That doesn’t look like goods, so nothing was added to ${code}.`,
        `If it is goods, send it again with the command above it:\n${desk("stock")} ${code}\nTHE-GOODS`,
        "Answer cancel if you don’t want to.",
      ),
    unitsToRemove: ({ product, units, addedAt }) =>
      join(
        `Remove ${units} ${units === 1 ? "unit" : "units"} of *${oneLine(product.name)}* (${product.code}) added ${time(addedAt)}?`,
        "Only what is still for sale goes; what is held or sold stays. What is removed can’t be read again.",
        yesOrNo,
      ),
    unitsRemoved: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code } = outcome.product
      switch (outcome.kind) {
        case "removed":
          return `${outcome.removed} ${outcome.removed === 1 ? "unit" : "units"} removed from ${code} ✅ For sale now: ${outcome.free}`
        case "none_free":
          return `${code} has no units for sale, so there is nothing to remove.`
        case "not_digital":
          return join(
            `${code} is physical: its stock is a number. Nothing was changed.`,
            `Goods went: ${desk("stock")} ${code} -2`,
            `Exactly 0: ${desk("stock")} ${code} =0`,
          )
      }
    },
    countUnclear: ({ code, amount }) =>
      join(
        `${code} is physical. Nothing was changed yet.`,
        `Add ${amount}: ${desk("stock")} ${code} +${amount}`,
        `Exactly ${amount}: ${desk("stock")} ${code} =${amount}`,
      ),
    goodsChanged: (outcome) => {
      if (outcome.kind === "unknown_product") return nearCodes(outcome, wording)
      const { code, kind, free } = outcome.product
      if (outcome.kind === "in_use")
        return join(
          `${code} was ordered or stocked before, so it stays ${kind}.`,
          `Make a new product under another code, then ${desk("hide")} ${code}`,
        )
      return kind === "physical"
        ? `${code} is physical now, stock ${free} ✅ Change it with ${desk("stock")} ${code} +5`
        : `${code} is digital now ✅ Fill its stock: send ${desk("stock")} ${code}`
    },
  }
}
