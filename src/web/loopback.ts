import type { Context } from "hono"
import type { WebEnvironment } from "./dependencies.ts"

const forwardingHeaders = new Set([
  "forwarded",
  "via",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "true-client-ip",
  "client-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "cdn-loop",
  "x-original-host",
  "x-original-url",
  "x-rewrite-url",
])
const forwardingPrefixes = ["x-forwarded", "cf-", "x-envoy-", "x-amzn-", "x-arr-"]

/**
 * Whether a request comes from someone at this very machine: the TCP peer is loopback, `HOST` is loopback,
 * and nothing in between says that it forwarded the request. The `Host` header has to name this machine as
 * well, or a stranger's page could point its own name at 127.0.0.1 and read along (DNS rebinding).
 */
export function isFromLoopback(request: {
  peerAddress: string | undefined
  /** What the server listens on. */
  host: string
  headers: Headers
}): boolean {
  const { peerAddress, host, headers } = request
  if (peerAddress === undefined || !isLoopbackAddress(peerAddress) || !isLoopbackHost(host)) return false
  const named = headers.get("host")
  if (named !== null && !isLoopbackHost(named.replace(/:[0-9]+$/, ""))) return false
  for (const name of headers.keys()) if (isForwardingHeader(name.toLowerCase())) return false
  return true
}

/** The same for the request of a context; where nothing is known of the connection, it is not loopback. */
export function isVisitorAtLoopback(context: Context<WebEnvironment>, host: string): boolean {
  const peerAddress = context.env?.peerAddress?.()
  return isFromLoopback({ peerAddress, host, headers: context.req.raw.headers })
}

/**
 * False for a shop with an address in the world: its visitors come through a proxy, and seem to come from
 * this very machine where the proxy does not say otherwise.
 */
export function isAtHome(publicUrl: string): boolean {
  return isLoopbackHost(new URL(publicUrl).hostname)
}

function isForwardingHeader(name: string): boolean {
  return forwardingHeaders.has(name) || forwardingPrefixes.some((prefix) => name.startsWith(prefix))
}

/** Whether what the server listens on, or was called by, is this very machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1").toLowerCase()
  return bare === "localhost" || isLoopbackAddress(bare)
}

function isLoopbackAddress(address: string): boolean {
  if (address === "::1") return true
  return /^(?:::ffff:)?127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$/i.test(address)
}
