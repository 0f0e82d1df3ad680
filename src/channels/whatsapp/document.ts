import type { proto } from "@whiskeysockets/baileys"
import * as v from "valibot"
import type { Vault } from "../../operations/vault.ts"
import { storableText } from "../storable-text.ts"

const key = v.pipe(v.string(), v.base64(), v.length(44))

const documentSchema = v.object({
  /** Behind WhatsApp's own host for files. */
  path: v.pipe(v.string(), v.regex(/^\/[!-~]{1,1999}$/)),
  mediaKey: key,
  /** SHA-256 of the file as it lies there, and of what it is when it is opened. */
  encryptedHash: key,
  hash: key,
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  type: v.pipe(v.string(), v.maxLength(200)),
  name: v.pipe(v.string(), v.maxLength(300)),
})

/** A file somebody sent: where it lies, encrypted, and what opens it. The key is as secret as the file. */
export type SentDocument = v.InferOutput<typeof documentSchema>

const sealContext = "whatsapp:document"

/** What a message says of its file; undefined when there is none, or nothing that could be fetched. */
export function readDocument(
  message: proto.Message.IDocumentMessage | null | undefined,
): SentDocument | undefined {
  if (!message) return undefined
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString("base64")
  const read = v.safeParse(documentSchema, {
    path: message.directPath,
    mediaKey: base64(message.mediaKey),
    encryptedHash: base64(message.fileEncSha256),
    hash: base64(message.fileSha256),
    bytes: Number(message.fileLength ?? Number.NaN),
    type: storableText(message.mimetype ?? "").slice(0, 200),
    name: storableText(message.fileName ?? message.title ?? "").slice(-300),
  })
  return read.success ? read.output : undefined
}

export function sealDocument(vault: Vault, document: SentDocument): Uint8Array {
  return vault.seal(JSON.stringify(document).toWellFormed(), sealContext)
}

/** Throws when it was not sealed by this shop. */
export function openDocument(vault: Vault, sealed: Uint8Array): SentDocument {
  return v.parse(documentSchema, JSON.parse(vault.open(sealed, sealContext)))
}
