import type { Command } from "commander"
import type { ExitCode } from "./command-line.ts"

/** Makes an action of a command: it runs it and keeps how it ended. */
export type Run = (command: () => Promise<ExitCode>) => () => Promise<void>

export function argument(command: Command, place: number): string {
  return command.args[place] ?? ""
}

export function example(...lines: readonly string[]): string {
  return `\n${lines.length === 1 ? "Example" : "Examples"}:\n${lines.map((text) => `  ${text}`).join("\n")}`
}
