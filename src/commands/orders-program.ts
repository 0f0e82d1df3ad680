import type { Command } from "commander"
import type { CommandLine } from "./command-line.ts"
import {
  completeCommand,
  findCommand,
  packCommand,
  resendCommand,
  salesCommand,
  shipCommand,
  showCommand,
  unshippedCommand,
} from "./orders.ts"
import { argument, example, type Run } from "./registration.ts"

const examples = [
  "lapak orders find 081234567890",
  "lapak orders toship",
  "lapak orders pack LPK-7K2M9Q3",
  'lapak orders ship LPK-7K2M9Q3 "JNE REG" JP1234567890',
  "lapak orders complete LPK-7K2M9Q3",
]

/** Looking for orders, and sending their goods on their way. */
export function addOrdersCommands(program: Command, line: CommandLine, run: Run): void {
  const orders = program
    .command("orders")
    .description("find and show orders; pack, ship and complete those of physical goods")
    .addHelpText("after", example(...examples))

  const sales = orders
    .command("sales")
    .description("what was sold today, this week or this month, in the shop's zone")
    .argument("[period]", "day, week or month", "day")
  sales.action(run(() => salesCommand(line, sales.args[0] ?? "day")))

  const find = orders
    .command("find")
    .description("the newest orders of a customer's number, an order code or a part of it, or a product")
    .argument("<text>", "the number or its end, or a code")
  find.action(run(() => findCommand(line, argument(find, 0))))

  orders
    .command("toship")
    .description("what is to be packed or shipped, the oldest first")
    .action(run(() => unshippedCommand(line)))

  const ship = orders
    .command("ship")
    .description("a packed order is on its way; again with others, it corrects courier and number")
    .argument("<order>", "the order's code")
    .argument("<courier>", "who carries it")
    .argument("<number>", "its tracking number")
    .addHelpText("after", example('lapak orders ship LPK-7K2M9Q3 "JNE REG" JP1234567890'))
  ship.action(
    run(() =>
      shipCommand(line, {
        code: argument(ship, 0),
        courier: argument(ship, 1),
        tracking: argument(ship, 2),
      }),
    ),
  )
  addStepsOfOne(orders, line, run)
}

function addStepsOfOne(orders: Command, line: CommandLine, run: Run): void {
  const steps = [
    ["show", "everything about one order", showCommand],
    ["pack", "a paid order is being packed; its customer is told", packCommand],
    ["complete", "a shipped order has arrived; its customer is told", completeCommand],
    ["resendorder", "send the goods of a digital order to its customer again", resendCommand],
  ] as const
  for (const [name, description, serve] of steps) {
    const step = orders
      .command(name)
      .description(description)
      .argument("<order>", "the order's code")
      .addHelpText("after", example(`lapak orders ${name} LPK-7K2M9Q3`))
    step.action(run(() => serve(line, argument(step, 0))))
  }
}
