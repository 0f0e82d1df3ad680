import { startBareClient, textOf } from "./whatsapp-client.ts"

/**
 * The yardstick: the bare client answers each text with the same text, at once. Reads the server's address from
 * WHATSAPP_URL, prints each QR code's text as a line `qr <text>`, and `open` when it is logged in. Ends on SIGTERM.
 */
const url = process.env.WHATSAPP_URL
if (!url) throw new Error("WHATSAPP_URL is not set")

const say = (line: string) => process.stdout.write(`${line}\n`)

const client = startBareClient({
  url,
  onQr: (qr) => say(`qr ${qr}`),
  onOpen: () => say("open"),
  onMessage(message, socket) {
    const text = textOf(message)
    const to = message.key.remoteJid
    if (message.key.fromMe || !to || text === undefined) return
    socket.sendMessage(to, { text }).catch((error: unknown) => say(`failed ${String(error)}`))
  },
})
process.on("SIGTERM", () => void client.stop().then(() => process.exit(0)))
