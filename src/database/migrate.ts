import { createHash } from "node:crypto"
import { orderMoves } from "../shop/order-states.ts"
import { connectTo, type DatabaseAddress, type Sql } from "./connect.ts"
import { type Migration, migrations } from "./migrations.ts"

/** A migration that could not be applied; nothing of it is left behind. Names the migration. */
export class MigrationFailed extends Error {
  override readonly name = "MigrationFailed"
  constructor(
    readonly migration: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`Migration ${migration} could not be applied: ${reason}`, options)
  }
}

/**
 * Brings the shop's schema up to date and returns the names of what was applied now. Idempotent, and safe for
 * any number of processes at once: an advisory lock lets one migrate while the others wait. Each migration is
 * one transaction. Throws `MigrationFailed`.
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
  const now: string[] = []
  for (const migration of all) {
    const checksum = createHash("sha256").update(migration.text).digest("hex")
    const known = applied.get(migration.name)
    if (known === checksum) continue
    if (known !== undefined) {
      throw new MigrationFailed(migration.name, "it was applied before with other contents")
    }
    await apply(sql, migration, checksum)
    now.push(migration.name)
  }
  await writeOrderMoves(sql)
  return now
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
    throw new MigrationFailed(migration.name, reason, { cause: error })
  }
}

async function writeOrderMoves(sql: Sql): Promise<void> {
  const [{ present } = { present: false }] = await sql<{ present: boolean }[]>`
    select to_regclass('order_moves') is not null as present
  `
  if (!present) return
  await sql`
    insert into order_moves (from_status, to_status)
    select * from unnest(${orderMoves.map(([from]) => from)}::text[], ${orderMoves.map(([, to]) => to)}::text[])
    on conflict do nothing
  `
}
