import type { Piece, Template } from "./template.ts"

/** What stands for a placeholder; with `isLine`, its line goes when it is empty. */
export type Value = Readonly<{ text: string; isLine: boolean }>

/**
 * Writes a template out, each value as it is. A line goes when what it is there for is empty, or when
 * nothing is left of it; with it goes one of two empty lines that would meet.
 */
export function fill(template: Template, value: (name: string) => Value): string {
  const lines: string[] = []
  // A value may have empty lines of its own, so what was empty in the template is remembered.
  let wasEmpty = true
  for (const pieces of template) {
    const isEmpty = pieces.length === 0
    if (isEmpty && wasEmpty) continue
    const line = isEmpty ? "" : fillLine(pieces, value)
    if (line === undefined) continue
    lines.push(line)
    wasEmpty = isEmpty
  }
  if (wasEmpty) lines.pop()
  return lines.join("\n")
}

function fillLine(pieces: readonly Piece[], value: (name: string) => Value): string | undefined {
  let line = ""
  let isFilled = false
  for (const piece of pieces) {
    if (piece.kind === "words") {
      line += piece.text
      continue
    }
    const { text, isLine } = value(piece.name)
    if (text === "" && isLine) return undefined
    if (text === "") line = line.replace(/ $/, "")
    line += text
    isFilled = true
  }
  return isFilled && line.trim() === "" ? undefined : line
}
