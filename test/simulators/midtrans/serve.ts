import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type Answer, answer, type Call, failure, findOperation, type World } from "./api.ts"
import type { Fault, Faults } from "./faults.ts"
import { pause } from "./pause.ts"

export type SeenRequest = Readonly<{
  method: string
  path: string
  idempotencyKey: string | undefined
  body: unknown
}>

export type Served = Readonly<{ url: string; stop: () => Promise<void> }>

const maxBodyBytes = 1024 * 1024

/** Node's server rather than Bun's own: resetting a connection needs its socket. */
export async function serve(
  world: World,
  faults: Faults,
  options: { seen: (request: SeenRequest) => void; port: number },
): Promise<Served> {
  const stopping = new AbortController()
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parse(await readBody(request))
    const path = new URL(request.url ?? "/", "http://simulator").pathname
    const method = request.method ?? ""
    const idempotencyKey = request.headers["idempotency-key"]?.toString()
    options.seen({ method, path, idempotencyKey, body })
    const found = findOperation(method, path)
    if (!found) return send(response, failure(404, "The requested resource is not found", world))
    if (request.headers.authorization !== `Basic ${btoa(`${world.serverKey}:`)}`)
      return send(response, unauthorized(found.operation === "snap", world))
    const call = { ...found, id: decodeURIComponent(found.id), body, idempotencyKey }
    await perform(call, faults.take(found.operation), response)
  }

  async function perform(call: Call, fault: Fault | undefined, response: ServerResponse): Promise<void> {
    if (fault?.kind === "hang") return
    if (fault?.kind === "reset") return void response.socket?.destroy()
    if (fault?.kind === "drip") return drip(response, stopping.signal)
    if (fault?.kind === "body") return sendText(response, 200, fault.text)
    if (fault?.kind === "http")
      return sendText(response, fault.status, "<html>unavailable</html>", "text/html")
    if (fault?.kind === "accepted") return sendText(response, 202, "{}")
    if (fault?.kind === "refuse") return send(response, failure(fault.code, "Refused by plan", world))
    if (fault?.kind === "redirect") return void response.writeHead(302, { location: fault.location }).end()
    const made = answer(call, world, { stale: fault?.kind === "stale" })
    if (fault?.kind === "lost_answer") return
    if (fault?.kind === "slow") await pause(fault.delayMs, stopping.signal)
    const fields = fault?.kind === "edited" ? fault.fields : {}
    send(response, { status: made.status, body: { ...made.body, ...fields } })
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port, "127.0.0.1", () => resolve())
  })
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : options.port
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      stopping.abort()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

function unauthorized(snap: boolean, world: World): Answer {
  if (!snap)
    return failure(401, "Transaction cannot be authorized with the current client/server key.", world)
  return { status: 401, body: { error_messages: ["Access denied, please check client or server key"] } }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  sendText(response, status, JSON.stringify(body))
}

function sendText(response: ServerResponse, status: number, text: string, type = "application/json"): void {
  response.writeHead(status, { "content-type": type }).end(text)
}

function drip(response: ServerResponse, signal: AbortSignal): void {
  response.writeHead(200, { "content-type": "application/json" })
  const timer = setInterval(() => response.write(" "), 10)
  const end = () => clearInterval(timer)
  response.once("close", end)
  signal.addEventListener("abort", end, { once: true })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Error("the body is too large")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
