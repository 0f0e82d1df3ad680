import { afterAll, afterEach, expect, spyOn, test } from "bun:test"
import { startWhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "../support/eventually.ts"
import { startBareClient, textOf } from "../support/whatsapp-client.ts"
import { startEcho, startPair, startProgram } from "../support/whatsapp-pair.ts"

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

test("the real client pairs by QR, reads a customer and is read by the customer", async () => {
  const { whatsapp } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001", { name: "Budi" })
  expect((await budi.ask("apa kabar")).text).toBe("apa kabar")
  expect((await budi.ask("lagi")).text).toBe("lagi")
  expect(whatsapp.problems()).toEqual([])
})

test("the real client pairs by code, and a wrong code is told apart", async () => {
  const { whatsapp, client, qr } = await startPair(cleanups)
  await qr()
  const code = await client.socket().requestPairingCode(whatsapp.number)
  expect(await whatsapp.enterCode("WRONGONE")).toBe("wrong code")
  expect(whatsapp.paired()).toBe(false)
  expect(await whatsapp.enterCode(code)).toBe("paired")
  await eventually("the client is open", () => client.isOpen())
  expect(whatsapp.problems()).toEqual([])
})

for (const addressing of ["lid", "phone", "lid only", "phone only"] as const) {
  test(`a customer under ${addressing} is answered`, async () => {
    const { whatsapp } = await startEcho(cleanups)
    const budi = whatsapp.customer("6281200000001", { addressing })
    expect((await budi.ask("satu")).text).toBe("satu")
    expect((await budi.ask("dua")).text).toBe("dua")
    expect(whatsapp.problems()).toEqual([])
  })
}

test("a customer who appears under the other address is answered there", async () => {
  const { whatsapp } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001", { addressing: "phone" })
  expect((await budi.ask("satu")).address).toBe(budi.jid)
  budi.use("lid")
  expect((await budi.ask("dua")).address).toBe(budi.lid)
  budi.use("phone")
  expect((await budi.ask("tiga")).address).toBe(budi.jid)
  expect(whatsapp.problems()).toEqual([])
})

test("what is said while the client is away waits, and comes marked as offline", async () => {
  const types: string[] = []
  const { whatsapp, client } = await startEcho(cleanups, {
    reconnectsAfter: (code) => code === 515,
    onMessage(message, _socket, type) {
      const text = textOf(message)
      if (text) types.push(`${text} ${type}`)
    },
  })
  const budi = whatsapp.customer("6281200000001")
  const first = await budi.say("satu")
  await eventually("it is confirmed", () => whatsapp.delivery(first)?.settledBy)
  whatsapp.drop()
  await eventually("the client is gone", () => whatsapp.connections() === 0 && !client.isOpen())
  await budi.say("dua")
  await budi.say("tiga")
  expect(whatsapp.waiting()).toBe(2)
  client.reconnect()
  await eventually("everything is confirmed", () => whatsapp.waiting() === 0)
  await eventually("everything came", () => types.length === 3)
  expect(types).toEqual(["satu notify", "dua append", "tiga append"])
  expect(whatsapp.problems()).toEqual([])
})

test("a stanza that is delivered twice is told to be the same", async () => {
  const { whatsapp } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  const id = await budi.say("satu")
  await budi.hears("satu")
  await eventually("it is confirmed", () => whatsapp.delivery(id)?.settledBy)
  whatsapp.redeliver(id)
  await budi.ask("dua")
  expect(whatsapp.delivery(id)?.deliveries).toBe(2)
  expect(budi.received.map(({ text }) => text)).toEqual(["satu", "dua"])
  expect(whatsapp.problems()).toEqual([])
})

test("a message that the client can't decrypt is sent anew when it asks", async () => {
  const { whatsapp } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  await budi.ask("satu")
  const id = await budi.say("dua", { damaged: true })
  await budi.hears("dua")
  await eventually("it is confirmed", () => whatsapp.delivery(id)?.settledBy)
  expect(whatsapp.delivery(id)?.deliveries).toBe(2)
  expect(whatsapp.problems()).toEqual([])
})

test("a customer who asks for a message again gets it under the same id", async () => {
  const { whatsapp } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  const { id } = await budi.ask("satu")
  expect(await budi.asksAgain(id)).toMatchObject({ id, text: "satu", times: 2 })
  expect(await budi.asksAgain(id, { count: 2 })).toMatchObject({ id, text: "satu", times: 3 })
  expect((await budi.ask("dua")).text).toBe("dua")
  expect(whatsapp.problems()).toEqual([])
})

test("a customer who lost the session can read what comes after", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  await budi.ask("satu")
  budi.forgetsSession()
  await client.socket().sendMessage(budi.lid, { text: "dari toko" })
  expect((await budi.hears("dari toko")).times).toBe(1)
  expect(whatsapp.problems()).toEqual([])
})

test("a picture that a client in another process sends is decrypted to what it was", async () => {
  const whatsapp = await startWhatsApp()
  cleanups.push(() => whatsapp.stop())
  await startProgram(cleanups, "bare-picture.ts", whatsapp)
  const budi = whatsapp.customer("6281200000001")
  const { text, image } = await budi.ask("minta QR")
  expect(text).toBe("minta QR")
  expect(image?.mimeType).toBe("image/png")
  expect(image?.bytes.subarray(1, 4).toString()).toBe("PNG")
  expect(whatsapp.problems()).toEqual([])
})

test("what the owner types on the shop's own phone comes as the shop's own", async () => {
  const seen: unknown[] = []
  const { whatsapp } = await startEcho(cleanups, {
    onMessage(message) {
      const text = textOf(message)
      if (text) seen.push([message.key.fromMe, message.key.remoteJid, text])
    },
  })
  const budi = whatsapp.customer("6281200000001")
  await whatsapp.ownPhoneSays(budi, "saya bantu")
  budi.use("phone")
  await whatsapp.ownPhoneSays(budi, "masih di sini")
  await eventually("both came", () => seen.length === 2 && whatsapp.waiting() === 0)
  expect(seen).toEqual([
    [true, budi.lid, "saya bantu"],
    [true, budi.jid, "masih di sini"],
  ])
  expect(whatsapp.problems()).toEqual([])
})

test("groups, the status and broadcast lists can be read by the client", async () => {
  const seen: unknown[] = []
  const { whatsapp } = await startEcho(cleanups, {
    onMessage(message) {
      const text = textOf(message)
      if (text) seen.push([message.key.remoteJid, text])
    },
  })
  const budi = whatsapp.customer("6281200000001")
  const places = ["120363000000000001@g.us", "status@broadcast", "1600000000@broadcast"]
  for (const place of places) await whatsapp.say(place, budi, `di ${place}`)
  await whatsapp.say("120363000000000001@g.us", budi, "sekali lagi")
  await eventually("all came", () => seen.length === 4 && whatsapp.waiting() === 0)
  expect(seen).toEqual([
    ...places.map((place) => [place, `di ${place}`]),
    ["120363000000000001@g.us", "sekali lagi"],
  ])
  expect(whatsapp.problems()).toEqual([])
})

test("a client that waits for its history gets one, and the key for the app's state", async () => {
  const { whatsapp, client } = await startEcho(cleanups, {
    settings: { shouldSyncHistoryMessage: () => true },
  })
  const budi = whatsapp.customer("6281200000001")
  expect((await budi.ask("satu")).text).toBe("satu")
  await eventually("the sync is over", () => client.state.creds.accountSyncCounter === 1)
  expect(client.state.creds.myAppStateKeyId).toBeString()
  expect(whatsapp.problems()).toEqual([])
})

test("a client whose one-time keys run low uploads more", async () => {
  const { whatsapp } = await startEcho(cleanups)
  expect(whatsapp.keysLeft()).toBeGreaterThan(800)
  whatsapp.useUpKeys(2)
  await eventually("more keys", () => whatsapp.keysLeft() > 4)
  expect((await whatsapp.customer("6281200000001").ask("satu")).text).toBe("satu")
  expect(whatsapp.problems()).toEqual([])
})

test("a customer's token comes back with what is sent to the customer", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  await budi.ask("satu")
  budi.trustsShop()
  await eventually("the token is stored", async () => {
    const stored = await client.state.keys.get("tctoken", [budi.lid])
    return stored[budi.lid]?.token?.length
  })
  await budi.ask("dua")
  expect(whatsapp.stanzas("message").at(-1)?.children).toContain("tctoken")
  expect(whatsapp.problems()).toEqual([])
})

test("typing and read receipts are seen", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  const id = await budi.say("satu")
  await budi.hears("satu")
  client.state.creds.me = { ...client.state.creds.me, id: client.state.creds.me?.id ?? "", name: "Toko" }
  await client.socket().sendPresenceUpdate("composing", budi.lid)
  await client.socket().readMessages([{ remoteJid: budi.lid, id }])
  await eventually("the read receipt", () =>
    whatsapp.stanzas("receipt").some(({ attributes }) => attributes.type === "read" && attributes.id === id),
  )
  expect(whatsapp.stanzas("chatstate").at(-1)?.children).toEqual(["composing"])
  expect(whatsapp.problems()).toEqual([])
})

test("the client is told who is on WhatsApp, and may change its signed key", async () => {
  const { whatsapp, client } = await startEcho(cleanups)
  const budi = whatsapp.customer("6281200000001")
  const known = await client.socket().onWhatsApp(budi.number, "6289999999999")
  expect(known).toEqual([{ jid: budi.jid, exists: true }])
  await client.socket().rotateSignedPreKey()
  expect((await budi.ask("satu")).text).toBe("satu")
  expect(whatsapp.problems()).toEqual([])
})

test("a client that logs out is unlinked; another one is linked as another device, and customers go on", async () => {
  const { whatsapp, client } = await startEcho(cleanups, { reconnectsAfter: (code) => code === 515 })
  const budi = whatsapp.customer("6281200000001")
  await budi.ask("satu")
  await client.socket().logout()
  await eventually("it is unlinked", () => !whatsapp.paired() && whatsapp.connections() === 0)
  await expect(budi.say("siapa di sana")).rejects.toThrow("no shop is paired")
  const codes: string[] = []
  const second = startBareClient({
    url: whatsapp.url,
    onQr: (qr) => codes.push(qr),
    onMessage(message, socket) {
      const to = message.key.remoteJid
      if (!message.key.fromMe && to && textOf(message)) void socket.sendMessage(to, { text: "toko baru" })
    },
  })
  cleanups.push(() => second.stop())
  await whatsapp.scan(await eventually("a QR code", () => codes[0]))
  await eventually("it is open", () => second.isOpen())
  expect(second.state.creds.me?.id).toBe(`${whatsapp.number}:2@s.whatsapp.net`)
  expect((await budi.ask("dua")).text).toBe("toko baru")
  expect(whatsapp.problems()).toEqual([])
})
