import {
  areJidsSameUser,
  type BinaryNode,
  decodeMessageNode,
  isJidBroadcast,
  isJidGroup,
  isJidNewsletter,
  isJidStatusBroadcast,
  normalizeMessageContent,
  proto,
  unpadRandomMax16,
  type WAMessage,
  type WAMessageKey,
} from "@whiskeysockets/baileys"
import type { InboundMessage } from "../channel.ts"
import { storableId, storableName, storableText } from "../storable-text.ts"
import { type Person, personOf } from "./addresses.ts"
import { readDocument, type SentDocument } from "./document.ts"

/** Chats that are answered although they are no private ones. */
export type Answers = ReadonlySet<"groups" | "status" | "broadcasts" | "own">

export type Received =
  | Readonly<{ kind: "ignored" }>
  /** Written by a customer. */
  | Readonly<{
      kind: "message"
      message: InboundMessage
      key: WAMessageKey
      at: Date
      /** A file that came with it, and what opens it: a secret. */
      document?: SentDocument
    }>
  /** Written by hand on the shop's own phone, to a customer. */
  | Readonly<{ kind: "own_phone"; to: Person; text: string; id: string; at: Date }>

export type Me = Readonly<{ id: string; lid: string | undefined }>

const msPerSecond = 1_000

/**
 * Reads a decrypted stanza. Anybody may encrypt what is no message at all: that is ignored, and never the end
 * of the connection, to which it would come again and again.
 */
export function readStanza(stanza: BinaryNode, padded: Uint8Array, me: Me, answers: Answers): Received {
  try {
    const decoded = proto.Message.decode(unpadRandomMax16(padded))
    const message = decoded.deviceSentMessage?.message ?? decoded
    const { fullMessage } = decodeMessageNode(stanza, me.id, me.lid ?? "")
    return readMessage({ ...fullMessage, message }, me, answers)
  } catch {
    return { kind: "ignored" }
  }
}

/** A message in the form that Baileys tells of it. */
export type Told = Pick<WAMessage, "key" | "message" | "pushName" | "messageTimestamp">

export function readMessage(given: Told, me: Me, answers: Answers): Received {
  const { key } = given
  const text = textOf(given.message)
  if (text === undefined || !key.remoteJid || !key.id || isIgnoredChat(key.remoteJid, answers)) {
    return { kind: "ignored" }
  }
  const at = new Date(Number(given.messageTimestamp ?? 0) * msPerSecond)
  const isOwn = (jid: string | undefined) => areJidsSameUser(jid, me.id) || areJidsSameUser(jid, me.lid)
  if (key.fromMe === true && !isOwn(key.remoteJid)) {
    // The other address beside such a copy may be the shop's own: it is not the customer's.
    const to = personOf([key.remoteJid, isOwn(key.remoteJidAlt) ? undefined : key.remoteJidAlt])
    return to ? { kind: "own_phone", to, text, id: key.id, at } : { kind: "ignored" }
  }
  if (key.fromMe === true && !answers.has("own")) return { kind: "ignored" }
  // Baileys tells of no participant by an empty one, too. In a private chat there is none.
  const writer = (!isPrivate(key.remoteJid) && key.participant) || key.remoteJid
  // Of a writer in the status or a list, the other address stands beside the chat, not beside the writer.
  const person = personOf([writer, key.participantAlt || key.remoteJidAlt])
  if (!person) return { kind: "ignored" }
  const name = storableName(given.pushName)
  const document = readDocument(normalizeMessageContent(given.message ?? undefined)?.documentMessage)
  return {
    kind: "message",
    key,
    at,
    ...(document === undefined ? {} : { document }),
    message: {
      id: storableId(key.id),
      ...person,
      text: storableText(text),
      ...(name === undefined ? {} : { name }),
    },
  }
}

/** A chat with one person, by whichever of their addresses. */
export function isPrivate(jid: string): boolean {
  return personOf([jid]) !== undefined
}

export function isIgnoredChat(jid: string, answers: Answers): boolean {
  if (isJidGroup(jid)) return !answers.has("groups")
  if (isJidStatusBroadcast(jid)) return !answers.has("status")
  if (isJidBroadcast(jid)) return !answers.has("broadcasts")
  return isJidNewsletter(jid) === true
}

/**
 * What was written. Empty for a picture, a voice note, a sticker without words; undefined for what nobody
 * writes: edits, reactions, votes, keys, notices between a customer's own devices.
 */
function textOf(message: proto.IMessage | null | undefined): string | undefined {
  const content = normalizeMessageContent(message ?? undefined)
  if (!content) return undefined
  const words =
    content.conversation ??
    content.extendedTextMessage?.text ??
    content.imageMessage?.caption ??
    content.videoMessage?.caption ??
    content.documentMessage?.caption ??
    content.buttonsResponseMessage?.selectedDisplayText ??
    content.listResponseMessage?.title ??
    content.templateButtonReplyMessage?.selectedDisplayText
  if (words) return words
  return wordless.some((kind) => (content[kind] ?? undefined) !== undefined) ? "" : undefined
}

const wordless = [
  "conversation",
  "extendedTextMessage",
  "imageMessage",
  "videoMessage",
  "documentMessage",
  "audioMessage",
  "stickerMessage",
  "contactMessage",
  "contactsArrayMessage",
  "locationMessage",
  "liveLocationMessage",
  "ptvMessage",
  "lottieStickerMessage",
] as const
