import type { Command } from "commander"
import type { CommandLine } from "./command-line.ts"
import { listEventsCommand, replayEventCommand } from "./payments.ts"
import { argument, example, type Run } from "./registration.ts"
import { showEventCommand } from "./show-event.ts"

export function addPaymentCommands(program: Command, line: CommandLine, run: Run): void {
  const examples = example("lapak payments events LPK-7K2M9Q3", "lapak payments replay 42")
  const payments = program
    .command("payments")
    .description("look at what the payment provider said")
    .addHelpText("after", examples)

  const events = payments
    .command("events")
    .description("list the notifications that came, newest first")
    .argument("[order]", "an order's code, for its notifications alone")
    .addHelpText("after", examples)
  events.action(run(() => listEventsCommand(line, { name: events.args[0] })))

  const show = payments
    .command("show")
    .description("show a notification in its own words, as it was kept")
    .argument("<id>", "the notification's number")
    .addHelpText("after", example("lapak payments show 42"))
  show.action(run(() => showEventCommand(line, { id: argument(show, 0) })))

  const replay = payments
    .command("replay")
    .description("run a notification again: asks the provider, and books what it says. Harmless")
    .argument("<id>", "the notification's number")
    .addHelpText("after", examples)
  replay.action(run(() => replayEventCommand(line, { id: argument(replay, 0) })))
}
