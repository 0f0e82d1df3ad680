import { createHash } from "node:crypto"
import { orderMoves } from "../shop/order-states.ts"
import { connectTo, type DatabaseAddress, type Sql } from "./connect.ts"
import { type Migration, migrations } from "./migrations.ts"

/** The database cannot be brought up to date; it stays as it was. Names the migration and is for the operator. */
export class MigrationFailed extends Error {
  override readonly name = "MigrationFailed"
  constructor(
    readonly migration: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * Brings the shop's schema up to date and returns the names of what was applied now. Idempotent, and safe for
 * any number of processes at once: an advisory lock lets one migrate while the others wait. Each migration is
 * one transaction. Throws `MigrationFailed`, also for a database that a newer program has changed already: an
 * older one would not know what its rules are.
 */
export async function migrate(
  address: DatabaseAddress,
  shop: string,
  all: readonly Migration[] = migrations,
): Promise<string[]> {
  const sql = connectTo(address, shop, 1)
  try {
    await sql`set statement_timeout = 0`
    await sql`set lock_timeout = 0`
    await sql`select pg_advisory_lock(hashtext(${`lapak migrate ${shop}`}))`
    return await migrateLocked(sql, shop, all)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The migrations that are known here and not yet applied there; every one when the shop does not exist. */
export async function pendingMigrations(sql: Sql): Promise<string[]> {
  const [{ present } = { present: false }] = await sql<{ present: boolean }[]>`
    select to_regclass('schema_migrations') is not null as present
  `
  if (!present) return migrations.map(({ name }) => name)
  const applied = await sql<{ name: string }[]>`select name from schema_migrations`
  const names = new Set(applied.map(({ name }) => name))
  return migrations.map(({ name }) => name).filter((name) => !names.has(name))
}

async function migrateLocked(sql: Sql, shop: string, all: readonly Migration[]): Promise<string[]> {
  await sql`create schema if not exists ${sql(shop)}`
  await sql`
    create table if not exists schema_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )
  `
  const rows = await sql<{ name: string; checksum: string }[]>`select name, checksum from schema_migrations`
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  refuseNewer(applied.keys(), all)
  const now: string[] = []
  for (const migration of all) {
    const checksum = createHash("sha256").update(migration.text).digest("hex")
    const known = applied.get(migration.name)
    if (known === checksum) continue
    if (known !== undefined) {
      throw new MigrationFailed(
        migration.name,
        `Migration ${migration.name} was applied to this database with other contents. ` +
          "Start the program that this database was made with, or one that was released after it.",
      )
    }
    await apply(sql, migration, checksum)
    now.push(migration.name)
  }
  await writeOrderMoves(sql)
  return now
}

function refuseNewer(applied: Iterable<string>, all: readonly Migration[]): void {
  const known = new Set(all.map(({ name }) => name))
  const unknown = [...applied].filter((name) => !known.has(name)).sort()
  const [first] = unknown
  if (first === undefined) return
  throw new MigrationFailed(
    first,
    `This database is newer than this program: it has ${unknown.join(", ")}. ` +
      "Start the newest version of Lapak that has worked with it; nothing was changed.",
  )
}

async function apply(sql: Sql, migration: Migration, checksum: string): Promise<void> {
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(migration.text)
      await transaction`
        insert into schema_migrations (name, checksum)
        values (${migration.name}, ${checksum})
      `
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : "an unknown error"
    throw new MigrationFailed(
      migration.name,
      `Migration ${migration.name} could not be applied, and nothing of it is left: ${reason}`,
      { cause: error },
    )
  }
}

/** Makes the table say what the list says: what the list no longer allows is refused from now on. */
async function writeOrderMoves(sql: Sql): Promise<void> {
  const [{ present } = { present: false }] = await sql<{ present: boolean }[]>`
    select to_regclass('order_moves') is not null as present
  `
  if (!present) return
  const from = orderMoves.map(([status]) => status)
  const to = orderMoves.map(([, status]) => status)
  await sql`
    with listed as (
      select * from unnest(${from}::text[], ${to}::text[]) as listed(from_status, to_status)
    ), removed as (
      delete from order_moves
       where not exists (select from listed where listed = (order_moves.from_status, order_moves.to_status))
    )
    insert into order_moves (from_status, to_status)
    select from_status, to_status from listed
    on conflict do nothing
  `
}
