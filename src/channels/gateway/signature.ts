import { createHmac, timingSafeEqual } from "node:crypto"

export const timestampHeader = "X-Lapak-Timestamp"
export const signatureHeader = "X-Lapak-Signature"

const written = /^sha256=([0-9a-f]{64})$/i

/**
 * What goes into `X-Lapak-Signature` for a body sent at `timestamp` (unix seconds, as it stands in its
 * header).
 */
export function signGatewayBody(secret: string, timestamp: string, body: string | Uint8Array): string {
  return `sha256=${hmac(secret, timestamp, body).toString("hex")}`
}

/** In constant time for every well-formed signature. */
export function isGatewaySignature(
  secret: string,
  timestamp: string,
  body: Uint8Array,
  signature: string,
): boolean {
  const hex = written.exec(signature)?.[1]
  if (hex === undefined) return false
  return timingSafeEqual(Buffer.from(hex, "hex"), hmac(secret, timestamp, body))
}

function hmac(secret: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest()
}
