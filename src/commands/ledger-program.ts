import type { Command } from "commander"
import type { CommandLine } from "./command-line.ts"
import { ledgerBalanceCommand, ledgerExportCommand } from "./ledger.ts"
import type { Run } from "./registration.ts"

const exportHelp = `
Days are those of the shop's zone, both included. One line is one entry; a transaction's entries have its
number and its key in common; reference is that of the charge at the payment provider. The file names
customers: keep it as you keep their numbers.

Examples:
  lapak ledger export --from 2026-01-01 --to 2026-01-31 --output january.csv
  lapak ledger export --from 2026-01-31 --to 2026-01-31 | grep refund
`

/** `lapak ledger …` */
export function addLedgerCommands(program: Command, line: CommandLine, run: Run): void {
  const ledger = program.command("ledger").description("what was booked, for the one who keeps the books")

  ledger
    .command("balance")
    .description("the trial balance: what each account holds, and that all of it sums to zero")
    .addHelpText("after", "\nExample:\n  lapak ledger balance")
    .action(run(() => ledgerBalanceCommand(line)))

  const entries = ledger
    .command("export")
    .description("every entry of some days, as CSV")
    .requiredOption("--from <day>", "the first day, as YYYY-MM-DD")
    .requiredOption("--to <day>", "the last day, as YYYY-MM-DD")
    .option("--output <file>", "write to this file instead of the terminal")
    .addHelpText("after", exportHelp)
  entries.action(
    run(() => ledgerExportCommand(line, entries.opts<{ from: string; to: string; output?: string }>())),
  )
}
