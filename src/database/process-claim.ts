import type { Log } from "../operations/log.ts"
import { pause } from "../operations/pause.ts"
import type { ProcessId } from "../shop/ids.ts"
import { connectTo, type Database, type DatabaseAddress, type Sql, within } from "./connect.ts"

/** This process's place among those that share the shop. */
export type ProcessClaim = Readonly<{
  /** The number that claims are made under; undefined while there is none. A lost one never comes back. */
  current(): ProcessId | undefined
  close(): Promise<void>
}>

const heartbeatMs = 2_000
const answerMs = 5_000
const reconnectMs = 250

/**
 * Statements after which rows may be claimed for this process. When the answer to one is lost, nobody knows
 * what they claimed: no memory holds it, and the living process would keep it for ever.
 */
const claimingOperations: ReadonlySet<string> = new Set([
  "accept_messages",
  "answer_messages",
  "answer_within",
  "claim_messages",
  "claim_next_of_user",
  "claim_outbox",
  "claim_warranty",
  "finish_quietly",
  "place_orders",
  "record_charge",
  "resend_goods",
])

/**
 * Takes a process number and holds its advisory lock on a connection of its own. The lock is what being alive
 * means: PostgreSQL drops it with the connection, and whatever was claimed under that number is given to
 * others (`recover_abandoned`). After a loss, and after a claiming statement whose answer was lost, another
 * number is taken; what was under way under the old one can no longer finish anything.
 */
export async function claimProcess(
  address: DatabaseAddress,
  database: Database,
  log: Log,
): Promise<ProcessClaim> {
  const closing = new AbortController()
  let owner: ProcessId | undefined
  let connection: Sql | undefined

  const drop = async () => {
    const dropped = connection
    owner = undefined
    connection = undefined
    await dropped?.end({ timeout: 0 }).catch((error: unknown) => {
      log.debug("a connection was lost before it was closed", { error })
    })
  }
  const take = async () => {
    const mine: Sql = connectTo(address, database.shop, 1, () => {
      if (connection === mine) owner = undefined
    })
    connection = mine
    const [row] = await mine<{ id: ProcessId }[]>`select nextval('process_ids')::integer as id`
    if (!row) throw new Error("PostgreSQL gave no process number")
    await mine`select pg_advisory_lock(process_lock_class(), ${row.id})`
    if (connection === mine) owner = row.id
    else await mine.end({ timeout: 0 })
  }
  const beat = async () => {
    if (owner === undefined || !connection) {
      await drop()
      if (!closing.signal.aborted) await take()
    } else await connection`select 1`
  }
  const keepAlive = async () => {
    while (!closing.signal.aborted) {
      await pause(owner === undefined ? reconnectMs : heartbeatMs, closing.signal)
      if (closing.signal.aborted) return
      await within(answerMs, beat()).catch(async (error: unknown) => {
        log.warn("this process has no place among the shop's processes for the moment", { error })
        await drop()
      })
    }
  }

  const forgetUnknown = database.watchUnknown({
    mark: () => owner,
    lost: (operation, under) => {
      if (owner === undefined || under !== owner || !claimingOperations.has(operation)) return
      log.warn("an answer was lost: this process goes on under another number", { operation })
      void drop()
    },
  })
  await within(answerMs, take()).catch(async (error: unknown) => {
    forgetUnknown()
    await drop()
    throw error
  })
  const alive = keepAlive()
  return {
    current: () => owner,
    close: async () => {
      forgetUnknown()
      closing.abort()
      await within(answerMs, alive).catch(() => log.warn("PostgreSQL did not answer while closing"))
      await drop()
    },
  }
}
