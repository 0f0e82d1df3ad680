import { generateSignalPubKey } from "@whiskeysockets/baileys"
import { verifySignature } from "libsignal/src/curve.js"

/** Whether `signature` is really `publicKey`'s. Baileys' own check believes every signature. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature(Buffer.from(generateSignalPubKey(publicKey)), message, signature) === true
  } catch {
    return false
  }
}
