import { randomInt } from "node:crypto"

/** Without the letters and digits that are mistaken for each other. */
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

/** A reference for an error, such as E-7K2M9QXA: told to a person, logged with the cause. */
export function newReference(): string {
  return `E-${Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join("")}`
}
