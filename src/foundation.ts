import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Config } from "./config.ts"
import { type Database, type DatabaseAddress, isUnavailable, openDatabase } from "./database/connect.ts"
import { migrate } from "./database/migrate.ts"
import { readSetting, settleSetting } from "./database/settings.ts"
import { type Engines, startEngines } from "./engines/engines.ts"
import type { RedisAddress } from "./gate/gate.ts"
import { createLog, type Log } from "./operations/log.ts"
import { createMetrics, type Metrics } from "./operations/metrics.ts"
import { createErrorNotes, type NoteError } from "./operations/note-errors.ts"
import { readOrMakeSecret } from "./operations/secret-file.ts"
import { openVault, type Vault } from "./operations/vault.ts"

/** What every command stands on: the engines, the migrated database, the secret. */
export type Foundation = Readonly<{
  config: Config
  log: Log
  metrics: Metrics
  noteError: NoteError
  engines: Engines
  address: DatabaseAddress
  redisAddress: RedisAddress
  database: Database
  vault: Vault
  stop(): Promise<void>
}>

/** The start is impossible; the message is for the operator. */
export class StartError extends Error {
  override readonly name = "StartError"
}

/** The setting that remembers which secret the shop was opened with. */
export const secretSetting = "secret_check"

/**
 * Starts or joins the engines, migrates, and opens the secret. Throws `StartError`, `EngineError` or
 * `MigrationFailed`, whose messages are for the operator; whatever was started by then is stopped.
 */
export async function openFoundation(given: {
  config: Config
  /** True for the process that stays and keeps the engines running. */
  supervise: boolean
  progress: (line: string) => void
}): Promise<Foundation> {
  const { config } = given
  const log = createLog({ level: config.logLevel })
  const metrics = createMetrics()
  const engines = await startEngines({ ...config, progress: given.progress, log, supervise: given.supervise })
  try {
    const address = addressOf(engines)
    const redisAddress = redisAddressOf(engines)
    if (engines.redis.kind === "absent") {
      given.progress(`${engines.redis.reason} The shop sells without it, more slowly.`)
    }
    const applied = await migrateTo(address, config.shop)
    if (applied.length > 0) given.progress(`Database ready: ${applied.length} migrations applied.`)
    const database = openDatabase({ address, shop: config.shop, metrics: metrics.database })
    const vault = await openSecret(config, database, given.progress).catch(async (error: unknown) => {
      await database.close()
      throw error
    })
    const noteError = createErrorNotes({ database, metrics: metrics.bot, log, clock: () => new Date() })
    const stop = async () => {
      await database.close()
      await engines.stop()
    }
    return { config, log, metrics, noteError, engines, address, redisAddress, database, vault, stop }
  } catch (error) {
    await engines.stop()
    throw error
  }
}

async function migrateTo(address: DatabaseAddress, shop: string): Promise<string[]> {
  try {
    return await migrate(address, shop)
  } catch (error) {
    if (!isUnavailable(error) || address.kind !== "url") throw error
    throw new StartError(
      "PostgreSQL cannot be reached at DATABASE_URL. Check that it runs and that address, user and password are right.",
      { cause: error },
    )
  }
}

async function openSecret(
  config: Config,
  database: Database,
  progress: (line: string) => void,
): Promise<Vault> {
  const known = await readSetting(database, secretSetting)
  if (known !== undefined && !config.secret && !existsSync(join(config.dataDir, "secret"))) {
    throw new StartError(
      `The shop's secret is gone from ${config.dataDir}/secret, and its stock cannot be read without it. ` +
        "Put the copy you kept back there, or set LAPAK_SECRET.",
    )
  }
  const outcome = await readOrMakeSecret({
    dataDir: config.dataDir,
    fromEnvironment: config.secret,
    report: ({ kind, path }) =>
      progress(
        kind === "made"
          ? `Made the shop's secret: ${path}. Keep a copy: without it, sealed stock cannot be read.`
          : `The secret ${path} could be read by others; it is private again.`,
      ),
  })
  if ("problem" in outcome) throw new StartError(outcome.problem)
  const vault = openVault(outcome.secret)
  const mark = secretMarkOf(vault)
  if ((await settleSetting(database, secretSetting, mark)) !== mark) {
    if (config.secret) throw new StartError("LAPAK_SECRET is not this shop's secret. Correct or remove it.")
    throw new StartError(
      `This is not the secret the shop was opened with, so its stock cannot be read. ` +
        `Put the right one into ${config.dataDir}/secret, or set LAPAK_SECRET.`,
    )
  }
  return vault
}

/** What tells one secret from another without telling it. */
export function secretMarkOf(vault: Vault): string {
  return Buffer.from(vault.fingerprint("lapak", "secret check")).toString("hex")
}

/** Where these engines' PostgreSQL listens. */
export function addressOf({ postgres }: Engines): DatabaseAddress {
  if (postgres.kind === "external") return { kind: "url", url: postgres.url }
  return { kind: "socket", folder: postgres.socketFolder, user: postgres.user, database: postgres.database }
}

/** Where these engines' Redis listens. */
export function redisAddressOf({ redis }: Engines): RedisAddress {
  if (redis.kind === "external") {
    const { protocol, pathname } = new URL(redis.url)
    return protocol === "unix:" ? { kind: "socket", path: pathname } : { kind: "url", url: redis.url }
  }
  if (redis.kind === "embedded") return { kind: "socket", path: redis.socketPath }
  return { kind: "absent" }
}
