import { inflateSync } from "node:zlib"
import { type BinaryNode, decodeDecompressedBinaryNode, encodeBinaryNode } from "@whiskeysockets/baileys"
import {
  DOUBLE_BYTE_TOKENS,
  SINGLE_BYTE_TOKENS,
  TAGS,
} from "@whiskeysockets/baileys/lib/WABinary/constants.js"

/** One element of WhatsApp's binary XML. */
export type Stanza = BinaryNode

/** The server itself: an address without a user. */
export const serverJid = "@s.whatsapp.net"

export function stanza(
  tag: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  content?: Stanza["content"],
): Stanza {
  const attrs: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) attrs[name] = value
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

export function children(of: Stanza | undefined, tag?: string): Stanza[] {
  if (!Array.isArray(of?.content)) return []
  return tag === undefined ? of.content : of.content.filter((child) => child.tag === tag)
}

export function child(of: Stanza | undefined, tag: string): Stanza | undefined {
  return children(of, tag)[0]
}

/** The content of a child as bytes; undefined when the child or its content is missing. */
export function bytesOf(of: Stanza | undefined, tag: string): Buffer | undefined {
  const content = child(of, tag)?.content
  if (typeof content === "string") return Buffer.from(content)
  return content instanceof Uint8Array ? Buffer.from(content) : undefined
}

export function phoneJid(number: string): string {
  return `${number}${serverJid}`
}

export function bigEndian(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(value, 0, length)
  return bytes
}

export function encode(node: Stanza): Buffer {
  return encodeBinaryNode(node)
}

export function decode(frame: Buffer): Stanza {
  const isCompressed = ((frame[0] ?? 0) & 2) !== 0
  const body = isCompressed ? inflateSync(frame.subarray(1)) : frame.subarray(1)
  return decodeDecompressedBinaryNode(body, { DOUBLE_BYTE_TOKENS, SINGLE_BYTE_TOKENS, TAGS })
}
