import { type Database, DatabaseUnavailable, isUnavailable, type Statements } from "./connect.ts"

/**
 * Reads much, all of it as it was at one moment. Bounded by five minutes a statement, not by `ask`. Throws
 * `DatabaseUnavailable`.
 */
export async function inSnapshot<Result>(
  database: Database,
  operation: string,
  read: (transaction: Statements) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await database.sql.begin(
      "isolation level repeatable read read only",
      async (transaction) => {
        await transaction`set local statement_timeout = '5min'`
        await transaction`set local idle_in_transaction_session_timeout = '10min'`
        await transaction`set local work_mem = '32MB'`
        return [await read(transaction)] as const
      },
    )
    return result[0]
  } catch (error) {
    if (isUnavailable(error)) throw new DatabaseUnavailable(`PostgreSQL: ${operation}`, { cause: error })
    throw error
  }
}
