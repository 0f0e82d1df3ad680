import { expect, test } from "bun:test"
import { connectTo } from "../../src/database/connect.ts"
import { migrate } from "../../src/database/migrate.ts"
import { migrations } from "../../src/database/migrations.ts"
import { emptyDatabase } from "../support/engines.ts"

test("a shop that is updated finds its open events again, and them alone, and asks for its transactions", async () => {
  const place = await emptyDatabase()
  const shop = "warung"
  const before = migrations.filter(({ name }) => name < "0014")
  await migrate(place.address, shop, before)
  const sql = connectTo(place.address, shop, 1)
  await sql`
    insert into payment_events (provider, reference, claimed_state, raw_body)
    select 'midtrans', 'LPK-' || number, 'settlement', '{}' from generate_series(1, 3) as number
  `
  await sql`
    insert into payment_event_outcomes (event_id, outcome)
    select id, 'settled' from payment_events where reference <> 'LPK-2'
  `
  await sql`
    with made as (insert into users (number) values ('6281100000001') returning id)
    insert into payments (reference, provider, purpose, user_id, amount, provider_transaction_id, pay_token,
                          channel, expires_at)
    select 'LPK-2', 'midtrans', 'deposit', id, 1000, 't-1', 'token-of-a-page-of-before', 'test', now()
      from made
  `
  await migrate(place.address, shop)
  const open = await sql`select reference from open_payment_events join payment_events on id = event_id`
  expect([...open]).toEqual([{ reference: "LPK-2" }])
  expect([...(await sql`select transaction_id from payment_transactions`)]).toEqual([
    { transaction_id: "t-1" },
  ])
  await sql.end({ timeout: 5 })
  await place.drop()
})
