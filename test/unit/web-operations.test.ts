import { expect, test } from "bun:test"
import type { Checks } from "../../src/web/dependencies.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop, fromLoopback, now } from "../support/web.ts"

const well: Checks = {
  postgres: { state: "ok" },
  redis: { state: "ok" },
  migrations: { state: "ok" },
  whatsapp: { state: "off" },
}

test("the process is alive whatever its parts are", async () => {
  const { dependencies } = aShop({ checks: () => Promise.reject(new Error("all is lost")) })
  const app = createWebApp(dependencies)
  expect((await app.request("/livez")).status).toBe(200)
  expect((await app.request("/readyz")).status).toBe(503)
})

test("the shop is ready, degraded without Redis or WhatsApp, unavailable without PostgreSQL", async () => {
  const cases: [changes: Partial<Checks>, code: number, status: string][] = [
    [{}, 200, "ready"],
    [{ redis: { state: "unavailable" } }, 200, "degraded"],
    [{ redis: { state: "degraded" } }, 200, "degraded"],
    [{ whatsapp: { state: "unavailable" } }, 200, "degraded"],
    [{ postgres: { state: "unavailable" } }, 503, "unavailable"],
    [{ migrations: { state: "unavailable" } }, 503, "unavailable"],
  ]
  for (const [changes, code, status] of cases) {
    const checks = { ...well, ...changes }
    const { dependencies } = aShop({ checks: async () => checks })
    const response = await createWebApp(dependencies).request("/readyz")
    expect(response.status).toBe(code)
    expect(await response.json()).toEqual({ status, checks })
  }
})

test("readiness tells states only; health tells the details", async () => {
  const checks: Checks = { ...well, redis: { state: "degraded", detail: "12 drifts repaired" } }
  const { dependencies } = aShop({ checks: async () => checks })
  const app = createWebApp(dependencies)
  expect(await (await app.request("/readyz")).text()).not.toContain("drifts")
  expect(await (await app.request("/health")).json()).toEqual({
    status: "degraded",
    version: "0.0.0",
    checks,
  })
})

test("a crowd of questions is one check a second", async () => {
  let asked = 0
  let time = now
  const checks = async () => {
    asked += 1
    return well
  }
  const { dependencies } = aShop({ checks, clock: () => time })
  const app = createWebApp(dependencies)
  await Promise.all(Array.from({ length: 50 }, () => app.request("/readyz")))
  expect(asked).toBe(1)
  time = new Date(now.getTime() + 1_000)
  await app.request("/readyz")
  expect(asked).toBe(2)
})

test("metrics are for whoever has the token, when there is one", async () => {
  const open = createWebApp(aShop().dependencies)
  expect(await (await open.request("/metrics")).text()).toBe("lapak_up 1\n")
  const token = "a token of the tests"
  const closed = createWebApp(aShop({ metricsToken: token }).dependencies)
  const ask = (authorization: string) =>
    closed.request("/metrics", { headers: { Authorization: authorization } })
  expect((await closed.request("/metrics")).status).toBe(401)
  for (const wrong of ["Bearer", "Bearer x", `Basic ${token}`, token, `Bearer ${token}x`])
    expect((await ask(wrong)).status).toBe(401)
  expect((await ask(`Bearer ${token}`)).status).toBe(200)
  expect((await ask(`bearer ${token}`)).headers.get("Content-Type")).toStartWith("text/plain")
})

test("with a token, health keeps its details from strangers", async () => {
  const token = "ATokenOfTheTests"
  const app = createWebApp(aShop({ metricsToken: token }).dependencies)
  const stranger = await app.request("/health")
  expect(stranger.status).toBe(200)
  expect(await stranger.json()).not.toHaveProperty("version")
  const monitor = await app.request("/health", { headers: { Authorization: `Bearer ${token}` } })
  expect(await monitor.json()).toHaveProperty("version")
  expect(await (await app.request("/health", {}, fromLoopback())).json()).toHaveProperty("version")
})
