import type { proto } from "@whiskeysockets/baileys"
import { takeCompanionKeys } from "./account.ts"
import { pad } from "./message-padding.ts"
import { createReceived, type Received, type ReceivedMessages } from "./received.ts"
import { createSignalDevice, type KeyBundle, type SignalDevice } from "./signal-device.ts"
import { type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/**
 * Which address a customer writes under. `lid`: the LID, and the number beside it. `phone`: the number, and the
 * LID beside it. `lid only` and `phone only`: nothing beside it.
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
}

export type Customer = Readonly<{
  number: string
  jid: string
  lid: string
  /** Sends a text, encrypted for the shop; delivered at once or when the shop is back. Resolves to its id. */
  say(text: string, options?: { id?: string }): Promise<string>
  /** What the shop sent, decrypted, oldest first; each id once. */
  received: readonly Received[]
  /** Says it, and waits for the next new message from the shop. */
  ask(text: string, withinMs?: number): Promise<Received>
  /** Waits for a message that matches, also one that came already. */
  hears(matches: string | RegExp | ((message: Received) => boolean), withinMs?: number): Promise<Received>
}>

export function createCustomerDevice(
  number: string,
  options: { lid: string; name: string | undefined; addressing: Addressing; registrationId: number },
): CustomerDevice {
  return {
    number,
    jid: `${number}@${serverJid}`,
    lid: `${options.lid}@lid`,
    name: options.name,
    addressing: options.addressing,
    device: createSignalDevice(options.registrationId),
    received: createReceived(),
  }
}

export function createCustomer(own: CustomerDevice, world: World): Customer {
  return {
    number: own.number,
    jid: own.jid,
    lid: own.lid,
    get received() {
      return own.received.list()
    },
    say: (text, options) => sendFrom(own, { conversation: text }, world, options),
    async ask(text, withinMs) {
      const answer = own.received.next(withinMs)
      await sendFrom(own, { conversation: text }, world)
      return await answer
    },
    hears: (matches, withinMs) => own.received.hears(matches, withinMs),
  }
}

async function sendFrom(
  own: CustomerDevice,
  message: proto.IMessage,
  world: World,
  { id = world.newId() }: { id?: string } = {},
): Promise<string> {
  const encrypted = await encryptForShop(own.device, message, world)
  world.mailbox.put(
    stanza("message", { ...addressOf(own), id, type: "text", t: seconds(world.clock()), notify: own.name }, [
      encrypted,
    ]),
  )
  return id
}

/** The name under which a device keeps its session with the shop; each pairing is another device. */
export function shopPeer(world: World): string {
  return `shop${world.account.companion?.device ?? 0}`
}

export async function encryptForShop(
  device: SignalDevice,
  message: proto.IMessage,
  world: World,
): Promise<Stanza> {
  const { companion } = world.account
  if (!companion) throw new Error("no shop is paired with this account")
  const peer = shopPeer(world)
  if (!device.hasSession(peer)) await device.startSession(peer, takeKeys(world))
  const { type, bytes } = await device.encrypt(peer, pad(message, 7))
  return stanza("enc", { v: "2", type }, bytes)
}

function takeKeys({ account }: World): KeyBundle {
  if (!account.companion) throw new Error("no shop is paired with this account")
  return takeCompanionKeys(account, account.companion)
}

function addressOf({ addressing, jid, lid }: CustomerDevice): Record<string, string | undefined> {
  if (addressing === "lid") return { from: lid, addressing_mode: "lid", sender_pn: jid }
  if (addressing === "lid only") return { from: lid, addressing_mode: "lid" }
  return { from: jid, sender_lid: addressing === "phone" ? lid : undefined }
}
