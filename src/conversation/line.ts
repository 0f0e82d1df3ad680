import { messageLimit } from "./limits.ts"

/** The length in UTF-16 units is looked at first, so that a huge text is not walked through. */
export function isTooLong(text: string): boolean {
  return text.length > messageLimit * 2 || (text.length > messageLimit && [...text].length > messageLimit)
}

/** One line of what can be seen: nothing invisible, single spaces, keycaps as their digit. */
export function readable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .replace(/\p{Default_Ignorable_Code_Point}|\u20e3/gu, "")
    .replace(/ {2,}/g, " ")
    .trim()
}

export function hasWords(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line)
}

/** What follows the shop's prefix, `/` or `!`; undefined when the line begins with none of them. */
export function withoutPrefix(line: string, prefix: string): string | undefined {
  const mark = [prefix, "/", "!"].find((mark) => mark !== "" && line.startsWith(mark))
  return mark === undefined ? undefined : line.slice(mark.length).trim()
}
