import { proto } from "@whiskeysockets/baileys"

/** A message as it stands inside its encryption: encoded, and padded with 1 to 16 bytes that say how many. */
export function pad(message: proto.IMessage, length: number): Buffer {
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(length, length)])
}

/** Undefined when the padding is wrong or nothing can be read. */
export function unpad(plaintext: Buffer): proto.Message | undefined {
  const length = plaintext.at(-1) ?? 0
  const padding = plaintext.subarray(-length)
  if (length < 1 || length > 16 || padding.some((byte) => byte !== length)) return undefined
  try {
    return proto.Message.decode(plaintext.subarray(0, -length))
  } catch {
    return undefined
  }
}
