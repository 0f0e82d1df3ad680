import { createHash } from "node:crypto"
import { generateWAMessageContent, proto, type WAMediaUploadFunction } from "@whiskeysockets/baileys"
import type { OutboundMessage } from "../channel.ts"
import { quietLogger } from "./quiet-logger.ts"

const uploadTimeoutMs = 20_000

/**
 * The id under which WhatsApp sees a message: it follows from the promised one, so that every attempt, of
 * whatever process, is the same message to the customer's phone.
 */
export function whatsappIdOf(promisedId: string): string {
  return `3EB0${createHash("sha256").update(promisedId).digest("hex").slice(0, 32).toUpperCase()}`
}

/** Makes what is encrypted for the customer; a picture is uploaded. Throws when that fails. */
export async function writeContent(
  { text, image }: OutboundMessage,
  upload: WAMediaUploadFunction,
): Promise<proto.IMessage> {
  const content = image
    ? {
        image: Buffer.from(image.base64, "base64"),
        mimetype: image.mimeType,
        caption: text,
        // Making one takes an image library; without it phones show the picture all the same.
        jpegThumbnail: "",
      }
    : { text, linkPreview: null }
  return await generateWAMessageContent(content, {
    upload,
    logger: quietLogger,
    mediaUploadTimeoutMs: uploadTimeoutMs,
  })
}

/** The content of a message and the address it was written for. */
export type SentMessage = Readonly<{ to: string; content: proto.IMessage }>

/** What is kept of a message, as text for the vault. */
export function encodeSent({ to, content }: SentMessage): string {
  return `${to} ${Buffer.from(proto.Message.encode(content).finish()).toString("base64")}`
}

export function decodeSent(text: string): SentMessage {
  const [to = "", content = ""] = text.split(" ")
  return { to, content: proto.Message.decode(Buffer.from(content, "base64")) }
}
