import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import {
  openWhatsAppStall,
  pairByQr,
  readMetric,
  readState,
  type WhatsAppStall,
} from "../support/whatsapp-stall.ts"

const minuteSeconds = 60

test("a refused stranger (463) is given up at once, all sending rests, and the others are answered after it", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const shop = await stall.openPaired()
  const [budi, ani] = await stall.welcome(2, 20_000)
  if (!budi || !ani) throw new Error("nobody came")
  whatsapp.refuseSends({ error: 463, times: 1, to: budi.lid })
  await budi.say(".saldo")
  await eventually("it is given up", async () => (await outboxStates(stall)).includes("given_up"))
  expect(await outboxStates(stall)).toEqual(["given_up"])
  expect(await sends(shop, "refused")).toBe(1)
  await expectResting(shop, "463")
  expect(await restSeconds(stall)).toBeGreaterThan(minuteSeconds / 2)
  expect(await restSeconds(stall)).toBeLessThanOrEqual(minuteSeconds)

  const answered = ani.hears("20.000")
  await ani.say(".saldo")
  await eventually("it is promised", async () => (await outboxStates(stall)).includes("waiting"))
  expect(ani.received).toHaveLength(0)
  expect(await shop.close()).toBe(0)

  const still = await stall.open()
  await eventually("it is connected", () => whatsapp.connections() === 1)
  await expectResting(still, "463")
  expect(ani.received).toHaveLength(0)
  expect(await still.close()).toBe(0)

  await endRest(stall)
  const after = await stall.open()
  await answered
  expect(await readMetric(after, "lapak_whatsapp_breaker_open")).toBe(0)
  expect((await readState(after)).detail).toBeUndefined()
  await stall.atRest()
  expect(budi.received).toHaveLength(0)
  expect(await stall.faults()).toEqual([])
})

test("too fast (429), sending rests for longer, and the same message goes out after it under its id", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const shop = await stall.openPaired()
  await stall.sell({ units: 2 })
  const [budi] = await stall.welcome(1, 20_000)
  if (!budi) throw new Error("nobody came")
  whatsapp.refuseSends({ error: 429, times: 1 })
  await budi.say(".buy KOPI 1")
  await eventually("it is refused", async () => (await sends(shop, "failed")) >= 1)
  await expectResting(shop, "429")
  expect(await restSeconds(stall)).toBeGreaterThan(4 * minuteSeconds)
  const [promised] = await stall.sql<{ id: string }[]>`select id::text from outbox`
  expect(await shop.close()).toBe(0)
  await endRest(stall)
  await stall.sql`update outbox set next_attempt_at = now() where state = 'waiting'`
  await stall.open()
  await budi.hears("payload")
  await stall.atRest()
  expect(await stall.sql<{ id: string }[]>`select id::text from outbox`).toMatchObject([promised ?? {}])
  expect(budi.received).toHaveLength(1)
  expect(await stall.faults()).toEqual([])
})

test("the owners are told of a rest, on WhatsApp once it is over", async () => {
  await using stall = await openWhatsAppStall({ environment: { OWNER_NUMBERS: "6281999000111" } })
  const { whatsapp } = stall
  const shop = await stall.openPaired()
  const owner = whatsapp.customer("6281999000111")
  await owner.ask(".menu")
  const [budi] = await stall.welcome(1, 0)
  whatsapp.refuseSends({ error: 463, times: 1, to: budi?.lid ?? "" })
  await budi?.say(".saldo")
  await eventually("the owner is to be told", async () => (await outboxStates(stall)).includes("waiting"))
  expect(await shop.close()).toBe(0)
  await endRest(stall)
  await stall.open()
  expect((await owner.hears("WhatsApp memberi peringatan")).text).toContain("1 menit")
  expect(await stall.faults()).toEqual([])
})

test("owners are not told that WhatsApp is away once it is back, and are told again the next time", async () => {
  await using stall = await openWhatsAppStall({ environment: { OWNER_NUMBERS: "6281999000111" } })
  const { whatsapp } = stall
  const shop = await stall.openPaired()
  const owner = whatsapp.customer("6281999000111")
  await owner.ask(".menu")
  for (const _ of ["the first time", "the second time"]) {
    await stall.atRest()
    whatsapp.unlink()
    await eventually("the owner is to be told", async () => (await outboxStates(stall)).includes("waiting"))
    await pairByQr(shop, whatsapp)
    await eventually("it is taken back", async () => (await outboxStates(stall)).length === 0)
  }
  await owner.ask(".menu")
  expect(owner.received).toHaveLength(2)
  expect(await stall.faults()).toEqual([])
})

const sends = (shop: ShopProcess, outcome: string) =>
  readMetric(shop, `lapak_whatsapp_sends_total{outcome="${outcome}"}`)

async function outboxStates({ sql }: WhatsAppStall): Promise<string[]> {
  const rows = await sql<{ state: string }[]>`select state from outbox where state <> 'sent' order by id`
  return rows.map(({ state }) => state)
}

async function restSeconds({ sql }: WhatsAppStall): Promise<number> {
  const [row] = await sql<{ seconds: number }[]>`
    select extract(epoch from paused_until - clock_timestamp())::float as seconds from whatsapp_account
  `
  return row?.seconds ?? 0
}

/** As if its time had gone by. */
const endRest = ({ sql }: WhatsAppStall) => sql`update whatsapp_account set paused_until = clock_timestamp()`

async function expectResting(shop: ShopProcess, code: string): Promise<void> {
  await eventually("it is known", async () => (await readState(shop)).detail?.includes(code))
  expect((await readState(shop)).detail).toContain("Sending is paused until")
  expect(await readMetric(shop, "lapak_whatsapp_breaker_open")).toBe(1)
  const health = await (await fetch(`${shop.url}/health`)).text()
  expect(health).toContain("Sending is paused until")
}
