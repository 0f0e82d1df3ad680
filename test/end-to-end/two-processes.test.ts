import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { eventually } from "../support/eventually.ts"
import { openStall } from "../support/stall.ts"

const texts = textsFor("id")

test("two processes share a shop: each customer is answered in order, whichever of them was told", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const urls = (await Promise.all([stall.open(), stall.open()])).map(({ url }) => url)
  const customers = await stall.welcome(4, 0)
  const codes = Array.from({ length: 20 }, (_, place) => `LPK-ASKED-${place + 1}`)

  await Promise.all(
    customers.map(async (number, first) => {
      for (const [place, code] of codes.entries())
        await peer.tell(urls[(first + place) % 2] ?? "", number, `.status ${code}`)
    }),
  )
  await stall.atRest()

  const expected = codes.map((orderCode) => texts.orderNotFound({ orderCode }))
  for (const number of customers) expect(peer.messagesTo(number).map(({ text }) => text)).toEqual(expected)
  expect(peer.problems()).toEqual([])
})

test("when one of two processes is killed the other finishes its work, and nothing happens twice", async () => {
  await using stall = await openStall()
  const { peer } = stall
  const [dying, staying] = await Promise.all([stall.open(), stall.open()])
  const payloads = await stall.sell({ units: 60, price: 10_000 })
  const customers = await stall.welcome(60, 10_000)

  const buy = async (from: string, place: number) => {
    const message = { id: peer.newId(), from, text: ".buy KOPI 1" }
    const first = place % 2 === 0 ? dying : staying
    // A gateway without an answer sends it again, to whoever is there.
    await peer.send(first.url, message).catch(() => peer.send(staying.url, message))
    return message.id
  }
  const asked = Promise.all(customers.map(buy))
  await eventually("the first goods", () => peer.messages().length >= 5)
  await dying.signal("SIGKILL")

  for (const id of await asked) await peer.replyTo(id)
  await stall.atRest()
  const goods = peer.messages().flatMap(({ text }) => payloads.filter((payload) => text.includes(payload)))
  expect(goods.toSorted()).toEqual(payloads.toSorted())
  expect(peer.messages()).toHaveLength(60)
  for (const number of customers) expect(await stall.balanceOf(number)).toBe(0)
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
})
