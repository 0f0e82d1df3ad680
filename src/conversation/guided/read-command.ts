import type { Role } from "../../shop/customer.ts"
import type { Intent } from "../intent.ts"
import { withoutPrefix } from "../normal-words.ts"
import { understand, understandCommand } from "../understand.ts"
import type { Answer } from "./read-answer.ts"
import { saidWords, wholeNumber } from "./said-words.ts"

/** `isBare`: the command's word and nothing behind it. */
export type ReadCommand = Readonly<{ intent: Intent; isPrefixed: boolean; isBare: boolean }>

const leaving = new Set([
  ...["batal", "batalkan", "batalin", "cancel", "keluar", "exit", "quit"],
  ...["tidak jadi", "gak jadi", "ga jadi", "nggak jadi", "never mind", "nevermind"],
])
/** Whoever had enough of broadcasts says them too, whatever was asked last. */
const stopping = new Set(["stop", "berhenti", "unsubscribe"])
const goingBack = new Set(["kembali", "back", "0", "mundur", "sebelumnya", "balik"])
const bareLeaving = new Set(["batal", "cancel", "stop", "berhenti"])
const bareGoingBack = new Set(["kembali", "back", "0"])

/**
 * A command in a message and its readable line; undefined where there is none. A number is never a command.
 */
export function readCommand(
  line: string,
  text: string,
  { prefix, role }: { prefix: string; role: Role },
): ReadCommand | undefined {
  const marked = withoutPrefix(line, prefix)
  if (wholeNumber(line) !== undefined) return undefined
  if (marked !== undefined)
    return { intent: understand(text, prefix, { role }), isPrefixed: true, isBare: !marked.includes(" ") }
  const intent = understandCommand(line)
  return intent && { intent, isPrefixed: false, isBare: isBare(line, intent) }
}

/**
 * Out of the order, or one question back. Where free words are asked for, only the words we name ourselves.
 */
export function readWay(line: string, { isFreeText }: { isFreeText: boolean }): Answer | undefined {
  const said = saidWords(line)
  if (stopping.has(said)) return { kind: "leave", isStop: true }
  if ((isFreeText ? bareLeaving : leaving).has(said)) return { kind: "leave" }
  if ((isFreeText ? bareGoingBack : goingBack).has(said)) return { kind: "back" }
  return undefined
}

function isBare(line: string, intent: Intent): boolean {
  return intent.kind === "menu" || saidWords(line).split(" ").length === 1
}
