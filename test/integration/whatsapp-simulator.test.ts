import { afterEach, expect, test } from "bun:test"
import { startWhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "../support/eventually.ts"
import { type BareClientOptions, startBareClient, textOf } from "../support/whatsapp-client.ts"

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startEcho(options: Partial<BareClientOptions> = {}) {
  const whatsapp = await startWhatsApp()
  cleanups.push(() => whatsapp.stop())
  const codes: string[] = []
  const client = startBareClient({
    url: whatsapp.url,
    onQr: (qr) => codes.push(qr),
    onMessage(message, socket) {
      const text = textOf(message)
      const to = message.key.remoteJid
      if (!message.key.fromMe && to && text !== undefined) void socket.sendMessage(to, { text })
    },
    ...options,
  })
  cleanups.push(() => client.stop())
  const qr = await eventually("a QR code", () => codes[0])
  await whatsapp.scan(qr)
  await eventually("the client is open", () => client.isOpen() && whatsapp.connections() === 1)
  return { whatsapp, client }
}

test("the real client pairs by QR, reads a customer and is read by the customer", async () => {
  const { whatsapp } = await startEcho()
  const budi = whatsapp.customer("6281200000001", { name: "Budi" })
  const answer = await budi.ask("apa kabar")
  expect(answer.text).toBe("apa kabar")
  expect((await budi.ask("lagi")).text).toBe("lagi")
  expect(whatsapp.problems()).toEqual([])
})
