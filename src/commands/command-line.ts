import { randomUUID } from "node:crypto"
import { type Config, readConfig } from "../config.ts"
import { isUnavailable } from "../database/connect.ts"
import { MigrationFailed } from "../database/migrate.ts"
import { countStock } from "../database/products.ts"
import { EngineError } from "../engines/engine-error.ts"
import { type Foundation, openFoundation, StartError } from "../foundation.ts"
import { type Gate, openGate } from "../gate/gate.ts"
import { createLog } from "../operations/log.ts"
import { FileError } from "../operations/read-file.ts"
import { WebServerStartError } from "../web/server.ts"

/** How a command ends: 0 done, 1 it failed and said why, 2 it was called or configured wrongly. */
export type ExitCode = 0 | 1 | 2

/** What a command is given of the outside. */
export type CommandLine = Readonly<{
  environment: Readonly<Record<string, string | undefined>>
  /** Lines for people and programs. */
  print: (line: string) => void
  /** Lines about what goes on or went wrong. */
  complain: (line: string) => void
  /** Raw text to standard output; false when nobody reads it any more. */
  write: (text: string) => Promise<boolean>
  /** Lines of standard input. */
  lines: () => AsyncIterable<string>
  /** Aborted by the first SIGINT or SIGTERM. */
  interrupted: AbortSignal
  /** A fresh reference for an error nobody expected: told to the operator, logged with the cause. */
  newReference: () => string
}>

/** Something the operator did that cannot work; the message says what to do instead. */
export class CommandError extends Error {
  override readonly name = "CommandError"
  constructor(
    message: string,
    readonly exitCode: ExitCode = 1,
  ) {
    super(message)
  }
}

/** The configuration, or a `CommandError` that lists everything that is wrong with it. */
export function configOf(line: CommandLine): Config {
  const read = readConfig(line.environment)
  if ("config" in read) return read.config
  const problems = read.problems.map(({ variable, reason }) => `  ${variable} ${reason}`)
  throw new CommandError(["The configuration is wrong:", ...problems].join("\n"), 2)
}

/** The configuration of a command that ends: its log speaks of trouble only, unless more is asked for. */
export function quietConfigOf(line: CommandLine): Config {
  const config = configOf(line)
  return line.environment.LOG_LEVEL ? config : { ...config, logLevel: "warn" }
}

/** Runs a command on its foundation, which is stopped afterwards. */
export async function withFoundation<Result>(
  line: CommandLine,
  work: (foundation: Foundation) => Promise<Result>,
): Promise<Result> {
  const foundation = await openFoundation({
    config: quietConfigOf(line),
    supervise: false,
    progress: line.complain,
  })
  try {
    return await work(foundation)
  } finally {
    await foundation.stop()
  }
}

/**
 * Runs a command on its foundation and on the gate, through which a running server is told of what changed.
 * Says so when Redis did not answer, because the server then goes on with what it has cached.
 */
export async function withShop<Result>(
  line: CommandLine,
  work: (shop: { foundation: Foundation; gate: Gate }) => Promise<Result>,
): Promise<Result> {
  return await withFoundation(line, async (foundation) => {
    const { database, log, metrics, redisAddress, config } = foundation
    const gate = await openGate({
      connection: redisAddress,
      shop: config.shop,
      log,
      metrics: metrics.gate,
      countStock: (codes) => countStock(database, codes),
      newToken: randomUUID,
    })
    try {
      const result = await work({ foundation, gate })
      if (redisAddress.kind !== "absent" && gate.health().state === "degraded") {
        line.complain("Redis does not answer: a running shop may show what was before for up to 5 minutes.")
      }
      return result
    } finally {
      await gate.close()
    }
  })
}

/** Runs a command and turns what was thrown into a sentence and an exit code. */
export async function runCommand(line: CommandLine, command: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await command()
  } catch (error) {
    if (error instanceof CommandError) {
      line.complain(error.message)
      return error.exitCode
    }
    const isForOperator =
      error instanceof StartError ||
      error instanceof EngineError ||
      error instanceof MigrationFailed ||
      error instanceof FileError ||
      error instanceof WebServerStartError
    if (isForOperator) {
      line.complain(error.message)
      return 1
    }
    if (isUnavailable(error)) {
      line.complain(
        "PostgreSQL does not answer, so it is not certain whether this was done. Look before you try again:\n  lapak doctor",
      )
      return 1
    }
    return complainOf(line, error)
  }
}

/** An unexpected error may carry data in its message: the operator gets a reference, the log its cause. */
function complainOf(line: CommandLine, error: unknown): ExitCode {
  const reference = line.newReference()
  const log = createLog({ level: "error", write: (text) => line.complain(text.trimEnd()) })
  log.error("a command failed unexpectedly", { reference, error })
  line.complain(`Something went wrong that Lapak did not expect. Its cause is in the log under ${reference}.`)
  return 1
}
