import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openStall, type Stall } from "../support/stall.ts"

const texts = textsFor("id")

/** Whatever the seconds. */
const [before = "", after = ""] = texts.slowDown({ seconds: 99 }).split("99")
const slowDown = new RegExp(`^${RegExp.escape(before)}\\d+${RegExp.escape(after)}$`)

test("the same message delivered 20 times at once buys once", async () => {
  await using stall = await openStall()
  const { peer, sql } = stall
  const { url } = await stall.open()
  const [payload = ""] = await stall.sell({ units: 25, price: 10_000 })
  const [from = ""] = await stall.welcome(1, 250_000)
  const message = { id: "the-very-same", from, text: ".buy KOPI 1" }
  const answers = await Promise.all(Array.from({ length: 20 }, () => peer.send(url, message)))

  const accepted = answers.filter(({ status }) => status === 202)
  const duplicates = answers.filter(({ status }) => status === 200)
  expect(accepted.map(({ body }) => body)).toEqual([{ accepted: true, duplicate: false }])
  expect(duplicates).toHaveLength(19)
  for (const { body } of duplicates) expect(body).toEqual({ accepted: true, duplicate: true })

  expect((await peer.replyTo(message.id)).text).toContain(payload)
  await stall.atRest()
  expect(await peer.send(url, message)).toMatchObject({ status: 200, body: { duplicate: true } })
  expect(peer.messages()).toHaveLength(1)
  expect(await stall.balanceOf(from)).toBe(240_000)
  expect(await sql`select from orders`).toHaveLength(1)
  expect(await stall.audit()).toEqual([])
})

test("one customer buying 5 times at once is served one after another, and refused from the 4th on", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const shop = await stall.open()
  await stall.sell({ units: 50, price: 10_000 })
  const customers = await stall.welcome(5, 100_000)
  // On a machine so busy that Redis did not answer in time the limit is open by design: another tries again.
  for (const from of customers) {
    const outages = countOutages(shop)
    await Promise.all(Array.from({ length: 5 }, () => peer.tell(shop.url, from, ".buy KOPI 1")))
    await stall.atRest()
    if (countOutages(shop) === outages) return await expectThreeSold(stall, from)
  }
  throw new Error("Redis was away each time")
})

test("of one customer's top-ups within a minute three are served, and other commands go on", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const shop = await stall.open()
  // As above: a busy machine leaves the limit open.
  for (const from of await stall.welcome(5, 0)) {
    const outages = countOutages(shop)
    const replies: string[] = []
    for (const amount of [10_000, 20_000, 30_000, 40_000])
      replies.push((await peer.ask(shop.url, from, `.deposit ${amount}`)).text)
    const { text } = await peer.ask(shop.url, from, ".saldo")
    if (countOutages(shop) !== outages) continue
    expect(replies.map((reply) => slowDown.test(reply))).toEqual([false, false, false, true])
    expect(text).not.toMatch(slowDown)
    return
  }
  throw new Error("Redis was away each time")
})

async function expectThreeSold({ sql, peer, balanceOf, audit }: Stall, from: string): Promise<void> {
  const inOrder = await sql<{ id: string }[]>`
    select message_id as id
      from inbox
      join users on users.id = inbox.user_id
     where users.number = ${from}
     order by inbox.id
  `
  const replies = inOrder.flatMap(({ id }) => peer.repliesTo(id))
  expect(replies).toHaveLength(5)
  expect(peer.messagesTo(from)).toEqual(replies)
  for (const { text } of replies.slice(0, 3)) expect(text).toContain("-secret")
  for (const { text } of replies.slice(3)) {
    const seconds = Number(/(\d+) detik/.exec(text)?.[1])
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(text).toBe(texts.rateLimited({ seconds }))
  }
  expect(await balanceOf(from)).toBe(70_000)
  expect(await audit()).toEqual([])
}

function countOutages(shop: ShopProcess): number {
  return shop.written().split("Redis is away").length
}
