import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { holdLock } from "../support/database-locks.ts"
import { eventually } from "../support/eventually.ts"
import { openStall } from "../support/stall.ts"

const price = 10_000
const wave = 20
const [indonesian, english] = [textsFor("id"), textsFor("en")]
/** What may be said while the database is away: that nothing was stored, of whomever, or that it was. */
const apologies = [`${indonesian.unavailable()}\n\n${english.unavailable()}`, indonesian.delayed()]

test("PostgreSQL killed while selling: who writes meanwhile is told so, and nobody pays without goods", async () => {
  await using stall = await openStall({ ownServer: true })
  const { peer, postgres } = stall
  const shop = await stall.open()
  const payloads = await stall.sell({ units: 2 * wave, price })
  const customers = await stall.welcome(2 * wave, price)

  /** As a gateway does it: again and again under the same id, until it is taken. */
  const buy = async (from: string) => {
    const message = { id: peer.newId(), from, text: ".buy KOPI 1" }
    await eventually("the message is taken", async () => (await peer.send(shop.url, message)).status < 300)
  }
  const early = customers.slice(0, wave).map(buy)
  await eventually("the first goods", () => peer.messages().length > 0)
  await postgres?.signal("SIGKILL")
  const ready = async () => (await fetch(`${shop.url}/readyz`)).status
  await eventually("it is noticed", async () => (await ready()) === 503)
  const late = customers.slice(wave).map(buy)
  const told = (from: string) => peer.messagesTo(from).some(({ text }) => apologies.includes(text))
  await eventually("those who write now are told", () => customers.slice(wave).every(told))
  expect(await ready()).toBe(503)
  expect((await fetch(`${shop.url}/livez`)).status).toBe(200)
  const health = await fetch(`${shop.url}/health`)
  expect(health.status).toBe(503)
  expect(await health.json()).toMatchObject({
    status: "unavailable",
    shop: expect.any(String),
    checks: { postgres: { state: "unavailable" } },
  })

  await postgres?.start()
  await Promise.all([...early, ...late])
  await stall.atRest()
  const said = peer.messages().map(({ text }) => text)
  const goods = said.flatMap((text) => payloads.filter((payload) => text.includes(payload)))
  expect(goods.toSorted()).toEqual(payloads.toSorted())
  for (const text of said.filter((text) => !apologies.includes(text))) expect(text).toContain("-secret")
  for (const from of customers) expect(await stall.balanceOf(from)).toBe(0)
  await eventually("it is ready again", async () => (await ready()) === 200)
  expect(await stall.audit()).toEqual([])
  expect(peer.problems()).toEqual([])
  expect(await shop.close()).toBe(0)
})

test("while PostgreSQL hangs, health says so, and of Redis how it is", async () => {
  await using stall = await openStall()
  const shop = await stall.open()
  const health = async () => {
    const told: unknown = await (await fetch(`${shop.url}/health`)).json()
    return told as { status: string; checks: Record<string, unknown> }
  }
  expect(await health()).toMatchObject({ status: "ready", channels: ["gateway", "try"] })
  const lock = await holdLock(stall.sql, "lock table schema_migrations, outbox")
  const { checks } = await eventually("it is noticed", async () => {
    const told = await health()
    return told.status === "unavailable" && told
  })
  expect(checks).toMatchObject({ postgres: { state: "unavailable" }, redis: { state: "ok" } })
  await lock.release()
  await eventually("it is ready again", async () => (await health()).status === "ready")
})
