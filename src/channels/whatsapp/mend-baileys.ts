import { Curve, generateSignalPubKey, WA_CERT_DETAILS } from "@whiskeysockets/baileys"
import { verifySignature } from "libsignal/src/curve.js"

/**
 * Makes Baileys check signatures: 7.0.0-rc14 drops the answer of libsignal 6, so that every certificate of
 * the server and every signature in pairing passes. Idempotent.
 */
export function mendSignatures(): void {
  Curve.verify = (key, message, signature) => {
    try {
      return verifySignature(Buffer.from(generateSignalPubKey(key)), message, signature) === true
    } catch {
      return false
    }
  }
}

/** Trusts another certificate root than WhatsApp's. Throws unless the server is on this very machine. */
export function trustTestRoot(rootHex: string, url: string): void {
  if (!isLoopbackUrl(url)) throw new Error("another certificate root is for a server on this machine only")
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootHex, "hex")
}

export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)
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
