import { expect, test } from "bun:test"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop, demoToken, fromLoopback } from "../support/web.ts"

const asPage = { headers: { Accept: "text/html" } }

test("an unknown address is a friendly page for people and JSON for programs", async () => {
  const app = createWebApp(aShop().dependencies)
  const page = await app.request("/nothing", asPage)
  expect(page.status).toBe(404)
  expect(await page.text()).toContain("Halaman tidak ada")
  const answer = await app.request("/nothing")
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ error: "not_found" })
})

test("a method that an address doesn't have is told which it has", async () => {
  const app = createWebApp(aShop().dependencies)
  const wrong: [method: string, address: string, allow: string][] = [
    ["GET", "/webhooks/gateway", "POST"],
    ["PUT", "/webhooks/midtrans", "POST"],
    ["POST", "/livez", "GET, HEAD"],
    ["DELETE", "/metrics", "GET, HEAD"],
    ["POST", `/pay/${demoToken}`, "GET, HEAD"],
    ["GET", `/pay/${demoToken}/demo`, "POST"],
    ["PUT", "/try", "GET, HEAD"],
    ["GET", "/try/messages", "POST"],
  ]
  for (const [method, address, allow] of wrong) {
    const response = await app.request(address, { method }, fromLoopback())
    expect([address, response.status, response.headers.get("Allow")]).toEqual([address, 405, allow])
  }
})

test("every answer forbids what its visitor doesn't need", async () => {
  const app = createWebApp(aShop().dependencies)
  const addresses = ["/livez", "/nothing", `/pay/${demoToken}`, `/pay/${demoToken}/qr.png`, "/try", "/"]
  for (const address of addresses) {
    const { headers } = await app.request(address, asPage, fromLoopback())
    const policy = headers.get("Content-Security-Policy") ?? ""
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain("unsafe")
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff")
    expect(headers.get("Referrer-Policy")).toBe("no-referrer")
    expect(headers.get("Cache-Control")).toBe("no-store")
  }
})

test("pages have no inline script or style, and everything they load is there", async () => {
  const app = createWebApp(aShop().dependencies)
  for (const address of [`/pay/${demoToken}`, "/try"]) {
    const html = await (await app.request(address, asPage, fromLoopback())).text()
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i)
    const loaded = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, asset]) => asset ?? "")
    expect(loaded.length).toBeGreaterThanOrEqual(4)
    for (const asset of loaded) {
      const response = await app.request(asset)
      expect([asset, response.status]).toEqual([asset, 200])
      expect(response.headers.get("Cache-Control")).toContain("immutable")
    }
  }
})

test("a file under an old address is served, but not kept", async () => {
  const app = createWebApp(aShop().dependencies)
  const response = await app.request("/assets/0123456789ab/pay.js")
  expect(response.status).toBe(200)
  expect(response.headers.get("Cache-Control")).toBe("no-cache")
  for (const name of ["toString", "..%2fweb-app.tsx", "missing.js"])
    expect((await app.request(`/assets/0123456789ab/${name}`)).status).toBe(404)
})

test("the front door leads to the chat where it is open, else says that the shop is", async () => {
  const app = createWebApp(aShop().dependencies)
  const here = await app.request("/", asPage, fromLoopback())
  expect([here.status, here.headers.get("Location")]).toEqual([302, "/try"])
  const away = await app.request("/", asPage)
  expect(away.status).toBe(200)
  expect(await away.text()).toContain("Lapak ini buka")
})

test("an error of our own is a friendly page with a reference", async () => {
  const { dependencies, log } = aShop()
  const find = () => Promise.reject(new Error("the inside of the shop"))
  const app = createWebApp({ ...dependencies, payments: { ...dependencies.payments, find } })
  const response = await app.request(`/pay/${demoToken}`, asPage)
  expect(response.status).toBe(500)
  const html = await response.text()
  expect(html).toContain("REF-1")
  expect(html).not.toContain("inside")
  expect(log.lines).toMatchObject([{ level: "error", fields: { reference: "REF-1" } }])
})
