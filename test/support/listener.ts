import { randomUUID } from "node:crypto"
import { signListenerBody } from "../../src/payments/static-qris/receive-notification.ts"

export const listenerSecret = "a listener secret of the tests"

/** A request of the phone's app, signed as it should be unless told otherwise. */
export function signedByListener(
  body: string | Uint8Array<ArrayBuffer>,
  given: { at: Date; secret?: string; nonce?: string },
) {
  const { at, secret = listenerSecret } = given
  const nonce = given.nonce ?? randomUUID()
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const headers = {
    "Content-Type": "application/json",
    "X-Lapak-Timestamp": timestamp,
    "X-Lapak-Nonce": nonce,
    "X-Lapak-Signature": signListenerBody(secret, timestamp, nonce, body),
  }
  return { method: "POST", headers, body }
}

/** One notification as each of the forwarders in use writes it. */
export const forwarders = {
  nested: (given: { packageName?: string; title?: string; text: string; postedAt?: Date }) =>
    JSON.stringify({
      secret: "a secret in the body",
      amount: 99_999_999,
      source: { package: given.packageName ?? "id.dana", name: "DANA" },
      notification: { title: given.title ?? "Masuk", text: given.text, timestamp: given.postedAt?.getTime() },
    }),
  flat: (given: { packageName?: string; title?: string; text: string; postedAt?: Date }) =>
    JSON.stringify({
      deviceId: "phone-1",
      packageName: given.packageName ?? "id.dana",
      postedAt: given.postedAt?.toISOString(),
      title: given.title ?? "Masuk",
      text: given.text,
      amountDetected: 99_999_999,
    }),
  short: (given: { packageName?: string; title?: string; text: string }) =>
    JSON.stringify({
      name: "DANA",
      pkg: given.packageName ?? "id.dana",
      title: given.title ?? "Masuk",
      text: given.text,
    }),
} as const
