import type { Language } from "../shop/customer.ts"
import type { Database, Statements } from "./connect.ts"

/** What the operator changed of how the shop speaks and behaves, as it is stored. */
export type StoredHouse = Readonly<{
  version: number
  settings: Readonly<Record<string, unknown>>
  texts: ReadonlyArray<Readonly<{ language: Language; key: string; template: string }>>
}>

/** Settings that were ever set, by their keys, and all changed texts. */
export async function readHouseInside(
  statements: Statements,
  keys: readonly string[],
): Promise<Pick<StoredHouse, "settings" | "texts">> {
  const rows = await statements<Pick<StoredHouse, "settings" | "texts">[]>`
    select
      coalesce(
        (select jsonb_object_agg(key, value) from settings where key = any (${[...keys]}::text[])),
        '{}'
      ) as settings,
      coalesce(
        (
          select jsonb_agg(jsonb_build_object('language', language, 'key', key, 'template', template))
            from changed_texts
        ),
        '[]'
      ) as texts
  `
  const [stored] = rows
  if (!stored) throw new Error("the settings were read without an answer")
  return stored
}

/** The same, with the version it is at least as new as. */
export async function readHouse(database: Database, keys: readonly string[]): Promise<StoredHouse> {
  const { sql } = database
  const versions = await database.ask(
    "read_house_version",
    () => sql<{ version: number }[]>`select last_value as version from house_versions`,
  )
  // Asked for after the version: what a later version counts may be in it already, never the other way.
  const stored = await database.ask("read_house", () => readHouseInside(sql, keys))
  return { ...stored, version: versions[0]?.version ?? 0 }
}

/**
 * Tells every process that something changed, once it is committed: they may have looked between the change
 * and its commit, and have seen what was before.
 */
export async function announceHouseChange(database: Database): Promise<void> {
  const { sql } = database
  await database.ask("announce_house_change", () => sql`select nextval('house_versions')`)
}

/** Whether PostgreSQL has this zone by its name: the runtime knows some that it refuses. */
export async function knowsZone(statements: Statements, zone: string): Promise<boolean> {
  const rows = await statements<{ known: boolean }[]>`
    select exists (select from pg_timezone_names where name = ${zone}) as known
  `
  return rows[0]?.known === true
}

/** Stores a setting, and returns what it was; undefined when it was never set. */
export async function storeSetting(
  statements: Statements,
  { key, value }: { key: string; value: unknown },
): Promise<unknown> {
  // One after the other: of two at once, both would take what was before for what they changed.
  await statements`select pg_advisory_xact_lock(hashtext('house:' || current_schema() || ${key}))`
  const before = await statements<{ value: unknown }[]>`select value from settings where key = ${key}`
  await statements`
    insert into settings (key, value)
    values (${key}, ${JSON.stringify(value)}::text::jsonb)
    on conflict (key) do update set value = excluded.value, updated_at = now()
  `
  return before[0]?.value
}

/** Stores a changed text, and returns the template that stood there. */
export async function storeText(
  statements: Statements,
  { language, key, template }: { language: Language; key: string; template: string },
): Promise<string | undefined> {
  const before = await statements<{ template: string }[]>`
    select template from changed_texts where language = ${language} and key = ${key} for update
  `
  await statements`
    insert into changed_texts (language, key, template)
    values (${language}, ${key}, ${template})
    on conflict (language, key) do update set template = excluded.template, changed_at = now()
  `
  return before[0]?.template
}

/** Takes a changed text away; undefined when there was none. */
export async function removeText(
  statements: Statements,
  { language, key }: { language: Language; key: string },
): Promise<string | undefined> {
  const rows = await statements<{ template: string }[]>`
    delete from changed_texts where language = ${language} and key = ${key} returning template
  `
  return rows[0]?.template
}
