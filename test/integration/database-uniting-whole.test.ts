import { afterAll, beforeAll, expect, test } from "bun:test"
import { type Hearing, openHearing } from "../support/hearing.ts"
import { newCustomer, newProduct, userIdOf } from "../support/selling.ts"
import { guessLimit, voucherDesk } from "../support/voucher-selling.ts"

let hearing: Hearing

beforeAll(async () => {
  hearing = await openHearing()
})
afterAll(async () => await hearing.close())

type Known = Readonly<{
  role?: string
  language?: string
  preferences?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}>

/** Two customers of these kinds who turn out to be one; returns what that one is then. */
async function unite(byLid: Known, byNumber: Known) {
  const { sql } = hearing.tables
  const [lid, number] = [hearing.newLid(), await newCustomer(hearing.tables)]
  const into = await userIdOf(hearing.tables, number)
  const { userId: from } = await hearing.talk({ from: lid })
  const given: readonly [number, Known][] = [
    [from, byLid],
    [into, byNumber],
  ]
  for (const [userId, { role = "customer", language = "id", preferences = {} }] of given)
    await sql`
      update users
         set role = ${role}, language = ${language}, preferences = ${sql.json({ ...preferences })}
       where id = ${userId}
    `
  expect(await hearing.hear({ from: number, lid })).toMatchObject({ united: true })
  const [united] = await sql`select role, language, preferences from users where id = ${into}`
  return united
}

const somewhere = { recipient: "Ani", address: "Jl. Mawar 1" }
const elsewhere = { recipient: "Ani", address: "Jl. Melati 2" }

test("who somebody is in the shop, under either address, they stay", async () => {
  const reseller = { role: "reseller", language: "en", preferences: { delivery: somewhere } }
  expect(await unite(reseller, {})).toMatchObject(reseller)
  expect(await unite({}, reseller)).toMatchObject(reseller)
  expect(await unite(reseller, { role: "admin", preferences: { delivery: elsewhere } })).toMatchObject({
    role: "admin",
    preferences: { delivery: elsewhere },
  })
})

test("whoever said stop under either address gets no broadcast", async () => {
  const off = { preferences: { broadcasts: "off" } }
  expect(await unite(off, { preferences: { delivery: elsewhere } })).toMatchObject({
    preferences: { broadcasts: "off", delivery: elsewhere },
  })
  expect(await unite({}, off)).toMatchObject(off)
})

test("a conversation goes on where it is held", async () => {
  const { sql } = hearing.tables
  const [lid, number] = [hearing.newLid(), await newCustomer(hearing.tables)]
  const into = await userIdOf(hearing.tables, number)
  const { userId: from } = await hearing.talk({ from: lid })
  await sql`select keep_conversation(${into}, 'gateway', '{"step": "quantity"}')`
  await sql`update conversations set updated_at = now() - interval '1 minute' where user_id = ${into}`
  await sql`select keep_conversation(${from}, 'whatsapp', '{"step": "summary"}')`
  await hearing.hear({ from: number, lid })
  expect([...(await sql`select step, channel from conversations where user_id = ${into}`)]).toEqual([
    { step: "summary", channel: "whatsapp" },
  ])
})

/**
 * Tables that know a customer and keep what was written: history, which says whose it is by
 * `users.united_into`, or is read with it.
 */
const history = [
  "broadcast_recipients.user_id",
  "broadcasts.started_by",
  "ledger_entries.user_id",
  "reviews.user_id",
  "users.united_into",
]

/** What a customer is known by, and what goes with it; of the others each is the united one's. */
const identity = ["created_at", "id", "last_channel", "number", "united_into"]

test("every table that knows a customer gives what it has to the one they turned out to be", async () => {
  const { sql } = hearing.tables
  const [lid, number] = [hearing.newLid(), await newCustomer(hearing.tables)]
  const into = await userIdOf(hearing.tables, number)
  const { userId: from } = await hearing.talk({ from: lid })
  const { newVoucher } = voucherDesk(hearing.tables)
  await hearing.buy({ from: lid }, await newProduct(hearing.tables, { units: 1 }), "qris")
  await sql`delete from inbox where user_id = ${from}`
  await sql`insert into restock_alerts (user_id, product_id) select ${from}, min(id) from products`
  await sql`
    insert into voucher_choices (user_id, voucher_id)
    select ${from}, id from vouchers where code = ${await newVoucher()}
  `
  await sql`select note_voucher_miss(${from}, 1, ${guessLimit.windowSeconds}, 300)`
  await sql`select keep_conversation(${from}, 'whatsapp', '{"step": "quantity"}')`
  await sql`
    insert into inbox (channel, message_id, user_id, text, state)
    values ('whatsapp', 'waits for the union', ${from}, 'hi', 'waiting')
  `
  const known = await sql<{ name: string; holder: string; place: string }[]>`
    select conrelid::regclass || '.' || attname as name, conrelid::regclass::text as holder, attname as place
      from pg_constraint
      join pg_attribute on attrelid = conrelid and attnum = conkey[1]
     where confrelid = 'users'::regclass
       and contype = 'f'
     order by 1
  `
  expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(history))
  const moving = known.filter(({ name }) => !history.includes(name))
  const without = async (userId: number) => {
    const empty: string[] = []
    for (const { name, holder, place } of moving) {
      const rows = await sql`select from ${sql(holder)} where ${sql(place)} = ${userId} limit 1`
      if (rows.length === 0) empty.push(name)
    }
    return empty
  }
  // A new table has to be filled above, and emptied by the union, or named as history.
  expect(await without(from)).toEqual([])
  expect(await hearing.hear({ from: number, lid })).toMatchObject({ united: true })
  expect(await without(from)).toEqual(moving.map(({ name }) => name))
  expect(await without(into)).toEqual([])
  expect([...(await sql`select pauses from voucher_guesses where paused_until > now()`)]).toEqual([
    { pauses: 1 },
  ])
  await hearing.answerAll(into)
})

test("everything that is kept of a customer is known to be united", async () => {
  const rows = await hearing.tables.sql<{ name: string }[]>`
    select attname as name
      from pg_attribute
     where attrelid = 'users'::regclass
       and attnum > 0
       and not attisdropped
  `
  const united = ["name", "language", "role", "balance", "blocked_at", "preferences", "quiet_until"]
  // By a trigger of its own: see sql/0025.
  const apart = ["waits_for_person_since"]
  expect(rows.map(({ name }) => name).sort()).toEqual([...identity, ...united, ...apart].sort())
})
