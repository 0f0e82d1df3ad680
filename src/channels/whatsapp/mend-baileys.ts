import { Curve, generateSignalPubKey, proto, WA_CERT_DETAILS } from "@whiskeysockets/baileys"
import { verifySignature } from "libsignal/src/curve.js"
import { isLoopbackUrl } from "../../config-whatsapp.ts"

const { sharedKey } = Curve

/**
 * Makes Baileys check whom it speaks with. 7.0.0-rc14 drops the answer of libsignal 6, so that every
 * certificate of the server and every signature in pairing passes. And it never compares the key that the
 * certificates vouch for with the server's: anybody could show WhatsApp's own certificates. Returns how to
 * end that.
 */
export function mendSignatures(): () => void {
  const before = { sharedKey: Curve.sharedKey, verify: Curve.verify }
  let agreedWith: Uint8Array = new Uint8Array()
  let lastSigned: Uint8Array = new Uint8Array()
  Curve.sharedKey = (privateKey, publicKey) => {
    agreedWith = publicKey
    return sharedKey(privateKey, publicKey)
  }
  Curve.verify = (key, message, signature) => {
    const isSigned = isSignedBy(key, message, signature)
    if (key !== WA_CERT_DETAILS.PUBLIC_KEY) {
      lastSigned = message
      return isSigned
    }
    // In a handshake: agreed with the server's key, then looked at its certificate, and at the one above now.
    return isSigned && isCertificateOf(lastSigned, agreedWith)
  }
  return () => void Object.assign(Curve, before)
}

function isSignedBy(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature(Buffer.from(generateSignalPubKey(key)), message, signature) === true
  } catch {
    return false
  }
}

function isCertificateOf(details: Uint8Array, publicKey: Uint8Array): boolean {
  const { key } = proto.CertChain.NoiseCertificate.Details.decode(details)
  return Buffer.from(publicKey).equals(key ?? new Uint8Array())
}

/** Trusts another certificate root than WhatsApp's. Throws unless the server is on this machine. */
export function trustTestRoot(rootHex: string, url: string): () => void {
  // The settings hold this too; here it is held where it matters.
  if (!isLoopbackUrl(url)) throw new Error("another certificate root is for a server on this machine only")
  const before = WA_CERT_DETAILS.PUBLIC_KEY
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootHex, "hex")
  return () => {
    WA_CERT_DETAILS.PUBLIC_KEY = before
  }
}

const printers = ["log", "info", "warn", "error", "debug", "trace"] as const

/**
 * Libsignal prints whole sessions, private keys included, with `console`. Nothing else in the shop uses it,
 * so it says nothing from now on. Returns how to end that.
 */
export function silenceConsole(): () => void {
  const { console: printing } = globalThis
  const before = printers.map((name) => printing[name])
  for (const name of printers) printing[name] = () => undefined
  return () => {
    for (const [place, name] of printers.entries()) printing[name] = before[place] ?? printing[name]
  }
}
