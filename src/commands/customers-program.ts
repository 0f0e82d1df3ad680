import type { Command } from "commander"
import type { CommandLine } from "./command-line.ts"
import {
  blockCustomerCommand,
  customerRoleCommand,
  showCustomerCommand,
  unblockCustomerCommand,
} from "./customers.ts"
import { argument, example, type Run } from "./registration.ts"

const blockExample = 'lapak customers block 6281234567890 --reason "cheated"'
const whoHelp = "the customer's phone number, or at least the last 4 digits of it"

/** `lapak customers …` */
export function addCustomerCommands(program: Command, line: CommandLine, run: Run): void {
  const customers = program
    .command("customers")
    .description("look at a customer, block one, or give one a role, on the record")
    .addHelpText("after", example("lapak customers show 6281234567890", blockExample))

  const show = customers
    .command("show")
    .description("everything the shop knows of one customer")
    .argument("<number>", whoHelp)
    .addHelpText("after", example("lapak customers show 6281234567890"))
  show.action(run(() => showCustomerCommand(line, argument(show, 0))))

  const block = customers
    .command("block")
    .description("the shop serves this customer no more; an unpaid order of theirs is cancelled")
    .argument("<number>", whoHelp)
    .requiredOption("--reason <text>", "why, up to 200 characters")
    .addHelpText("after", example(blockExample))
  block.action(
    run(() => {
      const { reason } = block.opts<{ reason: string }>()
      return blockCustomerCommand(line, { who: argument(block, 0), reason })
    }),
  )

  const unblock = customers
    .command("unblock")
    .description("the shop serves this customer again")
    .argument("<number>", whoHelp)
    .addHelpText("after", example("lapak customers unblock 6281234567890"))
  unblock.action(run(() => unblockCustomerCommand(line, argument(unblock, 0))))

  const role = customers
    .command("role")
    .description("make somebody a customer, a reseller or an admin; OWNER_NUMBERS names the owners")
    .argument("<number>", whoHelp)
    .argument("<role>", "customer, reseller or admin")
    .addHelpText("after", example("lapak customers role 6281234567890 admin"))
  role.action(run(() => customerRoleCommand(line, { who: argument(role, 0), role: argument(role, 1) })))
}
