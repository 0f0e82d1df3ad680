import { afterEach, expect, test } from "bun:test"
import { connect } from "node:net"
import type { RequestFacts } from "../../src/web/dependencies.ts"
import { startWebServer, type WebServer, WebServerStartError } from "../../src/web/server.ts"
import { createWebApp } from "../../src/web/web-app.tsx"
import { aShop, createRecordingLog, demoToken, readEvents, signedByGateway } from "../support/web.ts"

const running: WebServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

async function start(
  app: Parameters<typeof startWebServer>[0]["app"],
  changes: { drainTimeoutMs?: number } = {},
) {
  const log = createRecordingLog()
  const server = await startWebServer({ app, host: "127.0.0.1", port: 0, log, ...changes })
  running.push(server)
  return { server, log, url: `http://127.0.0.1:${server.port}` }
}

/** Sends raw bytes and resolves with everything that came back until the other side closed, kindly or not. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    socket.on("data", (chunk) => {
      answer += chunk.toString()
    })
    socket.on("close", () => resolve(answer))
    socket.on("error", () => resolve(answer))
  })
}

test("the app is served on a real socket, and knows who asks", async () => {
  const { dependencies, received } = aShop()
  const { url } = await start(createWebApp(dependencies))
  const body = JSON.stringify({ id: "1", from: "6281234567890", text: "halo" })
  expect((await fetch(`${url}/webhooks/gateway`, signedByGateway(body))).status).toBe(202)
  expect(received).toHaveLength(1)
  expect((await fetch(`${url}/try`)).status).toBe(200)
  expect((await fetch(`${url}/try`, { headers: { "X-Forwarded-For": "1.2.3.4" } })).status).toBe(404)
})

test("a body that is too large is refused before it arrives, in JSON", async () => {
  const { server, url } = await start(createWebApp(aShop().dependencies))
  const headers = "POST /webhooks/gateway HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"
  const refused = await exchange(server.port, headers)
  expect(refused).toStartWith("HTTP/1.1 413")
  expect(refused).toContain('"error":"too_large"')
  const endless = new ReadableStream({ pull: (output) => output.enqueue(new Uint8Array(16_384)) })
  const status = fetch(`${url}/webhooks/gateway`, { method: "POST", body: endless }).then(
    (response) => response.status,
    () => "closed",
  )
  expect([413, "closed"]).toContain(await status)
  expect((await fetch(`${url}/livez`)).status).toBe(200)
})

test("stopping waits for the requests under way and takes no new ones", async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const app = {
    fetch: async () => {
      arrived.resolve()
      await release.promise
      return new Response("to the end")
    },
  }
  const { server, url } = await start(app)
  const underway = fetch(url).then((response) => response.text())
  await arrived.promise
  const stopped = server.stop()
  await expect(fetch(url, { keepalive: false })).rejects.toThrow()
  release.resolve()
  expect(await underway).toBe("to the end")
  await stopped
  await server.stop()
})

test("a connection that only sits there does not hold the stop up", async () => {
  const { server } = await start(createWebApp(aShop().dependencies))
  const half = exchange(server.port, "GET /livez HTTP/1.1\r\nHos")
  const kept = exchange(server.port, "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
  await fetch(`http://127.0.0.1:${server.port}/livez`)
  await server.stop()
  expect(await half).not.toContain("200 OK")
  expect(await kept).not.toContain("500")
})

test("a request that never ends is cut off, and the log says so", async () => {
  const arrived = Promise.withResolvers<void>()
  const app = {
    fetch: () => {
      arrived.resolve()
      return new Promise<Response>(() => undefined)
    },
  }
  const { server, log, url } = await start(app, { drainTimeoutMs: 50 })
  const underway = fetch(url).then(
    () => "answered",
    () => "cut off",
  )
  await arrived.promise
  await server.stop()
  expect(await underway).toBe("cut off")
  expect(log.lines.map(({ level }) => level)).toContain("warn")
})

test("open event streams end when the server stops, and a browser's leaving frees its place", async () => {
  const { dependencies, watchers } = aShop()
  const { server, url } = await start(createWebApp(dependencies))
  const leaving = new AbortController()
  await fetch(`${url}/pay/${demoToken}/events`, { signal: leaving.signal })
  expect(watchers.size).toBe(1)
  leaving.abort()
  while (watchers.size > 0) await Bun.sleep(5)
  const staying = await fetch(`${url}/pay/${demoToken}/events`)
  const events = readEvents(staying)
  await server.stop()
  expect((await events).length).toBeLessThanOrEqual(1)
  expect(watchers.size).toBe(0)
})

test("the app learns that the server is closing", async () => {
  let facts: RequestFacts | undefined
  const app = {
    fetch: (_: Request, given: RequestFacts) => {
      facts = given
      return new Response()
    },
  }
  const { server, url } = await start(app)
  await fetch(url)
  expect(facts?.closing.aborted).toBe(false)
  await server.stop()
  expect(facts?.closing.aborted).toBe(true)
})

test("a port in use is told with the variable to change", async () => {
  const { server } = await start(createWebApp(aShop().dependencies))
  const again = startWebServer({
    app: createWebApp(aShop().dependencies),
    host: "127.0.0.1",
    port: server.port,
    log: createRecordingLog(),
  })
  const error = await again.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(WebServerStartError)
  expect(error).toMatchObject({ variable: "PORT", message: expect.stringContaining(`Port ${server.port}`) })
})

test("an address of another machine is told as HOST", async () => {
  const refused = startWebServer({
    app: createWebApp(aShop().dependencies),
    host: "192.0.2.1",
    port: 0,
    log: createRecordingLog(),
  })
  const error = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ name: "WebServerStartError", variable: "HOST" })
})
