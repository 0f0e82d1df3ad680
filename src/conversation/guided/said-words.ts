import { asciiDigits } from "../digits.ts"
import { withoutPoliteness } from "../greetings.ts"
import { normalWord } from "../normal-words.ts"

const wishes = new Set(
  "mau saya aku tolong minta ambil beli pesan order buy want please id like to i the a yang nomor no".split(
    " ",
  ),
)

/** Lower case, without polite words behind: what is compared with the words that are known. */
export function saidWords(line: string): string {
  const words = asciiDigits(line).split(" ")
  const meant = withoutPoliteness(words)
  // `ya kak` is polite from end to end, and still says something.
  return (meant.length > 0 ? meant : words.slice(0, 1)).map(normalWord).join(" ").trim()
}

/** Without `mau pesan` and the like before what is wanted; all of it, where nothing else was said. */
export function withoutWish(line: string): string {
  const words = asciiDigits(line).split(" ")
  const first = words.findIndex((word) => !wishes.has(normalWord(word)))
  return first <= 0 ? words.join(" ") : words.slice(first).join(" ")
}

/** A whole number and nothing else: `3`, `3.`, `#3`, `3)`; undefined for all others, and from 7 digits on. */
export function wholeNumber(line: string): number | undefined {
  const [, digits] = /^#?([0-9]{1,6})[.)]?$/.exec(asciiDigits(line).trim()) ?? []
  return digits === undefined ? undefined : Number(digits)
}
