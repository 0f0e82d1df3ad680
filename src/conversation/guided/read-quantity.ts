import type { Answer } from "./read-answer.ts"
import { saidWords, wholeNumber, withoutWish } from "./said-words.ts"

const units = "x|kali|pcs|pc|pieces?|buah|biji|bh|unit|units|item|items|lembar|pak|kotak"

const numberWords: ReadonlyMap<string, number> = new Map([
  ...["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"].map(
    (word, place) => [word, place + 1] as const,
  ),
  ...["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"].map(
    (word, place) => [word, place + 1] as const,
  ),
])

/** Undefined where nothing like a number was said. */
export function readQuantity(line: string): Answer | undefined {
  const said = saidWords(withoutWish(line))
  const quantity = numberIn(said)
  if (quantity !== undefined) return { kind: "quantity", quantity }
  return /^[-+]?[0-9]/.test(said) ? { kind: "not_a_quantity" } : undefined
}

const counted = `(?:x ?)?[0-9]{1,3}(?: ?(?:${units}))?`

/** A quantity at an end of something longer: `kopi susu 2`, `kopi x2`, `kopi 2 buah`, `2 kopi susu`. */
export function countedIn(line: string): { rest: string; quantity: number } | undefined {
  const { rest, last } =
    new RegExp(`^(?<rest>.*\\S) (?<last>${counted})$`, "i").exec(line)?.groups ??
    new RegExp(`^(?<last>${counted}) (?<rest>\\S.*)$`, "i").exec(line)?.groups ??
    {}
  const quantity = last === undefined ? undefined : numberIn(last.toLowerCase())
  return rest === undefined || quantity === undefined || quantity === 0 ? undefined : { rest, quantity }
}

function numberIn(said: string): number | undefined {
  const [, digits = ""] = new RegExp(`^(?:x ?)?([0-9]{1,6})(?: ?(?:${units}))?$`).exec(said) ?? []
  return wholeNumber(digits) ?? numberWords.get(said)
}
