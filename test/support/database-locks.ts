import type { Sql } from "../../src/database/connect.ts"
import { eventually } from "./eventually.ts"

/** A lock the test holds in PostgreSQL, so that a process stops at the step that needs it. */
export type HeldLock = Readonly<{
  /** Does something in the transaction that holds it. */
  run: (statement: string) => Promise<void>
  /** Ends the transaction, with all that it did. */
  commit: () => Promise<void>
  /** Ends the transaction, and undoes what it did. */
  release: () => Promise<void>
}>

/** Takes locks by a statement, in a transaction that stays open until they are released. */
export async function holdLock(sql: Sql, statement: string): Promise<HeldLock> {
  const connection = await sql.reserve()
  await connection`set lock_timeout = 0`
  await connection`set idle_in_transaction_session_timeout = 0`
  await connection`begin`
  await connection.unsafe(statement)
  const end = async (statement: "commit" | "rollback") => {
    await connection.unsafe(statement)
    connection.release()
  }
  return {
    run: async (text) => {
      await connection.unsafe(text)
    },
    commit: () => end("commit"),
    release: () => end("rollback"),
  }
}

/** Waits until a statement that calls `name` waits for a lock; returns the pids of the servers running it. */
export function untilBlocked(sql: Sql, name: string): Promise<readonly number[]> {
  return eventually(`${name} waits for a lock`, async () => {
    const rows = await sql<{ pid: number }[]>`
      select pid
        from pg_stat_activity
       where datname = current_database()
         and wait_event_type = 'Lock'
         and pid <> pg_backend_pid()
         and query like ${`%${name}%`}
    `
    return rows.length > 0 && rows.map(({ pid }) => pid)
  })
}

/** Ends servers as if their machine's plug was pulled: what they were doing is undone. Returns when it is. */
export async function endServers(sql: Sql, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await sql`select pg_terminate_backend(${pid}, 30000)`
}
