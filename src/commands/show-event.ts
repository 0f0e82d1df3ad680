import * as v from "valibot"
import { readStoredEvent, type StoredEvent } from "../database/stored-event.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"

/** What is kept of a notification of the seller's phone: of one that was ignored, none of its words. */
const keptSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    packageName: v.string(),
    postedAt: v.string(),
    title: v.optional(v.string()),
    text: v.optional(v.string()),
  }),
)

/** `lapak payments show ID`: a stored notification in its own words, for a person who judges it. */
export async function showEventCommand(line: CommandLine, given: { id: string }): Promise<ExitCode> {
  if (!/^[1-9][0-9]{0,14}$/.test(given.id))
    throw new CommandError("ID is a number; list them with:\n  lapak payments events", 2)
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const event = await readStoredEvent(database, Number(given.id))
    if (!event)
      throw new CommandError(`There is no notification ${given.id}; list them with:\n  lapak payments events`)
    for (const said of describe(event)) line.print(said)
    return 0
  })
}

function describe({ id, provider, reference, receivedAt, rawBody, outcome }: StoredEvent): string[] {
  const came = `Notification ${id} by ${provider}, came ${receivedAt.toISOString().slice(0, 19)}Z`
  const about = reference === "unmatched" ? "nobody's payment" : reference
  const became = `About ${about}: ${outcome ?? "still open"}`
  const kept = v.safeParse(keptSchema, rawBody)
  if (provider !== "static_qris" || !kept.success) return [came, became, printable(rawBody)]
  const { packageName, postedAt, title, text } = kept.output
  const head = [came, became, `App: ${packageName}`, `Posted: ${printable(postedAt)}`]
  if (title === undefined && text === undefined) return [...head, "Its words were not kept."]
  return [...head, `Title: ${printable(title ?? "")}`, `Text: ${printable(text ?? "")}`]
}

/** Somebody else wrote it: nothing in it may steer the terminal, or pretend to be a line of ours. */
function printable(words: string): string {
  return words.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
}
