import { type DestinationStream, destination, pino, stdTimeFunctions } from "pino"
import type { LogLevel } from "../config.ts"
import { masked, reduceError } from "./reduce-error.ts"

/**
 * The only words a log line may hold beside its event. Everything else (numbers, payloads, message
 * texts, keys) has no field to stand in.
 */
export type LogFields = Readonly<{
  /** The reference a customer or operator was told. */
  reference?: string
  channel?: string
  command?: string
  operation?: string
  outcome?: string
  /** A word for why, from our own code; never an error's message. */
  reason?: string
  state?: string
  orderCode?: string
  productCode?: string
  inboxId?: number
  outboxId?: number
  paymentId?: number
  userId?: number
  attempt?: number
  count?: number
  durationMs?: number
  port?: number
  pid?: number
  signal?: string
  status?: number
  version?: string
  migration?: string
  /** Reduced to its class, code, constraint and stack frames: messages may carry data. */
  error?: unknown
}>

/** `event` is a constant sentence of our own: what happened, without data. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** The lines are JSON and go to stderr unless `write` is given: stdout belongs to the commands' answers. */
export function createLog({
  level,
  write,
}: {
  level: LogLevel
  write?: ((line: string) => void) | undefined
}): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    write ? { write } : standardError(),
  )
  const line = (severity: "debug" | "info" | "warn" | "error") => (event: string, fields?: LogFields) => {
    if (logger.isLevelEnabled(severity)) logger[severity](allowed(fields), masked(event, eventLimit))
  }
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") }
}

const eventLimit = 160
const wordLimit = 80
/** More digits than any id of ours has, fewer than a phone number with its country code. */
const numberLimit = 9_999_999_999

type Rule = (value: unknown) => unknown

const word: Rule = (value) => (typeof value === "string" ? masked(value, wordLimit) : undefined)
/** Our own random references may hold a longer run of digits by chance; a phone number is longer still. */
const code: Rule = (value) => (typeof value === "string" ? masked(value, wordLimit, 9) : undefined)
const number: Rule = (value) =>
  typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= numberLimit ? value : undefined

const rules: Readonly<Record<keyof LogFields, Rule>> = {
  reference: code,
  channel: word,
  command: word,
  operation: word,
  outcome: word,
  reason: word,
  state: word,
  orderCode: code,
  productCode: word,
  inboxId: number,
  outboxId: number,
  paymentId: number,
  userId: number,
  attempt: number,
  count: number,
  durationMs: number,
  port: number,
  pid: number,
  signal: word,
  status: number,
  version: word,
  migration: word,
  error: reduceError,
}

/** The types allow no other field, but a cast or a spread may bring one: it is dropped here. */
function allowed(fields: LogFields = {}): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, rule] of Object.entries(rules)) {
    const value = fields[name as keyof LogFields]
    const written = value === undefined ? undefined : rule(value)
    if (written !== undefined) kept[name] = written
  }
  return kept
}

/** Written before the call returns, so that the last words of a dying process are kept. */
function standardError(): DestinationStream {
  const stream = destination({ fd: 2, sync: true })
  // A log that can't be written (a closed pipe, a full disk) must not end the sales.
  stream.on("error", () => {})
  return stream
}
