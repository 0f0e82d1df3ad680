import { expect, test } from "bun:test"
import { createPairingScreen } from "../../src/commands/pairing-screen.ts"
import { watchForQr } from "../../src/operations/watch-for-qr.ts"
import type { WhatsAppView } from "../../src/operations/whatsapp-view.ts"
import { describeWhatsApp } from "../../src/operations/whatsapp-words.ts"
import { aWhatsAppView } from "../support/web.ts"

const unreachable = "WhatsApp cannot be reached. Check the server's internet; it is tried again by itself."
const qr = "2@ref,noise,identity,secret"
const waiting = aWhatsAppView({ state: "pairing" })

/** Somebody who looks once in two seconds. */
function looker() {
  let now = 0
  const watch = watchForQr(() => new Date(now))
  return (view: WhatsAppView, seconds: number) => {
    let seen = watch(view)
    for (const until = now + seconds * 1_000; now < until; now += 2_000) seen = watch(view)
    return seen
  }
}

test("a QR that does not come for a while means that WhatsApp cannot be reached", () => {
  const look = looker()
  expect(look(waiting, 10).unreachable).toBe(false)
  const seen = look(waiting, 14)
  expect(describeWhatsApp(seen)).toBe(`No phone is paired yet. ${unreachable}`)
})

test("the moments between two QRs, and those in which nobody looked, are none", () => {
  const look = looker()
  for (let round = 0; round < 5; round += 1) {
    expect(look(aWhatsAppView({ state: "pairing", qr }), 20).unreachable).toBe(false)
    expect(look(waiting, 6).unreachable).toBe(false)
  }
  let now = 0
  const watch = watchForQr(() => new Date(now))
  watch(waiting)
  now = 3_600_000
  expect(watch(waiting).unreachable).toBe(false)
})

test.each([{ state: "open", phone: "6281234567890" }, { state: "off" }, { state: "replaced" }] as const)(
  "%p waits for no QR",
  (changes) => {
    expect(looker()(aWhatsAppView(changes), 60).unreachable).toBe(false)
  },
)

test("the terminal says each thing once, however often it is shown, and that WhatsApp cannot be reached", async () => {
  const complained: string[] = []
  const line = { print: () => undefined, complain: (text: string) => void complained.push(text) }
  const screen = createPairingScreen(line, { phone: undefined, staleCode: undefined })
  const views = [
    aWhatsAppView({ state: "logged_out" }),
    aWhatsAppView({ state: "logged_out", unreachable: true }),
    waiting,
  ]
  for (let round = 0; round < 5; round += 1) for (const view of views) await screen.show(view)
  expect(complained).toHaveLength(3)
  expect(complained).toContain(unreachable)
})
