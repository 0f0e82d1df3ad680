/** What was found of one part of the shop. */
export type Finding = Readonly<{
  part: string
  /** `look`: it works, but somebody should look at it, or it could not be checked. */
  state: "well" | "look" | "broken"
  says: string
  /** A line to type that mends it. */
  mend?: string
}>

export const well = (part: string, says: string): Finding => ({ part, state: "well", says })

export const look = (part: string, says: string, mend?: string): Finding =>
  mend === undefined ? { part, state: "look", says } : { part, state: "look", says, mend }

export const broken = (part: string, says: string, mend?: string): Finding =>
  mend === undefined ? { part, state: "broken", says } : { part, state: "broken", says, mend }

/** Numbered lines for the operator; what mends a part stands on the line below it. */
export function* findingLines(findings: readonly Finding[]): Generator<string> {
  const marks = { well: "✓", look: "!", broken: "✗" } as const
  for (const [place, { part, state, says, mend }] of findings.entries()) {
    yield `${String(place + 1).padStart(2)}. ${marks[state]} ${part}: ${says.replaceAll("\n", "\n      ")}`
    if (mend !== undefined) yield `      ${mend}`
  }
}
