import type { proto } from "@whiskeysockets/baileys"
import { isDeviceIdentity } from "./account.ts"
import { shopPeer } from "./customer.ts"
import { withoutDevice } from "./mailbox.ts"
import { unpad } from "./message-padding.ts"
import { findDevice } from "./queries.ts"
import type { Ciphertext } from "./signal-device.ts"
import { bytesOf, child, children, type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** Checks what the client sends by opening it, and brings it to whom it is for. */
export type ClientMessages = Readonly<{ take(message: Stanza): void }>

export function createClientMessages(world: World): ClientMessages {
  let knownIdentity: Buffer = Buffer.alloc(0)

  /** Verifying costs more than all the rest of a message, and the identity is the same each time. */
  const checkIdentity = (message: Stanza) => {
    const identity = bytesOf(message, "device-identity")
    const { companion } = world.account
    if (identity?.equals(knownIdentity) && companion) return
    if (!identity || !companion || !isDeviceIdentity(identity, world.account, companion.registration))
      world.problems.note(`message ${message.attrs.id} starts a session without a right device identity`)
    else knownIdentity = identity
  }
  return {
    take(message) {
      const { id, to } = message.attrs
      if (!id || !to) {
        world.problems.note("a message has no id or no recipient")
        return
      }
      const parts = partsOf(message)
      if (parts.length === 0) world.problems.note(`message ${id} is encrypted for nobody`)
      if (parts.some(({ ciphertext }) => ciphertext.type === "pkmsg")) checkIdentity(message)
      if (!parts.some(({ jid }) => withoutDevice(jid) === withoutDevice(to)))
        world.problems.note(`message ${id} is not encrypted for its recipient`)
      world.connection?.send(acknowledge(message, world))
      for (const part of parts) void open(part, message, world)
    },
  }
}

type Part = Readonly<{ jid: string; ciphertext: Ciphertext }>

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

async function open({ jid, ciphertext }: Part, message: Stanza, world: World): Promise<void> {
  const { id = "", to = "" } = message.attrs
  const { account, problems } = world
  const device = findDevice(jid, world)
  if (!device) return problems.note(`message ${id} is encrypted for ${jid}, whom nobody knows`)
  if (!world.told.has(withoutDevice(jid)))
    problems.note(`message ${id} is for ${jid}, whose devices the client was never told of`)
  try {
    const { plaintext, peerIdentity } = await device.decrypt(shopPeer(world), ciphertext)
    const identityKey = account.companion?.registration.identityKey
    if (!identityKey?.equals(peerIdentity.subarray(1)))
      problems.note(`message ${id} comes from another identity than the paired one`)
    const content = unpad(plaintext)
    if (!content) return problems.note(`message ${id} for ${jid} is wrongly padded or encoded`)
    if (device === account.phone) checkCopy(content, { id, to }, world)
    else deliver(content, jid, id, world)
  } catch (error) {
    problems.note(`message ${id} for ${jid} can't be decrypted: ${String(error)}`)
  }
}

function checkCopy(content: proto.IMessage, { id, to }: { id: string; to: string }, world: World): void {
  const destination = content.deviceSentMessage?.destinationJid
  if (content.protocolMessage) return
  if (destination !== to) world.problems.note(`the own phone's copy of ${id} says it went to ${destination}`)
}

function deliver(content: proto.IMessage, jid: string, id: string, world: World): void {
  const customer = world.customers.get(withoutDevice(jid))
  if (!customer) return
  const extended = content.extendedTextMessage
  const text = content.conversation || extended?.text || content.imageMessage?.caption || ""
  const inReplyTo = (extended ?? content.imageMessage)?.contextInfo?.stanzaId ?? undefined
  const isSame = customer.received.add({ id, text, image: undefined, inReplyTo, at: world.clock() })
  if (!isSame) world.problems.note(`message ${id} came again with other content`)
  const receipt = { id, from: withoutDevice(jid), t: seconds(world.clock()) }
  world.connection?.send(stanza("receipt", receipt))
}

function acknowledge({ attrs: { id, to } }: Stanza, world: World): Stanza {
  return stanza("ack", { class: "message", id, from: to ?? serverJid, t: seconds(world.clock()) })
}
