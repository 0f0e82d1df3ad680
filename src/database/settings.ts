import type { Database } from "./connect.ts"

/** Stores a setting unless it is there already; returns what is stored. */
export async function settleSetting(database: Database, key: string, value: string): Promise<string> {
  const { sql } = database
  const rows = await database.ask(
    "settle_setting",
    () => sql<{ value: string }[]>`
      with added as (
        insert into settings (key, value)
        values (${key}, to_jsonb(${value}::text))
        on conflict (key) do nothing
        returning value
      )
      select value from added
      union all
      select value from settings where key = ${key}
      limit 1
    `,
  )
  return rows[0]?.value ?? value
}

/** A stored text, or undefined. */
export async function readSetting(database: Database, key: string): Promise<string | undefined> {
  const { sql } = database
  const rows = await database.ask(
    "read_setting",
    () => sql<{ value: string }[]>`select value from settings where key = ${key}`,
  )
  return rows[0]?.value
}

/** The stored values of these keys, as they are; a key that is not stored is left out. */
export async function readSettings(
  database: Database,
  keys: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const { sql } = database
  const rows = await database.ask(
    "read_settings",
    () => sql<{ key: string; value: unknown }[]>`
      select key, value from settings where key = any (${[...keys]}::text[])
    `,
  )
  return new Map(rows.map(({ key, value }) => [key, value]))
}
