import { normalWord } from "../normal-words.ts"
import type { DeskCommand, DeskReading, DeskWords } from "./desk-command.ts"

/** What an owner wants of the broadcasts to recent customers. */
export type BroadcastAsked =
  /** To those who wrote in the last `days` days. */
  | Readonly<{ room: "broadcast"; kind: "start"; text: string; days: number }>
  | Readonly<{ room: "broadcast"; kind: "status" }>
  | Readonly<{ room: "broadcast"; kind: BroadcastWish }>

export type BroadcastWish = "stop" | "pause" | "resume"

export type BroadcastProblem =
  | Readonly<{ room: "broadcast"; kind: "missing_text" }>
  | Readonly<{ room: "broadcast"; kind: "text_too_long"; max: number }>
  | Readonly<{ room: "broadcast"; kind: "days_out_of_range"; max: number }>

/** The shop remembers no longer who wrote when; and who was silent for longer does not expect a word. */
export const broadcastDaysMax = 30
/** What is read on a phone without folding it out. */
export const broadcastTextMax = 2_000

const wishes: ReadonlyMap<string, BroadcastWish | "status"> = new Map([
  ["status", "status"],
  ["stop", "stop"],
  ["hentikan", "stop"],
  ["jeda", "pause"],
  ["pause", "pause"],
  ["lanjut", "resume"],
  ["lanjutkan", "resume"],
  ["resume", "resume"],
])

export const broadcastCommands: readonly DeskCommand[] = [
  { words: ["siaran", "broadcast"], least: "owner", takesLines: true, read: readBroadcast },
]

function readBroadcast({ words, lines, behind }: DeskWords): DeskReading {
  const isOneLine = lines.every((line) => line.trim() === "")
  const first = normalWord(words[0] ?? "")
  if (isOneLine && words.length === 0) return { kind: "asked", asked: { room: "broadcast", kind: "status" } }
  const wish = isOneLine && words.length === 1 ? wishes.get(first) : undefined
  if (wish) return { kind: "asked", asked: { room: "broadcast", kind: wish } }
  const days = first === "hari" || first === "days" ? readDays(words[1]) : undefined
  if (days !== undefined && (days < 1 || days > broadcastDaysMax))
    return problem({ room: "broadcast", kind: "days_out_of_range", max: broadcastDaysMax })
  const text = tidy([behind(days === undefined ? 0 : 2), ...lines].join("\n"))
  if (text === "") return problem({ room: "broadcast", kind: "missing_text" })
  if (text.length > broadcastTextMax)
    return problem({ room: "broadcast", kind: "text_too_long", max: broadcastTextMax })
  return { kind: "asked", asked: { room: "broadcast", kind: "start", text, days: days ?? broadcastDaysMax } }
}

function problem(problem: BroadcastProblem): DeskReading {
  return { kind: "problem", command: "broadcast", problem }
}

/** Undefined where it is no number: then the words are a text that begins with "hari". */
function readDays(word = ""): number | undefined {
  return /^[0-9]{1,4}$/.test(word) ? Number(word) : undefined
}

/** As it was written, without what cannot be seen and without gaps. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n]/gu, " ")
    .replace(/(?<![^\S\n])[^\S\n]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
