import { createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto"
import { DEFAULT_ORIGIN, getMediaKeys, getUrlFromDirectPath } from "@whiskeysockets/baileys"
import type { Log } from "../../operations/log.ts"
import type { FetchedDocument } from "../channel.ts"
import type { SentDocument } from "./document.ts"

const bytesMax = 1024 * 1024
/** What encryption adds at most: a block, and the part of the MAC that is sent. */
const macBytes = 10
const addedBytesMax = 16 + macBytes

/**
 * Fetches a file and opens it, as text in UTF-8. Where it lies and what opens it is Baileys' to say; its own
 * download can neither be ended nor bounded, and looks at neither MAC nor hash, so the fetching is done here.
 */
export async function fetchDocument(
  document: SentDocument,
  given: { host: string | undefined; stopping: AbortSignal; log: Log; withinMs?: number },
): Promise<FetchedDocument> {
  const { host, stopping, log, withinMs = 15_000 } = given
  if (!isList(document)) return { kind: "not_text" }
  if (document.bytes > bytesMax) return { kind: "too_large" }
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(withinMs), stopping])
    const encrypted = await download(getUrlFromDirectPath(document.path, host), signal)
    if (encrypted === "too_large") return { kind: "too_large" }
    const opened = encrypted && (await open(encrypted, document))
    if (!opened) {
      log.warn("a file from WhatsApp was not there, or not what its message says")
      return { kind: "failed" }
    }
    return decode(opened)
  } catch (error) {
    log.warn("a file from WhatsApp could not be fetched", { error })
    return { kind: "failed" }
  }
}

function isList({ type, name }: SentDocument): boolean {
  return /\.(txt|csv)$/i.test(name) || /^text\/(plain|csv|comma-separated-values)\b/i.test(type)
}

async function download(url: string, signal: AbortSignal): Promise<Buffer | "too_large" | undefined> {
  const response = await fetch(url, { headers: { Origin: DEFAULT_ORIGIN }, signal })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    return undefined
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body) {
    bytes += part.length
    if (bytes > bytesMax + addedBytesMax) return "too_large"
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Undefined when a hash, the MAC or the length is another than the message says. */
async function open(encrypted: Buffer, document: SentDocument): Promise<Buffer | undefined> {
  if (!isSame(sha256(encrypted), document.encryptedHash)) return undefined
  const { iv, cipherKey, macKey } = await getMediaKeys(Buffer.from(document.mediaKey, "base64"), "document")
  const [ciphertext, mac] = [encrypted.subarray(0, -macBytes), encrypted.subarray(-macBytes)]
  const expected = createHmac("sha256", macKey ?? "")
    .update(iv)
    .update(ciphertext)
    .digest()
  if (mac.length !== macBytes || !timingSafeEqual(mac, expected.subarray(0, macBytes))) return undefined
  const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv)
  const opened = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  return opened.length === document.bytes && isSame(sha256(opened), document.hash) ? opened : undefined
}

function decode(bytes: Buffer): FetchedDocument {
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) }
  } catch {
    return { kind: "not_utf8" }
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest()
}

function isSame(hash: Buffer, expected: string): boolean {
  return timingSafeEqual(hash, Buffer.from(expected, "base64"))
}
