import { expect, test } from "bun:test"
import type { WhatsAppView } from "../../src/operations/whatsapp-view.ts"
import type { WebDependencies } from "../../src/web/dependencies.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop, aWhatsAppView, fromLoopback } from "../support/web.ts"

const qr = "2@ref,noise,identity,secret"
const page = { headers: { Accept: "text/html" } }
const program = { headers: { Accept: "application/json" } }

/** A web app whose WhatsApp is as given, and what it was asked for. */
function appWith(
  changes: Partial<WhatsAppView> | "unavailable",
  around: Pick<WebDependencies, "isAtHome"> = { isAtHome: true },
) {
  const asked: string[] = []
  const outcome = changes === "unavailable" ? ("unavailable" as const) : ("ok" as const)
  const app = createWebApp(
    aShop({
      ...around,
      whatsapp: {
        view: async () => (changes === "unavailable" ? changes : aWhatsAppView(changes)),
        wantCode: async (phone) => {
          asked.push(`code ${phone}`)
          return outcome
        },
        again: async () => {
          asked.push("again")
          return outcome
        },
      },
    }).dependencies,
  )
  const ask = (address: string, init: RequestInit = page) => app.request(address, init, fromLoopback())
  const read = async (address = "/whatsapp") => await (await ask(address)).text()
  const json = async () => await (await ask("/whatsapp", program)).json()
  return { app, asked, ask, read, json }
}

const form = (phone: string, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html", ...headers },
  body: new URLSearchParams({ phone }).toString(),
})

test("the page is for this very machine alone, whatever is asked of it", async () => {
  const { app, asked } = appWith({ state: "pairing", qr })
  const forwarded = { "X-Forwarded-For": "203.0.113.7" }
  for (const init of [page, program]) {
    expect((await app.request("/whatsapp", init, {})).status).toBe(404)
    const headers = { ...init.headers, ...forwarded }
    expect((await app.request("/whatsapp", { headers }, fromLoopback())).status).toBe(404)
  }
  expect((await app.request("/whatsapp/code", form("081234567890"), {})).status).toBe(404)
  expect((await app.request("/whatsapp/again", { method: "POST" }, {})).status).toBe(404)
  expect(asked).toEqual([])
})

test("a shop with an address in the world says to pair in its shell: a proxy may hide who asks", async () => {
  const { ask, asked } = appWith({ state: "pairing", qr, pairingCode: "ABCDEFGH" }, { isAtHome: false })
  const posts = { "/whatsapp/code": form("081234567890"), "/whatsapp/again": { method: "POST" } }
  const answers = [
    await ask("/whatsapp"),
    await ask("/whatsapp?lang=en", program),
    ...(await Promise.all(Object.entries(posts).map(([address, init]) => ask(address, init)))),
  ]
  for (const response of answers) {
    const text = await response.text()
    expect(response.status).toBe(404)
    expect(text).toContain("lapak pair")
    expect(text).not.toMatch(/data:image|ABCD|2@ref/)
  }
  expect(asked).toEqual([])
})

test("programs get the state, and what there is to pair with", async () => {
  const phone = "6281234567890"
  expect(await appWith({ state: "off" }).json()).toEqual({ state: "off" })
  expect(await appWith({ state: "open", phone }).json()).toEqual({ state: "open", phone })
  expect(await appWith({ state: "pairing", qr }).json()).toMatchObject({ state: "pairing", qr })
  const code = { qr, pairingCode: "ABCDEFGH", pairingPhone: phone }
  expect(await appWith({ state: "pairing", ...code }).json()).toMatchObject({ pairingCode: "ABCDEFGH" })
  for (const state of ["connecting", "logged_out", "replaced"] as const)
    expect(await appWith({ state }).json()).toMatchObject({ state, detail: expect.any(String) })
  const stopped = await appWith({ state: "stopped", phone }).json()
  expect(stopped).toMatchObject({ state: "off", detail: expect.stringContaining("refuses") })
})

test("an unpaired shop shows the QR as a picture, what to tap, and the way with one phone", async () => {
  const { ask } = appWith({ state: "pairing", qr })
  const response = await ask("/whatsapp")
  const text = await response.text()
  expect(response.headers.get("Cache-Control")).toBe("no-store")
  expect(text).toMatch(/<img src="data:image\/png;base64,[A-Za-z0-9+/=]{100,}"/)
  expect(text).toContain("Perangkat tertaut")
  expect(text).toContain('<meta http-equiv="refresh" content="20"')
  expect(text).toContain('action="/whatsapp/code?lang=id"')
  expect(text).not.toContain(qr)
})

test("before the first QR is there, the page says so and asks again soon", async () => {
  const text = await appWith({ state: "connecting" }).read("/whatsapp?lang=en")
  expect(text).toContain("Fetching the QR")
  expect(text).toContain('<meta http-equiv="refresh" content="4"')
  expect(text).toContain("Linked devices")
})

test("a code is shown as the phone shows it, until then the page says that it comes", async () => {
  const waiting = await appWith({ state: "pairing", qr, pairingPhone: "6281234567890" }).read()
  expect(waiting).toContain("Meminta kode untuk +6281234567890")
  const shown = { state: "pairing", qr, pairingPhone: "6281234567890", pairingCode: "ABCD1234" } as const
  expect(await appWith(shown).read()).toContain("ABCD-1234")
})

test.each([
  ["0812 3456-7890", "6281234567890"],
  ["+62 812 3456 7890", "6281234567890"],
  ["+6591234567", "6591234567"],
])("a number written as %p asks for a code for %p", async (typed, phone) => {
  const { ask, asked } = appWith({ state: "pairing", qr })
  const response = await ask("/whatsapp/code?lang=en", form(typed))
  expect(response.status).toBe(303)
  expect(response.headers.get("Location")).toBe("/whatsapp?lang=en#code-title")
  expect(asked).toEqual([`code ${phone}`])
})

test("what is no number is said at the field, with what was typed still in it", async () => {
  const { ask, asked } = appWith({ state: "pairing", qr })
  const response = await ask("/whatsapp/code", form('"><script>'))
  expect(response.status).toBe(422)
  const text = await response.text()
  expect(text).toContain("Nomor ini belum benar")
  expect(text).toContain("&quot;&gt;&lt;script&gt;")
  expect(await (await ask("/whatsapp/code", form("12", program.headers))).json()).toMatchObject({
    field: "phone",
  })
  expect((await ask("/whatsapp/code", form("1".repeat(2_000)))).status).toBe(413)
  expect(asked).toEqual([])
})

test("after a wrong number no code of an earlier one is shown, and loading anew leads to the page", async () => {
  const code = { pairingPhone: "6281234567890", pairingCode: "ABCD1234" }
  const { ask } = appWith({ state: "pairing", qr, ...code })
  const refused = await (await ask("/whatsapp/code?lang=en", form("12"))).text()
  expect(refused).not.toContain("ABCD")
  expect(refused).toContain("data:image/png")
  for (const address of ["/whatsapp/code?lang=en", "/whatsapp/again?lang=en"]) {
    const response = await ask(address)
    expect(response.status).toBe(303)
    expect(response.headers.get("Location")).toBe("/whatsapp?lang=en")
  }
})

test("a QR that does not come is explained, in the page's language", async () => {
  const waiting = appWith({ state: "pairing", unreachable: true })
  expect(await waiting.read()).toContain("Periksa internet server; dicoba lagi sendiri.")
  expect(await waiting.read("/whatsapp?lang=en")).toContain("Check the server&#39;s internet")
  expect(await waiting.json()).toMatchObject({ detail: expect.stringContaining("cannot be reached") })
  expect(await appWith({ state: "pairing", problemCode: 405 }).read()).toContain("berkas .env")
})

test("no other site can ask for a code or connect", async () => {
  const { ask, asked } = appWith({ state: "replaced" })
  const headers = { "Sec-Fetch-Site": "cross-site" }
  expect((await ask("/whatsapp/code", form("081234567890", headers))).status).toBe(403)
  expect((await ask("/whatsapp/again", { method: "POST", headers })).status).toBe(403)
  expect(asked).toEqual([])
  expect((await ask("/whatsapp/again", { method: "POST" })).status).toBe(303)
  expect(asked).toEqual(["again"])
})

test("every other state says what it means and what to do", async () => {
  const phone = "6281234567890"
  const open = await appWith({ state: "open", phone }).read()
  expect(open).toContain(`+${phone}`)
  expect(open).toContain(".menu")
  const loggedOut = await appWith({ state: "logged_out", qr }).read()
  expect(loggedOut).toContain("Lapak dikeluarkan dari Perangkat tertaut.")
  expect(loggedOut).toContain("tidak ada yang hilang")
  expect(loggedOut).toContain("data:image/png")
  expect(await appWith({ state: "replaced", phone }).read()).toContain('action="/whatsapp/again?lang=id"')
  expect(await appWith({ state: "stopped", phone }).read()).toContain('action="/whatsapp/again?lang=id"')
  expect(await appWith({ state: "off" }).read()).toContain("WHATSAPP=on")
  expect(await appWith({ state: "connecting", phone }).read("/whatsapp?lang=en")).toContain("messages wait")
  expect(await appWith({ state: "connecting", phone, problemCode: 405 }).read()).toContain("WHATSAPP_VERSION")
})

test("paused sending says until when and why, and that nothing is lost", async () => {
  const pausedUntil = new Date("2026-03-01T06:30:00Z")
  const shop = appWith({ state: "open", phone: "6281234567890", pausedUntil, pauseCode: 463 })
  const text = await shop.read("/whatsapp?lang=en")
  for (const part of ["Sending is paused", "13:30 WIB", "463", "did not write first", "Messages wait"])
    expect(text).toContain(part)
  expect(text).not.toMatch(/open for customers|wa\.me/)
  expect(await shop.read()).toContain("Pengiriman dijeda")
  const away = appWith({ state: "connecting", phone: "6281234567890", pausedUntil, pauseCode: 463 })
  expect(await away.read()).not.toMatch(/dijeda|463/)
  expect(await shop.json()).toMatchObject({ state: "open", detail: expect.stringContaining("13:30 WIB") })
})

test("while the database is away the page asks for patience", async () => {
  const { ask } = appWith("unavailable")
  for (const init of [page, program]) expect((await ask("/whatsapp", init)).status).toBe(503)
  expect((await ask("/whatsapp/code", form("081234567890"))).status).toBe(503)
  expect((await ask("/whatsapp/again", { method: "POST" })).status).toBe(503)
})
