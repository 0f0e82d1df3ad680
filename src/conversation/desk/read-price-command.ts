import { productLimits } from "../limits.ts"
import { readCode } from "../read-words.ts"
import { type CatalogueReading, type PriceTier, refuse, room } from "./catalogue-asked.ts"
import type { DeskWords } from "./desk-command.ts"
import { readPrice } from "./read-product.ts"

const removing = new Set(["hapus", "remove", "delete"])
const resellers = new Set(["reseller", "resellers"])

/** CODE, then whose price it is and from how many on (`reseller`, `10+`), and the price or `hapus`. */
export function readPriceCommand({ words }: DeskWords): CatalogueReading {
  const [codeWord, ...rest] = words
  if (codeWord === undefined) return refuse("price", { kind: "missing_code" })
  const code = readCode(codeWord)
  if (code === undefined) return refuse("price", { kind: "malformed_code" })
  if (rest.length === 0) return { kind: "asked", asked: { room, kind: "show_prices", code } }
  const { tier, others, isRemoved } = readTier(rest)
  if (!tier) return refuse("price", { kind: "malformed_tier", max: productLimits.quantity })
  if (isRemoved) {
    if (others.length > 0) return refuse("price", { kind: "too_many_words" })
    if (tier.role === "" && tier.minQuantity === 1) return refuse("price", { kind: "base_price_stays" })
    return { kind: "asked", asked: { room, kind: "remove_price", code, tier } }
  }
  const price = readPrice(others.join(" "))
  if (typeof price === "object") return refuse("price", price)
  return { kind: "asked", asked: { room, kind: "set_price", code, tier, price } }
}

function readTier(words: readonly string[]): {
  tier: PriceTier | undefined
  others: readonly string[]
  isRemoved: boolean
} {
  const isRole = (word: string) => resellers.has(word.toLowerCase())
  const isRemoving = (word: string) => removing.has(word.toLowerCase())
  const quantities = words.filter((word) => /^[0-9]+\+$/.test(word))
  const minQuantity = Number((quantities[0] ?? "1").replace("+", ""))
  const isLegal = quantities.length <= 1 && minQuantity >= 1 && minQuantity <= productLimits.quantity
  const role = words.some(isRole) ? "reseller" : ""
  return {
    tier: isLegal ? { role, minQuantity } : undefined,
    others: words.filter((word) => !isRole(word) && !isRemoving(word) && !quantities.includes(word)),
    isRemoved: words.some(isRemoving),
  }
}
