import { pageLimits, productLimits } from "../limits.ts"
import { readCode } from "../read-words.ts"
import { type CatalogueReading, hasLines, refuse, room } from "./catalogue-asked.ts"
import type { DeskWords } from "./desk-command.ts"

const removing = new Set(["hapus", "remove", "delete"])
const pageWords = new Set(["hal", "halaman", "page"])

/**
 * Nothing or a page: what there is of everything. CODE with lines below: units to add, each line one. CODE
 * with +5, -2 or =10: physical goods that came, went or were counted. CODE hapus: what was pasted last goes
 * again. CODE alone asks.
 */
export function readStockCommand({ words, lines }: DeskWords): CatalogueReading {
  const [first, ...rest] = words
  const isPasted = hasLines(lines)
  if (first === undefined) {
    if (isPasted) return refuse("stock", { kind: "missing_code" })
    return { kind: "asked", asked: { room, kind: "list_stock", page: 1 } }
  }
  if (!isPasted && (isPage(first) || pageWords.has(first.toLowerCase()))) return readPage(words)
  const code = readCode(first)
  if (code === undefined) return refuse("stock", { kind: "malformed_code" })
  if (rest.length === 0) {
    return { kind: "asked", asked: { room, kind: "add_units", code, lines: isPasted ? lines : [] } }
  }
  if (rest.length === 1 && !isPasted && removing.has(rest[0]?.toLowerCase() ?? ""))
    return { kind: "asked", asked: { room, kind: "remove_units", code } }
  const [, sign, digits = ""] = /^([-+=\u2212\u2013]?)([0-9]{1,7})$/.exec(rest.join("")) ?? []
  if (sign === undefined || isPasted) return refuse("stock", { kind: "units_beside_code" })
  const amount = Number(digits)
  if (amount > productLimits.stock) {
    return refuse("stock", { kind: "number_out_of_range", field: "stock", min: 0, max: productLimits.stock })
  }
  if (sign === "") return { kind: "asked", asked: { room, kind: "unclear_count", code, amount } }
  const count = {
    how: sign === "=" ? "to" : "by",
    amount: sign === "+" || sign === "=" ? amount : -amount,
  } as const
  return { kind: "asked", asked: { room, kind: "count_stock", code, count } }
}

function readPage(words: readonly string[]): CatalogueReading {
  const [digits = "", ...more] = words.filter((word) => !pageWords.has(word.toLowerCase()))
  if (!isPage(digits) || more.length > 0) return refuse("stock", { kind: "malformed_page" })
  const page = Number(digits)
  const code = words.length === 1 ? readCode(digits) : undefined
  return { kind: "asked", asked: { room, kind: "list_stock", page, ...(code !== undefined && { code }) } }
}

function isPage(word: string): boolean {
  return /^[0-9]{1,3}$/.test(word) && Number(word) >= pageLimits.min
}
