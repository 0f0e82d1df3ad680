import { afterAll, beforeAll, expect, test } from "bun:test"
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { connectTo, type DatabaseAddress } from "../../src/database/connect.ts"
import { startMidtransSimulator } from "../simulators/midtrans/start-midtrans-simulator.ts"
import { freshDatabase, freshRedis, type TestDatabase, type TestRedis, testShop } from "../support/engines.ts"
import { lapak, newFolder } from "../support/lapak-command.ts"

const folder = newFolder()
let database: TestDatabase
let redis: TestRedis
let environment: Record<string, string>

beforeAll(async () => {
  database = await freshDatabase()
  redis = await freshRedis()
  environment = {
    DATA_DIR: folder.dataDir,
    DATABASE_URL: urlOf(database.address),
    REDIS_URL: `unix:${redis.socketPath}`,
    PORT: "0",
    LAPAK_SECRET: "ab".repeat(32),
  }
})

afterAll(async () => {
  await redis.stop()
  await database.drop()
  folder[Symbol.dispose]()
})

const doctor = (more: Record<string, string> = {}) => lapak(["doctor"], { ...environment, ...more })

test("every wrong variable is listed, with the line that mends it", async () => {
  const { exitCode, stdout } = await doctor({
    PORT: "99999",
    GATEWAY_URL: "http://127.0.0.1:1",
    GATEWAY_SECRET: "hush",
  })
  expect(exitCode).toBe(1)
  expect(stdout).toContain("1. ✗ Configuration: PORT must be a port from 0 to 65535\n      unset PORT\n")
  expect(stdout).toContain(
    "2. ✗ Configuration: GATEWAY_SECRET must have at least 8 characters\n      unset GATEWAY_SECRET\n",
  )
  expect(stdout).not.toContain("hush")
})

test("a PostgreSQL that cannot be reached is broken, and the other parts are looked at all the same", async () => {
  const { exitCode, stdout } = await doctor({ DATABASE_URL: "postgres://shop:hidden@127.0.0.1:1/shop" })
  expect(exitCode).toBe(1)
  expect(stdout).toContain('✗ PostgreSQL: does not answer\n      psql "$DATABASE_URL"')
  expect(stdout).toContain("✓ Redis: at REDIS_URL")
  expect(stdout).not.toContain("hidden")
})

test("a Redis that is away is no more than a warning", async () => {
  const { stdout } = await doctor({ REDIS_URL: "unix:/nowhere/redis.sock" })
  expect(stdout).toContain("! Redis: does not answer (the shop sells without it, more slowly)")
})

test("a PostgreSQL that forgets sales after a power cut is broken", async () => {
  const { exitCode, stdout } = await doctor()
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/✗ PostgreSQL: .* forgets sales after a power cut/)
})

test("a port that another program has is broken; one that is free is fine", async () => {
  const other = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("not a shop") })
  const port = String(other.port)
  const taken = await doctor({ PORT: port })
  await other.stop(true)
  const free = await doctor({ PORT: port })
  expect(taken.stdout).toContain(`✗ Web server: port ${port} is used by another program`)
  expect(taken.stdout).toContain(`PORT=${Number(port) + 1} lapak serve`)
  expect(free.stdout).toContain(`✓ Web server: port ${port} is free`)
})

test("a secret that others can read, a damaged one and a wrong one are told apart", async () => {
  const dataDir = join(folder.root, "secrets")
  mkdirSync(dataDir)
  const path = join(dataDir, "secret")
  const look = async () => (await doctor({ DATA_DIR: dataDir, LAPAK_SECRET: "" })).stdout
  expect(await look()).toContain("is made at the first start")
  writeFileSync(path, `${"cd".repeat(32)}\n`)
  chmodSync(path, 0o644)
  expect(await look()).toContain(`! Secret: ${path} can be read by others\n      chmod 600 ${path}`)
  chmodSync(path, 0o600)
  expect(await look()).toContain(`✓ Secret: ${path}, private`)
  expect((await lapak(["migrate"], environment)).exitCode).toBe(0)
  expect(await look()).toContain(`✗ Secret: ${path} is not the secret the shop was opened with`)
  writeFileSync(path, "short\n")
  expect(await look()).toContain(`✗ Secret: ${path} is damaged`)
  expect(await look()).not.toContain("short")
})

test("a data folder that cannot be one is broken", async () => {
  const { exitCode, stdout } = await doctor({ DATA_DIR: folder.file("a-file", "") })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/✗ Data folder: .*a-file is not a folder\n {6}DATA_DIR=/)
})

test("WhatsApp is looked at when it is on, and what mends it is said", async () => {
  const sql = connectTo(database.address, testShop, 1)
  const state = async (name: string, phone: string | null) => {
    await sql`
      insert into whatsapp_account (state, phone, holder, held_until)
      values (${name}, ${phone}, 'a shop', now() + interval '1 hour')
      on conflict (id) do update set state = excluded.state, phone = excluded.phone
    `
    const { stdout } = await doctor({ WHATSAPP: "on" })
    expect(stdout.includes("✓ Messages: through WhatsApp\n")).toBe(name === "open")
    return stdout
  }
  expect((await doctor()).stdout).toContain("! Messages: only from the page /try")
  expect((await doctor({ WHATSAPP: "on" })).stdout).toContain(
    "! WhatsApp: No phone is paired yet\n      lapak pair",
  )
  expect(await state("open", "6281299900001")).toContain("✓ WhatsApp: connected as +6281299900001")
  expect(await state("logged_out", null)).toMatch(
    /! WhatsApp: Lapak was removed from the linked devices.*\n {6}lapak pair/,
  )
  // Somebody holds the account, so a shop runs: no second one is advised.
  expect(await state("replaced", "6281299900001")).toMatch(
    /! WhatsApp: Another.*"Connect here again".*\n {6}lapak pair/,
  )
  expect(await state("stopped", "6281299900001")).toMatch(
    /! WhatsApp: WhatsApp refuses this.*\n {6}lapak pair/,
  )
  expect(await state("open", "6281299900001")).not.toContain("lapak serve")
  await sql`update whatsapp_account set held_until = now() - interval '1 second', state = 'replaced'`
  expect((await doctor({ WHATSAPP: "on" })).stdout).toMatch(/! WhatsApp: Another program.*\n {6}lapak serve/)
  await sql`delete from whatsapp_account`
  await sql.end()
})

test("where customers are elsewhere, an address of this machine alone is pointed at", async () => {
  const whatsapp = { WHATSAPP: "on" }
  expect((await doctor()).stdout).not.toContain("PUBLIC_URL")
  expect((await doctor(whatsapp)).stdout).toMatch(
    /! Payment page: PUBLIC_URL names this machine alone.*\n {6}PUBLIC_URL=https/,
  )
  expect((await doctor({ ...whatsapp, PUBLIC_URL: "https://shop.example" })).stdout).not.toContain(
    "PUBLIC_URL",
  )
})

test("stock that runs out and messages given up are pointed at", async () => {
  const sql = connectTo(database.address, testShop, 1)
  await sql`insert into products (code, name, price, kind) values ('EMPTY', 'x', 1, 'digital')`
  await sql`insert into users (number) values ('6281299900004')`
  await sql`insert into outbox (channel, user_id, kind, text, state) select 'x', id, 'text', 'x', 'given_up' from users`
  await sql.end()
  const { stdout } = await doctor()
  expect(stdout).toContain("! Stock: EMPTY is sold out\n      lapak import stock EMPTY FILE")
  expect(stdout).toMatch(/! Sent messages: 1 were given up.*\n {6}lapak outbox\n/)
  expect(stdout).not.toContain("6281299900004")
})

test("what waits for a decision, and refunds that wait long, are pointed at", async () => {
  expect((await doctor()).stdout).toMatch(/✓ Decisions: none.*\n.*✓ Refunds: none/)
  const sql = connectTo(database.address, testShop, 1)
  await sql`
    insert into reviews (key, kind, amount, created_at)
    values ('a', 'unknown_payment', 5, now() - interval '3 days'), ('b', 'unknown_payment', 5, now())
  `
  await sql`
    with product as (
      insert into products (code, name, price, kind) values ('SOLD', 'x', 5, 'physical') returning id
    ), buyer as (
      insert into users (number) values ('6281299900005') returning id
    ), made as (
      insert into orders (code, user_id, kind, status, method, total, channel)
      select 'T-REFUND', id, 'physical', 'paid', 'qris', 5, 'x' from buyer
      returning id, user_id
    ), line as (
      insert into order_lines (order_id, product_id, name, quantity, unit_price, amount)
      select made.id, product.id, 'x', 1, 5, 5 from made, product
    )
    insert into payments (
      reference, provider, purpose, user_id, order_id, amount, pay_token, channel, expires_at
    )
    select 'T-REFUND-1', 'demo', 'order', user_id, id, 5, 'a-token-that-nobody-knows-of', 'x', now() from made
  `
  await sql`
    insert into refunds (key, order_id, payment_id, amount, state, reason, actor, created_at)
    select 'R', order_id, id, 5, 'requested', 'x', 'test', now() - interval '2 hours'
      from payments
     where order_id is not null
  `
  await sql.end()
  const { stdout } = await doctor()
  expect(stdout).toContain("! Decisions: 2 wait for a person, the oldest since 3 days\n      lapak reviews\n")
  expect(stdout).toContain("! Refunds: 1 wait for the provider, the oldest since 2 h")
})

test("an owner who is not named, or never wrote, is pointed at: nothing could be told", async () => {
  expect((await doctor()).stdout).toMatch(/! Owners: none is named.*\n {6}OWNER_NUMBERS=628… lapak serve/)
  const numbers = { OWNER_NUMBERS: "6281299900011,6281299900012", WHATSAPP: "on" }
  const sql = connectTo(database.address, testShop, 1)
  await sql`insert into users (number, last_channel) values ('6281299900011', 'whatsapp')`
  const { stdout } = await doctor(numbers)
  expect(stdout).toContain("! Owners: nothing can be told to who never wrote: write  .menu  to the shop once")
  expect(stdout).toContain("from …0012\n")
  expect(stdout).not.toContain("6281299900012")
  await sql`insert into users (number, last_channel) values ('6281299900012', 'gateway')`
  await sql.end()
  expect((await doctor(numbers)).stdout).toContain("✓ Owners: 2 are named")
})

test("a Midtrans key for the other world, and one that Midtrans refuses, are told", async () => {
  const serverKey = "SB-Mid-server-of-the-doctor"
  const simulator = await startMidtransSimulator({ serverKey })
  const key = (MIDTRANS_SERVER_KEY: string, MIDTRANS_PRODUCTION = "off") =>
    doctor({ MIDTRANS_SERVER_KEY, MIDTRANS_PRODUCTION, MIDTRANS_BASE_URL: simulator.url })
  expect((await key(serverKey)).stdout).not.toMatch(/[!✗] Midtrans/)
  expect((await key("Mid-server-abc")).stdout).toMatch(/! Midtrans: .* put MIDTRANS_PRODUCTION=on into \.env/)
  expect((await key(serverKey, "on")).stdout).toMatch(/! Midtrans: .* put the production key into \.env/)
  const mistyped = await key("SB-Mid-server-mistyped")
  expect(mistyped.exitCode).toBe(1)
  expect(mistyped.stdout).toContain("✗ Midtrans: refuses MIDTRANS_SERVER_KEY")
  expect(mistyped.stdout).not.toContain("mistyped")
  await simulator.stop()
  expect((await key(serverKey)).stdout).toContain("! Midtrans: does not answer")
})

function urlOf(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url
  const { folder: host, user, database: name } = address
  return `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}`
}
