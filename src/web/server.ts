import type { Log } from "../operations/log.ts"
import type { RequestFacts } from "./dependencies.ts"

/** Anything that answers requests; a Hono app does. */
export type WebApp = Readonly<{
  fetch: (request: Request, facts: RequestFacts) => Response | Promise<Response>
}>

export type WebServer = Readonly<{
  /** The port that was opened; of interest when 0 was asked for. */
  port: number
  /**
   * Takes no new connection, ends what is kept open, waits for the requests under way, closes. Idempotent.
   */
  stop(): Promise<void>
}>

/** The address can't be listened on. The message is a sentence for the operator. */
export class WebServerStartError extends Error {
  override readonly name = "WebServerStartError"
  readonly variable: "PORT" | "HOST"

  constructor(variable: "PORT" | "HOST", message: string, cause: unknown) {
    super(message, { cause })
    this.variable = variable
  }
}

const idle_timeout_seconds = 30
/** Beyond it not even the app's own refusal is sent, only a bare 413. */
const discarded_bytes_max = 16 * 1024 * 1024
const drain_timeout_ms = 10_000
const drain_look_ms = 5

/** Opens the web server. Throws a `WebServerStartError` where the address is taken, forbidden or unknown. */
export async function startWebServer(options: {
  app: WebApp
  host: string
  port: number
  log: Log
  drainTimeoutMs?: number
}): Promise<WebServer> {
  const { app, host, port, log, drainTimeoutMs = drain_timeout_ms } = options
  const closing = new AbortController()
  const server = listen(host, port, (request, peerAddress) =>
    app.fetch(request, { peerAddress, closing: closing.signal }),
  )
  const boundPort = server.port ?? port
  log.debug("the web server listens", { port: boundPort })

  async function close(): Promise<void> {
    closing.abort()
    const stopped = server.stop()
    // Its own promise also waits for connections that only sit there; ours is about requests.
    const deadline = performance.now() + drainTimeoutMs
    while (server.pendingRequests > 0 && performance.now() < deadline) await Bun.sleep(drain_look_ms)
    if (server.pendingRequests > 0)
      log.warn("requests were cut off while the web server stopped", { count: server.pendingRequests })
    await server.stop(true)
    await stopped
    log.debug("the web server has stopped", { port: boundPort })
  }

  let closed: Promise<void> | undefined
  return {
    port: boundPort,
    stop() {
      closed ??= close()
      return closed
    },
  }
}

type Handle = (request: Request, peerAddress: () => string | undefined) => Response | Promise<Response>

function listen(host: string, port: number, handle: Handle): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: host,
      port,
      development: false,
      // Without it Bun shares a taken port in silence, and two shops would answer by turns.
      reusePort: false,
      idleTimeout: idle_timeout_seconds,
      maxRequestBodySize: discarded_bytes_max,
      fetch: (request, server) => handle(request, () => server.requestIP(request)?.address),
      error: () => new Response("Internal error", { status: 500 }),
    })
  } catch (error) {
    throw explain(error, host, port)
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  switch (code) {
    case "EADDRINUSE":
      return new WebServerStartError(
        "PORT",
        `Port ${port} on ${host} is already in use. Stop the program that uses it, or choose another with PORT, for example PORT=${port + 1}.`,
        error,
      )
    case "EACCES":
      return new WebServerStartError(
        "PORT",
        `Port ${port} may not be opened by this user. Choose a PORT of 1024 or more, for example PORT=3000.`,
        error,
      )
    case "EADDRNOTAVAIL":
    case "EINVAL":
    case "ENOTFOUND":
      return new WebServerStartError(
        "HOST",
        `HOST is ${host}, which is no address of this machine. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses.`,
        error,
      )
    default:
      return error
  }
}
