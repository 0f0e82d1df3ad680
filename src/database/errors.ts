import type { UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"

/** An error of our own, with nothing in it that somebody else wrote. */
export type WrittenError = Readonly<{
  reference: string
  /** In small letters, digits and underscores. */
  operation: string
  /** SQLSTATE, code of the system, or class of the error. */
  code: string
  /** Whose message it was, where it was one. */
  channel?: string | undefined
  userId?: UserId | undefined
}>

export async function writeError(database: Database, error: WrittenError): Promise<void> {
  const { sql } = database
  const { reference, operation, code, channel, userId } = error
  await database.ask(
    "write_error",
    () => sql`
      insert into errors (reference, operation, code, channel, user_id)
      values (${reference}, ${operation}, ${code}, ${channel ?? null}, ${userId ?? null})
    `,
  )
}

/** Forgets the oldest errors beyond the given age, at most so many. */
export async function forgetOldErrors(
  database: Database,
  given: { ageDays: number; limit: number },
): Promise<void> {
  const { sql } = database
  await database.ask(
    "forget_old_errors",
    () => sql`
      delete from errors
       where id in (
         select id
           from errors
          where at < now() - make_interval(days => ${given.ageDays})
          order by at
          limit ${given.limit}
       )
    `,
  )
}
