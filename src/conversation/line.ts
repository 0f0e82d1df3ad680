import { messageLimit, storedLimit } from "./limits.ts"

/** The length in UTF-16 units is looked at first, so that a huge text is not walked through. */
export function isTooLong(text: string): boolean {
  return text.length > messageLimit * 2 || (text.length > messageLimit && [...text].length > messageLimit)
}

/** Whether the end of it was not kept: nothing may be done with such a message. */
export function isCut(text: string): boolean {
  return text.length > storedLimit
}

export function hasWords(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line)
}
