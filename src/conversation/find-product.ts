import { asciiDigits } from "./digits.ts"
import { slipsBetween } from "./slips.ts"

/** What of a product it may be called by. */
export type Named = Readonly<{ code: string; name: string; category: string }>

export type FoundProducts<Product> =
  | Readonly<{ kind: "one"; product: Product }>
  /** The best first; `isCut` when more fit than are in the list. */
  | Readonly<{ kind: "several"; products: readonly Product[]; isCut: boolean }>
  | Readonly<{ kind: "none" }>

export const shortListMax = 9

/** Nobody's name for a product is longer. */
const wordsMax = 12
const wordLengthMax = 32

/** How well a product fits: the lower, the better. */
const ranks = { whole: 0, beginning: 1, words: 2, part: 3 } as const

type Asked = Readonly<{ words: readonly string[]; joined: string }>

/** The products called exactly so, by code or by whole name; punctuation and letter case do not matter. */
export function findExactly<Product extends Named>(
  text: string,
  products: readonly Product[],
): readonly Product[] {
  const asked = askedFor(text)
  const typed = text.trim().toUpperCase()
  const byCode = products.find(({ code }) => code === typed)
  if (byCode) return [byCode]
  return asked.joined === "" ? [] : products.filter((product) => isWhole(asked, product))
}

/**
 * What a customer means by a code, a name or a part of it: the same words always find the same products, in
 * the order of how well they fit and then of the catalogue. Slips of the fingers are forgiven where nothing
 * else fits; in a word with digits there are none, for the digits tell one product from another.
 */
export function findProduct<Product extends Named>(
  text: string,
  products: readonly Product[],
): FoundProducts<Product> {
  const fitting = findFitting(text, products)
  if (fitting.kind !== "none") return fitting
  const asked = askedFor(text)
  return asked.joined === "" ? fitting : listed(sorted(products, slipsCounter(asked)))
}

/** The same without forgiving anything. */
export function findFitting<Product extends Named>(
  text: string,
  products: readonly Product[],
): FoundProducts<Product> {
  const exact = findExactly(text, products)
  if (exact.length > 0) return listed(exact)
  const asked = askedFor(text)
  return asked.joined === ""
    ? { kind: "none" }
    : listed(sorted(products, (product) => rankOf(asked, product)))
}

function listed<Product>(products: readonly Product[]): FoundProducts<Product> {
  const [product] = products
  if (!product) return { kind: "none" }
  if (products.length === 1) return { kind: "one", product }
  return {
    kind: "several",
    products: products.slice(0, shortListMax),
    isCut: products.length > shortListMax,
  }
}

function sorted<Product>(
  products: readonly Product[],
  rank: (product: Product) => number | undefined,
): readonly Product[] {
  return products
    .flatMap((product) => {
      const ranked = rank(product)
      return ranked === undefined ? [] : [{ product, ranked }]
    })
    .sort((one, other) => one.ranked - other.ranked)
    .map(({ product }) => product)
}

function rankOf(asked: Asked, product: Named): number | undefined {
  const code = wordsOf(product.code)
  const name = wordsOf(product.name)
  const joined = [code.join(""), name.join("")]
  if (joined.some((whole) => whole.startsWith(asked.joined))) return ranks.beginning
  const known = [...name, ...code, ...wordsOf(product.category)]
  if (asked.words.every((word) => known.some((other) => other.startsWith(word)))) return ranks.words
  const isPart = asked.joined.length >= 3 && joined.some((whole) => whole.includes(asked.joined))
  return isPart ? ranks.part : undefined
}

function isWhole(asked: Asked, product: Named): boolean {
  return wordsOf(product.code).join("") === asked.joined || wordsOf(product.name).join("") === asked.joined
}

/** Counts the slips between what was asked for and a product; undefined where they are too many. */
function slipsCounter(asked: Asked): (product: Named) => number | undefined {
  const known = new Map<string, number | undefined>()
  const between = (word: string, other: string) => {
    const pair = `${word} ${other}`
    if (!known.has(pair)) known.set(pair, forgiven(word, other))
    return known.get(pair)
  }
  return (product) => {
    const code = wordsOf(product.code)
    const name = wordsOf(product.name)
    const whole = least([between(asked.joined, code.join("")), between(asked.joined, name.join(""))])
    const all = [...name, ...code]
    const each = asked.words.map((word) => least(all.map((other) => between(word, other))))
    const total = each.reduce<number | undefined>(
      (sum, slips) => (sum === undefined || slips === undefined ? undefined : sum + slips),
      0,
    )
    return least([whole, total])
  }
}

/** A word, or the beginning of a longer one, that was meant all the same. */
function forgiven(word: string, other: string): number | undefined {
  const allowed = /\p{N}/u.test(word) || word.length < 4 ? 0 : word.length < 8 ? 1 : 2
  const slips = least(
    [other, other.slice(0, word.length)]
      .filter((whole) => Math.abs(whole.length - word.length) <= allowed)
      .map((whole) => slipsBetween(word, whole)),
  )
  return slips !== undefined && slips <= allowed ? slips : undefined
}

function least(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.reduce(
    (low, number) => (low === undefined || (number !== undefined && number < low) ? number : low),
    undefined,
  )
}

function askedFor(text: string): Asked {
  const words = wordsOf(text)
    .slice(0, wordsMax)
    .map((word) => word.slice(0, wordLengthMax))
  return { words, joined: words.join("") }
}

/** As they are compared: lower case, no accents, digits as 0 to 9. */
function wordsOf(text: string): readonly string[] {
  return asciiDigits(text)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
}
