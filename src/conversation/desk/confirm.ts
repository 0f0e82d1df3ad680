import * as v from "valibot"
import { normalWord, readable } from "../normal-words.ts"

/** The step of a conversation in which an operator is asked whether they mean it. */
export const confirmStep = "confirm"

/** What an operator made of the question whether they mean it; undefined: they asked for something else. */
export type Confirmation =
  | Readonly<{ kind: "confirmed"; line: string }>
  | Readonly<{ kind: "dropped" }>
  | Readonly<{ kind: "unclear" }>

const agreeing = new Set(["ya", "iya", "y", "yes", "ok", "oke", "okay", "setuju", "1"])
const declining = new Set([
  "tidak",
  "nggak",
  "no",
  "n",
  "batal",
  "batalkan",
  "cancel",
  "kembali",
  "back",
  "0",
  "2",
])

const held = v.object({ line: v.pipe(v.string(), v.nonEmpty()) })

/** What is held until they agree: the command as it was typed, which is read again then. */
export function holdForConfirmation(line: string) {
  return { step: confirmStep, data: { line } }
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
  if (agreeing.has(word)) return { kind: "confirmed", line: stored.output.line }
  return isDeclining(text) ? { kind: "dropped" } : { kind: "unclear" }
}

/** Whether somebody who was asked says no. */
export function isDeclining(text: string): boolean {
  return declining.has(normalWord(readable(text)))
}
