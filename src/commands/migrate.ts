import { type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"

/** Brings the database up to date; opening the foundation does it. */
export async function migrateCommand(line: CommandLine): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async () => {
    line.print("The database is up to date.")
    return 0
  })
}
