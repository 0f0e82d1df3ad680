import type { Command } from "commander"
import { CommandError, type CommandLine } from "./command-line.ts"
import { example, type Run } from "./registration.ts"
import { settingsCommand } from "./settings.ts"
import { changeTextCommand, restoreTextCommand, textsCommand } from "./texts.ts"

const textsHelp = `
Without words it lists every text; with a word, those that have it in their name; with a name, that text as
it is now, and what can stand in it. A change is said by running shops at once.
`

/** `lapak settings …` and `lapak texts …`: how the shop behaves and speaks. */
export function addHouseCommands(program: Command, line: CommandLine, run: Run): void {
  const settings = program
    .command("settings")
    .description("show the settings of the shop, or change one")
    .argument("[words...]", "a setting's name, and its new value")
    .addHelpText(
      "after",
      example("lapak settings", 'lapak settings name "Warung Budi"', "lapak settings quiethours 22 6"),
    )
  settings.action(run(() => settingsCommand(line, settings.args)))

  const texts = program
    .command("texts")
    .description("show what the shop says, or say it otherwise")
    .argument("[name]", "a text's name, or a word of it")
    .argument("[language]", "id or en")
    .option("--file <file>", "the new text, with its placeholders")
    .option("--original", "as it was at first", false)
    .addHelpText(
      "after",
      `${textsHelp}${example(
        "lapak texts",
        "lapak texts goods.bought",
        "lapak texts goods.bought id --file thanks.txt",
        "lapak texts goods.bought id --original",
      )}`,
    )
  texts.action(
    run(async () => {
      const { file, original } = texts.opts<{ file?: string; original: boolean }>()
      const [key, language] = texts.args
      if (file === undefined && !original && language === undefined) return await textsCommand(line, key)
      const isOneOfBoth = original ? file === undefined : file !== undefined
      if (key === undefined || language === undefined || !isOneOfBoth)
        throw new CommandError("Give NAME and LANGUAGE, and either --file FILE or --original.", 2)
      return file === undefined
        ? await restoreTextCommand(line, { key, language })
        : await changeTextCommand(line, { key, language, path: file })
    }),
  )
}
