import type { Database } from "./connect.ts"

/** One key of the Signal protocol, sealed; null removes it. */
export type KeyEntry = Readonly<{ type: string; id: string; value: Uint8Array | null }>

/** Those of the given keys that there are. */
export async function readKeys(
  database: Database,
  type: string,
  ids: readonly string[],
): Promise<Map<string, Uint8Array>> {
  if (ids.length === 0) return new Map()
  const { sql } = database
  const rows = await database.ask(
    "read_whatsapp_keys",
    () => sql<{ id: string; value: Uint8Array }[]>`
      select id, value
        from whatsapp_keys
       where type = ${type}
         and id = any (${[...ids]}::text[])
    `,
  )
  return new Map(rows.map(({ id, value }) => [id, value]))
}

/**
 * Writes keys, all or none. Of one that is named twice, the last counts. Throws an error that `isLeaseLost`
 * knows when the epoch is not the current one; nothing is written then.
 */
export async function writeKeys(
  database: Database,
  epoch: number,
  entries: readonly KeyEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const { sql } = database
  await database.ask(
    "write_whatsapp_keys",
    () => sql`
      select write_whatsapp_keys(
        ${epoch},
        ${entries.map(({ type }) => type)}::text[],
        ${entries.map(({ id }) => id)}::text[],
        ${entries.map(({ value }) => value && Buffer.from(value).toString("base64"))}::text[]
      )
    `,
  )
}
