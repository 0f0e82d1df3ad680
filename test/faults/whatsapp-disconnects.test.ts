import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { writeFigure } from "../support/figures.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import {
  openWhatsAppStall,
  pairByQr,
  readMetric,
  untilState,
  type WhatsAppStall,
} from "../support/whatsapp-stall.ts"

// Side by side: most of their time these wait for the shop, which waits for its turn to connect again.

type Blow = Readonly<{
  name: string
  /** What the shop counts it as. */
  code: number
  hurt: (whatsapp: WhatsAppStall["whatsapp"]) => void
  heal?: (whatsapp: WhatsAppStall["whatsapp"]) => void
}>

const ended = (code: 408 | 428 | 500 | 503 | 515): Blow => ({
  name: `ends it with ${code}`,
  code,
  hurt: (whatsapp) => whatsapp.streamError(code),
})

const cut: Blow = { name: "breaks off", code: 428, hurt: (whatsapp) => whatsapp.drop() }

const away: Blow = {
  name: "is down, and answers 503 to who comes",
  code: 503,
  hurt: (whatsapp) => {
    whatsapp.refuseUpgrades(503)
    whatsapp.drop()
  },
  heal: (whatsapp) => whatsapp.refuseUpgrades("none"),
}

const frozen: Blow = {
  name: "freezes, and answers nobody who comes",
  code: 408,
  hurt: (whatsapp) => whatsapp.freeze({ newOnesToo: true }),
  heal: (whatsapp) => whatsapp.thaw(),
}

test.concurrent.each<[string, readonly Blow[]]>([
  ["ends connections by its codes", [515, 503, 408, 428].map((code) => ended(code as 515))],
  ["breaks off, or is down", [cut, away]],
  ["freezes", [frozen]],
])("when the server %s, the shop comes back, and what was said meanwhile buys once", async (_, blows) => {
  await using stall = await openWhatsAppStall()
  const shop = await stall.openPaired()
  await stall.sell({ units: blows.length + 1 })
  for (const { name, code, hurt, heal } of blows) {
    const [budi] = await stall.welcome(1, 10_000)
    if (!budi) throw new Error("nobody came")
    await budi.ask(".menu")
    const before = await disconnects(shop, code)
    const startedAt = performance.now()
    hurt(stall.whatsapp)
    const goods = budi.hears("payload")
    await budi.say(".buy KOPI 1")
    await eventually("it is noticed", async () => (await disconnects(shop, code)) > before)
    const noticedMs = performance.now() - startedAt
    heal?.(stall.whatsapp)
    await goods
    await writeFigure(`the server ${name}`, { noticedMs, backMs: performance.now() - startedAt })
    await untilState(shop, "open")
    await stall.atRest()
    expect(await stall.balanceOf(budi.number)).toBe(0)
  }
  expect(await stall.freeUnits()).toBe(1)
  expect(stall.whatsapp.replacements()).toBe(0)
  expect(await loginOf(stall)).toBe(stall.whatsapp.number)
  expect(await stall.faults()).toEqual([])
})

test.concurrent("replaced or refused, the shop stays away until its operator wants it back", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const shop = await stall.openPaired()
  const causes = [
    {
      outcome: "replaced",
      state: "replaced",
      detail: "Another program",
      cause: () => whatsapp.streamError("conflict"),
    },
    { outcome: "stopped", state: "off", detail: "refuses this account", cause: () => refuse(403) },
    { outcome: "stopped", state: "off", detail: "refuses this account", cause: () => refuse(411) },
  ]
  for (const { outcome, state, detail, cause } of causes) {
    const before = countOf(shop, outcome)
    cause()
    await eventually("it has given up", () => countOf(shop, outcome) > before)
    expect((await untilState(shop, state)).detail).toContain(detail)
    expect(await readiness(shop)).toBe("degraded")
    expect(whatsapp.connections()).toBe(0)
    expect(await loginOf(stall)).toBe(whatsapp.number)
    await press(shop, "/whatsapp/again")
    await untilState(shop, "open")
  }
  expect(await readiness(shop)).toBe("ready")
  expect(await stall.faults()).toEqual([])

  function refuse(reason: number) {
    whatsapp.failLogins(reason, 1)
    whatsapp.drop()
  }
})

test.concurrent("unlinked on the phone, the shop forgets its keys, says so, and is paired anew", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const first = await stall.openPaired()
  const [budi] = await stall.welcome(1, 50_000)
  await budi?.ask(".saldo")
  whatsapp.unlink()
  await expectLoggedOut(stall, first)
  await pairByQr(first, whatsapp)
  expect((await budi?.ask(".saldo"))?.text).toContain("50.000")

  expect(await first.close()).toBe(0)
  whatsapp.unlink()
  const second = await stall.open()
  await expectLoggedOut(stall, second)
  await pairByQr(second, whatsapp)
  expect((await budi?.ask(".saldo"))?.text).toContain("50.000")
  expect(await stall.faults()).toEqual([])
})

test.concurrent("refused at its login, the shop keeps its keys, and finds the newest version when it is too old", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const shop = await stall.openPaired()
  whatsapp.failLogins(500, 1)
  whatsapp.drop()
  await eventually("it was refused", async () => (await disconnects(shop, 500)) === 1)
  await eventually("it is connected", () => whatsapp.connections() === 1)
  expect(await loginOf(stall)).toBe(whatsapp.number)
  whatsapp.requireVersion([2, 3000, 1_099_999_999])
  whatsapp.drop()
  await eventually("it has found it", () => whatsapp.versions().includes("2.3000.1099999999"))
  await eventually("it is connected", () => whatsapp.connections() === 1)
  expect(await disconnects(shop, 405)).toBe(1)
  expect(await stall.faults()).toEqual([])
})

async function expectLoggedOut({ sql }: WhatsAppStall, shop: ShopProcess): Promise<void> {
  expect((await untilState(shop, "logged_out")).detail).toContain("No order and no balance is lost")
  const left = await sql`select type from whatsapp_keys where type in ('session', 'pre-key') limit 1`
  expect(left).toHaveLength(0)
}

const countOf = (shop: ShopProcess, outcome: string) => shop.written().split(`"outcome":"${outcome}"`).length

async function loginOf({ sql }: WhatsAppStall): Promise<string> {
  const [row] = await sql<{ phone: string | null }[]>`
    select phone from whatsapp_account where creds is not null
  `
  return row?.phone ?? "nobody's"
}

const disconnects = (shop: ShopProcess, code: number) =>
  readMetric(shop, `lapak_whatsapp_disconnects_total{code="${code}"}`)

async function readiness({ url }: ShopProcess): Promise<unknown> {
  const told = (await (await fetch(`${url}/readyz`)).json()) as { status?: unknown }
  return told.status
}

async function press({ url }: ShopProcess, path: string): Promise<void> {
  const headers = { Origin: new URL(url).origin, "Sec-Fetch-Site": "same-origin" }
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, redirect: "manual" })
  expect(answer.status).toBe(303)
}
