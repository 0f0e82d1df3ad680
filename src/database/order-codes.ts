import type { UserId } from "../shop/ids.ts"
import type { Database } from "./connect.ts"

/** The code of the order called so, with or without the prefix; of this customer's alone, if given. */
export async function findWholeCode(
  database: Database,
  { code, prefix, customer }: { code: string; prefix: string; customer: UserId | undefined },
): Promise<string | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "find_whole_code",
    () => sql<{ code: string }[]>`
      select code
        from orders
       where code = any (${[code, prefix + code]}::text[])
         and user_id = coalesce(${customer ?? null}::bigint, user_id)
       order by code = ${code} desc
       limit 1
    `,
  )
  return rows[0]?.code
}
