import postgres from "postgres"

/** Where PostgreSQL listens. */
export type DatabaseAddress =
  | Readonly<{ kind: "socket"; folder: string; user: string; database: string }>
  | Readonly<{ kind: "url"; url: string }>

/** What the rest of the house measures of each statement. */
export type DatabaseMetrics = Readonly<{
  queryDuration(operation: string, milliseconds: number): void
  databaseError(operation: string): void
  /** How a statement, a transaction by itself, ended; `unknown` when PostgreSQL did not say. */
  transaction(outcome: "committed" | "failed" | "unknown"): void
  pool(connections: Readonly<{ used: number; size: number }>): void
}>

export type Sql = postgres.Sql<{ bigint: number }>

/** What statements are made with: the pool, or one transaction. */
export type Statements = postgres.ISql<{ bigint: number }>

/** `mark` is asked for when a statement is sent, and given back with its name when its answer is lost. */
export type UnknownWatcher = Readonly<{
  mark: () => number | undefined
  lost: (operation: string, mark: number | undefined) => void
}>

/** The pool of one shop's connections; everything that asks PostgreSQL goes through `ask`. */
export type Database = Readonly<{
  sql: Sql
  shop: string
  /**
   * Runs one statement (or one `sql.begin`) under a name for metrics and a bound in time. Deadlocks and
   * serialization failures, which PostgreSQL undoes itself, are tried again a few times.
   * Throws `DatabaseUnavailable` when PostgreSQL cannot be reached or does not answer: the outcome is then
   * unknown, and only a repetition that is idempotent may follow. Other errors pass through.
   */
  ask<Result>(operation: string, query: () => PromiseLike<Result>): Promise<Result>
  /** Tells of each operation whose outcome is unknown; returns how to end that. */
  watchUnknown(watcher: UnknownWatcher): () => void
  close(): Promise<void>
}>

/** PostgreSQL could not be asked, or did not answer: whether the statement happened is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable"
}

/** Longer than any statement may take by itself, so that a late answer is a rare one. */
const askTimeoutMs = 15_000
const attemptsMax = 4

const options = {
  max: 10,
  // In seconds; an idle shop keeps few connections, each of which costs PostgreSQL some memory.
  idle_timeout: 60,
  max_lifetime: null,
  connect_timeout: 5,
  backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
  onnotice: () => undefined,
  types: { bigint: { to: 20, from: [20], serialize: String, parse: safeInteger } },
}

/** Opens a pool. Connections are made when they are needed, and again after PostgreSQL came back. */
export function openDatabase(given: {
  address: DatabaseAddress
  shop: string
  metrics: DatabaseMetrics
  connectionsMax?: number
}): Database {
  const size = given.connectionsMax ?? options.max
  const sql = connectTo(given.address, given.shop, size)
  const watchers = new Set<UnknownWatcher>()
  const counted = countUnderWay(size, given.metrics)
  return {
    sql,
    shop: given.shop,
    ask: async (operation, query) => {
      const marks = [...watchers].map(({ mark, lost }) => ({ lost, mark: mark() }))
      try {
        return await askBounded(operation, () => counted(query), given.metrics)
      } catch (error) {
        if (error instanceof DatabaseUnavailable && !isKnownUndone(error.cause)) {
          for (const { lost, mark } of marks) lost(operation, mark)
        }
        throw error
      }
    },
    watchUnknown: (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    close: () => sql.end({ timeout: 5 }),
  }
}

/** A pool of its own size beside the shared one, for what must hold one connection (locks, migrations). */
export function connectTo(
  address: DatabaseAddress,
  shop: string,
  connectionsMax: number,
  onclose?: () => void,
): Sql {
  const settings = {
    ...options,
    max: connectionsMax,
    // Whoever watches a connection close wants to keep it open.
    ...(onclose ? { onclose, idle_timeout: 0 } : {}),
    connection: {
      application_name: "lapak",
      search_path: shop,
      timezone: "UTC",
      statement_timeout: 10_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 15_000,
      // Every statement finds its rows by an index; planning them anew for each value only costs time.
      plan_cache_mode: "force_generic_plan",
    },
  }
  if (address.kind === "socket") {
    const { folder, user, database } = address
    return postgres({ ...settings, path: `${folder}/.s.PGSQL.5432`, user, database })
  }
  const { url, path } = splitSocketPath(address.url)
  return path === undefined ? postgres(url, settings) : postgres(url, { ...settings, path })
}

/**
 * Takes `?host=/a/folder` out of a URL: libpq's way to name a server on a unix socket, unknown to the client.
 */
function splitSocketPath(text: string): { url: string; path?: string } {
  const url = new URL(text)
  const folder = url.searchParams.get("host")
  if (!folder?.startsWith("/")) return { url: text }
  url.searchParams.delete("host")
  return { url: url.href, path: `${folder}/.s.PGSQL.${url.port || "5432"}` }
}

/** True for an error that says: the connection or the server is gone, not: the statement was wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true
  const code = errorCode(error)
  return (
    /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOENT|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH)/.test(code) ||
    // Gone, stopping, out of something, broken, read-only for a while, or too slow for this once.
    /^(08|57|53|58)/.test(code) ||
    ["25P03", "25006"].includes(code)
  )
}

/**
 * The same, but not for a statement that took too long by itself: it will the next time too, and nobody would
 * see it.
 */
export function isAway(error: unknown): boolean {
  if (!isUnavailable(error)) return false
  const innermost = error instanceof DatabaseUnavailable && error.cause !== undefined ? error.cause : error
  return errorCode(innermost) !== "57014"
}

/** True where PostgreSQL itself said that nothing happened, or was never reached. */
function isKnownUndone(error: unknown): boolean {
  const code = errorCode(error)
  return (
    isUndone(error) ||
    /^(53|ECONNREFUSED|ENOENT|CONNECT_TIMEOUT)/.test(code) ||
    ["57014", "57P03", "25006", "08001", "08004"].includes(code)
  )
}

/** True for an error after which PostgreSQL has undone everything, and which may not come again. */
function isUndone(error: unknown): boolean {
  return ["40001", "40P01", "55P03"].includes(errorCode(error))
}

/** The SQLSTATE or system code of an error, or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}

/** Counts a statement until PostgreSQL is done with it, which may be later than the caller's patience. */
function countUnderWay(size: number, metrics: DatabaseMetrics) {
  let underWay = 0
  const count = (change: 1 | -1) => {
    underWay += change
    // What goes beyond the pool waits for a connection, and uses none yet.
    metrics.pool({ used: Math.min(underWay, size), size })
  }
  return async <Result>(query: () => PromiseLike<Result>): Promise<Result> => {
    count(1)
    try {
      return await query()
    } finally {
      count(-1)
    }
  }
}

async function askBounded<Result>(
  operation: string,
  query: () => PromiseLike<Result>,
  metrics: DatabaseMetrics,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const began = performance.now()
    try {
      const result = await within(askTimeoutMs, query())
      metrics.transaction("committed")
      return result
    } catch (error) {
      metrics.databaseError(operation)
      metrics.transaction(isUnavailable(error) ? "unknown" : "failed")
      if (isUnavailable(error)) throw new DatabaseUnavailable(`PostgreSQL: ${operation}`, { cause: error })
      if (!isUndone(error)) throw error
      if (attempt >= attemptsMax) throw new DatabaseUnavailable(`PostgreSQL: ${operation}`, { cause: error })
    } finally {
      metrics.queryDuration(operation, performance.now() - began)
    }
  }
}

/** Rejects with `DatabaseUnavailable` when the work takes longer; the work itself goes on. */
export async function within<Result>(milliseconds: number, work: PromiseLike<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DatabaseUnavailable("no answer in time")), milliseconds)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

function safeInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError("PostgreSQL returned an integer beyond 2^53")
  return number
}
