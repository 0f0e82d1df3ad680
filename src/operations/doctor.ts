import type { Config, ConfigProblem } from "../config.ts"
import { isLoopbackUrl } from "../config-whatsapp.ts"
import { type Database, isUnavailable, openDatabase } from "../database/connect.ts"
import { type DeskFigures, readDeskFigures } from "../database/desk-figures.ts"
import { checkDatabase } from "../database/health.ts"
import { readSetting } from "../database/settings.ts"
import { type ListenerVitals, readListenerVitals } from "../database/static-payments.ts"
import { findSilentOwners } from "../database/users.ts"
import { readServerVitals, readShopVitals, type ServerVitals, type ShopVitals } from "../database/vitals.ts"
import { readAccount } from "../database/whatsapp-account.ts"
import { EngineError } from "../engines/engine-error.ts"
import { type Engines, startEngines } from "../engines/engines.ts"
import { addressOf, redisAddressOf, secretSetting } from "../foundation.ts"
import { pingRedis } from "../gate/ping-redis.ts"
import { examineListener } from "./doctor-listener.ts"
import { examineClock, examineDataFolder, examinePort, examineSecret, findRunning } from "./doctor-machine.ts"
import { examineMidtrans } from "./doctor-midtrans.ts"
import {
  examineChannel,
  examineDecisions,
  examineGivenUp,
  examineMigrations,
  examineOwners,
  examinePayments,
  examinePostgres,
  examinePublicUrl,
  examineRefunds,
  examineStock,
  examineWhatsApp,
} from "./doctor-shop.ts"
import { broken, type Finding, look, well } from "./finding.ts"
import { createLog } from "./log.ts"
import { createMetrics } from "./metrics.ts"
import { toWhatsAppView, type WhatsAppView } from "./whatsapp-view.ts"

type Read = { config: Config } | { problems: readonly ConfigProblem[] }

const lowMax = 5

/**
 * Looks at each part of the shop, beside a running one or without, whatever is wrong with the others. It
 * mends nothing and changes nothing; without a running shop it starts the engines and stops them.
 */
export async function examineShop(
  read: Read,
  given: { clock: () => Date; progress: (line: string) => void },
): Promise<Finding[]> {
  if ("problems" in read) {
    const problems = read.problems.map(({ variable, reason }) =>
      broken("Configuration", `${variable} ${reason}`, mendOf(variable, reason)),
    )
    const rest = look("The other parts", "are looked at when the configuration is right", "lapak doctor")
    const clock = examineClock({ now: given.clock(), databaseNow: undefined, latestRecord: undefined })
    return [...problems, clock, rest]
  }
  const { config } = read
  const findings = [well("Configuration", `shop ${config.shop}`), await examineDataFolder(config)]
  const engines = await openEngines(config, given.progress)
  try {
    return [...findings, ...(await examineRest(config, engines, given.clock))]
  } finally {
    if (!(engines instanceof EngineError)) await engines.stop()
  }
}

/** Without a wrong variable the default holds; one that is missing has none. */
function mendOf(variable: string, reason: string): string {
  return reason.startsWith("is needed") ? `export ${variable}=…` : `unset ${variable}`
}

async function examineRest(
  config: Config,
  engines: Engines | EngineError,
  clock: () => Date,
): Promise<Finding[]> {
  const database = await examineDatabase(config, engines, clock)
  const { server, shop, desk, listener, whatsapp } = database
  const running = await findRunning(config)
  const situation = {
    isRunning: running !== undefined || whatsapp?.held === true,
    isAtHome: isLoopbackUrl(config.publicUrl),
  }
  return [
    await examineSecret(config, database.secretMark),
    ...database.findings,
    await examineRedis(config, engines),
    await examinePort(config, running),
    ...examinePublicUrl(config, situation),
    examinePayments(config, situation),
    ...(await examineMidtrans(config, clock)),
    ...(listener ? [examineListener(listener)] : []),
    examineChannel(config, whatsapp, situation),
    examineOwners(config, database.silentOwners, situation),
    ...(whatsapp ? [examineWhatsApp(whatsapp, situation)] : []),
    ...(shop ? [examineStock(shop), examineGivenUp(shop)] : []),
    ...(desk ? [examineDecisions(desk), examineRefunds(desk)] : []),
    examineClock({
      now: clock(),
      databaseNow: server?.now,
      latestRecord: shop?.latestRecord ? new Date(shop.latestRecord) : undefined,
    }),
  ]
}

type DatabaseFindings = {
  findings: Finding[]
  server?: ServerVitals
  shop?: ShopVitals
  desk?: DeskFigures
  /** Of a shop that is paid through its static code. */
  listener?: ListenerVitals | undefined
  secretMark?: string | undefined
  silentOwners?: readonly string[]
  /** Of a shop that uses it. */
  whatsapp?: WhatsAppView | undefined
}

async function examineDatabase(
  config: Config,
  engines: Engines | EngineError,
  clock: () => Date,
): Promise<DatabaseFindings> {
  const unknown = look("Tables and stock", "are looked at when PostgreSQL answers", "lapak doctor")
  if (engines instanceof EngineError) return { findings: [broken("PostgreSQL", engines.message), unknown] }
  const database = openDatabase({
    address: addressOf(engines),
    shop: config.shop,
    metrics: createMetrics().database,
    connectionsMax: 2,
  })
  try {
    return await askDatabase(config, database, clock)
  } catch (error) {
    const away = isUnavailable(error)
    const says = away ? "does not answer" : `refuses to work: ${error instanceof Error ? error.message : "?"}`
    const mend =
      config.databaseUrl === undefined ? "lapak serve" : 'psql "$DATABASE_URL" -c "select version()"'
    return { findings: [broken("PostgreSQL", says, mend), unknown] }
  } finally {
    await database.close()
  }
}

async function askDatabase(config: Config, database: Database, clock: () => Date): Promise<DatabaseFindings> {
  const server = await readServerVitals(database)
  const pending = await checkDatabase(database)
  const findings = [examinePostgres(server, config), examineMigrations(pending)]
  if (pending.length > 0) return { findings, server }
  const secretMark = await readSetting(database, secretSetting)
  const shop = await readShopVitals(database, { lowMax })
  const desk = await readDeskFigures(database)
  const isStatic = config.staticQris !== undefined && config.midtrans === undefined
  const listener = isStatic ? await readListenerVitals(database) : undefined
  const whatsapp = config.whatsapp && toWhatsAppView(await readAccount(database), { config, clock })
  const silentOwners = await findSilentOwners(database, config.ownerNumbers)
  return { findings, server, shop, desk, secretMark, listener, silentOwners, whatsapp }
}

async function examineRedis(config: Config, engines: Engines | EngineError): Promise<Finding> {
  const part = "Redis"
  const slower = "the shop sells without it, more slowly"
  if (engines instanceof EngineError) return look(part, "not looked at, because the engines do not start")
  if (engines.redis.kind === "absent") {
    return look(part, `${engines.redis.reason} (${slower})`, "sudo apt-get install redis-server")
  }
  if (await pingRedis(redisAddressOf(engines))) {
    return well(part, config.redisUrl === undefined ? "Lapak's own" : "at REDIS_URL")
  }
  const mend = config.redisUrl === undefined ? "lapak serve" : 'redis-cli -u "$REDIS_URL" ping'
  return look(part, `does not answer (${slower})`, mend)
}

/** An engine that does not start is a finding, not the end. */
async function openEngines(config: Config, progress: (line: string) => void): Promise<Engines | EngineError> {
  const log = createLog({ level: "silent" })
  try {
    return await startEngines({ ...config, progress, log, supervise: false })
  } catch (error) {
    if (error instanceof EngineError) return error
    throw error
  }
}
