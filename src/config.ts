import { randomBytes } from "node:crypto"
import { resolve } from "node:path"
import * as v from "valibot"
import { isLoopbackUrl, toWhatsAppConfig, type WhatsAppConfig, whatsappSchemas } from "./config-whatsapp.ts"
import {
  type StaticQrisConfig,
  staticQrisSchemas,
  toStaticQrisConfig,
} from "./payments/static-qris/settings.ts"

export type { WhatsAppAnswer, WhatsAppConfig, WhatsAppVersion } from "./config-whatsapp.ts"
export { isLoopbackUrl } from "./config-whatsapp.ts"
export { type StaticQrisConfig, takesRealMoney } from "./payments/static-qris/settings.ts"

/** What the process was told from outside, parsed once at the start and frozen. */
export type Config = Readonly<{
  port: number
  host: string
  /** Where customers reach the web server, without a trailing slash. */
  publicUrl: string
  /** The shop's name: the schema in PostgreSQL and the hash tag in Redis. */
  shop: string
  /** Absolute. */
  dataDir: string
  databaseUrl: string | undefined
  redisUrl: string | undefined
  /** 32 bytes as hex; undefined means: read or make the file in the data folder. */
  secret: string | undefined
  ownerNumbers: readonly string[]
  midtrans: MidtransConfig | undefined
  staticQris: StaticQrisConfig | undefined
  gateway: GatewayConfig | undefined
  whatsapp: WhatsAppConfig | undefined
  metricsToken: string | undefined
  logLevel: LogLevel
  /** What a late payment may get when the very goods it had held are gone: equal ones, or its money. */
  lateGoods: "equal" | "same"
  /** The demo catalogue in an empty shop, and pretended payments while nothing takes real money. */
  demo: boolean
}>

export type MidtransConfig = Readonly<{
  serverKey: string
  clientKey: string | undefined
  production: boolean
  /** What customers get: a QRIS code in the chat, or Midtrans' own page with every method it offers. */
  payment: "qris" | "snap"
  baseUrl: string | undefined
}>

export type GatewayConfig = Readonly<{ url: string; secret: string }>

export type LogLevel = (typeof logLevels)[number]

export type ConfigProblem = Readonly<{ variable: string; reason: string }>

const logLevels = ["debug", "info", "warn", "error", "silent"] as const

const truthy = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.picklist(["on", "off", "true", "false", "1", "0", "yes", "no"], "must be on or off"),
  v.transform((text) => ["on", "true", "1", "yes"].includes(text)),
)

const url = (protocols: readonly string[]) =>
  v.pipe(
    v.string(),
    v.check(
      (text) => {
        if (!URL.canParse(text)) return false
        return protocols.includes(new URL(text).protocol)
      },
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    ),
  )

const httpUrl = v.pipe(
  url(["http:", "https:"]),
  v.transform((text) => text.replace(/\/+$/, "")),
)

const longEnough = v.pipe(v.string(), v.minLength(8, "must have at least 8 characters"))

const phoneNumber = v.pipe(
  v.string(),
  v.transform((text) => text.trim().replace(/^\+/, "")),
  v.regex(/^[1-9][0-9]{6,14}$/, "must be phone numbers with country code, digits only, separated by commas"),
)

const environmentSchema = v.object({
  PORT: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[0-9]{1,5}$/, "must be a port from 0 to 65535"),
      v.transform(Number),
      v.maxValue(65535, "must be a port from 0 to 65535"),
    ),
    "3000",
  ),
  HOST: v.optional(
    v.pipe(v.string(), v.regex(/^[0-9A-Za-z.:-]+$/, "must be an address or a host name")),
    "127.0.0.1",
  ),
  PUBLIC_URL: v.optional(httpUrl),
  SHOP: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z][a-z0-9_]{0,30}$/, "must be 1 to 31 of a-z, 0-9 and _, starting with a letter"),
      v.check(
        (name) => !/^(pg_|public$|information_schema$)/.test(name),
        "is a name PostgreSQL keeps for itself",
      ),
    ),
    "lapak",
  ),
  DATA_DIR: v.optional(v.string(), "./data"),
  DATABASE_URL: v.optional(url(["postgres:", "postgresql:"])),
  REDIS_URL: v.optional(url(["redis:", "rediss:", "unix:"])),
  LAPAK_SECRET: v.optional(
    v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i, "must be 64 hexadecimal digits (32 bytes)")),
  ),
  OWNER_NUMBERS: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(",").filter((part) => part.trim() !== "")),
      v.array(phoneNumber),
    ),
    "",
  ),
  MIDTRANS_SERVER_KEY: v.optional(v.string()),
  MIDTRANS_CLIENT_KEY: v.optional(v.string()),
  MIDTRANS_PRODUCTION: v.optional(truthy, "off"),
  MIDTRANS_PAYMENT: v.optional(
    v.pipe(v.string(), v.trim(), v.toLowerCase(), v.picklist(["qris", "snap"], "must be qris or snap")),
    "qris",
  ),
  MIDTRANS_BASE_URL: v.optional(httpUrl),
  STATIC_QRIS: staticQrisSchemas.code,
  LISTENER_SECRET: v.optional(longEnough),
  LISTENER_PACKAGES: staticQrisSchemas.packages,
  LISTENER_MAX: staticQrisSchemas.amountMax,
  WHATSAPP: v.optional(truthy, "off"),
  WHATSAPP_URL: whatsappSchemas.url,
  WHATSAPP_TEST_ROOT: whatsappSchemas.testRoot,
  WHATSAPP_MEDIA_HOST: whatsappSchemas.mediaHost,
  WHATSAPP_VERSION: whatsappSchemas.version,
  WHATSAPP_READ_RECEIPTS: v.optional(truthy, "off"),
  WHATSAPP_ANSWERS: whatsappSchemas.answers,
  WHATSAPP_PACE: whatsappSchemas.pace,
  GATEWAY_URL: v.optional(httpUrl),
  GATEWAY_SECRET: v.optional(longEnough),
  METRICS_TOKEN: v.optional(longEnough),
  LOG_LEVEL: v.optional(v.picklist(logLevels, `must be one of ${logLevels.join(", ")}`), "info"),
  LATE_GOODS: v.optional(v.picklist(["equal", "same"], "must be equal or same"), "equal"),
  DEMO: v.optional(truthy, "on"),
})

/**
 * Reads the environment. Empty variables count as absent.
 * Every problem is reported at once, each naming its variable; never the value, which may be a secret.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): { config: Config } | { problems: ConfigProblem[] } {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ""),
  )
  const parsed = v.safeParse(environmentSchema, present)
  const problems = (parsed.issues ?? []).map((issue) => ({
    variable: String(issue.path?.[0]?.key ?? "environment"),
    reason: issue.message,
  }))
  problems.push(...problemsBetween(present))
  if (problems.length > 0 || !parsed.success) return { problems: oncePerVariable(problems) }
  return { config: toConfig(parsed.output) }
}

/** 32 fresh random bytes as hex, in the form `LAPAK_SECRET` takes. */
export function newSecret(): string {
  return randomBytes(32).toString("hex")
}

function problemsBetween(present: Readonly<Record<string, string | undefined>>): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const together = (variable: string, other: string) => {
    if (present[other] && !present[variable])
      problems.push({ variable, reason: `is needed because ${other} is set` })
  }
  for (const variable of ["WHATSAPP_TEST_ROOT", "WHATSAPP_MEDIA_HOST"]) {
    if (!present[variable] || isLoopbackUrl(present.WHATSAPP_URL ?? "")) continue
    const reason = "is for tests alone: WHATSAPP_URL has to be a server on this machine"
    problems.push({ variable, reason })
  }
  together("GATEWAY_SECRET", "GATEWAY_URL")
  together("GATEWAY_URL", "GATEWAY_SECRET")
  together("LISTENER_SECRET", "STATIC_QRIS")
  together("STATIC_QRIS", "LISTENER_SECRET")
  together("MIDTRANS_SERVER_KEY", "MIDTRANS_BASE_URL")
  together("MIDTRANS_SERVER_KEY", "MIDTRANS_CLIENT_KEY")
  together("MIDTRANS_SERVER_KEY", "MIDTRANS_PAYMENT")
  return problems
}

function oncePerVariable(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Map<string, ConfigProblem>()
  for (const problem of problems) if (!seen.has(problem.variable)) seen.set(problem.variable, problem)
  return [...seen.values()]
}

type Values = v.InferOutput<typeof environmentSchema>

function toConfig(values: Values): Config {
  const { GATEWAY_URL, GATEWAY_SECRET, MIDTRANS_SERVER_KEY } = values
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? `http://${urlHost(values.HOST)}:${values.PORT}`,
    shop: values.SHOP,
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    secret: values.LAPAK_SECRET?.toLowerCase(),
    ownerNumbers: Object.freeze(values.OWNER_NUMBERS),
    midtrans: MIDTRANS_SERVER_KEY
      ? Object.freeze({
          serverKey: MIDTRANS_SERVER_KEY,
          clientKey: values.MIDTRANS_CLIENT_KEY,
          production: values.MIDTRANS_PRODUCTION,
          payment: values.MIDTRANS_PAYMENT,
          baseUrl: values.MIDTRANS_BASE_URL,
        })
      : undefined,
    staticQris: toStaticQrisConfig(values),
    gateway:
      GATEWAY_URL && GATEWAY_SECRET ? Object.freeze({ url: GATEWAY_URL, secret: GATEWAY_SECRET }) : undefined,
    whatsapp: values.WHATSAPP ? toWhatsAppConfig(values) : undefined,
    metricsToken: values.METRICS_TOKEN,
    logLevel: values.LOG_LEVEL,
    lateGoods: values.LATE_GOODS,
    demo: values.DEMO,
  })
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1"
  return host.includes(":") ? `[${host}]` : host
}
