import { type ListedEvent, listEvents } from "../database/payment-events.ts"
import type { SettleOutcome } from "../shop/settle-charge.ts"
import { type ReplayOutcome, replayEvent } from "../shop/work-payment-events.ts"
import { CommandError, type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"
import { withDesk } from "./desk.ts"

const shownMax = 200

/** `lapak payments events [ORDER]`: the stored notifications, newest first. */
export async function listEventsCommand(
  line: CommandLine,
  given: { name: string | undefined },
): Promise<ExitCode> {
  const name = given.name?.toUpperCase()
  if (name !== undefined && !/^[A-Z0-9-]{1,50}$/.test(name))
    throw new CommandError("ORDER is an order's code, such as LPK-7K2M9Q3.", 2)
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    const events = await listEvents(database, { name, limit: shownMax })
    if (events.length === 0) line.print(noEvents(name))
    for (const event of events) line.print(describeEvent(event))
    if (events.length === shownMax) line.print(`The newest ${shownMax} are shown.`)
    return 0
  })
}

function noEvents(name: string | undefined): string {
  return name === undefined ? "No notification has come yet." : `No notification has come about ${name}.`
}

function describeEvent({ id, receivedAt, reference, claimedState, outcome }: ListedEvent): string {
  const at = receivedAt.toISOString().slice(0, 19)
  const phone = phoneSentences.get(claimedState)
  if (phone !== undefined) return `${id}  ${at}Z  from the seller's phone  ${phone}`
  return `${id}  ${at}Z  ${reference}  says ${claimedState}  ${outcome ?? "still open"}`
}

/** Of forwarded notifications that were taken for no payment. */
const phoneSentences: ReadonlyMap<string, string> = new Map([
  ["review", "money of no certain payment; a person decides, see  lapak reviews"],
  ["ignored", "not about money that came"],
])

/**
 * `lapak payments replay ID`: runs a stored notification again. Ends with 1 when its provider did not settle
 * the question.
 */
export async function replayEventCommand(line: CommandLine, given: { id: string }): Promise<ExitCode> {
  if (!/^[1-9][0-9]{0,14}$/.test(given.id))
    throw new CommandError("ID is a number; list them with:\n  lapak payments events", 2)
  return await withDesk<ExitCode>(line, async (shop) =>
    report(line, await replayEvent(shop, { eventId: Number(given.id), actor: "shell" }), given.id),
  )
}

function report(line: CommandLine, replayed: ReplayOutcome, id: string): ExitCode {
  switch (replayed.kind) {
    case "unknown_event":
      throw new CommandError(`There is no notification ${id}; list them with:\n  lapak payments events`)
    case "unknown_provider":
      throw new CommandError(
        `${replayed.event.reference} is a payment by ${replayed.event.provider}, which is not configured here.`,
      )
    case "replayed": {
      const { event, outcome } = replayed
      const isOpen = outcome === "undecided" || outcome === "unreadable"
      const say = isOpen ? line.complain : line.print
      say(`${event.reference}: ${sentences[outcome]}`)
      return isOpen ? 1 : 0
    }
  }
}

const sentences: Readonly<Record<SettleOutcome, string>> = {
  settled: "it is paid, and was booked now. A running shop tells the customer.",
  already_settled: "it is paid, and was booked before. Nothing was changed.",
  not_paid: "the provider says that it is not paid. Nothing was changed.",
  reversed: "the provider says that money went back. It is booked; see  lapak reviews.",
  already_reversed: "it was paid, and money went back; both were booked before. Nothing was changed.",
  unknown_payment:
    "this shop or the provider does not know such a payment; if money came, see  lapak reviews.",
  decided_by_person: "a person decided on the review list what this money is. Nothing was changed.",
  undecided: "the provider does not answer. Nothing was changed; run this again later.",
  unreadable: "the provider's answer can't be read. Nothing was changed; look it up at the provider.",
}
