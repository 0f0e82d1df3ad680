import { randomInt } from "node:crypto"

/** Without the letters and digits that are mistaken for each other. */
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

/** As many random capital letters and digits, as people can read them out to each other. */
export function newCode(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("")
}

/** A reference for an error, such as E-7K2M9QXA: told to a person, logged with the cause. */
export function newReference(): string {
  return `E-${newCode(8)}`
}
