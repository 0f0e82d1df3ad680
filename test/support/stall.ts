import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connectTo, type DatabaseAddress, openDatabase } from "../../src/database/connect.ts"
import { migrate } from "../../src/database/migrate.ts"
import { saveProducts } from "../../src/database/products.ts"
import { addCustomers } from "../../src/database/users.ts"
import { openVault } from "../../src/operations/vault.ts"
import { addStock } from "../../src/shop/add-stock.ts"
import { rupiah } from "../../src/shop/money.ts"
import { auditBooks } from "./audit-books.ts"
import { freshDatabase, freshRedis, ownPostgres, testShop } from "./engines.ts"
import { eventually } from "./eventually.ts"
import { startGatewayPeer } from "./gateway-peer.ts"
import { redisCommand } from "./redis-command.ts"
import { type Environment, runLapak, type ShopProcess, startShop } from "./shop-process.ts"
import { gatewaySecret } from "./web.ts"

export type Stall = Awaited<ReturnType<typeof openStall>>

/** What everything at rest is sealed under. */
export const stallSecret = "5e".repeat(32)
const ignored = {
  queryDuration: () => undefined,
  databaseError: () => undefined,
  transaction: () => undefined,
  pool: () => undefined,
}

/**
 * Everything a shop process stands on, each of it this test's own: a database (with `ownServer` on a
 * PostgreSQL that may be killed), a Redis, a gateway. `open` starts a shop process on them, as many as
 * wanted.
 */
export async function openStall(options: { ownServer?: boolean; environment?: Environment } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "lapak-stall-"))
  const redis = await freshRedis()
  const peer = await startGatewayPeer(gatewaySecret)
  const postgres = options.ownServer ? await ownPostgres() : undefined
  const fresh = postgres ? undefined : await freshDatabase()
  const address = (postgres ?? fresh)?.address
  if (!address) throw new Error("there is no database")
  if (postgres) await migrate(address, testShop)
  const sql = connectTo(address, testShop, 8)
  const database = openDatabase({ address, shop: testShop, metrics: ignored, connectionsMax: 1 })
  const processes: ShopProcess[] = []

  // What operators are told does not wait for the morning of whoever runs the tests.
  await sql`insert into settings (key, value) values ('quiet_hours', '"off"'), ('summary_hour', '"off"')`

  const settings: Environment = {
    DATA_DIR: join(folder, "data"),
    DATABASE_URL: urlOf(address),
    REDIS_URL: `unix:${redis.socketPath}`,
    LAPAK_SECRET: stallSecret,
    GATEWAY_URL: peer.url,
    GATEWAY_SECRET: gatewaySecret,
    DEMO: "off",
    ...options.environment,
  }

  async function open(environment: Environment = {}): Promise<ShopProcess> {
    const shop = await startShop({ ...settings, ...environment })
    processes.push(shop)
    return shop
  }

  /** Puts a digital product on sale; returns the payloads of its units. */
  async function sell({ code = "KOPI", price = 10_000, units = 1 } = {}): Promise<readonly string[]> {
    const payloads = Array.from({ length: units }, (_, place) => `${code}-payload-${place + 1}-secret`)
    const words = { name: `Voucher ${code}`, category: "Voucher", description: "", stock: 0 }
    await saveProducts(database, [{ code, price: rupiah(price), kind: "digital", ...words }])
    await addStock(database, openVault(stallSecret), { code, units: payloads })
    return payloads
  }

  /** New customers, each with this opening balance; returns their numbers. */
  async function welcome(count: number, balance: number): Promise<readonly string[]> {
    const [row] = await sql<{ known: number }[]>`select count(*)::integer as known from users`
    const first = 6281_000_000_000 + (row?.known ?? 0)
    const numbers = Array.from({ length: count }, (_, place) => String(first + place))
    await addCustomers(
      database,
      numbers.map((number) => ({ number, name: "", balance: rupiah(balance) })),
    )
    return numbers
  }

  const freeUnits = async () => {
    const [row] = await sql<{ free: number }[]>`
      select count(*)::integer as free from stock_units where state = 'available'
    `
    return row?.free ?? 0
  }

  /** What Redis counts of a product; undefined when it counts nothing. */
  const counted = async (code: string) => {
    const answer = await redisCommand(redis.socketPath, "GET", `{${testShop}}:stock:${code}`)
    return typeof answer === "string" ? Number(answer) : undefined
  }

  const balanceOf = async (number: string) => {
    const [row] = await sql<{ balance: number }[]>`select balance from users where number = ${number}`
    return row?.balance
  }

  /** Waits until no message is waiting or under way, in or out. */
  const atRest = () =>
    eventually("everything is handled and sent", async () => {
      const [row] = await sql<{ busy: boolean }[]>`
        select exists (select from inbox where state in ('waiting', 'working'))
            or exists (select from outbox where state in ('waiting', 'sending')) as busy
      `
      return row?.busy === false
    })

  return {
    open,
    /** What a command needs to work on this stall. */
    environment: settings,
    sell,
    welcome,
    freeUnits,
    /** Waits until both places agree on what is free; a counter still to be loaded agrees with everything. */
    hasFree: (code: string, units: number) =>
      eventually(`${units} units of ${code} are free in both places`, async () => {
        const inRedis = await counted(code)
        return (await freeUnits()) === units && (inRedis === undefined || inRedis === units)
      }),
    balanceOf,
    atRest,
    /** Runs a command beside the shop's processes, to its end. */
    run: (...words: string[]) => runLapak(words, settings),
    /** Everything that is wrong with the books, as this test's own eyes see it and as `lapak audit` does. */
    audit: async () => {
      const { exitCode, stdout } = await runLapak(["audit", "--json"], settings)
      const ours = exitCode === 0 ? [] : [`lapak audit ended with ${exitCode}: ${stdout}`]
      return [...(await auditBooks(sql)), ...ours]
    },
    sql,
    database,
    redis: { ...redis, command: (...words: string[]) => redisCommand(redis.socketPath, ...words) },
    postgres,
    peer,
    [Symbol.asyncDispose]: async () => {
      for (const { signal } of processes) await signal("SIGKILL")
      await sql.end({ timeout: 1 })
      await database.close()
      await peer.stop()
      await redis.stop()
      await fresh?.drop()
      await postgres?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder, user, database } = address
  return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(folder)}`
}
