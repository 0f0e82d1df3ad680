import type { proto } from "@whiskeysockets/baileys"
import { isDeviceIdentity } from "./account.ts"
import type { CustomerDevice } from "./customer.ts"
import { askAgain, reportDelivered } from "./customer-receipts.ts"
import { passAck, refusalOf } from "./faults.ts"
import { findDevice } from "./key-queries.ts"
import { withoutDevice } from "./mailbox.ts"
import { unpad } from "./message-padding.ts"
import { shopPeer } from "./send-to-shop.ts"
import type { Ciphertext } from "./signal-device.ts"
import { bytesOf, child, children, type Stanza, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** Checks what the client sends by opening it, and brings it to whom it is for. */
export type ClientMessages = Readonly<{ take(message: Stanza): void }>

type Part = Readonly<{ jid: string; ciphertext: Ciphertext }>
type Envelope = Readonly<{ id: string; to: string }>

export function createClientMessages(world: World): ClientMessages {
  const { problems } = world
  const checkIdentity = identityCheck(world)
  return {
    take(message) {
      const { id, to } = message.attrs
      if (!id || !to) return problems.note("a message has no id or no recipient")
      const parts = partsOf(message)
      if (parts.length === 0) problems.note(`message ${id} is encrypted for nobody`)
      if (parts.some(({ ciphertext }) => ciphertext.type === "pkmsg")) checkIdentity(message)
      if (!parts.some(({ jid }) => withoutDevice(jid) === withoutDevice(to)))
        problems.note(`message ${id} is not encrypted for its recipient`)
      const isForDevices = child(message, "participants") !== undefined
      if (isForDevices && !parts.some(({ jid }) => findDevice(jid, world) === world.account.phone))
        problems.note(`message ${id} has no copy for the shop's own phone`)
      const token = bytesOf(message, "tctoken")
      if (token && !world.customers.get(withoutDevice(to))?.trustToken?.equals(token))
        problems.note(`message ${id} shows a token that its recipient never gave`)
      const refusal = refusalOf(namesOf(to, world), world.faults)
      const error = refusal === undefined ? undefined : String(refusal)
      const ack = stanza("ack", { class: "message", id, from: to, t: seconds(world.clock()), error })
      passAck(ack, world.faults, (node) => world.connection?.send(node))
      if (refusal === undefined) for (const part of parts) void open(part, { id, to }, world)
    },
  }
}

function namesOf(to: string, { customers }: World): string[] {
  const customer = customers.get(withoutDevice(to))
  return customer ? [customer.jid, customer.lid, customer.number] : [to]
}

/** Verifying costs more than all the rest of a message, and the identity is the same each time. */
function identityCheck(world: World): (message: Stanza) => void {
  let knownIdentity: Buffer = Buffer.alloc(0)
  let knownDevice = 0
  return (message) => {
    const identity = bytesOf(message, "device-identity")
    const { companion } = world.account
    if (identity?.equals(knownIdentity) && companion?.device === knownDevice) return
    if (!identity || !companion || !isDeviceIdentity(identity, world.account, companion.registration)) {
      world.problems.note(`message ${message.attrs.id} starts a session without a right device identity`)
      return
    }
    knownIdentity = identity
    knownDevice = companion.device
  }
}

function partsOf(message: Stanza): Part[] {
  const addressed = children(child(message, "participants"), "to").map((to) => ({
    jid: to.attrs.jid ?? "",
    enc: child(to, "enc"),
  }))
  const direct = { jid: message.attrs.participant ?? message.attrs.to ?? "", enc: child(message, "enc") }
  return [...addressed, direct].flatMap(({ jid, enc }) => {
    if (!(enc?.content instanceof Uint8Array)) return []
    const type = enc.attrs.type === "pkmsg" ? "pkmsg" : "msg"
    return [{ jid, ciphertext: { type, bytes: Buffer.from(enc.content) } }]
  })
}

async function open({ jid, ciphertext }: Part, envelope: Envelope, world: World): Promise<void> {
  const { account, problems } = world
  const { id } = envelope
  const device = findDevice(jid, world)
  if (!device) return problems.note(`message ${id} is encrypted for ${jid}, whom nobody knows`)
  const isOwn = device === account.phone
  if (!isOwn && !world.told.has(withoutDevice(jid)))
    problems.note(`message ${id} is for ${jid}, whose devices the client was never told of`)
  const customer = world.customers.get(withoutDevice(jid))
  try {
    const { plaintext, peerIdentity } = await device.decrypt(shopPeer(world), ciphertext)
    if (customer) customer.hasForgotten = false
    const identityKey = account.companion?.registration.identityKey
    if (!identityKey?.equals(peerIdentity.subarray(1)))
      problems.note(`message ${id} comes from another identity than the paired one`)
    const content = unpad(plaintext)
    if (!content) problems.note(`message ${id} for ${jid} is wrongly padded or encoded`)
    else if (isOwn) checkCopy(content, envelope, world)
    else if (customer) deliver(content, customer, { id, to: jid }, world)
  } catch (error) {
    if (customer?.hasForgotten) askAgain(customer, id, 1, world)
    else problems.note(`message ${id} for ${jid} can't be decrypted: ${String(error)}`)
  }
}

function checkCopy(content: proto.IMessage, { id, to }: Envelope, world: World): void {
  if (content.protocolMessage) return
  const destination = content.deviceSentMessage?.destinationJid
  if (!content.deviceSentMessage?.message) world.problems.note(`the own phone's copy of ${id} is empty`)
  if (destination !== to) world.problems.note(`the own phone's copy of ${id} says it went to ${destination}`)
}

function deliver(
  content: proto.IMessage,
  customer: CustomerDevice,
  { id, to }: Envelope,
  world: World,
): void {
  const { extendedTextMessage: extended, imageMessage } = content
  const address = withoutDevice(to)
  const isSame = customer.received.add({
    id,
    address,
    text: content.conversation || extended?.text || imageMessage?.caption || "",
    image: imageMessage ? world.media.open(imageMessage, id) : undefined,
    inReplyTo: (extended ?? imageMessage)?.contextInfo?.stanzaId ?? undefined,
    at: world.clock(),
  })
  if (!isSame) world.problems.note(`message ${id} came again with other content`)
  reportDelivered(address, id, world)
}
