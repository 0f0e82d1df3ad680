import { Command, CommanderError } from "commander"
import { licensesText } from "../operations/licenses.ts"
import { chatCommand } from "./chat.ts"
import { type CommandLine, type ExitCode, runCommand } from "./command-line.ts"
import { migrateCommand } from "./migrate.ts"
import { serveCommand } from "./serve.ts"

const version = "0.1.0"

/**
 * Reads the words after `lapak`, runs what they ask for, and returns how it ended. Never throws for bad
 * words.
 */
export async function runProgram(words: readonly string[], line: CommandLine): Promise<ExitCode> {
  let ended: ExitCode = 0
  const run = (command: () => Promise<ExitCode>) => async () => {
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
    .showHelpAfterError("Try: lapak --help")

  program
    .command("serve")
    .description("open the stall and keep it open")
    .action(run(() => serveCommand(line)))

  const chat = program
    .command("chat")
    .description("talk with the shop from this terminal: one line is one message")
    .requiredOption("--from <number>", "the customer's phone number with country code")
    .option("--json", "print each reply as one JSON object a line", false)
  chat.action(run(() => chatCommand(line, chat.opts<{ from: string; json: boolean }>())))

  program
    .command("migrate")
    .description("bring the database up to date")
    .action(run(() => migrateCommand(line)))

  program
    .command("licenses")
    .description("print the licence of Lapak and of everything inside it")
    .action(
      run(async () => {
        line.print(await licensesText())
        return 0
      }),
    )

  try {
    await program.parseAsync([...words], { from: "user" })
    return ended
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}
