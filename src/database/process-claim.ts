import type { Log } from "../operations/log.ts"
import type { ProcessId } from "../shop/ids.ts"
import { connectTo, type DatabaseAddress, type Sql } from "./connect.ts"

/** This process's place among those that share the shop. */
export type ProcessClaim = Readonly<{
  /**
   * The number that claims are made under; undefined while PostgreSQL is away. A lost one never comes back.
   */
  current(): ProcessId | undefined
  close(): Promise<void>
}>

const heartbeatMs = 2_000
const reconnectMs = 250

/**
 * Takes a process number and holds its advisory lock on a connection of its own. The lock is what being alive
 * means: PostgreSQL drops it with the connection, and whatever was claimed under that number is given to
 * others (`recover_abandoned`). After a loss a new number is taken by itself.
 */
export async function claimProcess(address: DatabaseAddress, shop: string, log: Log): Promise<ProcessClaim> {
  let owner: ProcessId | undefined
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let settled: Promise<void> = Promise.resolve()

  const sql: Sql = connectTo(address, shop, 1, () => {
    owner = undefined
  })

  const take = async (): Promise<void> => {
    const [row] = await sql<{ id: ProcessId }[]>`select nextval('process_ids')::integer as id`
    if (!row) return
    await sql`select pg_advisory_lock(process_lock_class(), ${row.id})`
    owner = row.id
  }
  const beat = async (): Promise<void> => {
    try {
      if (owner === undefined) await take()
      else await sql`select 1`
    } catch (error) {
      if (owner !== undefined) log.warn("lost the connection that holds this process's claims", { error })
      owner = undefined
    }
    if (!closed) schedule(owner === undefined ? reconnectMs : heartbeatMs)
  }
  const schedule = (milliseconds: number) => {
    timer = setTimeout(() => {
      settled = beat()
    }, milliseconds)
  }

  await take()
  schedule(heartbeatMs)
  return {
    current: () => owner,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await settled
      clearTimeout(timer)
      owner = undefined
      await sql.end({ timeout: 2 })
    },
  }
}
