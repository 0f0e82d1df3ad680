import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { eventually } from "../support/eventually.ts"
import { openStall, type Stall } from "../support/stall.ts"

const texts = textsFor("id")
const codes = ["LPK-FIRST", "LPK-SECOND", "LPK-THIRD"]
const inOrder = codes.map((orderCode) => texts.orderNotFound({ orderCode }))

test("what a gateway refuses arrives later, in order and under the same ids", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const { url } = await stall.open()
  const [from = ""] = await stall.welcome(1, 0)
  let refusals = 0
  peer.answers(() => {
    refusals += 1
    return refusals <= 3 ? "refuse" : "take"
  })
  for (const code of codes) await peer.tell(url, from, `.status ${code}`)
  await stall.atRest()

  expect(peer.messagesTo(from).map(({ text }) => text)).toEqual(inOrder)
  const heard = peer.heard()
  expect(heard.map(({ text }) => text)).toEqual([...Array(3).fill(inOrder[0]), ...inOrder])
  expect(new Set(heard.map(({ id }) => id)).size).toBe(3)
  expect(peer.problems()).toEqual([])
})

test("goods sold while the gateway is not there are delivered when it is back", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const { url } = await stall.open()
  const [payload = ""] = await stall.sell()
  const [from = ""] = await stall.welcome(1, 10_000)
  await peer.hangUp()
  const id = await peer.tell(url, from, ".buy KOPI 1")
  await untilTried(stall)
  expect(await stall.balanceOf(from)).toBe(0)
  peer.pickUp()
  expect((await peer.replyTo(id)).text).toContain(payload)
  await stall.atRest()
  expect(peer.messages()).toHaveLength(1)
  expect(await stall.audit()).toEqual([])
})

test("a message that is never taken is given up where the operator sees it, and the next one goes out", async () => {
  await using stall = await openStall()
  const { peer, sql } = stall
  const { url } = await stall.open()
  const [from = ""] = await stall.welcome(1, 0)
  const [unlucky = "", lucky = ""] = inOrder
  peer.answers(({ text }) => (text === unlucky ? "refuse" : "take"))
  await peer.tell(url, from, `.status ${codes[0]}`)
  await untilTried(stall)
  await peer.tell(url, from, `.status ${codes[1]}`)
  // Its many attempts take a day: all but the last are skipped.
  await sql`update outbox set attempts = 139, next_attempt_at = now() where state = 'waiting' and text = ${unlucky}`
  await stall.atRest()

  expect(peer.messagesTo(from).map(({ text }) => text)).toEqual([lucky])
  const health = await (await fetch(`${url}/health`)).json()
  expect(health).toMatchObject({ messagesGivenUp: 1, outboxDepth: 0 })
})

function untilTried({ sql }: Stall): Promise<unknown> {
  return eventually("an attempt has failed", async () => {
    const rows = await sql`select from outbox where failure is not null and state = 'waiting'`
    return rows.length > 0
  })
}
