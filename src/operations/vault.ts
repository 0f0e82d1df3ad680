import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto"

/**
 * Keeps secrets that lie in the database. A context (`unit:KOPI`) says where a secret belongs: sealed for
 * one place, it does not open in another.
 */
export interface Vault {
  /** Another result each time. The text has to be well-formed Unicode. */
  seal(plain: string, context: string): Uint8Array
  /** Throws a SealBrokenError when it was altered, or sealed under another secret or context. */
  open(sealed: Uint8Array, context: string): string
  /** 32 bytes, the same for the same text in the same context: finds a duplicate without opening anything. */
  fingerprint(plain: string, context: string): Uint8Array
}

export class SealBrokenError extends Error {
  override readonly name = "SealBrokenError"
}

const version = 1
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + nonceBytes + tagBytes

/** `secretHex` is 64 hexadecimal digits. Throws a RangeError otherwise: the edge has checked it before. */
export function openVault(secretHex: string): Vault {
  if (!/^[0-9a-f]{64}$/i.test(secretHex)) throw new RangeError("a secret must be 64 hexadecimal digits")
  const secret = Buffer.from(secretHex, "hex")
  const sealKey = deriveKey(secret, "lapak seal 1")
  const fingerprintKey = deriveKey(secret, "lapak fingerprint 1")
  return {
    seal(plain, context) {
      // Not a parameter: a nonce that came twice would give both secrets away.
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv("aes-256-gcm", sealKey, nonce, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()])
      return new Uint8Array(Buffer.concat([Uint8Array.of(version), nonce, cipher.getAuthTag(), body]))
    },
    open(sealed, context) {
      if (sealed.length < headBytes || sealed[0] !== version)
        throw new SealBrokenError("a sealed secret has a form that is not known")
      const bytes = Buffer.from(sealed)
      const nonce = bytes.subarray(1, 1 + nonceBytes)
      const decipher = createDecipheriv("aes-256-gcm", sealKey, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(bytes.subarray(1 + nonceBytes, headBytes))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]).toString("utf8")
      } catch (cause) {
        throw new SealBrokenError("a sealed secret was altered, or belongs elsewhere", { cause })
      }
    },
    fingerprint(plain, context) {
      const place = Buffer.from(context)
      // The length in front keeps ("ab", "c") and ("a", "bc") apart.
      const length = Buffer.alloc(4)
      length.writeUInt32BE(place.length)
      return new Uint8Array(
        createHmac("sha256", fingerprintKey).update(length).update(place).update(plain, "utf8").digest(),
      )
    },
  }
}

function deriveKey(secret: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, new Uint8Array(), purpose, 32))
}
