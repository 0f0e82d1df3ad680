import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto"
import { join } from "node:path"
import type { proto } from "@whiskeysockets/baileys"
import type { Faults } from "./faults.ts"
import type { Problems } from "./problems.ts"

/** A file as its sender's phone describes it. */
export type SentFile = Readonly<{ name?: string; type?: string; caption?: string }>

/**
 * Where clients upload pictures, and fetch files: encrypted, under the hash of what is encrypted. HTTPS, as
 * Baileys insists.
 */
export type Media = Readonly<{
  /** Name and port. */
  host: string
  auth: string
  /** Opens the picture of a message and checks each hash and key; undefined when something is wrong. */
  open(image: proto.Message.IImageMessage, messageId: string): { mimeType: string; bytes: Buffer } | undefined
  /** A customer's phone uploads a file; returns the message that tells of it. */
  keep(bytes: Uint8Array, file: SentFile): proto.IMessage
  stop(): Promise<void>
}>

/** The certificate whoever uploads has to trust; made for 127.0.0.1 and for nothing but these tests. */
export const mediaCertificate = join(import.meta.dir, "certificates/for-tests-only.crt")
const mediaKey = join(import.meta.dir, "certificates/for-tests-only.key")

const keptUploads = 300

export function startMedia(problems: Problems, faults: Faults): Media {
  const uploads = new Map<string, Buffer>()
  const auth = "upload-pass"
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert: Bun.file(mediaCertificate), key: Bun.file(mediaKey) },
    async fetch(request) {
      const url = new URL(request.url)
      if (request.method === "GET") return serve(url.pathname)
      const [, hash] = /^\/mms\/image\/([\w-]+)$/.exec(url.pathname) ?? []
      if (request.method !== "POST" || !hash) return new Response("not here", { status: 404 })
      if (faults.uploadStatus !== undefined) return new Response("refused", { status: faults.uploadStatus })
      const body = Buffer.from(await request.arrayBuffer())
      if (url.searchParams.get("auth") !== auth) problems.note("an upload came without the pass")
      if (sha256(body).toString("base64url") !== hash) problems.note("an upload is not what its name says")
      uploads.set(hash, body)
      if (uploads.size > keptUploads) uploads.delete(uploads.keys().next().value ?? hash)
      const path = `/v/${hash}.enc`
      return Response.json({ url: `https://${url.host}${path}`, direct_path: path })
    },
  })
  const serve = (path: string) => {
    const [, hash = ""] = /^\/v\/([\w-]+)\.enc$/.exec(path) ?? []
    const encrypted = uploads.get(hash)
    if (faults.downloadStatus !== undefined) return new Response("refused", { status: faults.downloadStatus })
    return encrypted ? new Response(new Uint8Array(encrypted)) : new Response("not here", { status: 404 })
  }
  return {
    host: `127.0.0.1:${server.port}`,
    auth,
    open(image, messageId) {
      const hash = Buffer.from(image.fileEncSha256 ?? []).toString("base64url")
      const encrypted = uploads.get(hash)
      const opened = encrypted ? decrypt(encrypted, image) : "was never uploaded"
      if (typeof opened !== "string") return { mimeType: image.mimetype ?? "", bytes: opened }
      problems.note(`the picture of message ${messageId} ${opened}`)
      return undefined
    },
    keep(bytes, { name, type, caption }) {
      const mediaKey = randomBytes(32)
      const { iv, cipherKey, macKey } = keysOf(mediaKey, "WhatsApp Document Keys")
      const cipher = createCipheriv("aes-256-cbc", cipherKey, iv)
      const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()])
      const mac = createHmac("sha256", macKey).update(iv).update(ciphertext).digest().subarray(0, 10)
      const encrypted = Buffer.concat([ciphertext, mac])
      const hash = sha256(encrypted)
      uploads.set(hash.toString("base64url"), encrypted)
      const documentMessage = {
        directPath: `/v/${hash.toString("base64url")}.enc?ccb=11-4&oe=1`,
        url: "https://files.example/elsewhere.enc",
        mediaKey,
        fileEncSha256: hash,
        fileSha256: sha256(bytes),
        fileLength: bytes.length,
        ...(name !== undefined && { fileName: name }),
        ...(type !== undefined && { mimetype: type }),
      }
      if (caption === undefined) return { documentMessage }
      return { documentWithCaptionMessage: { message: { documentMessage: { ...documentMessage, caption } } } }
    },
    stop: () => server.stop(true),
  }
}

/** The picture, or what is wrong with it. */
function decrypt(encrypted: Buffer, image: proto.Message.IImageMessage): Buffer | string {
  if (image.mediaKey?.length !== 32 || !image.fileSha256) return "has no key or no hash"
  const { iv, cipherKey, macKey } = keysOf(image.mediaKey, "WhatsApp Image Keys")
  const [ciphertext, mac] = [encrypted.subarray(0, -10), encrypted.subarray(-10)]
  const rightMac = createHmac("sha256", macKey).update(iv).update(ciphertext).digest().subarray(0, 10)
  if (!rightMac.equals(mac)) return "is not authentic under its key"
  const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv)
  const bytes = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  if (!sha256(bytes).equals(image.fileSha256)) return "has another hash than its message says"
  if (Number(image.fileLength) !== bytes.length) return "has another length than its message says"
  return bytes
}

function keysOf(mediaKey: Uint8Array, info: string) {
  const expanded = Buffer.from(hkdfSync("sha256", mediaKey, "", info, 112))
  return {
    iv: expanded.subarray(0, 16),
    cipherKey: expanded.subarray(16, 48),
    macKey: expanded.subarray(48, 80),
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest()
}
