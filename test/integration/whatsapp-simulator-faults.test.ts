import { afterAll, afterEach, expect, spyOn, test } from "bun:test"
import type { StreamError } from "../simulators/whatsapp/faults.ts"
import { startWhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "../support/eventually.ts"
import { startBareClient } from "../support/whatsapp-client.ts"
import { startEcho, startPair } from "../support/whatsapp-pair.ts"

// libsignal, in the client, tells the console of every session that it closes.
const talk = (["info", "warn", "error"] as const).map((how) =>
  spyOn(console, how).mockImplementation(() => {}),
)
afterAll(() => {
  for (const spy of talk) spy.mockRestore()
})

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const only515 = { reconnectsAfter: (code: number) => code === 515 }

const streamErrors: [StreamError, number][] = [
  [515, 515],
  [428, 428],
  [408, 408],
  [500, 500],
  [503, 503],
  [401, 401],
  ["conflict", 440],
]
for (const [error, code] of streamErrors) {
  test(`the client is thrown out with ${code}`, async () => {
    const { whatsapp, client } = await startEcho(cleanups, only515)
    const before = client.closings.length
    whatsapp.streamError(error)
    await eventually("the client is told", () => client.closings.length > before)
    expect(client.closings.at(before)).toBe(code)
    expect(whatsapp.paired()).toBe(code !== 401)
    expect(whatsapp.problems()).toEqual([])
  })
}

test("logins fail with the reason they are told to, as often as they are told to", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  for (const reason of [403, 405, 411, 500, 503]) {
    whatsapp.failLogins(reason)
    whatsapp.drop()
    const before = client.closings.length
    await eventually("it is gone", () => whatsapp.connections() === 0 && !client.isOpen())
    client.reconnect()
    await eventually("the login fails", () => client.closings.includes(reason, before))
    client.reconnect()
    await eventually("the next one does not", () => client.isOpen())
  }
  expect(whatsapp.problems()).toEqual([])
})

test("a device that the owner removed can't log in again", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  whatsapp.drop()
  await eventually("it is gone", () => whatsapp.connections() === 0 && !client.isOpen())
  whatsapp.unlink()
  client.reconnect()
  await eventually("the login fails", () => client.closings.at(-1) === 401)
  expect(whatsapp.paired()).toBe(false)
})

test("a refused upgrade does not become a connection, until it is allowed again", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  whatsapp.refuseUpgrades(503)
  whatsapp.drop()
  await eventually("it is gone", () => whatsapp.connections() === 0 && !client.isOpen())
  client.reconnect()
  // The real client only hears of the answer, and goes on waiting.
  const status = new Promise((resolve) => {
    client.socket().ws.on("unexpected-response", (_request: unknown, response: { statusCode: number }) => {
      resolve(response.statusCode)
    })
  })
  expect(await status).toBe(503)
  expect(client.isOpen()).toBe(false)
  whatsapp.refuseUpgrades("none")
  client.reconnect()
  await eventually("it is let in", () => client.isOpen() && whatsapp.connections() === 1)
})

test("a frozen connection stays open and silent, and goes on where it was", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  const budi = whatsapp.customer("6281200000001")
  await budi.ask("satu")
  whatsapp.freeze()
  let isAnswered = false
  const answered = client
    .socket()
    .query(pingNode())
    .then(() => {
      isAnswered = true
    })
  const answer = budi.ask("dua")
  // Far more than an answer would take.
  for (let turn = 0; turn < 50; turn += 1)
    await fetch(whatsapp.url.replace(/^ws:(.*)\/ws\/chat$/, "http:$1/sw.js"))
  expect(whatsapp.connections()).toBe(1)
  expect(isAnswered).toBe(false)
  expect(budi.received.length).toBe(1)
  whatsapp.thaw()
  await answered
  expect((await answer).text).toBe("dua")
  expect(whatsapp.problems()).toEqual([])
})

test("while the server is frozen altogether, new connections get no answer either", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  whatsapp.freeze({ newOnesToo: true })
  whatsapp.drop()
  await eventually("it is gone", () => !client.isOpen())
  const before = client.closings.length
  client.reconnect()
  await client.socket().waitForSocketOpen()
  expect([whatsapp.connections(), client.closings.length]).toEqual([0, before])
  whatsapp.thaw()
  await eventually("it is let in", () => client.isOpen())
})

test("a refused message is not delivered, and says by which code", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  const budi = whatsapp.customer("6281200000001")
  const sari = whatsapp.customer("6281200000002")
  await budi.ask("satu")
  await sari.ask("satu")
  const refused: unknown[] = []
  client.socket().ws.on("CB:ack,class:message", (ack: { attrs: Record<string, string> }) => {
    if (ack.attrs.error) refused.push(ack.attrs.error)
  })
  whatsapp.refuseSends({ error: 463, to: budi.number })
  await client.socket().sendMessage(sari.lid, { text: "untuk sari" })
  await client.socket().sendMessage(budi.lid, { text: "ditolak" })
  await client.socket().sendMessage(budi.lid, { text: "diterima" })
  await sari.hears("untuk sari")
  await budi.hears("diterima")
  await eventually("the refusal", () => refused.length === 1)
  expect(refused).toEqual(["463"])
  expect(budi.received.map(({ text }) => text)).toEqual(["satu", "diterima"])
  expect(whatsapp.problems()).toEqual([])
})

test("acknowledgements can be held, given late, and lost, while messages arrive", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  const budi = whatsapp.customer("6281200000001")
  const acks: string[] = []
  client.socket().ws.on("CB:ack,class:message", (ack: { attrs: Record<string, string> }) => {
    if (ack.attrs.id) acks.push(ack.attrs.id)
  })
  whatsapp.holdAcks()
  const held = await budi.ask("ditahan")
  await client.socket().query(pingNode())
  expect(acks).toEqual([])
  whatsapp.releaseAcks()
  await eventually("it is acknowledged", () => acks.includes(held.id))
  whatsapp.loseAcks()
  await budi.ask("hilang")
  whatsapp.releaseAcks()
  const last = await budi.ask("biasa")
  await eventually("it is acknowledged", () => acks.includes(last.id))
  expect(acks).toEqual([held.id, last.id])
})

test("a second login throws the first one out", async () => {
  const { whatsapp, client } = await startEcho(cleanups, only515)
  const second = startBareClient({ url: whatsapp.url, state: client.state })
  cleanups.push(() => second.stop())
  await eventually("the first is told", () => client.closings.at(-1) === 440)
  await eventually("the second is in", () => second.isOpen() && whatsapp.connections() === 1)
  expect(whatsapp.replacements()).toBe(1)
})

test("only the required version is let in, and the page that tells it is served", async () => {
  const whatsapp = await startWhatsApp()
  cleanups.push(() => whatsapp.stop())
  whatsapp.requireVersion([2, 3000, 42])
  const stale = startBareClient({ url: whatsapp.url, settings: { version: [2, 3000, 41] } })
  cleanups.push(() => stale.stop())
  await eventually("the old version is refused", () => stale.closings.at(-1) === 405)
  const page = await fetch(new URL("/sw.js", whatsapp.url.replace("ws:", "http:")))
  expect(await page.text()).toMatch(/\\?"client_revision\\?":\s*42\b/)
  const codes: string[] = []
  const fresh = startBareClient({
    url: whatsapp.url,
    onQr: (qr) => codes.push(qr),
    settings: { version: [2, 3000, 42] },
  })
  cleanups.push(() => fresh.stop())
  await eventually("a QR code", () => codes[0])
  expect(whatsapp.versions()).toEqual(["2.3000.41", "2.3000.42"])
})

test("a code of a connection that is gone can't be scanned", async () => {
  const { whatsapp, client, qr } = await startPair(cleanups)
  const stale = await qr()
  whatsapp.drop()
  await eventually("the client is gone", () => client.closings.length === 1)
  await expect(whatsapp.scan(stale)).rejects.toThrow("not valid")
})

function pingNode() {
  return {
    tag: "iq",
    attrs: { to: "@s.whatsapp.net", type: "get", xmlns: "w:p" },
    content: [{ tag: "ping", attrs: {} }],
  }
}
