import * as v from "valibot"
import { textLine } from "../shop/import-fields.ts"
import { CommandError } from "./command-line.ts"

export const reasonSchema = v.pipe(textLine({ charactersMax: 200 }), v.nonEmpty("must say why"))

/** What was typed, read; a `CommandError` that names it when it can't be. */
export function parse<Output>(what: string, schema: v.GenericSchema<string, Output>, text: string): Output {
  const parsed = v.safeParse(schema, text)
  if (parsed.success) return parsed.output
  throw new CommandError(`${what} ${parsed.issues[0].message}.`, 2)
}
