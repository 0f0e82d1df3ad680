import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { type Forwarded, readForwarded } from "./forwarded.ts"
import { type Doubt, readMoney } from "./read-money.ts"

/** A request as it came over the wire: the signature covers the body's bytes, so nothing was decoded yet. */
export type ListenerRequest = Readonly<{
  timestamp: string | undefined
  nonce: string | undefined
  signature: string | undefined
  body: Uint8Array
}>

/** An authentic notification, and what it says by itself; whose money it is, is not known here. */
export type ListenerNotification = Readonly<{
  nonce: string
  /** The same for the very same notification, however often and by whatever request it comes. */
  fingerprint: string
  /** Where the forwarder does not say when: the same for the same words of the same app at any time. */
  timelessFingerprint: string | undefined
  packageName: string
  /** What of the body is kept: of an app that is not listened to, none of its words. */
  rawBody: string
  postedAt: Date
  /** `clear` says one amount of money that came in; `ignored` is about no money, or by another app. */
  reading: "clear" | "ignored" | Doubt
  /** It says that the money came in, however much it is. */
  isIncoming: boolean
  amounts: readonly number[]
}>

export type ListenerReading =
  | Readonly<{ kind: "authentic"; notification: ListenerNotification }>
  | Readonly<{ kind: "forged" }>
  | Readonly<{ kind: "stale" }>
  | Readonly<{ kind: "malformed"; field: string; reason: string }>

const clock_tolerance_seconds = 300
/** Without a dot, so that the parts that are signed can't be cut in another way. */
const nonceForm = /^[A-Za-z0-9_+/=-]{1,128}$/
const signatureForm = /^sha256=([0-9a-f]{64})$/i

/**
 * Checks a request of the phone's app and reads the notification it forwards. The signature comes first: to
 * whoever can't sign, nothing is told about the rest. Pure.
 */
export function readListenerRequest(
  request: ListenerRequest,
  { secret, clock, packages }: { secret: string; clock: () => Date; packages: readonly string[] },
): ListenerReading {
  const { timestamp = "", nonce = "", signature = "", body } = request
  if (!/^[0-9]{1,12}$/.test(timestamp) || !nonceForm.test(nonce)) return { kind: "forged" }
  if (!isSignature(signature, hmac(secret, timestamp, nonce, body))) return { kind: "forged" }
  const age_seconds = Math.abs(clock().getTime() / 1000 - Number(timestamp))
  if (age_seconds > clock_tolerance_seconds) return { kind: "stale" }
  const reading = readForwarded(parseJson(body))
  if (reading.kind === "malformed") return reading
  const sentAt = new Date(Number(timestamp) * 1_000)
  return { kind: "authentic", notification: judge(reading.forwarded, { nonce, sentAt, packages }) }
}

/** What goes into `X-Lapak-Signature` for a body that is sent with this timestamp and nonce. */
export function signListenerBody(
  secret: string,
  timestamp: string,
  nonce: string,
  body: string | Uint8Array,
): string {
  return `sha256=${hmac(secret, timestamp, nonce, body).toString("hex")}`
}

function judge(
  { packageName, title, text, postedAt: said }: Forwarded,
  { nonce, sentAt, packages }: { nonce: string; sentAt: Date; packages: readonly string[] },
): ListenerNotification {
  const postedAt = said ?? sentAt
  const words = [packageName, title, text]
  const known = {
    nonce,
    fingerprint: fingerprintOf([...words, postedAt.getTime()]),
    timelessFingerprint: said ? undefined : fingerprintOf(words),
    packageName,
    postedAt,
  }
  const money = packages.includes(packageName) ? readMoney(title, text) : ({ kind: "no_money" } as const)
  switch (money.kind) {
    case "no_money": {
      const rawBody = JSON.stringify({ packageName, postedAt })
      return { ...known, reading: "ignored", isIncoming: false, amounts: [], rawBody }
    }
    case "clear":
      return { ...known, reading: "clear", isIncoming: true, amounts: [money.amount], rawBody: kept() }
    case "doubtful": {
      const { doubt: reading, isIncoming, amounts } = money
      return { ...known, reading, isIncoming, amounts, rawBody: kept() }
    }
  }
  function kept(): string {
    return JSON.stringify({ packageName, title, text, postedAt })
  }
}

function fingerprintOf(identity: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex")
}

function isSignature(written: string, expected: Buffer): boolean {
  const hex = signatureForm.exec(written)?.[1]
  return hex !== undefined && timingSafeEqual(Buffer.from(hex, "hex"), expected)
}

function hmac(secret: string, timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.${nonce}.`).update(body).digest()
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
