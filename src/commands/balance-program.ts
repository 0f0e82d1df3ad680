import type { Command } from "commander"
import { creditBalanceCommand, debitBalanceCommand } from "./balance.ts"
import type { CommandLine } from "./command-line.ts"
import { argument, example, type Run } from "./registration.ts"

const creditExample = 'lapak balance credit 6281234567890 50000 --reason "moved in from the old shop"'
const debitExample = 'lapak balance debit 6281234567890 50000 --reason "credited to the wrong number"'

/** `lapak balance …` */
export function addBalanceCommands(program: Command, line: CommandLine, run: Run): void {
  const balance = program
    .command("balance")
    .description("change a customer's balance, on the record")
    .addHelpText("after", example(creditExample, debitExample))

  const credit = balance
    .command("credit")
    .description("add to a balance")
    .argument("<number>", "the customer's phone number")
    .argument("<amount>", "whole rupiah in digits, such as 50000")
    .requiredOption("--reason <text>", "why, up to 200 characters")
    .addHelpText("after", example(creditExample))
  credit.action(
    run(() => {
      const { reason } = credit.opts<{ reason: string }>()
      return creditBalanceCommand(line, { number: argument(credit, 0), amount: argument(credit, 1), reason })
    }),
  )

  const debit = balance
    .command("debit")
    .description("take from a balance, never more than it holds")
    .argument("<number>", "the customer's phone number")
    .argument("<amount>", "whole rupiah in digits, such as 50000")
    .requiredOption("--reason <text>", "why, up to 200 characters; the customer sees it")
    .addHelpText("after", example(debitExample))
  debit.action(
    run(() => {
      const { reason } = debit.opts<{ reason: string }>()
      return debitBalanceCommand(line, { number: argument(debit, 0), amount: argument(debit, 1), reason })
    }),
  )
}
