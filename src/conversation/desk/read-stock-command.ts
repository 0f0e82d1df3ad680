import { pageLimits, productLimits } from "../limits.ts"
import { readCode } from "../read-words.ts"
import { type CatalogueReading, refuse, room, type StockCount } from "./catalogue-asked.ts"
import { type DeskWords, hasLines } from "./desk-command.ts"

const removing = new Set(["hapus", "remove", "delete"])
const pageWords = new Set(["hal", "halaman", "page"])

/**
 * Nothing or a page: what there is of everything. CODE with lines below: units to add, each line one. CODE
 * with +5, -2 or =10: physical goods that came, went or were counted. CODE hapus: what was pasted last goes
 * again. CODE alone asks. A number, and the word for a page, may be codes as well: with a count behind or
 * lines below they are.
 */
export function readStockCommand({ words, lines }: DeskWords): CatalogueReading {
  const [first, ...rest] = words
  const isPasted = hasLines(lines)
  if (first === undefined) {
    if (isPasted) return refuse("stock", { kind: "missing_code" })
    return list(pageLimits.min)
  }
  const count = isPasted ? undefined : readCount(rest.join(""))
  if (!isPasted && !count) {
    if (isPage(first) && rest.length === 0) return list(Number(first), readCode(first))
    if (pageWords.has(first.toLowerCase())) return readPage(first, rest)
  }
  const code = readCode(first)
  if (code === undefined) return refuse("stock", { kind: "malformed_code" })
  if (rest.length === 0) {
    return { kind: "asked", asked: { room, kind: "add_units", code, lines: isPasted ? lines : [] } }
  }
  if (rest.length === 1 && !isPasted && removing.has(rest[0]?.toLowerCase() ?? ""))
    return { kind: "asked", asked: { room, kind: "remove_units", code } }
  const bare = isPasted ? undefined : /^[0-9]{1,7}$/.exec(rest.join(""))?.[0]
  const amount = bare === undefined ? count?.amount : Number(bare)
  if (amount === undefined) return refuse("stock", { kind: "units_beside_code" })
  if (Math.abs(amount) > productLimits.stock) {
    return refuse("stock", { kind: "number_out_of_range", field: "stock", min: 0, max: productLimits.stock })
  }
  if (!count) return { kind: "asked", asked: { room, kind: "unclear_count", code, amount } }
  return { kind: "asked", asked: { room, kind: "count_stock", code, count } }
}

function readCount(text: string): StockCount | undefined {
  const [, sign, digits = ""] = /^([-+=\u2212\u2013])([0-9]{1,7})$/.exec(text) ?? []
  if (sign === undefined) return undefined
  const amount = Number(digits)
  if (sign === "=") return { how: "to", amount }
  return { how: "by", amount: sign === "+" ? amount : -amount }
}

/** `pageWord`: alone it may be a code, and is the first page where it is none. */
function readPage(pageWord: string, [digits, ...more]: readonly string[]): CatalogueReading {
  if (digits === undefined) return list(pageLimits.min, readCode(pageWord))
  return isPage(digits) && more.length === 0
    ? list(Number(digits))
    : refuse("stock", { kind: "malformed_page" })
}

function list(page: number, code?: string): CatalogueReading {
  return { kind: "asked", asked: { room, kind: "list_stock", page, ...(code !== undefined && { code }) } }
}

function isPage(word: string): boolean {
  return /^[0-9]{1,3}$/.test(word) && Number(word) >= pageLimits.min
}
