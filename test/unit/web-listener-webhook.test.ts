import { expect, test } from "bun:test"
import type { ListenerOutcome, ListenerRequest } from "../../src/web/dependencies.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { forwarders, signedByListener } from "../support/listener.ts"
import { aPayment, aShop, fromLoopback, now } from "../support/web.ts"

const address = "/webhooks/qris-listener"
const body = forwarders.flat({ text: "Rp 15.037" })

test("each outcome of a forwarded notification has the answer that its app understands", async () => {
  const answers: [outcome: ListenerOutcome, code: number, told: Record<string, unknown>][] = [
    [{ kind: "stored" }, 202, { accepted: true, duplicate: false }],
    [{ kind: "duplicate" }, 200, { accepted: true, duplicate: true }],
    [{ kind: "forged" }, 401, { error: "bad_signature" }],
    [{ kind: "stale" }, 401, { error: "stale_timestamp" }],
    [{ kind: "malformed", field: "pkg", reason: "is missing" }, 422, { field: "pkg" }],
    [{ kind: "nonce_used" }, 422, { field: "X-Lapak-Nonce" }],
    [{ kind: "unavailable" }, 503, { error: "unavailable" }],
  ]
  for (const [outcome, code, told] of answers) {
    const app = createWebApp(aShop({ recordForwarded: async () => outcome }).dependencies)
    const response = await app.request(address, signedByListener(body, { at: now }))
    expect(response.status).toBe(code)
    expect(await response.json()).toMatchObject(told)
  }
})

test("the request reaches the shop exactly as it came, if it is not too large", async () => {
  const requests: ListenerRequest[] = []
  const recordForwarded = async (request: ListenerRequest) => {
    requests.push(request)
    return { kind: "stored" } as const
  }
  const app = createWebApp(aShop({ recordForwarded }).dependencies)
  const signed = signedByListener(body, { at: now, nonce: "a-nonce" })
  expect((await app.request(address, signed)).status).toBe(202)
  expect(requests).toEqual([
    {
      timestamp: signed.headers["X-Lapak-Timestamp"],
      nonce: "a-nonce",
      signature: signed.headers["X-Lapak-Signature"],
      body: new TextEncoder().encode(body),
    },
  ])
  expect((await app.request(address, signedByListener("x".repeat(65_537), { at: now }))).status).toBe(413)
  expect((await app.request(address)).status).toBe(405)
  expect(requests).toHaveLength(1)
})

test("without a listener the address says what is missing", async () => {
  const app = createWebApp(aShop({ recordForwarded: undefined }).dependencies)
  expect((await app.request(address, signedByListener(body, { at: now }))).status).toBe(404)
})

test("the payment page says the exact amount, and what of it makes it unique", async () => {
  const { dependencies, payments } = aShop()
  const token = "static-token-0123456789"
  const { amount } = aPayment()
  payments.set(token, aPayment({ isDemo: false, uniqueExtra: amount }))
  const page = await (await createWebApp(dependencies).request(`/pay/${token}`, {}, fromLoopback())).text()
  expect(page).toContain("Bayar tepat Rp 15.000")
  expect(page).toContain("kode unik Rp 15.000")
  payments.set(token, aPayment({ isDemo: false }))
  const plain = await (await createWebApp(dependencies).request(`/pay/${token}`, {}, fromLoopback())).text()
  expect(plain).not.toContain("Bayar tepat")
})
