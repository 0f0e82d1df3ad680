import * as v from "valibot"
import { normalWord, readable, withoutPrefix } from "../normal-words.ts"

/** The step of a conversation in which an operator is asked whether they mean it. */
export const confirmStep = "confirm"

/**
 * What is held until they agree: the command as it was typed, but with `/` before it, which is understood
 * whatever the prefix is by then; and a digest of what they were shown.
 */
export type Held = Readonly<{ line: string; shown: string }>

/** What an operator made of the question whether they mean it; undefined: they asked for something else. */
export type Confirmation =
  | Readonly<{ kind: "confirmed"; held: Held }>
  | Readonly<{ kind: "dropped" }>
  | Readonly<{ kind: "unclear" }>

/** Words alone: a number may have been meant for a menu that was open before. */
const agreeing = new Set(["ya", "iya", "y", "yes", "ok", "oke", "okay", "setuju"])
const declining = new Set(["tidak", "nggak", "no", "n", "batal", "batalkan", "cancel", "kembali", "back"])

const held = v.object({ line: v.pipe(v.string(), v.nonEmpty()), shown: v.optional(v.string(), "") })

/** Of a message that is a command; see `Held`. */
export function lineToHold(text: string, prefix: string): string {
  const visible = text.slice(Math.max(0, text.search(/[^\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]/u)))
  return `/${withoutPrefix(visible, prefix) ?? visible}`
}

export function holdForConfirmation(held: Held) {
  return { step: confirmStep, data: { ...held } }
}

/**
 * Reads the answer to an open question. `isCommand`: the message is a command by itself, which is served
 * instead. Undefined where nothing is open.
 */
export function readConfirmation(
  conversation: Readonly<{ step: string; data: unknown }> | null,
  text: string,
  { isCommand }: { isCommand: boolean },
): Confirmation | undefined {
  if (conversation?.step !== confirmStep || isCommand) return undefined
  const stored = v.safeParse(held, conversation.data)
  if (!stored.success) return undefined
  const word = normalWord(readable(text))
  if (agreeing.has(word)) return { kind: "confirmed", held: stored.output }
  return isDeclining(text) ? { kind: "dropped" } : { kind: "unclear" }
}

/** Whether somebody who was asked says no. */
export function isDeclining(text: string): boolean {
  return declining.has(normalWord(readable(text)))
}
