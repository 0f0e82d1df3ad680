import { afterAll, beforeAll, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { type MidtransStall, openMidtransStall } from "../support/midtrans-stall.ts"
import { runLapak, type ShopProcess } from "../support/shop-process.ts"

let stall: MidtransStall
let shop: ShopProcess

beforeAll(async () => {
  stall = await openMidtransStall()
  shop = await stall.open()
  await stall.sell({ units: 10 })
})
afterAll(() => stall[Symbol.asyncDispose]())

const run = (...words: string[]) => runLapak(["payments", ...words], stall.environment)

/** An order of a new customer, for which one event is stored that nobody works. */
async function orderWithEvent() {
  const [from = ""] = await stall.welcome(1, 0)
  const order = await stall.order(shop, from)
  await stall.atRest()
  const [event] = await stall.sql<{ id: number }[]>`
    with stored as (
      insert into payment_events (provider, reference, claimed_state, raw_body)
      values ('midtrans', ${order.reference}, 'settlement', '{}')
      returning id
    ),
    concluded as (
      insert into payment_event_outcomes (event_id, outcome) select id, 'not_paid' from stored
    )
    select id from stored
  `
  return { ...order, from, id: String(event?.id) }
}

test("the notifications are listed, newest first, of all orders or of one", async () => {
  const first = await orderWithEvent()
  const second = await orderWithEvent()
  const all = await run("events")
  expect(all.exitCode).toBe(0)
  const lines = all.stdout.trim().split("\n")
  expect(lines[0]).toMatch(
    new RegExp(`^${second.id} {2}\\S+Z {2}${second.reference} {2}says settlement {2}not_paid$`),
  )
  expect(lines[1]).toStartWith(`${first.id}  `)
  const one = await run("events", first.code.toLowerCase())
  expect(one.stdout.trim().split("\n")).toHaveLength(1)
  expect(one.stdout).toContain(first.reference)
  expect((await run("events", "LPK-NOBODY")).stdout).toBe("No notification has come about LPK-NOBODY.\n")
})

test("a notification run again books what Midtrans says, beside a running shop, once however often", async () => {
  const { id, reference, from } = await orderWithEvent()
  const unpaid = await run("replay", id)
  expect(unpaid).toMatchObject({ exitCode: 0 })
  expect(unpaid.stdout).toContain(`${reference}: the provider says that it is not paid. Nothing was changed.`)
  stall.midtrans.pay(reference)
  const paid = await run("replay", id)
  expect(paid).toMatchObject({ exitCode: 0 })
  expect(paid.stdout).toContain("was booked now")
  await eventually("the goods", () => stall.peer.messagesTo(from)[1])
  for (let time = 1; time <= 2; time += 1)
    expect((await run("replay", id)).stdout).toContain("was booked before. Nothing was changed.")
  await stall.atRest()
  expect(stall.peer.messagesTo(from)).toHaveLength(2)
  const noted = await stall.sql<{ actor: string; details: unknown }[]>`
    select actor, details from audit_log
     where action = 'replay_payment_event' and subject = ${`payment:${reference}`}
     order by id
  `
  expect(noted.map(({ actor, details }) => [actor, Object(details).outcome])).toEqual([
    ["shell", "not_paid"],
    ["shell", "settled"],
    ["shell", "already_settled"],
    ["shell", "already_settled"],
  ])
  expect(await stall.audit()).toEqual([])
})

test("a notification run again after the money went back says that, and not that it is paid", async () => {
  const { id, reference } = await orderWithEvent()
  stall.midtrans.pay(reference)
  await run("replay", id)
  stall.midtrans.chargeBack(reference)
  expect((await run("replay", id)).stdout).toContain("money went back. It is booked")
  expect((await run("replay", id)).stdout).toContain(
    "it was paid, and money went back; both were booked before",
  )
})

test("a notification of the seller's phone is listed with what it was taken for", async () => {
  await stall.sql`
    insert into payment_events (provider, reference, claimed_state, raw_body)
    values ('static_qris', 'unmatched', 'ignored', '{}'), ('static_qris', 'unmatched', 'review', '{}')
  `
  await stall.sql`
    insert into payment_event_outcomes (event_id, outcome)
    select id, claimed_state from payment_events where reference = 'unmatched'
  `
  const [newest = "", before = ""] = (await run("events")).stdout.split("\n")
  expect(newest).toEndWith(
    "from the seller's phone  money of no certain payment; a person decides, see  lapak reviews",
  )
  expect(before).toEndWith("from the seller's phone  not about money that came")
})

test("a notification run again while Midtrans is silent changes nothing, and says so by its exit code", async () => {
  const { id } = await orderWithEvent()
  stall.midtrans.faults.plan("status", { kind: "http", status: 500 })
  const silent = await run("replay", id)
  stall.midtrans.faults.clear()
  expect(silent.exitCode).toBe(1)
  expect(silent.stderr).toContain("the provider does not answer. Nothing was changed; run this again later.")
})

test("without a running shop it is booked as well, and the next start tells the customer", async () => {
  const { id, reference, from } = await orderWithEvent()
  await shop.close()
  stall.midtrans.pay(reference)
  expect((await run("replay", id)).stdout).toContain("was booked now")
  expect(stall.peer.messagesTo(from)).toHaveLength(1)
  shop = await stall.open()
  await eventually("the goods", () => stall.peer.messagesTo(from)[1])
})

test("a notification is shown in its own words, which steer nothing", async () => {
  const kept = async (provider: string, rawBody: string) => {
    const [event] = await stall.sql<{ id: number }[]>`
      with stored as (
        insert into payment_events (provider, reference, claimed_state, raw_body)
        values (${provider}, 'unmatched', 'review', ${rawBody})
        returning id
      ), concluded as (
        insert into payment_event_outcomes (event_id, outcome) select id, 'review' from stored
      )
      select id from stored
    `
    return await run("show", String(event?.id))
  }
  const postedAt = "2026-03-01T05:00:00.000Z"
  const said = {
    packageName: "id.dana",
    postedAt,
    title: "Masuk",
    text: "Rp 15.037\nText: \u009b2Jfrom BUDI",
  }
  const shown = await kept("static_qris", JSON.stringify(said))
  expect(shown.exitCode).toBe(0)
  expect(shown.stdout).toContain("by static_qris, came 20")
  expect(shown.stdout).toContain(
    `nobody's payment: review\nApp: id.dana\nPosted: ${postedAt}\nTitle: Masuk\nText: Rp 15.037 Text:  2Jfrom BUDI\n`,
  )
  const ignored = await kept("static_qris", JSON.stringify({ packageName: "id.dana", postedAt }))
  expect(ignored.stdout).toContain("Its words were not kept.\n")
  expect((await kept("midtrans", '{"order_id":"X"}')).stdout).toContain('\n{"order_id":"X"}\n')
  expect((await run("show", "999999")).exitCode).toBe(1)
  expect((await run("show", "1; drop")).exitCode).toBe(2)
})

test("what can't be run again is refused with what to do instead", async () => {
  const { id } = await orderWithEvent()
  expect(await run("replay", "999999")).toMatchObject({ exitCode: 1 })
  for (const wrong of ["abc", "0", "-1", "1; drop"])
    expect((await run("replay", wrong)).exitCode, wrong).toBe(2)
  expect((await run("events", "LPK'--")).exitCode).toBe(2)
  expect((await run("replay")).exitCode).toBe(2)
  const keyless = { ...stall.environment, MIDTRANS_SERVER_KEY: "", MIDTRANS_BASE_URL: "" }
  const refused = await runLapak(["payments", "replay", id], keyless)
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain("which is not configured here")
})
