import { connectTo } from "../../src/database/connect.ts"
import type { Foundation } from "../../src/foundation.ts"

/** Since PostgreSQL was started. Its sessions report about once a second, so a difference is a little blurred. */
export type EngineCounters = Readonly<{ commits: number; walBytes: number; walSyncs: number }>

export async function readEngineCounters(foundation: Foundation): Promise<EngineCounters> {
  return await asked(foundation, async (sql) => {
    const [row] = await sql<EngineCounters[]>`
      select
        (select sum(xact_commit) from pg_stat_database)::bigint as commits,
        pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint as "walBytes",
        (select sum(fsyncs) from pg_stat_io where object = 'wal')::bigint as "walSyncs"
    `
    return row ?? { commits: 0, walBytes: 0, walSyncs: 0 }
  })
}

/** Fresh statistics and a checkpoint, so that every scenario starts alike. */
export async function settleEngines(foundation: Foundation): Promise<void> {
  await asked(foundation, async (sql) => {
    await sql`set statement_timeout = 0`
    await sql`vacuum (analyze)`
    await sql`checkpoint`
  })
}

async function asked<Result>(
  { address, config }: Foundation,
  work: (sql: ReturnType<typeof connectTo>) => Promise<Result>,
): Promise<Result> {
  const sql = connectTo(address, config.shop, 1)
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
