import { Command, CommanderError } from "commander"
import { licensesText } from "../operations/licenses.ts"
import { auditCommand } from "./audit.ts"
import { addBalanceCommands } from "./balance-program.ts"
import { chatCommand } from "./chat.ts"
import { type CommandLine, type ExitCode, runCommand } from "./command-line.ts"
import { addCustomerCommands } from "./customers-program.ts"
import { addDeskCommands } from "./desk-program.ts"
import { doctorCommand } from "./doctor.ts"
import { addHouseCommands } from "./house-program.ts"
import { importCatalogCommand, importCustomersCommand, importStockCommand } from "./import.ts"
import { addLedgerCommands } from "./ledger-program.ts"
import { migrateCommand } from "./migrate.ts"
import { addOrdersCommands } from "./orders-program.ts"
import { outboxCommand } from "./outbox.ts"
import { pairCommand } from "./pair.ts"
import { addPaymentCommands } from "./payments-program.ts"
import { argument, example, type Run } from "./registration.ts"
import { serveCommand } from "./serve.ts"
import { addStatsCommand } from "./stats.ts"
import { addWarrantyCommand } from "./warranty.ts"

const version = "0.1.0"

const catalogHelp = `
price is whole rupiah in digits (15000); kind is digital or physical; the other columns may be left out.
stock is for physical products: the units of digital ones come by  lapak import stock CODE FILE.
warranty_days is for digital ones: so long after its delivery a defective unit is made good, as
lapak warranty --help  says.
Known codes are changed, products that are not in the file stay. The demo's products go.
`

const customersHelp = `
A number is 6281234567890, +6281234567890 or 081234567890; balance is whole rupiah in digits, empty is none.
Numbers that are customers already are reported and left as they are.
`

/**
 * Reads the words after `lapak`, runs what they ask for, and returns how it ended. Never throws for bad
 * words.
 */
export async function runProgram(words: readonly string[], line: CommandLine): Promise<ExitCode> {
  let ended: ExitCode = 0
  const run: Run = (command) => async () => {
    ended = await runCommand(line, command)
  }
  const program = new Command("lapak")
    .description("Lapak: a WhatsApp shop in one file.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => line.print(text.trimEnd()),
      writeErr: (text) => line.complain(text.trimEnd()),
    })
    .addHelpText("after", example("lapak serve", "lapak doctor"))
  addShopCommands(program, line, run)
  addImportCommands(program, line, run)
  addBookCommands(program, line, run)
  addPaymentCommands(program, line, run)
  addLedgerCommands(program, line, run)
  addStatsCommand(program, line, run)
  addWarrantyCommand(program, line, run)
  addDeskCommands(program, line, run)
  addHouseCommands(program, line, run)
  addOrdersCommands(program, line, run)
  addCustomerCommands(program, line, run)
  nameOwnHelp(program, "lapak")

  try {
    await program.parseAsync([...words], { from: "user" })
    return ended
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

/** What is missing or wrong is explained by the help of the very command. */
function nameOwnHelp(command: Command, words: string): void {
  command.showHelpAfterError(`Try: ${words} --help`)
  for (const part of command.commands) nameOwnHelp(part, `${words} ${part.name()}`)
}

function addShopCommands(program: Command, line: CommandLine, run: Run): void {
  program
    .command("serve")
    .description("open the stall and keep it open")
    .addHelpText("after", example("PORT=8080 lapak serve"))
    .action(run(() => serveCommand(line)))

  const pair = program
    .command("pair")
    .description("link the shop to a phone's WhatsApp: shows a QR to scan, or a code to type")
    .option("--phone <number>", "the shop's number, for a code to type instead of a QR to scan")
    .addHelpText("after", example("lapak pair", "lapak pair --phone 628…"))
  pair.action(run(() => pairCommand(line, pair.opts<{ phone?: string }>())))

  const chat = program
    .command("chat")
    .description("talk with the shop from this terminal: one line is one message")
    .requiredOption("--from <number>", "the customer's phone number with country code")
    .option("--json", "print each reply as one JSON object a line", false)
    .addHelpText("after", example("lapak chat --from 6281234567890"))
  chat.action(run(() => chatCommand(line, chat.opts<{ from: string; json: boolean }>())))

  program
    .command("migrate")
    .description("bring the database up to date")
    .action(run(() => migrateCommand(line)))

  program
    .command("doctor")
    .description("look at each part of the shop, and say what mends it")
    .action(run(() => doctorCommand(line)))

  const outbox = program
    .command("outbox")
    .description("list the messages that were given up")
    .option("--retry", "put them all back, to be sent again", false)
    .addHelpText("after", example("lapak outbox", "lapak outbox --retry"))
  outbox.action(run(() => outboxCommand(line, outbox.opts<{ retry: boolean }>())))

  program
    .command("licenses")
    .description("print the licence of Lapak and of everything inside it")
    .action(
      run(async () => {
        line.print(await licensesText())
        return 0
      }),
    )
}

function addImportCommands(program: Command, line: CommandLine, run: Run): void {
  const imports = program
    .command("import")
    .description("bring in products, stock or customers, all of a file or nothing of it")
    .addHelpText(
      "after",
      example(
        "lapak import catalog products.csv",
        "lapak import stock KOPI-1 vouchers.txt",
        "lapak import customers customers.csv",
      ),
    )

  const catalog = imports
    .command("catalog")
    .description(
      "add products and change known ones; columns: code,name,price,kind,category,description,stock,warranty_days",
    )
    .argument("<file>", "a CSV file with a header")
    .addHelpText("after", `${catalogHelp}${example("lapak import catalog products.csv")}`)
  catalog.action(run(() => importCatalogCommand(line, argument(catalog, 0))))

  const stock = imports
    .command("stock")
    .description("add units to a digital product, one a line; those it already had are skipped")
    .argument("<code>", "the product")
    .argument("<file>", "a text file")
    .addHelpText("after", example("lapak import stock KOPI-1 vouchers.txt"))
  stock.action(run(() => importStockCommand(line, { code: argument(stock, 0), path: argument(stock, 1) })))

  const customers = imports
    .command("customers")
    .description("add customers with their opening balances; columns: number,name,balance")
    .argument("<file>", "a CSV file with a header")
    .addHelpText("after", `${customersHelp}${example("lapak import customers customers.csv")}`)
  customers.action(run(() => importCustomersCommand(line, argument(customers, 0))))
}

function addBookCommands(program: Command, line: CommandLine, run: Run): void {
  addBalanceCommands(program, line, run)

  const audit = program
    .command("audit")
    .description("prove the books: every invariant of the database")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", example("lapak audit --json"))
  audit.action(run(() => auditCommand(line, audit.opts<{ json: boolean }>())))
}
