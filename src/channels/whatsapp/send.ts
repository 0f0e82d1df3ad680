import { areJidsSameUser, type proto, type WASocket } from "@whiskeysockets/baileys"
import type { Log } from "../../operations/log.ts"
import type { WhatsAppMetrics } from "../../operations/metrics-whatsapp.ts"
import { pause } from "../../operations/pause.ts"
import type { Vault } from "../../operations/vault.ts"
import type { OutboundMessage, SendOutcome } from "../channel.ts"
import type { AccountStore } from "./account-store.ts"
import { addressOf } from "./addresses.ts"
import type { Connection } from "./connection.ts"
import type { Pace } from "./pace.ts"
import { decodeSent, encodeSent, type SentMessage, whatsappIdOf, writeContent } from "./write-message.ts"

const acknowledgedWithinMs = 20_000
const relayWithinMs = 20_000
/** How long "typing ..." is seen at one message a second; less when the pace is faster. */
const typingMs = 700

export type { SentMessage } from "./write-message.ts"

export type Sending = Readonly<{
  store: AccountStore
  vault: Vault
  epoch: number
  pace: Pace
  pacePerSecond: number
  /** Who still waits for a turn then gets none. */
  noMoreTurns: AbortSignal
  /** False when sending began to rest while the message waited. */
  mayGo: () => boolean
  random: () => number
  monotonicMs: () => number
  metrics: WhatsAppMetrics
  log: Log
}>

/** `warned` is a refusal that, repeated, costs the shop its number. */
export type Sent = SendOutcome & Readonly<{ warned?: "463" | "429" }>

/**
 * Sends one message and waits for the server's word: when it is its turn, after a moment of typing, with the
 * content it had at the first attempt.
 */
export async function sendOn(
  connection: Connection,
  message: OutboundMessage,
  sending: Sending,
): Promise<Sent> {
  const { gone, socket, acknowledgements } = connection
  const askedAt = sending.monotonicMs()
  if (!(await sending.pace.turn(message.lane ?? "reply", sending.noMoreTurns))) {
    return { kind: "untried" }
  }
  sending.metrics.whatsappPaceWait(sending.monotonicMs() - askedAt)
  if (!sending.mayGo()) return { kind: "untried" }
  const address = addressOf(message.to)
  const id = whatsappIdOf(message.id)
  if (!(await hasDevice(connection, address))) return { kind: "failed", reason: "no phone is known there" }
  const [content] = await Promise.all([
    contentOf(id, { ...message, to: address }, socket, sending),
    type(connection, address, sending),
  ])
  const acknowledged = acknowledgements.expect(id, acknowledgedWithinMs, gone)
  const relayed = socket.relayMessage(address, content, { messageId: id })
  if (!(await withinTime(relayed, relayWithinMs)))
    return { kind: "failed", reason: "not handed over in time" }
  const said = await acknowledged
  if (said?.kind === "taken") return { kind: "delivered" }
  if (!said) return { kind: "failed", reason: gone.aborted ? "disconnected" : "not acknowledged" }
  if (said.code === "463") return { kind: "refused", reason: "refused by WhatsApp with 463", warned: "463" }
  if (said.code === "429") return { kind: "failed", reason: "refused by WhatsApp with 429", warned: "429" }
  return { kind: "failed", reason: `refused by WhatsApp with ${/^[0-9]{1,4}$/.exec(said.code)?.[0] ?? "?"}` }
}

/** The content under an id never changes: what was stored at the first attempt is sent again. */
async function contentOf(
  id: string,
  message: OutboundMessage,
  socket: WASocket,
  { store, vault, epoch }: Sending,
): Promise<proto.IMessage> {
  // Storing tells of what was stored before. Only a picture is worth a look first: it would be uploaded anew.
  const stored = message.image && (await readSent(store, vault, id))
  if (stored) return stored.content
  const content = await writeContent(message, socket.waUploadToServer)
  const sealed = vault.seal(encodeSent({ to: message.to, content }), sentContext(id))
  const kept = await store.saveSent(epoch, { id, message: sealed })
  return decodeSent(vault.open(kept, sentContext(id))).content
}

/** What was sent under an id and to whom, for a phone that could not read it. */
export async function readSent(
  store: AccountStore,
  vault: Vault,
  id: string,
): Promise<SentMessage | undefined> {
  const sealed = await store.findSent(id)
  return sealed && decodeSent(vault.open(sealed, sentContext(id)))
}

/** Without one the message would go to the shop's own phone alone, and WhatsApp would call it taken. */
async function hasDevice({ socket, me }: Connection, address: string): Promise<boolean> {
  const own = me()
  const isOwn = (jid: string) => areJidsSameUser(jid, own?.id) || areJidsSameUser(jid, own?.lid)
  if (isOwn(address)) return true
  const devices = await socket.getUSyncDevices([address], true, false)
  return devices.some(({ jid }) => !isOwn(jid))
}

const sentContext = (id: string) => `whatsapp:sent:${id}`

async function type(connection: Connection, address: string, sending: Sending): Promise<void> {
  const ms = (typingMs / Math.max(1, sending.pacePerSecond)) * (0.7 + 0.6 * sending.random())
  try {
    await connection.socket.sendPresenceUpdate("composing", address)
  } catch (error) {
    // A courtesy: the message itself says what is wrong with the line.
    sending.log.debug("typing could not be shown", { error })
  }
  await pause(ms, connection.gone)
}

async function withinTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), ms)
  try {
    return await Promise.race([work.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}
