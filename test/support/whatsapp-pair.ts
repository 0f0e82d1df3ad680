import { join } from "node:path"
import { startWhatsApp, type WhatsApp, type WhatsAppOptions } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "./eventually.ts"
import { type BareClient, type BareClientOptions, startBareClient, textOf } from "./whatsapp-client.ts"

export type Pair = Readonly<{
  whatsapp: WhatsApp
  client: BareClient
  /** The latest QR code that the client shows. */
  qr(): Promise<string>
}>

/**
 * A server and the bare client, in this process; `cleanups` gets what ends them, to be run in reverse
 * order.
 */
export async function startPair(
  cleanups: (() => Promise<void>)[],
  options: Partial<BareClientOptions> = {},
  serverOptions: WhatsAppOptions = {},
): Promise<Pair> {
  const whatsapp = await startWhatsApp(serverOptions)
  cleanups.push(() => whatsapp.stop())
  const codes: string[] = []
  const client = startBareClient({ url: whatsapp.url, onQr: (qr) => codes.push(qr), ...options })
  cleanups.push(() => client.stop())
  return { whatsapp, client, qr: () => eventually("a QR code", () => codes.at(-1)) }
}

/** The same, paired and logged in; the client answers each text by itself and reconnects always. */
export async function startEcho(
  cleanups: (() => Promise<void>)[],
  options: Partial<BareClientOptions> = {},
): Promise<Pair> {
  const pair = await startPair(cleanups, {
    onMessage(message, socket) {
      const text = textOf(message)
      const to = message.key.remoteJid
      if (!message.key.fromMe && to && text !== undefined) void socket.sendMessage(to, { text })
    },
    reconnectsAfter: () => true,
    ...options,
  })
  const { whatsapp, client, qr } = pair
  await whatsapp.scan(await qr())
  await eventually("the client is open", () => client.isOpen() && whatsapp.connections() === 1)
  return pair
}

/** Starts one of the bare programs, and pairs it by the QR code that it prints. */
export async function startProgram(cleanups: (() => Promise<void>)[], name: string, whatsapp: WhatsApp) {
  const program = Bun.spawn([process.execPath, join(import.meta.dir, name)], {
    env: { ...process.env, ...whatsapp.environment },
    stdout: "pipe",
    stderr: "ignore",
  })
  let printed = ""
  const reading = (async () => {
    for await (const chunk of program.stdout) printed += Buffer.from(chunk).toString()
  })()
  cleanups.push(async () => {
    program.kill("SIGKILL")
    await Promise.all([program.exited, reading])
  })
  await whatsapp.scan(await eventually("a QR code", () => /^qr (.*)$/m.exec(printed)?.[1]))
  await eventually("it is logged in", () => /^open$/m.test(printed) && whatsapp.connections() === 1)
  return program
}
