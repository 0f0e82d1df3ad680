import { expect, test } from "bun:test"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop, now, signedByGateway } from "../support/web.ts"

const address = "/webhooks/gateway"
const message = { id: "wamid-1", from: "6281234567890", text: ".buy KOPI 1" }
const asBody = (changes: Record<string, unknown> = {}) => JSON.stringify({ ...message, ...changes })

test("a signed message is taken once, and the same id again is told to be known", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const first = await app.request(address, signedByGateway(asBody({ name: "Sari 🌸" })))
  expect(first.status).toBe(202)
  expect(await first.json()).toEqual({ accepted: true, duplicate: false })
  const second = await app.request(address, signedByGateway(asBody({ text: "other words" })))
  expect(second.status).toBe(200)
  expect(await second.json()).toMatchObject({ duplicate: true })
  expect(received).toEqual([{ channel: "gateway", message: { ...message, name: "Sari 🌸" } }])
})

test("whoever can't sign learns nothing and changes nothing", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const signed = signedByGateway(asBody())
  const without = (name: string) => ({
    ...signed,
    headers: Object.fromEntries(Object.entries(signed.headers).filter(([header]) => header !== name)),
  })
  const withHeader = (name: string, value: string) => ({
    ...signed,
    headers: { ...signed.headers, [name]: value },
  })
  const forgeries = [
    signedByGateway(asBody(), { secret: "somebody else's secret" }),
    signedByGateway("not even JSON", { secret: "somebody else's secret" }),
    { ...signed, body: asBody({ text: ".buy KOPI 100" }) },
    without("X-Lapak-Signature"),
    without("X-Lapak-Timestamp"),
    withHeader("X-Lapak-Signature", "sha256=00"),
    withHeader("X-Lapak-Signature", "é".repeat(64)),
    withHeader("X-Lapak-Timestamp", String(now.getTime() / 1000 + 1)),
    withHeader("X-Lapak-Timestamp", "now"),
  ]
  for (const forgery of forgeries) {
    const response = await app.request(address, forgery)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: "bad_signature" })
  }
  expect(received).toEqual([])
})

test("a signature is good for five minutes before and after, not longer", async () => {
  const { dependencies } = aShop()
  const app = createWebApp(dependencies)
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  for (const seconds of [-300, 0, 300]) {
    const body = asBody({ id: `fresh ${seconds}` })
    expect((await app.request(address, signedByGateway(body, { at: at(seconds) }))).status).toBe(202)
  }
  for (const seconds of [-301, 301, 86_400]) {
    const response = await app.request(address, signedByGateway(asBody(), { at: at(seconds) }))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: "stale_timestamp" })
  }
})

test("a malformed message is refused by the field that is wrong", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const wrong: [body: string | Uint8Array<ArrayBuffer>, field: string][] = [
    ["", "body"],
    ["{", "body"],
    ["[]", "id"],
    ["null", "body"],
    ['"text"', "body"],
    [new Uint8Array([0x7b, 0xff, 0x7d]), "body"],
    [asBody({ id: undefined }), "id"],
    [asBody({ id: "" }), "id"],
    [asBody({ id: 7 }), "id"],
    [asBody({ id: "x".repeat(129) }), "id"],
    [asBody({ id: "a\nb" }), "id"],
    [asBody({ from: undefined }), "from"],
    [asBody({ from: "+6281234567890" }), "from"],
    [asBody({ from: "081234567890" }), "from"],
    [asBody({ from: "６２８１２３４５６７８９０" }), "from"],
    [asBody({ from: 6281234567890 }), "from"],
    [asBody({ text: undefined }), "text"],
    [asBody({ text: null }), "text"],
    [asBody({ text: ["a"] }), "text"],
    [asBody({ name: 5 }), "name"],
  ]
  for (const [body, field] of wrong) {
    const response = await app.request(address, signedByGateway(body))
    const answer = (await response.json()) as { field: string; message: string }
    expect([response.status, answer.field]).toEqual([422, field])
    expect(answer.message).toContain(answer.field)
  }
  expect(received).toEqual([])
})

test("what PostgreSQL can't hold is replaced; long and odd texts come through whole", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const texts = ["a\0b", "\ud800", "", "x".repeat(10_000), "１２", "'; drop table users; --", "\u202e🧋"]
  for (const [place, text] of texts.entries())
    expect((await app.request(address, signedByGateway(asBody({ id: `id-${place}`, text })))).status).toBe(
      202,
    )
  expect(received.map((one) => one.message.text)).toEqual(["a\ufffdb", "\ufffd", ...texts.slice(2)])
})

test("a long, an empty and an absent name are no reason to refuse", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  for (const [place, name] of ["😀".repeat(200), "  ", null, undefined].entries())
    expect((await app.request(address, signedByGateway(asBody({ id: `id-${place}`, name })))).status).toBe(
      202,
    )
  expect(received.map((one) => one.message.name)).toEqual(["😀".repeat(100), undefined, undefined, undefined])
})

test("more than 64 KiB is refused, by its stated length and by what arrives", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const large = signedByGateway(asBody({ text: "x".repeat(65_536) }))
  const stated = { ...large, headers: { ...large.headers, "Content-Length": String(large.body.length) } }
  for (const request of [large, stated]) {
    const response = await app.request(address, request)
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error: "too_large" })
  }
  const room = 65_536 - asBody({ text: "" }).length
  expect((await app.request(address, signedByGateway(asBody({ text: "x".repeat(room) })))).status).toBe(202)
  expect(received).toHaveLength(1)
})

test("a shop that can't store a message says so, and when to come again", async () => {
  for (const kind of ["busy", "unavailable"] as const) {
    const { dependencies } = aShop({ accept: async () => ({ kind }) })
    const response = await createWebApp(dependencies).request(address, signedByGateway(asBody()))
    expect(response.status).toBe(503)
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0)
    const answer = (await response.json()) as { error: string; message: string }
    expect(answer.error).toBe(kind)
    expect(answer.message).toContain("Nothing was charged")
  }
})

test("without a gateway the address says what is missing", async () => {
  const { dependencies } = aShop({ gatewaySecret: undefined })
  const response = await createWebApp(dependencies).request(address, signedByGateway(asBody()))
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ error: "not_configured" })
})

test("an error of our own is told by a reference, under which the log has the cause", async () => {
  const cause = new Error("the inside of the shop")
  const { dependencies, log } = aShop({ accept: () => Promise.reject(cause) })
  const response = await createWebApp(dependencies).request(address, signedByGateway(asBody()))
  expect(response.status).toBe(500)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ error: "internal", reference: "REF-1" })
  expect(text).not.toContain("inside")
  expect(log.lines).toMatchObject([{ level: "error", fields: { reference: "REF-1", error: cause } }])
})
