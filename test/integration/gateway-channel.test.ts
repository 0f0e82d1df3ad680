import { afterEach, expect, test } from "bun:test"
import { createGatewayChannel } from "../../src/channels/gateway/gateway-channel.ts"
import { isGatewaySignature } from "../../src/channels/gateway/signature.ts"
import { createRecordingLog, gatewaySecret, now } from "../support/web.ts"

type Received = { timestamp: string; signature: string; body: Uint8Array; peerPort: number | undefined }

const open: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop()
})

/** A gateway on a real socket, answering as `answer` says. */
function startGateway(answer: (request: Request) => Response | Promise<Response>) {
  const received: Received[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request, self) {
      received.push({
        timestamp: request.headers.get("X-Lapak-Timestamp") ?? "",
        signature: request.headers.get("X-Lapak-Signature") ?? "",
        body: new Uint8Array(await request.arrayBuffer()),
        peerPort: self.requestIP(request)?.port,
      })
      return answer(request)
    },
  })
  open.push({ stop: () => server.stop(true) })
  return { received, url: `http://127.0.0.1:${server.port}/send` }
}

function startChannel(url: string, timeoutMs = 5_000) {
  const channel = createGatewayChannel({
    url,
    secret: gatewaySecret,
    clock: () => now,
    timeoutMs,
    log: createRecordingLog(),
  })
  open.push(channel)
  return channel
}

const message = { id: "out-1", to: "6281234567890", text: "Halo 🧋", inReplyTo: "wamid-1" }

test("a message is posted signed, in the agreed shape, and a 2xx is delivered", async () => {
  const gateway = startGateway(() => Response.json({ any: "thing" }, { status: 201 }))
  const channel = startChannel(gateway.url)
  const image = { mimeType: "image/png", base64: "iVBORw0=" }
  expect(await channel.send({ ...message, image })).toEqual({ kind: "delivered" })
  expect(await channel.send({ id: "out-2", to: message.to, text: "" })).toEqual({ kind: "delivered" })
  const bodies = gateway.received.map(({ body }) => JSON.parse(new TextDecoder().decode(body)))
  expect(bodies).toEqual([
    { ...message, image },
    { id: "out-2", to: message.to, text: "" },
  ])
  for (const { timestamp, signature, body } of gateway.received) {
    expect(timestamp).toBe(String(now.getTime() / 1000))
    expect(isGatewaySignature(gatewaySecret, timestamp, body, signature)).toBe(true)
  }
})

test("messages one after the other share a connection", async () => {
  const gateway = startGateway(() => new Response("x".repeat(1_000)))
  const channel = startChannel(gateway.url)
  for (let count = 0; count < 5; count += 1) await channel.send({ ...message, id: `out-${count}` })
  expect(new Set(gateway.received.map(({ peerPort }) => peerPort)).size).toBe(1)
})

test("anything but a 2xx may be tried again, redirects included", async () => {
  for (const status of [301, 307, 400, 401, 404, 409, 429, 500, 503]) {
    const headers = { Location: "http://127.0.0.1:9/elsewhere" }
    const gateway = startGateway(() => new Response("no", { status, headers }))
    expect(await startChannel(gateway.url).send(message)).toEqual({
      kind: "failed",
      reason: `status_${status}`,
    })
    expect(gateway.received).toHaveLength(1)
  }
})

test("a gateway that is silent, drips or is gone costs the time-out at most", async () => {
  const release = Promise.withResolvers<void>()
  const silent = startGateway(async () => {
    await release.promise
    return new Response()
  })
  expect(await startChannel(silent.url, 50).send(message)).toEqual({ kind: "failed", reason: "timeout" })
  const dripping = startGateway(
    () => new Response(new ReadableStream({ start: (output) => output.enqueue("x") })),
  )
  expect(await startChannel(dripping.url, 50).send(message)).toEqual({ kind: "failed", reason: "timeout" })
  release.resolve()
  const gone = startGateway(() => new Response())
  await open.pop()?.stop()
  expect(await startChannel(gone.url).send(message)).toEqual({ kind: "failed", reason: "unreachable" })
})

test("an endless answer is not read to its end", async () => {
  const gateway = startGateway(
    () => new Response(new ReadableStream({ pull: (output) => output.enqueue(new Uint8Array(65_536)) })),
  )
  expect(await startChannel(gateway.url).send(message)).toEqual({ kind: "delivered" })
})

test("stopping ends what is under way and takes nothing more", async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const gateway = startGateway(async () => {
    arrived.resolve()
    await release.promise
    return new Response()
  })
  const channel = startChannel(gateway.url)
  const underway = channel.send(message)
  await arrived.promise
  await channel.stop()
  await channel.stop()
  expect(await underway).toEqual({ kind: "failed", reason: "stopped" })
  expect(await channel.send(message)).toEqual({ kind: "failed", reason: "stopped" })
  release.resolve()
})
