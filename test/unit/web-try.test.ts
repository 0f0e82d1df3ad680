import { expect, test } from "bun:test"
import { createTryChannel } from "../../src/channels/try/try-channel.ts"
import { isTryNumber, toTryNumber } from "../../src/channels/try/try-number.ts"
import type { TryReply } from "../../src/web/dependencies.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop, fromLoopback, now, readEvents } from "../support/web.ts"

const number = "62800123456789"
const cookie = { Cookie: `lapak_try=${number}` }
const say = (body: unknown, headers: Record<string, string> = cookie) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
})
const aReply = (id: string): TryReply => ({ message: { id, to: number, text: `reply ${id}` }, at: now })

test("a made-up number is never a real customer's", () => {
  for (const entropy of [0, 7, 123_456_789, 9_999_999_999, 2 ** 48])
    expect(isTryNumber(toTryNumber(entropy))).toBe(true)
  for (const text of [
    "6281234567890",
    "628001234567",
    "628001234567890",
    " 62800123456789",
    "62800１２３４５６７８９",
    "",
  ])
    expect(isTryNumber(text)).toBe(false)
})

test("the chat is there for this very machine only, and only while it is open", async () => {
  const { dependencies } = aShop()
  const open = createWebApp(dependencies)
  const closed = createWebApp({ ...dependencies, tryIt: { ...dependencies.tryIt, enabled: false } })
  for (const address of ["/try", "/try/stream"]) {
    expect((await open.request(address, { headers: cookie }, {})).status).toBe(404)
    expect((await closed.request(address, { headers: cookie }, fromLoopback())).status).toBe(404)
  }
  expect((await open.request("/try/messages", say({ id: "1", text: "halo" }), {})).status).toBe(404)
  expect((await open.request("/try", {}, fromLoopback())).status).toBe(200)
})

test("a newcomer gets a made-up number that scripts can't read, and keeps it", async () => {
  const app = createWebApp(aShop().dependencies)
  const first = (await app.request("/try", {}, fromLoopback())).headers.get("Set-Cookie")
  expect(first).toContain(`lapak_try=${number}; `)
  for (const part of ["HttpOnly", "SameSite=Strict", "Path=/try"]) expect(first).toContain(part)
  const headers = { Cookie: "lapak_try=62800999999999" }
  const again = await app.request("/try", { headers }, fromLoopback())
  expect(again.headers.get("Set-Cookie")).toContain("lapak_try=62800999999999")
  const restarted = await app.request("/try/restart", { method: "POST", headers }, fromLoopback())
  expect(restarted.status).toBe(303)
  expect(restarted.headers.get("Set-Cookie")).toContain("Max-Age=0")
})

test("what is written is taken once, as the made-up customer", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const send = () => app.request("/try/messages", say({ id: "m-1", text: ".buy A\0" }), fromLoopback())
  expect((await send()).status).toBe(202)
  expect((await send()).status).toBe(200)
  expect(received).toEqual([{ channel: "try", message: { id: "m-1", from: number, text: ".buy A\ufffd" } }])
})

test("nobody can write as a real customer, from another site, or in a wrong shape", async () => {
  const { dependencies, received } = aShop()
  const app = createWebApp(dependencies)
  const send = async (body: unknown, headers?: Record<string, string>) =>
    (await app.request("/try/messages", say(body, headers), fromLoopback())).status
  const fine = { id: "m-1", text: "halo" }
  expect(await send(fine, {})).toBe(401)
  expect(await send(fine, { Cookie: "lapak_try=6281234567890" })).toBe(401)
  expect(await send(fine, { ...cookie, "Sec-Fetch-Site": "cross-site" })).toBe(403)
  for (const wrong of [
    null,
    [],
    {},
    { id: "m-1" },
    { id: "", text: "a" },
    { id: "a b", text: "a" },
    { id: "m", text: 5 },
  ])
    expect(await send(wrong)).toBe(422)
  expect(await send({ id: "m-1", text: "x".repeat(4_001) })).toBe(422)
  expect(await send({ id: "m-1", text: "x".repeat(30_000) })).toBe(413)
  expect(received).toEqual([])
})

test("a busy shop says so", async () => {
  const { dependencies } = aShop({ accept: async () => ({ kind: "busy" }) })
  const response = await createWebApp(dependencies).request(
    "/try/messages",
    say({ id: "1", text: "a" }),
    fromLoopback(),
  )
  expect(response.status).toBe(503)
})

test("the stream tells the past, then the present, and each reply once", async () => {
  const { dependencies, channel } = aShop()
  const history = async (of: string) => {
    expect(of).toBe(number)
    await channel.send(aReply("r-2").message)
    await channel.send(aReply("r-3").message)
    return [aReply("r-1"), aReply("r-2")]
  }
  const app = createWebApp({ ...dependencies, tryIt: { ...dependencies.tryIt, history } })
  const response = await app.request("/try/stream", { headers: cookie }, fromLoopback())
  const events = await readEvents(response, ({ name }) => name === "ready")
  expect(events.map(({ name, id }) => [name, id])).toEqual([
    ["reply", "r-1"],
    ["reply", "r-2"],
    ["reply", "r-3"],
    ["ready", undefined],
  ])
  expect(events[0]?.data).toEqual({ id: "r-1", text: "reply r-1", at: now.getTime() })
})

test("a stream that comes back reads on from where it was", async () => {
  const { dependencies } = aShop()
  const asked: (string | undefined)[] = []
  const history = async (_: string, after: string | undefined) => {
    asked.push(after)
    return []
  }
  const app = createWebApp({ ...dependencies, tryIt: { ...dependencies.tryIt, history } })
  const open = (address: string, headers = {}) =>
    app.request(address, { headers: { ...cookie, ...headers } }, fromLoopback())
  for (const response of [
    await open("/try/stream"),
    await open("/try/stream?after=r-1"),
    await open("/try/stream?after=r-1", { "Last-Event-ID": "r-2" }),
    await open("/try/stream?after=%0a'--"),
  ])
    await readEvents(response, ({ name }) => name === "ready")
  expect(asked).toEqual([undefined, "r-1", "r-2", undefined])
})

test("a live reply reaches its own customer, and the stream ends when the server closes", async () => {
  const { dependencies, channel } = aShop()
  const closing = new AbortController()
  const response = await createWebApp(dependencies).request(
    "/try/stream",
    { headers: cookie },
    fromLoopback({ closing: closing.signal }),
  )
  const events = readEvents(response)
  await channel.send({ id: "r-8", to: "62800000000000", text: "not for us" })
  await channel.send(aReply("r-9").message)
  closing.abort()
  expect((await events).filter(({ name }) => name === "reply").map(({ id }) => id)).toEqual(["r-9"])
})

test("a history that can't be read ends the stream, and the log knows why", async () => {
  const { dependencies, log } = aShop()
  const history = () => Promise.reject(new Error("no database"))
  const app = createWebApp({ ...dependencies, tryIt: { ...dependencies.tryIt, history } })
  const response = await app.request("/try/stream", { headers: cookie }, fromLoopback())
  expect(await readEvents(response)).toEqual([])
  expect(log.lines).toMatchObject([{ level: "error", fields: { channel: "try" } }])
})

test("the try channel delivers at once, with and without listeners, and forgets them when asked", async () => {
  const channel = createTryChannel()
  const heard: string[] = []
  const { message } = aReply("r-1")
  expect(await channel.send(message)).toEqual({ kind: "delivered" })
  const stop = channel.listen(number, ({ id }) => heard.push(id))
  await channel.send({ ...message, id: "r-2" })
  stop()
  stop()
  expect(await channel.send({ ...message, id: "r-3" })).toEqual({ kind: "delivered" })
  expect(heard).toEqual(["r-2"])
})
