import { expect, test } from "bun:test"
import { openEvents } from "../../src/database/payment-events.ts"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"
import { openTables } from "../support/selling.ts"

test("while Midtrans hangs, orders by QRIS end and the others are served; then it is used again", async () => {
  await using stall = await openMidtransStall()
  const { peer, midtrans, sql } = stall
  await stall.sell({ units: 200 })
  const [other = "", ...buyers] = await stall.welcome(80, 0)
  const shop = await stall.open()
  midtrans.faults.plan("charge", { kind: "hang" })
  midtrans.faults.plan("status", { kind: "hang" })
  await Promise.all(buyers.map((from) => peer.tell(shop.url, from, ".buy KOPI 1 qris")))
  expect((await peer.ask(shop.url, other, ".menu")).text).toContain("Lapak")
  await stall.atRest()
  for (const from of buyers) expect(peer.messagesTo(from)).toHaveLength(1)
  expect(await sql`select from orders where status <> 'cancelled'`).toHaveLength(0)
  await stall.hasFree("KOPI", 200)
  const [payment] = await sql<{ reference: string }[]>`select reference from payments limit 1`
  midtrans.faults.clear()
  // Its state is asked for until Midtrans is heard again.
  const failed = payment?.reference ?? ""
  await storeEvents(stall, failed, { count: 1, ageHours: 0, claims: "expire" })
  await eventually("Midtrans is heard", async () => (await outcomesOf(stall, failed)).length === 1)
  expect((await stall.order(shop, other)).request.image).toBeDefined()
  expect(await stall.audit()).toEqual([])
})

test("an event that can't be read holds up no other, and is given up after a day with an error", async () => {
  await using stall = await openMidtransStall()
  const { sql, midtrans } = stall
  const shop = await stall.open()
  await stall.sell({ units: 2 })
  const [first = "", second = ""] = await stall.welcome(2, 0)
  const { reference: other } = await stall.order(shop, first)
  const { reference } = await stall.order(shop, second)
  await stall.atRest()
  const unreadable = midtrans.transaction(other)?.transactionId ?? ""
  await asPayment(stall, other, unreadable)
  midtrans.pay(reference)
  await storeEvents(stall, unreadable, { count: 60, ageHours: 25 })
  await storeEvents(stall, unreadable, { count: 1, ageHours: 0 })
  await storeEvents(stall, reference, { count: 1, ageHours: 0 })
  await eventually("the readable one is booked", async () =>
    (await outcomesOf(stall, reference)).includes("settled"),
  )
  await eventually("an old one is given up", async () => (await outcomesOf(stall, unreadable)).length > 0)
  expect(new Set(await outcomesOf(stall, unreadable))).toEqual(new Set(["gave_up"]))
  expect(shop.written()).toContain("a notification is given up")
  const young = await sql`
    select from payment_event_outcomes
      join payment_events on id = event_id
     where reference = ${unreadable}
       and received_at > now() - interval '1 hour'
  `
  expect(young).toHaveLength(0)
})

test("an event about somebody else's payment that is not paid is concluded once Midtrans was asked", async () => {
  await using stall = await openMidtransStall()
  const shop = await stall.open()
  await storeEvents(stall, "SITE-1", { count: 1, ageHours: 0, claims: "pending" })
  await eventually("it is concluded", async () => (await outcomesOf(stall, "SITE-1")).length === 1)
  expect(await outcomesOf(stall, "SITE-1")).toEqual(["unknown_payment"])
  expect(stall.midtrans.requests().map(({ path }) => path)).toEqual(["/v2/SITE-1/status"])
  expect(shop.written()).toContain("a payment this shop never asked for")
})

test("a process without the key leaves the events and the charges of Midtrans to the others", async () => {
  await using stall = await openMidtransStall()
  const { sql } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1 })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference } = await stall.order(shop, from)
  await stall.atRest()
  await shop.close()
  stall.pay(reference)
  await sql`update payments set next_ask_at = now()`
  await storeEvents(stall, reference, { count: 1, ageHours: 0 })
  const keyless = await stall.open({ MIDTRANS_SERVER_KEY: "", MIDTRANS_BASE_URL: "", DEMO: "on" })
  // An event of its own shows that its rounds have come to an end.
  await sql`
    insert into payment_events (provider, reference, claimed_state, raw_body)
    values ('demo', 'NOBODY-1', 'pending', '{}')
  `
  await eventually("its own event is worked", async () => (await outcomesOf(stall, "NOBODY-1")).length === 1)
  expect(await outcomesOf(stall, reference)).toEqual([])
  expect(await sql`select from payments where asked_at is not null or silences > 0`).toHaveLength(0)
  await keyless.close()
  await stall.open()
  await eventually("it is booked", async () => (await outcomesOf(stall, reference)).length === 1)
  await eventually("the goods", () => stall.peer.messagesTo(from)[1])
})

test("money taken back after it was booked is booked back once, in however many ways it is said", async () => {
  await using stall = await openMidtransStall()
  const { midtrans, sql } = stall
  const shop = await stall.open()
  await stall.sell({ units: 1 })
  const [from = ""] = await stall.welcome(1, 0)
  const { reference } = await stall.order(shop, from)
  await stall.notify(shop, stall.pay(reference))
  await eventually("the goods", () => stall.peer.messagesTo(from)[1])
  const ends = [midtrans.refundPartly, midtrans.refund, midtrans.chargeBack, midtrans.deny, midtrans.cancel]
  for (const [place, end] of ends.entries()) {
    end(reference)
    await stall.notify(shop, midtrans.notifications(reference).at(-1) ?? "")
    await eventually("it is concluded", async () => (await outcomesOf(stall, reference)).length === place + 2)
  }
  // How much the first one took is not told; the second one took everything.
  const again = "already_reversed"
  expect(await outcomesOf(stall, reference)).toEqual(["settled", "reversed", "reversed", again, again, again])
  expect(shop.written()).toContain("money that came was taken back")
  expect(await sql`select state from payments`).toMatchObject([{ state: "paid" }])
  expect(await stall.audit()).toEqual([])
})

test("every open event has its turn, however many stand before it", async () => {
  const tables = await openTables(2)
  const { sql, database } = tables
  await sql`
    insert into payment_events (provider, reference, claimed_state, raw_body, received_at)
    select 'midtrans', 'LPK-' || number, 'settlement', '{}', now() - interval '2 hours'
      from generate_series(1, 200) as number
  `
  const seen = new Set<number>()
  for (let turn = 1; turn <= 500; turn += 1) {
    const events = await openEvents(database, { providers: ["midtrans"], turn, limit: 20 })
    expect(events.length).toBeLessThanOrEqual(20)
    for (const { id } of events) seen.add(id)
  }
  expect(seen.size).toBe(200)
  expect(await openEvents(database, { providers: ["demo"], turn: 1, limit: 20 })).toEqual([])
  await tables.close()
})

/** A second payment under this reference, which Midtrans answers with another order. */
async function asPayment({ sql }: MidtransStall, like: string, reference: string): Promise<void> {
  await sql`
    insert into payments (reference, provider, purpose, user_id, amount, state, pay_token, channel,
                          expires_at, closed_at)
    select ${reference}, provider, 'deposit', user_id, amount, 'expired', pay_token || '2', channel,
           now(), now()
      from payments
     where reference = ${like}
  `
}

async function storeEvents(
  { sql }: MidtransStall,
  reference: string,
  { count, ageHours, claims = "settlement" }: { count: number; ageHours: number; claims?: string },
): Promise<void> {
  await sql`
    insert into payment_events (provider, reference, claimed_state, raw_body, received_at)
    select 'midtrans', ${reference}, ${claims}, '{}', now() - make_interval(hours => ${ageHours})
      from generate_series(1, ${count})
  `
}

async function outcomesOf({ sql }: MidtransStall, reference: string): Promise<string[]> {
  const rows = await sql<{ outcome: string }[]>`
    select outcome
      from payment_event_outcomes
      join payment_events on id = event_id
     where reference = ${reference}
     order by id
  `
  return rows.map(({ outcome }) => outcome)
}
