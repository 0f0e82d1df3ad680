import * as v from "valibot"
import { mayOperate, type Role } from "../../shop/customer.ts"
import { asciiDigits } from "../digits.ts"
import type { Intent } from "../intent.ts"
import { normalWord, readable, withoutPrefix } from "../normal-words.ts"
import { understand } from "../understand.ts"
import { type CatalogueAsked, room } from "./catalogue-asked.ts"
import { isDeclining } from "./confirm.ts"

/** The step of a conversation in which an operator is asked for the units of a product. */
export const stockStep = "stock"

export type StockAnswer =
  | Readonly<{ kind: "units"; asked: CatalogueAsked }>
  | Readonly<{ kind: "dropped" }>
  /** Words as people say them: nothing is added before they are sent as goods for sure. */
  | Readonly<{ kind: "doubtful"; code: string }>
  /** A command, or a word that means something by itself: the question is over. */
  | Readonly<{ kind: "something_else" }>

/** `tidak jadi`, `gak jadi deh`, `nanti dulu ya`, `not now`. */
const puttingOff = new RegExp(
  "^(?:(?:tidak|tak|tdk|gak?|gk|nggak?|engga?k?|batal) jadi|nanti|ntar|entar|later|not now|never mind)" +
    String.raw`(?: \p{L}+){0,3}[\s.!]*$`,
  "iu",
)

const step = v.object({ code: v.string() })

/** What is kept while the question is open: the product alone. */
export function askForUnits(code: string) {
  return { step: stockStep, data: { code } }
}

/** The lines of a pasted text or a file, as the desk's commands have them. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/)
}

/**
 * Reads the answer to the question for units. Lines that begin with a command, and a single line that means
 * something by itself, are no units: a word like `menu` must not be put on sale. A unit may well begin with a
 * sign that stands before commands. Without any line the units come in a file, or the
 * question is repeated. Undefined where nothing is open.
 */
export function readStockAnswer(
  conversation: Readonly<{ step: string; data: unknown }> | null,
  text: string,
  { prefix, role }: { prefix: string; role: Role },
): StockAnswer | undefined {
  if (conversation?.step !== stockStep || !mayOperate(role, "admin")) return undefined
  const stored = v.safeParse(step, conversation.data)
  if (!stored.success) return { kind: "something_else" }
  const lines = splitLines(text.toWellFormed())
  const [first = "", ...others] = lines.filter((line) => line.trim() !== "")
  const isAlone = first !== "" && others.length === 0
  if (isAlone && (isNo(first) || puttingOff.test(readable(first)))) return { kind: "dropped" }
  const isMarked = withoutPrefix(readable(first.slice(0, 1_000)), prefix) !== undefined
  if ((isAlone || isMarked) && meansSomething(understand(first, prefix, { role })))
    return { kind: "something_else" }
  if (isAlone && isTalk(first)) return { kind: "doubtful", code: stored.output.code }
  const { code } = stored.output
  return { kind: "units", asked: { room, kind: "add_units", code, lines: first === "" ? [] : lines } }
}

/** `0` is the way back from every question, and nothing to sell. */
function isNo(line: string): boolean {
  return isDeclining(line) || asciiDigits(normalWord(readable(line))) === "0"
}

/** A slip away from a command is answered with a hint, and not put on sale. */
function meansSomething(intent: Intent): boolean {
  switch (intent.kind) {
    case "unknown":
      return intent.suggestion !== undefined
    case "no_words":
    case "too_long":
    case "empty":
      return false
    default:
      return true
  }
}

/** Several words and no digit, as no code, voucher or account is written. */
function isTalk(line: string): boolean {
  return readable(line).includes(" ") && !/\p{N}/u.test(line)
}
