import { isCourtesy } from "../greetings.ts"
import { readable } from "../normal-words.ts"
import { addressLimits, recipientLimits } from "./conversation.ts"
import type { Answer } from "./read-answer.ts"
import { saidWords, wholeNumber } from "./said-words.ts"

/** Agree to what is offered, and are nobody's name. */
const taking = new Set([
  ...["ya", "iya", "y", "yes", "ok", "oke", "okay", "sama", "yang sama", "alamat yang sama", "same"],
  ...["the same", "same address", "the same address"],
])

/** A name or an address in free words, which thanks are not; 1 or a yes takes what was offered. */
export function addressedAnswer(step: "recipient" | "address", text: string): Answer {
  const line = oneLineOf(text)
  if (wholeNumber(line) === 1 || taking.has(saidWords(line))) return { kind: "remembered" }
  const limits = step === "recipient" ? recipientLimits : addressLimits
  const length = [...line].length
  if (length < limits.min || length > limits.max || !/\p{L}/u.test(line) || isCourtesy(line.split(" ")))
    return { kind: "malformed" }
  return step === "recipient" ? { kind: "recipient", recipient: line } : { kind: "address", address: line }
}

/** The lines of an address one after another, with a comma between them. */
function oneLineOf(text: string): string {
  return text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => readable(line).replace(/[ ,]+$/, ""))
    .filter((line) => line !== "")
    .join(", ")
}
