import type { proto } from "@whiskeysockets/baileys"
import { askAgain, giveTrustToken, reportRead } from "./customer-receipts.ts"
import { createReceived, type Received, type ReceivedMessages } from "./received.ts"
import { type SendOptions, sendToShop, shopPeer } from "./send-to-shop.ts"
import { createSignalDevice, type SignalDevice } from "./signal-device.ts"
import { phoneJid } from "./stanza.ts"
import type { World } from "./world.ts"

/**
 * Which address a customer writes under. `lid`: the LID, and the number beside it. `phone`: the number, and
 * the LID beside it. `lid only` and `phone only`: nothing beside it.
 */
export type Addressing = "lid" | "phone" | "lid only" | "phone only"

/** A customer's phone, as the server sees it. */
export type CustomerDevice = {
  readonly number: string
  readonly jid: string
  readonly lid: string
  name: string | undefined
  addressing: Addressing
  readonly device: SignalDevice
  readonly received: ReceivedMessages
  /** What comes can't be read until the shop starts a new session; each time the phone asks for it again. */
  hasForgotten: boolean
  trustToken: Buffer | undefined
}

export type Customer = Readonly<{
  number: string
  jid: string
  lid: string
  /**
   * Sends a text, encrypted for the shop; delivered at once or when the shop is back. Resolves to its id;
   * rejects while no shop is linked with the account.
   */
  say(text: string, options?: SendOptions): Promise<string>
  /** The same for any other kind of message: a sticker, a location, a reaction. */
  send(message: proto.IMessage, options?: SendOptions): Promise<string>
  /** What the shop sent, decrypted, oldest first; each id once. */
  received: readonly Received[]
  /** Says it, and waits for the next new message from the shop. */
  ask(text: string, withinMs?: number): Promise<Received>
  /** Waits for a message that matches, also one that came already. */
  hears(matches: string | RegExp | ((message: Received) => boolean), withinMs?: number): Promise<Received>
  /** From now on the customer writes under this address. */
  use(addressing: Addressing): void
  /** Tells the shop that a message was read. */
  reads(id: string): void
  /**
   * The phone could not decrypt this message and asks for it again. Resolves with the message when it came
   * again under the same id. `count` 2 and more bring the phone's keys along, as a phone does that asks
   * repeatedly.
   */
  asksAgain(id: string, options?: { count?: number; withinMs?: number }): Promise<Received>
  /** Gives the shop the token by which its later messages show that the customer knows it (`tctoken`). */
  trustsShop(): void
  /**
   * The phone loses its session with the shop: it will ask for the next message again, until it can read
   * it.
   */
  forgetsSession(): void
}>

export type CustomerDeviceOptions = Readonly<{
  lid: string
  name: string | undefined
  addressing: Addressing
  registrationId: number
}>

export function createCustomerDevice(number: string, options: CustomerDeviceOptions): CustomerDevice {
  return {
    number,
    jid: phoneJid(number),
    lid: `${options.lid}@lid`,
    name: options.name,
    addressing: options.addressing,
    device: createSignalDevice(options.registrationId),
    received: createReceived(),
    hasForgotten: false,
    trustToken: undefined,
  }
}

export function createCustomer(own: CustomerDevice, world: World): Customer {
  const send = (message: proto.IMessage, options?: SendOptions) =>
    sendToShop(
      { device: own.device, message, attributes: { ...addressOf(own), notify: own.name }, options },
      world,
    )
  return {
    number: own.number,
    jid: own.jid,
    lid: own.lid,
    get received() {
      return own.received.list()
    },
    say: (text, options) => send({ conversation: text }, options),
    send,
    async ask(text, withinMs) {
      const [answer] = await Promise.all([own.received.next(withinMs), send({ conversation: text })])
      return answer
    },
    hears: (matches, withinMs) => own.received.hears(matches, withinMs),
    use(addressing) {
      own.addressing = addressing
    },
    trustsShop() {
      own.trustToken = Buffer.from(`token of ${own.number}`)
      giveTrustToken(own, own.trustToken, world)
    },
    reads: (id) => reportRead(own, id, world),
    async asksAgain(id, { count = 1, withinMs } = {}) {
      const again = own.received.again(id, withinMs)
      askAgain(own, id, count, world)
      return await again
    },
    forgetsSession() {
      own.device.forgetSession(shopPeer(world))
      own.hasForgotten = true
    },
  }
}

function addressOf({ addressing, jid, lid }: CustomerDevice): Record<string, string | undefined> {
  if (addressing === "lid") return { from: lid, addressing_mode: "lid", sender_pn: jid }
  if (addressing === "lid only") return { from: lid, addressing_mode: "lid" }
  return { from: jid, sender_lid: addressing === "phone" ? lid : undefined }
}
