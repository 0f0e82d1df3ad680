import { toBuffer } from "qrcode"
import type { OutboundMessage } from "../channels/channel.ts"
import type { Envelope } from "../database/outbox.ts"

/** The words of a promised message, and the text of the QR code that goes with it, if any. */
export type Words = Readonly<{ text: string; qr?: string }>

/** Writes a message out in the customer's language. `units` are the goods in the clear. Pure. */
export type WriteWords = (envelope: Envelope, units: readonly string[]) => Words

/** Opens a sealed unit, given as base64. Throws when it was sealed under another secret. */
export type OpenUnit = (sealed: string) => string

/** Makes the message a channel sends: words, goods in the clear, and the QR code as a picture. */
export async function compose(
  envelope: Envelope,
  { writeWords, openUnit }: { writeWords: WriteWords; openUnit: OpenUnit },
): Promise<OutboundMessage> {
  const { text, qr } = writeWords(envelope, envelope.units.map(openUnit))
  const image = qr === undefined ? {} : { image: { mimeType: "image/png", base64: await picture(qr) } }
  const reply = envelope.inReplyTo === null ? {} : { inReplyTo: envelope.inReplyTo }
  const lane = envelope.lane === undefined ? {} : { lane: envelope.lane }
  return { id: envelope.messageId, to: envelope.to, text, ...image, ...reply, ...lane }
}

async function picture(qr: string): Promise<string> {
  const png = await toBuffer(qr, { type: "png", width: 512, margin: 4, errorCorrectionLevel: "M" })
  return png.toString("base64")
}
