import type { DeskAsked, DeskProblem } from "./rooms.ts"

/** What follows a command: its words, and the lines below as they were typed. */
export type DeskWords = Readonly<{
  /** Of the first line, split at spaces, without invisible characters: codes, numbers and names of things. */
  words: readonly string[]
  /** What of the first line stands behind so many of its words, as it was typed: free words. */
  behind(words: number): string
  /** All further lines of the message, untouched: what is pasted there may be goods. */
  lines: readonly string[]
}>

/** A problem says why the words could not be read; its room has the words for it. */
export type DeskReading =
  | Readonly<{ kind: "asked"; asked: DeskAsked }>
  | Readonly<{ kind: "problem"; command: string; problem: DeskProblem }>

/** One thing an operator can ask for in a chat, always with the prefix, and never hinted at to customers. */
export type DeskCommand = Readonly<{
  /** Lower case; each names the command, the first is the one that is shown. */
  words: readonly string[]
  /** The least role that may. */
  least: "admin" | "owner"
  /** Has a use for lines below the first; any other command with such lines is refused. */
  takesLines?: true
  read(given: DeskWords): DeskReading
}>

/**
 * Whether something was pasted below a command. A command that has no use for it refuses it: held until it is
 * confirmed, it would be kept where goods must not be.
 */
export function hasLines(lines: readonly string[]): boolean {
  return lines.some((line) => line.trim() !== "")
}
