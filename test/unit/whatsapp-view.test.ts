import { expect, test } from "bun:test"
import type { Account } from "../../src/database/whatsapp-account.ts"
import { openVault } from "../../src/operations/vault.ts"
import { isUnpaired, spelledCode, toWhatsAppView } from "../../src/operations/whatsapp-view.ts"
import { checkWhatsApp, describeWhatsApp } from "../../src/operations/whatsapp-words.ts"
import { aWhatsAppView, now } from "../support/web.ts"

const vault = openVault("ab".repeat(32))
const phone = "6281234567890"
const on = {
  whatsapp: {
    url: "ws://127.0.0.1:1",
    testRoot: undefined,
    version: undefined,
    readReceipts: false,
    answers: [],
    pacePerSecond: 1,
  },
}

const account: Account = {
  state: "pairing",
  creds: null,
  phone: null,
  qr: vault.seal("2@qr", "whatsapp:qr"),
  pairingCode: vault.seal("ABCD1234", "whatsapp:code"),
  pairingPhone: phone,
  pairingWantedSecondsAgo: 1,
  pairingAsked: 1,
  held: true,
  pausedForMs: 0,
  pauseReason: null,
  problem: null,
  changedAt: now,
}

const read = (changes: Partial<Account> = {}, given = {}) =>
  toWhatsAppView({ ...account, ...changes }, { config: on, vault, clock: () => now, ...given })

test("what is sealed is opened for whoever has the secret, and is absent for everybody else", () => {
  expect(read()).toMatchObject({ qr: "2@qr", pairingCode: "ABCD1234", pairingPhone: phone })
  const other = openVault("cd".repeat(32))
  expect(read({}, { vault: other })).toMatchObject({ qr: undefined, pairingCode: undefined })
  expect(read({}, { vault: undefined })).toMatchObject({ qr: undefined, pairingCode: undefined })
  const swapped = vault.seal("2@qr", "whatsapp:code")
  expect(read({ qr: swapped }).qr).toBeUndefined()
})

test("WHATSAPP=off is off whatever the account was, and a new account is connecting", () => {
  expect(read({}, { config: { whatsapp: undefined } }).state).toBe("off")
  expect(read({ state: "off" }).state).toBe("connecting")
})

test("a pause is told by its end and WhatsApp's number for it, and only while it lasts", () => {
  const paused = read({ state: "open", phone, pausedForMs: 90_000, pauseReason: "WhatsApp 463" })
  expect(paused.pausedUntil).toEqual(new Date(now.getTime() + 90_000))
  expect(paused.pauseCode).toBe(463)
  expect(read({ pausedForMs: 0, pauseReason: "WhatsApp 463" }).pauseCode).toBeUndefined()
})

test("only an account without a phone waits to be paired", () => {
  for (const state of ["pairing", "connecting", "logged_out"] as const) {
    expect(isUnpaired(aWhatsAppView({ state }))).toBe(true)
    expect(isUnpaired(aWhatsAppView({ state, phone }))).toBe(false)
  }
  for (const state of ["open", "replaced", "stopped", "off"] as const)
    expect(isUnpaired(aWhatsAppView({ state }))).toBe(false)
})

test("a code is spelled as the phone spells it", () => {
  expect(spelledCode("ABCD1234")).toBe("ABCD-1234")
  expect(spelledCode("odd")).toBe("odd")
})

test("WhatsApp is never more than degraded, and then says why in a sentence without the number", () => {
  expect(checkWhatsApp(aWhatsAppView({ state: "off" }))).toEqual({ state: "off" })
  expect(checkWhatsApp(aWhatsAppView({ state: "open", phone }))).toEqual({ state: "ok" })
  const degraded = [
    aWhatsAppView({ state: "open", phone, pausedUntil: now, pauseCode: 429 }),
    aWhatsAppView({ state: "connecting", phone, problemCode: 405 }),
    aWhatsAppView({ state: "connecting", phone, problemCode: 503 }),
    aWhatsAppView({ state: "connecting", phone, held: false }),
    ...(["pairing", "connecting", "logged_out", "replaced", "stopped"] as const).map((state) =>
      aWhatsAppView({ state }),
    ),
  ]
  for (const view of degraded) {
    const { state, detail } = checkWhatsApp(view)
    expect(state).toBe("degraded")
    expect(detail).toMatch(/^[A-Z].*\.$/)
    expect(detail).not.toContain(phone)
  }
})

test("a connection that is being made again says with what it ended", () => {
  const ended = aWhatsAppView({ state: "connecting", phone, problemCode: 503 })
  expect(describeWhatsApp(ended)).toContain("503")
})
