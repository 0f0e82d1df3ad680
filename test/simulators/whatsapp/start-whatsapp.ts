import { Curve } from "@whiskeysockets/baileys"
import type { ServerWebSocket } from "bun"
import { createAccount } from "./account.ts"
import { type Certificate, certify } from "./certificate-chain.ts"
import { createClientMessages } from "./client-messages.ts"
import { type ConnectionInput, openConnection } from "./connection.ts"
import { type Addressing, type Customer, createCustomer, createCustomerDevice } from "./customer.ts"
import { createMailbox } from "./mailbox.ts"
import { createPairing } from "./pairing.ts"
import { createProblems } from "./problems.ts"
import { createSessions } from "./sessions.ts"
import type { World } from "./world.ts"

export type WhatsAppOptions = Readonly<{
  /** The shop's own number. */
  number?: string
  lid?: string
  certificate?: Certificate
  port?: number
  clock?: () => Date
}>

/** A WhatsApp of our own on loopback: it speaks the real protocol with the real client, and checks what comes. */
export type WhatsApp = Readonly<{
  url: string
  /** The public key, as hex, of whoever signs the server's certificates. */
  root: string
  /** The owner scans a QR code's text with the shop's phone. Resolves when the client is linked. */
  scan(qr: string): Promise<void>
  paired(): boolean
  /** Logged-in connections that are open. */
  connections(): number
  /** Somebody who writes to the shop. The same number is the same customer. */
  customer(number: string, options?: CustomerOptions): Customer
  /** Everything the client did wrong. */
  problems(): readonly string[]
  stop(): Promise<void>
}>

export type CustomerOptions = Readonly<{ lid?: string; name?: string; addressing?: Addressing }>

type SocketData = { input: ConnectionInput | undefined }

export async function startWhatsApp(options: WhatsAppOptions = {}): Promise<WhatsApp> {
  const root = Curve.generateKeyPair()
  const certified = certify(root, options.certificate ?? "right")
  const world = createWorld(options)
  const pairing = createPairing(world)
  const sessions = createSessions(world, pairing, createClientMessages(world))
  const sockets = new Set<ServerWebSocket<SocketData>>()
  const server = Bun.serve<SocketData>({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    fetch(request, upgrading) {
      if (new URL(request.url).pathname !== "/ws/chat") return new Response("not here", { status: 404 })
      if (upgrading.upgrade(request, { data: { input: undefined } })) return undefined
      return new Response("only web sockets", { status: 426 })
    },
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      open(socket) {
        sockets.add(socket)
        const wire = {
          send: (bytes: Buffer) => void socket.send(bytes),
          close: () => socket.close(),
          terminate: () => socket.terminate(),
        }
        socket.data.input = openConnection(wire, certified, sessions)
      },
      message(socket, bytes) {
        socket.data.input?.receive(Buffer.from(bytes))
      },
      close(socket) {
        sockets.delete(socket)
        socket.data.input?.gone()
      },
    },
  })
  return {
    url: `ws://127.0.0.1:${server.port}/ws/chat`,
    root: Buffer.from(root.public).toString("hex"),
    scan: (qr) => pairing.scan(qr),
    paired: () => world.account.companion !== undefined,
    connections: () => (world.connection ? 1 : 0),
    customer: (number, customerOptions = {}) => findOrCreateCustomer(number, customerOptions, world),
    problems: () => world.problems.list(),
    async stop() {
      for (const socket of sockets) socket.terminate()
      await server.stop(true)
    },
  }
}

function createWorld(options: WhatsAppOptions): World {
  const problems = createProblems()
  const number = options.number ?? "6281100000000"
  let lastId = 0
  return {
    account: createAccount({ number, lid: options.lid ?? lidOf(number), name: "Toko Uji" }),
    problems,
    mailbox: createMailbox(problems),
    clock: options.clock ?? (() => new Date()),
    customers: new Map(),
    told: new Set(),
    connection: undefined,
    asked: new Map(),
    newId: () => `3A${(++lastId).toString(16).toUpperCase().padStart(18, "0")}`,
  }
}

function findOrCreateCustomer(number: string, options: CustomerOptions, world: World): Customer {
  const jid = `${number}@s.whatsapp.net`
  const known = world.customers.get(jid)
  if (known) return createCustomer(known, world)
  const device = createCustomerDevice(number, {
    lid: options.lid ?? lidOf(number),
    name: options.name,
    addressing: options.addressing ?? "lid",
    registrationId: 5000 + world.customers.size,
  })
  world.customers.set(device.jid, device)
  world.customers.set(device.lid, device)
  return createCustomer(device, world)
}

/** Looks nothing like a phone number, as the real ones do. */
function lidOf(number: string): string {
  return `1${number.padStart(14, "0")}`
}
