import { countCharacters } from "./import-fields.ts"

/** In characters; a hundred such units still fit one WhatsApp message. */
export const unitLengthMax = 500

/** Why a line cannot be sold as a unit. */
export type UnitProblem = "too_long" | "control_character"

export type UnitLine =
  | Readonly<{ kind: "unit"; unit: string }>
  | Readonly<{ kind: "blank" }>
  | Readonly<{ kind: UnitProblem }>

/** Reads a line of a stock list: what stands between the spaces around it is sold. Without text: too long. */
export function readUnitLine(text: string | undefined): UnitLine {
  const unit = text?.trim()
  if (text === undefined || unit === undefined || countCharacters(unit) > unitLengthMax) {
    return { kind: "too_long" }
  }
  if (/\p{Cc}/u.test(text.replaceAll("\t", ""))) return { kind: "control_character" }
  return unit === "" ? { kind: "blank" } : { kind: "unit", unit }
}
