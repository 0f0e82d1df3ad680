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
