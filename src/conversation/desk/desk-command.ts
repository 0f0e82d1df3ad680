import type { DeskAsked, DeskProblem } from "./rooms.ts"

/** What follows a command: its words, and the lines below as they were typed. */
export type DeskWords = Readonly<{
  /** Of the first line, split at spaces, without invisible characters. */
  words: readonly string[]
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
  read(given: DeskWords): DeskReading
}>
