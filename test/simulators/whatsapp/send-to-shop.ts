import type { proto } from "@whiskeysockets/baileys"
import { takeCompanionKeys } from "./account.ts"
import { pad } from "./message-padding.ts"
import type { KeyBundle, SignalDevice } from "./signal-device.ts"
import { type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

export type SendOptions = Readonly<{
  id?: string
  /** Broken on the way: the shop can't decrypt it, and has to ask for it again. */
  damaged?: boolean
  /** These bytes are encrypted instead of the message and its padding. */
  plaintext?: Uint8Array
  /** Marked as if it had waited, although the shop is there. */
  offline?: boolean
  /** Said to have been written so much later than now. */
  secondsLater?: number
}>

export type Sending = Readonly<{
  device: SignalDevice
  message: proto.IMessage
  /** The stanza's own, beside its id, type and time. */
  attributes: Readonly<Record<string, string | undefined>>
  options?: SendOptions | undefined
  /** More than the encrypted message, such as a group's ciphertext. */
  extra?: readonly Stanza[]
}>

const paddingLength = 7

/** Encrypts a message for the shop's client, and puts it into its mailbox. Resolves to its id. */
export async function sendToShop(sending: Sending, world: World): Promise<string> {
  const { device, message, attributes, options = {}, extra = [] } = sending
  const id = options.id ?? world.newId()
  const type =
    message.conversation || message.extendedTextMessage || message.deviceSentMessage ? "text" : "media"
  const offline = options.offline ? "1" : undefined
  const at = new Date(world.clock().getTime() + (options.secondsLater ?? 0) * 1_000)
  const outside = { ...attributes, id, offline, type: attributes.type ?? type, t: seconds(at) }
  const make = async (bundle?: KeyBundle | "fresh keys") => {
    const encrypted = await encryptForShop(
      device,
      options.plaintext ?? pad(message, paddingLength),
      world,
      bundle,
    )
    return stanza("message", outside, [encrypted, ...extra])
  }
  const node = await make()
  world.mailbox.put(options.damaged ? damage(node) : node, make)
  return id
}

/** The name under which a device keeps its session with the shop; each pairing is another device. */
export function shopPeer(world: World): string {
  return `shop${world.account.companion?.device ?? 0}`
}

/** With a bundle, or when there is no session, a new session is started. */
function encryptForShop(
  device: SignalDevice,
  plaintext: Uint8Array,
  world: World,
  bundle?: KeyBundle | "fresh keys",
): Promise<Stanza> {
  return device.inOrder(async () => {
    const peer = shopPeer(world)
    if (bundle || !device.hasSession(peer))
      await device.startSession(peer, bundle && bundle !== "fresh keys" ? bundle : takeKeys(world))
    const { type, bytes } = await device.encrypt(peer, plaintext)
    return stanza("enc", { v: "2", type }, bytes)
  })
}

/** The server tells a client that runs low of one-time keys. */
const lowKeys = 5

/** What somebody needs who writes to the shop first. */
export function takeKeys({ account, mailbox, newId, clock }: World): KeyBundle {
  const { companion } = account
  if (!companion) throw new Error("no shop is paired with this account")
  const bundle = takeCompanionKeys(account, companion)
  const left = companion.oneTimeKeys.size
  if (left < lowKeys) {
    const attributes = { from: serverJid, type: "encrypt", id: newId(), t: seconds(clock()) }
    mailbox.post(stanza("notification", attributes, [stanza("count", { value: String(left) })]))
  }
  return bundle
}

function damage(node: Stanza): Stanza {
  const [encrypted, ...rest] = Array.isArray(node.content) ? node.content : []
  if (!encrypted || !(encrypted.content instanceof Uint8Array)) return node
  const content = Buffer.from(encrypted.content)
  const middle = Math.floor(content.length / 2)
  content.writeUInt8(content.readUInt8(middle) ^ 1, middle)
  return { ...node, content: [{ ...encrypted, content }, ...rest] }
}
