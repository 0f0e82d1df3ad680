import { type FoundProducts, findExactly, findFitting, findProduct } from "../find-product.ts"
import { withoutPoliteness } from "../greetings.ts"
import type { Intent } from "../intent.ts"
import type { Guided, Shown } from "./conversation.ts"
import type { OnSale } from "./facts.ts"
import type { Answer } from "./read-answer.ts"
import type { ReadCommand } from "./read-command.ts"
import { countedIn } from "./read-quantity.ts"
import { saidWords, wholeNumber, withoutWish } from "./said-words.ts"

const more = new Set(["lagi", "more", "lanjut", "next", "berikutnya", "selanjutnya", "lainnya"])

/** One product, or a few that fit. */
type NamedProduct = Extract<Answer, { kind: "chosen" | "several" }>

/** A smaller number was meant as one of the list; a larger one may be a part of a name. */
const numbersShownMax = 100

/** Of words that nobody asked for: shorter or longer ones are talk. */
const mentionLengthMin = 3
const mentionWordsMax = 4

type Choosing = Extract<Guided, { step: "product" | "pick" }>

/**
 * Which product is meant: by the number it was shown under, by its code, its name or a part of it, maybe with
 * how many. A word that is also a command is the product called exactly so, else the command.
 */
export function readProduct(
  conversation: Choosing,
  line: string,
  products: readonly OnSale[],
  command: ReadCommand | undefined,
): Answer {
  if (more.has(saidWords(line)) && !isCodeOf(line, products)) return { kind: "more" }
  const shown = conversation.step === "product" ? conversation : { first: 1, shown: conversation.shown }
  const exact = readExactly(line, products, shown)
  if (exact) return exact
  const number = wholeNumber(line)
  if (number !== undefined && number < numbersShownMax) return { kind: "not_shown" }
  const intent = command && !isPurchase(command.intent) ? command.intent : undefined
  if (intent && command?.isBare) return { kind: "command", intent }
  const found = readWanted(line, products)
  if (found) return found
  if (intent) return { kind: "command", intent }
  return { kind: number === undefined ? "unknown_product" : "not_shown" }
}

/**
 * What a wish names, without a list before it: `mau pesan kopi susu 2 dong kak`. Undefined when it names
 * nothing here.
 */
export function readWanted(line: string, products: readonly OnSale[]): NamedProduct | undefined {
  const whole = withoutWish(line)
  const polite = withoutPoliteness(whole.split(" ")).join(" ")
  return fitting(whole, products, findProduct) ?? fitting(polite, products, findProduct)
}

/** A few words that name a product, said before anything was asked; no slips are forgiven there. */
export function readMention(line: string, products: readonly OnSale[]): NamedProduct | undefined {
  const words = saidWords(withoutWish(line))
  return words.length < mentionLengthMin || words.split(" ").length > mentionWordsMax
    ? readExactly(line, products, undefined)
    : fitting(words, products, findFitting)
}

/** Whether it is exactly a product's code: that is the product, also where it is one of our own words. */
export function isCodeOf(line: string, products: readonly OnSale[]): boolean {
  const typed = line.trim().toUpperCase()
  return products.some(({ code }) => code === typed)
}

/** One that is named whole, by its code or its name, and nothing else. */
export function readExactly(
  line: string,
  products: readonly OnSale[],
  shown: Shown | undefined,
): NamedProduct | undefined {
  const wanted = withoutWish(line)
  const code = codeOf(wanted, products, shown)
  if (code !== undefined) return { kind: "chosen", code }
  const counted = countedIn(wanted)
  const countedCode = counted && codeOf(counted.rest, products, shown)
  return counted && countedCode !== undefined
    ? { kind: "chosen", code: countedCode, quantity: counted.quantity }
    : undefined
}

function codeOf(wanted: string, products: readonly OnSale[], shown: Shown | undefined): string | undefined {
  const number = wholeNumber(wanted)
  const byNumber = number === undefined ? undefined : shown?.shown[number - shown.first]
  if (byNumber !== undefined) return byNumber
  const exact = findExactly(wanted, products)
  return exact.length === 1 ? exact[0]?.code : undefined
}

type Find = (text: string, products: readonly OnSale[]) => FoundProducts<OnSale>

/** All of the words, or all but a quantity at their end. */
function fitting(words: string, products: readonly OnSale[], find: Find): NamedProduct | undefined {
  const exact = readExactly(words, products, undefined)
  if (exact) return exact
  const found = named(find(words, products))
  if (found) return found
  const counted = countedIn(words)
  const rest = counted && named(find(counted.rest, products))
  return rest?.kind === "chosen" ? { ...rest, quantity: counted?.quantity ?? 1 } : rest
}

function named(found: FoundProducts<OnSale>): NamedProduct | undefined {
  switch (found.kind) {
    case "one":
      return { kind: "chosen", code: found.product.code }
    case "several":
      return { kind: "several", codes: found.products.map(({ code }) => code), isCut: found.isCut }
    case "none":
      return undefined
  }
}

/** `beli kopi` names what is wanted here; everything else that is a command is one. */
export function isPurchase(intent: Intent): boolean {
  return intent.kind === "buy" || (intent.kind === "invalid" && intent.command === "buy")
}
