import type { Slot, TextSlots } from "./slot.ts"

/** What every template may use: the sign before commands, the shop's name, the text as it was. */
export const everywhere = ["prefix", "shop", "original"] as const

export const templateLimit = 2_000
const placeholdersMax = 50

/** Why a template can't be kept. */
export type TemplateProblem =
  | Readonly<{ kind: "empty" }>
  | Readonly<{ kind: "too_long"; max: number }>
  | Readonly<{ kind: "too_many"; max: number }>
  | Readonly<{ kind: "unknown"; names: readonly string[] }>
  | Readonly<{ kind: "stray_brace" }>
  | Readonly<{ kind: "missing"; names: readonly string[] }>
  | Readonly<{ kind: "repeated"; names: readonly string[] }>
  /** What can be empty takes its line with it, and what has to be said stands on that line. */
  | Readonly<{ kind: "hidden"; names: readonly string[]; beside: readonly string[] }>

export type Piece =
  | Readonly<{ kind: "words"; text: string }>
  | Readonly<{ kind: "placeholder"; name: string }>

/** The lines of a template, each in its pieces. */
export type Template = readonly (readonly Piece[])[]

export type ReadTemplate =
  | Readonly<{ kind: "read"; template: Template; text: string }>
  | Readonly<{ kind: "refused"; problem: TemplateProblem }>

/** Reads a template for a text, as it is saved and as it is used: what is refused is never shown. */
export function readTemplate(given: string, { slots }: TextSlots<unknown>): ReadTemplate {
  const text = tidy(given)
  const problem = problemOf(text, slots)
  if (problem) return { kind: "refused", problem }
  return { kind: "read", template: text.split("\n").map(piecesOf), text }
}

/** The names a template for a text may use, its own first. */
export function placeholdersOf({ slots }: TextSlots<unknown>): readonly string[] {
  return [...new Set([...Object.keys(slots), ...everywhere])]
}

function problemOf(text: string, slots: TextSlots<unknown>["slots"]): TemplateProblem | undefined {
  if (text === "") return { kind: "empty" }
  if ([...text].length > templateLimit) return { kind: "too_long", max: templateLimit }
  const lines = text.split("\n").map(piecesOf)
  const pieces = lines.flat()
  const used = namesIn(pieces)
  if (used.length > placeholdersMax) return { kind: "too_many", max: placeholdersMax }
  const names = placeholdersOf({ sample: undefined, slots })
  const unknown = used.filter((name) => !names.includes(name))
  if (unknown.length > 0) return { kind: "unknown", names: [...new Set(unknown)] }
  if (pieces.some((piece) => piece.kind === "words" && /[{}]/.test(piece.text)))
    return { kind: "stray_brace" }
  return unfulfilled(used, slots) ?? hidden(lines.map(namesIn), slots)
}

function namesIn(pieces: readonly Piece[]): readonly string[] {
  return pieces.flatMap((piece) => (piece.kind === "placeholder" ? piece.name : []))
}

/** The text as it was has in it whatever must be there. */
function unfulfilled(
  used: readonly string[],
  slots: TextSlots<unknown>["slots"],
): TemplateProblem | undefined {
  const times = (name: string) =>
    used.filter((other) => other === name || (other === "original" && name !== "original")).length
  const such = (fits: (slot: Slot<unknown>, count: number) => boolean) =>
    Object.entries(slots).flatMap(([name, slot]) => (fits(slot, times(name)) ? name : []))
  const missing = such(({ must }, count) => must !== undefined && count === 0)
  if (missing.length > 0) return { kind: "missing", names: missing }
  const repeated = such(
    ({ must, isBlock }, count) => (must === "appear_once" || isBlock === true) && count > 1,
  )
  const original = times("original") > 1 ? ["original"] : []
  const twice = [...new Set([...repeated, ...original])]
  return twice.length > 0 ? { kind: "repeated", names: twice } : undefined
}

/** No line that may go holds what may not be left out. */
function hidden(
  lines: readonly (readonly string[])[],
  slots: TextSlots<unknown>["slots"],
): TemplateProblem | undefined {
  for (const used of lines) {
    const beside = used.filter((name) => slots[name]?.isLine)
    const names = used.filter((name) => name === "original" || slots[name]?.must)
    if (beside.length > 0 && names.length > 0)
      return { kind: "hidden", names: [...new Set(names)], beside: [...new Set(beside)] }
  }
  return undefined
}

/** Ends of lines as they are everywhere else, nothing invisible, no empty lines around it. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\n]/gu, "")
    .replace(/(?<![ \t])[ \t]+$/gm, "")
    .replace(/^\n+|(?<!\n)\n+$/g, "")
    .replace(/\n{3,}/g, "\n\n")
}

function piecesOf(line: string): readonly Piece[] {
  return line.split(/(\{[^{}]*\})/).flatMap((part): Piece[] => {
    if (part === "") return []
    const name = /^\{\s*([a-z_]+)\s*\}$/i.exec(part)?.[1]
    if (name) return [{ kind: "placeholder", name: name.toLowerCase() }]
    return /^\{[^{}]*\}$/.test(part)
      ? [{ kind: "placeholder", name: part.slice(1, -1) }]
      : [{ kind: "words", text: part }]
  })
}
