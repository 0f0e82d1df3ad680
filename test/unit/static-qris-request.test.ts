import { expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import {
  type ListenerRequest,
  readListenerRequest,
  signListenerBody,
} from "../../src/payments/static-qris/receive-notification.ts"
import { forwarders, listenerSecret } from "../support/listener.ts"

const now = new Date("2026-03-01T05:00:00Z")
const text = "Kamu menerima Rp 15.037 dari BUDI"
const packages = ["id.dana"]

const read = (request: ListenerRequest) =>
  readListenerRequest(request, { secret: listenerSecret, clock: () => now, packages })

function requestOf(body: string, changes: Partial<ListenerRequest> & { at?: Date } = {}): ListenerRequest {
  const { at = now, ...given } = changes
  const timestamp = String(at.getTime() / 1000)
  const nonce = given.nonce ?? "nonce-1"
  const signature = signListenerBody(listenerSecret, timestamp, nonce, body)
  return { timestamp, nonce, signature, body: new TextEncoder().encode(body), ...given }
}

function notificationOf(body: string, changes: Partial<ListenerRequest> & { at?: Date } = {}) {
  const reading = read(requestOf(body, changes))
  if (reading.kind !== "authentic") throw new Error(`the request was ${reading.kind}`)
  return reading.notification
}

test("the signature is an HMAC over the timestamp, the nonce and the raw body", () => {
  const hex = createHmac("sha256", listenerSecret).update("1700000000.abc.{}").digest("hex")
  expect(signListenerBody(listenerSecret, "1700000000", "abc", "{}")).toBe(`sha256=${hex}`)
})

test("whoever can't sign is told nothing, whatever part is wrong or missing", () => {
  const good = requestOf(forwarders.flat({ text }))
  expect(read(good).kind).toBe("authentic")
  const forgeries: Partial<ListenerRequest>[] = [
    { signature: undefined },
    { timestamp: undefined },
    { nonce: undefined },
    { nonce: "" },
    { nonce: "nonce-2" },
    { nonce: "nonce-1.x" },
    { nonce: "é" },
    { nonce: "n".repeat(129) },
    { timestamp: String(now.getTime() / 1000 + 1) },
    { timestamp: "now" },
    { signature: "sha256=00" },
    { signature: `sha256=${"0".repeat(64)}` },
    { signature: "é".repeat(64) },
    { body: new TextEncoder().encode(forwarders.flat({ text: "Rp 99.999" })) },
    { body: new Uint8Array() },
  ]
  for (const forgery of forgeries) expect(read({ ...good, ...forgery })).toEqual({ kind: "forged" })
  const foreign = signListenerBody("another secret", good.timestamp ?? "", "nonce-1", good.body)
  expect(read({ ...good, signature: foreign })).toEqual({ kind: "forged" })
})

test("a signature is good for five minutes before and after, not longer", () => {
  const at = (seconds: number) =>
    read(requestOf(forwarders.flat({ text }), { at: new Date(now.getTime() + seconds * 1000) }))
  for (const seconds of [-300, 300]) expect(at(seconds).kind).toBe("authentic")
  for (const seconds of [-301, 301]) expect(at(seconds)).toEqual({ kind: "stale" })
})

test("the three forwarders are told apart, and the very same notification is known in each of them", () => {
  const postedAt = new Date("2026-03-01T04:59:00Z")
  const nested = notificationOf(forwarders.nested({ text, postedAt }))
  const flat = notificationOf(forwarders.flat({ text, postedAt }))
  const short = notificationOf(forwarders.short({ text }), { at: postedAt })
  for (const notification of [nested, flat, short])
    expect(notification).toMatchObject({
      reading: "clear",
      amounts: [15_037],
      packageName: "id.dana",
      postedAt,
    })
  expect(new Set([nested, flat, short].map(({ fingerprint }) => fingerprint)).size).toBe(1)
  const others = [
    { text, postedAt: new Date(postedAt.getTime() + 1) },
    { text: `${text}.`, postedAt },
    { text, postedAt, title: "Other" },
    { text, postedAt, packageName: "ovo.id" },
  ]
  for (const other of others)
    expect(notificationOf(forwarders.flat(other)).fingerprint).not.toBe(flat.fingerprint)
})

test("words without a time are known again at another moment, words with one are not", () => {
  const later = { at: new Date(now.getTime() + 60_000) }
  const short = notificationOf(forwarders.short({ text }))
  const again = notificationOf(forwarders.short({ text }), later)
  expect(again.fingerprint).not.toBe(short.fingerprint)
  expect(short.timelessFingerprint).toBeString()
  expect(again.timelessFingerprint).toBe(short.timelessFingerprint)
  const other = notificationOf(forwarders.short({ text: `${text}.` }))
  expect(other.timelessFingerprint).not.toBe(short.timelessFingerprint)
  const timed = notificationOf(forwarders.flat({ text, postedAt: now }), later)
  expect(timed.timelessFingerprint).toBeUndefined()
})

test("a time may be written in milliseconds, in seconds, or as a date", () => {
  const timeOf = (postedAt: unknown) =>
    notificationOf(JSON.stringify({ packageName: "id.dana", title: "", text, postedAt })).postedAt
  const at = new Date("2026-03-01T04:59:00.000Z")
  for (const written of [at.getTime(), String(at.getTime()), at.getTime() / 1000, at.toISOString()])
    expect(timeOf(written)).toEqual(at)
  for (const absent of [undefined, null, ""]) expect(timeOf(absent)).toEqual(now)
})

test("a secret in the body, and an amount that the phone read, are left behind", () => {
  for (const write of [forwarders.nested, forwarders.flat]) {
    const { rawBody, amounts } = notificationOf(write({ text }))
    expect(rawBody).toContain(text)
    expect(rawBody).not.toMatch(/secret|99999999/)
    expect(amounts).toEqual([15_037])
  }
})

test("the words of other apps, and words about no money, are not even kept", () => {
  const others = [
    forwarders.flat({ text, packageName: "com.whatsapp" }),
    forwarders.flat({ title: "Kode OTP", text: "123456" }),
  ]
  for (const body of others) {
    const { reading, rawBody } = notificationOf(body)
    expect(reading).toBe("ignored")
    expect(rawBody).not.toMatch(/BUDI|123456/)
  }
})

test("a malformed notification is refused by the field that is wrong", () => {
  const wrong: [body: string, field: string][] = [
    ["", "body"],
    ["{", "body"],
    ["[]", "body"],
    ["null", "body"],
    [JSON.stringify({ title: "", text }), "body"],
    [JSON.stringify({ source: { package: "id.dana" } }), "notification"],
    [JSON.stringify({ source: {}, notification: { title: "", text } }), "source.package"],
    [JSON.stringify({ source: { package: 1 }, notification: {} }), "source.package"],
    [JSON.stringify({ source: { package: "id.dana" }, notification: { text: 5 } }), "notification.text"],
    [JSON.stringify({ packageName: "not a package", text }), "packageName"],
    [JSON.stringify({ packageName: "id.dana", text, postedAt: "soon" }), "postedAt"],
    [JSON.stringify({ packageName: "id.dana", text, postedAt: -1 }), "postedAt"],
    [JSON.stringify({ packageName: "id.dana", text, postedAt: {} }), "postedAt"],
    [JSON.stringify({ pkg: null, text }), "pkg"],
    [JSON.stringify({ pkg: "id.dana", text: "x".repeat(4_001) }), "text"],
  ]
  for (const [body, field] of wrong) {
    const reading = read(requestOf(body))
    expect([body, reading.kind === "malformed" && reading.field]).toEqual([body, field])
  }
})
