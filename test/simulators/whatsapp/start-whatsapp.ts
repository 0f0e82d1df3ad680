import { Curve, type proto } from "@whiskeysockets/baileys"
import { createAccount } from "./account.ts"
import { type Certificate, certify } from "./certificate-chain.ts"
import { createClientMessages } from "./client-messages.ts"
import { type Addressing, type Customer, createCustomer, createCustomerDevice } from "./customer.ts"
import { createFaultControls, createFaults, type FaultControls } from "./faults.ts"
import { createPlaces } from "./groups.ts"
import { listen } from "./listen.ts"
import { createMailbox, type Delivery } from "./mailbox.ts"
import { mediaCertificate, type SentFile, startMedia } from "./media.ts"
import { sayFromOwnPhone } from "./own-phone.ts"
import { type CodeOutcome, createCodePairing } from "./pair-by-code.ts"
import { createPairing } from "./pairing.ts"
import { createProblems } from "./problems.ts"
import { createStanzaRecord, type RecordedStanza } from "./record.ts"
import { takeKeys } from "./send-to-shop.ts"
import { createSessions } from "./sessions.ts"
import { phoneJid } from "./stanza.ts"
import { lidOf, type World } from "./world.ts"

export type WhatsAppOptions = Readonly<{
  /** The shop's own number. */
  number?: string
  lid?: string
  certificate?: Certificate
  port?: number
  clock?: () => Date
}>

export type OwnPhoneOptions = Readonly<{ id?: string; secondsLater?: number }>

export type CustomerOptions = Readonly<{ lid?: string; name?: string; addressing?: Addressing }>

/**
 * A WhatsApp of our own on loopback: it speaks the real protocol with the real client, and checks what
 * comes.
 */
export type WhatsApp = FaultControls &
  Readonly<{
    /** The shop's own number. */
    number: string
    url: string
    /** The public key, as hex, of whoever signs the server's certificates. */
    root: string
    /** What a shop's process has to have in its environment to use this server. */
    environment: Readonly<Record<string, string>>
    /**
     * The owner scans a QR code's text with the shop's phone. Resolves when the client is linked; rejects a
     * stale one.
     */
    scan(qr: string): Promise<void>
    /** The owner types a pairing code into the shop's phone. */
    enterCode(code: string): Promise<CodeOutcome>
    /** The owner removes the linked device: it is told so now (401) or at its next login. */
    unlink(): void
    paired(): boolean
    /** Logged-in connections that are open: 0 or 1, as another login throws the first one out. */
    connections(): number
    /** How often a login threw another connection out (440). */
    replacements(): number
    /** The versions clients announced, oldest first: "2.3000.1043857760". */
    versions(): readonly string[]
    /**
     * Somebody who writes to the shop. The same number is the same customer; the options count the first
     * time.
     */
    customer(number: string, options?: CustomerOptions): Customer
    /** Somebody's phone uploads a file; returns the message that tells of it, to be sent. */
    upload(bytes: Uint8Array, file: SentFile): proto.IMessage
    /** The owner writes to a customer on the shop's own phone; the client gets the copy. */
    ownPhoneSays(to: Customer, text: string, options?: OwnPhoneOptions): Promise<string>
    /**
     * A customer speaks in a group (`…@g.us`), in the status (`status@broadcast`) or a list
     * (`…@broadcast`).
     */
    say(place: string, from: Customer, text: string): Promise<string>
    /** Delivers a stanza to the client once more, byte by byte as it was. */
    redeliver(id: string): void
    /**
     * Strangers take the shop's one-time keys until this many are left; the shop is told when they run low.
     */
    useUpKeys(left: number): void
    /** The shop's one-time keys that nobody took yet. */
    keysLeft(): number
    /** What became of a message to the shop. */
    delivery(id: string): Delivery | undefined
    /** How many messages to the shop it has not confirmed. */
    waiting(): number
    /** The last 5,000 stanzas from clients, oldest first. */
    stanzas(tag?: string): readonly RecordedStanza[]
    /** Everything the client did wrong. */
    problems(): readonly string[]
    stop(): Promise<void>
  }>

export async function startWhatsApp(options: WhatsAppOptions = {}): Promise<WhatsApp> {
  const root = Curve.generateKeyPair()
  const world = createWorld(options)
  const pairing = createPairing(world)
  const codePairing = createCodePairing(world, pairing)
  const sessions = createSessions({ world, pairing, codePairing, messages: createClientMessages(world) })
  const certified = certify(root, options.certificate ?? "right")
  const listener = listen({ port: options.port ?? 0, certified, events: sessions, faults: world.faults })
  const unlink = () => {
    world.account.companion = undefined
  }
  const controls = createFaultControls({
    faults: world.faults,
    inputs: listener.inputs,
    loggedIn: () => world.connection,
    unlink,
  })
  const places = createPlaces(world)
  const rootKey = Buffer.from(root.public).toString("hex")
  return {
    ...controls,
    number: world.account.number,
    url: listener.url,
    root: rootKey,
    environment: {
      WHATSAPP: "on",
      WHATSAPP_URL: listener.url,
      WHATSAPP_TEST_ROOT: rootKey,
      WHATSAPP_MEDIA_HOST: world.media.host,
      NODE_EXTRA_CA_CERTS: mediaCertificate,
    },
    scan: (qr) => pairing.scan(qr),
    enterCode: (code) => codePairing.enterCode(code),
    unlink: () => (world.connection ? controls.streamError(401) : unlink()),
    paired: () => world.account.companion !== undefined,
    connections: () => (world.connection ? 1 : 0),
    replacements: () => world.replacements,
    versions: () => [...world.versions],
    customer: (number, customerOptions = {}) => findOrCreateCustomer(number, customerOptions, world),
    upload: (bytes, file) => world.media.keep(bytes, file),
    ownPhoneSays: (to, text, sendOptions) => sayFromOwnPhone(deviceOf(to, world), text, world, sendOptions),
    say: (place, from, text) => places.say(place, deviceOf(from, world), text),
    useUpKeys(left) {
      while ((world.account.companion?.oneTimeKeys.size ?? 0) > left) takeKeys(world)
    },
    keysLeft: () => world.account.companion?.oneTimeKeys.size ?? 0,
    redeliver: (id) => world.mailbox.repeat(id),
    delivery: (id) => world.mailbox.delivery(id),
    waiting: () => world.mailbox.waiting(),
    stanzas: (tag) => world.record.list(tag),
    problems: () => world.problems.list(),
    async stop() {
      await Promise.all([listener.stop(), world.media.stop()])
    },
  }
}

function createWorld(options: WhatsAppOptions): World {
  const problems = createProblems()
  const faults = createFaults()
  const number = options.number ?? "6281100000000"
  let lastId = 0
  return {
    account: createAccount({ number, lid: options.lid ?? lidOf(number), name: "Toko Uji" }),
    problems,
    mailbox: createMailbox(problems),
    media: startMedia(problems, faults),
    faults,
    record: createStanzaRecord(),
    clock: options.clock ?? (() => new Date()),
    customers: new Map(),
    told: new Set(),
    connection: undefined,
    replacements: 0,
    versions: [],
    asked: new Map(),
    newId: () => `3A${(++lastId).toString(16).toUpperCase().padStart(18, "0")}`,
  }
}

function findOrCreateCustomer(number: string, options: CustomerOptions, world: World): Customer {
  const known = world.customers.get(phoneJid(number))
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

function deviceOf(customer: Customer, { customers }: World) {
  const device = customers.get(customer.jid)
  if (!device) throw new Error(`${customer.number} is a customer of another server`)
  return device
}
