import type { Log } from "../../operations/log.ts"
import type { Channel, OutboundMessage, SendOutcome } from "../channel.ts"
import { signatureHeader, signGatewayBody, timestampHeader } from "./signature.ts"

export type GatewayChannelOptions = Readonly<{
  url: string
  secret: string
  clock: () => Date
  /** For the whole exchange, connecting and the answer's body included. */
  timeoutMs: number
  log: Log
}>

const answer_bytes_max = 65_536

/** Posts each message, signed, to a WhatsApp gateway. Any 2xx is delivered; the rest may be tried again. */
export function createGatewayChannel({ url, secret, clock, timeoutMs, log }: GatewayChannelOptions): Channel {
  const underway = new Set<AbortController>()
  let stopped = false

  async function send(message: OutboundMessage): Promise<SendOutcome> {
    if (stopped) return { kind: "failed", reason: "stopped" }
    const controller = new AbortController()
    underway.add(controller)
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      const outcome = await post(message, controller.signal)
      if (outcome.kind !== "delivered")
        log.debug("the gateway did not take a message", { channel: "gateway" })
      return outcome
    } catch {
      return { kind: "failed", reason: reasonOf(controller.signal) }
    } finally {
      clearTimeout(timer)
      underway.delete(controller)
    }
  }

  async function post(message: OutboundMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { id, to, text, image, inReplyTo } = message
    const body = JSON.stringify({ id, to, text, image, inReplyTo })
    const timestamp = String(Math.floor(clock().getTime() / 1000))
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        [timestampHeader]: timestamp,
        [signatureHeader]: signGatewayBody(secret, timestamp, body),
      },
      body,
      redirect: "manual",
      signal,
    })
    await finishAnswer(response)
    return response.ok ? { kind: "delivered" } : { kind: "failed", reason: `status_${response.status}` }
  }

  const reasonOf = (signal: AbortSignal) => {
    if (stopped) return "stopped"
    return signal.aborted ? "timeout" : "unreachable"
  }

  return {
    name: "gateway",
    send,
    async stop() {
      stopped = true
      for (const controller of underway) controller.abort()
    },
  }
}

/** Reads the answer away so that its connection can be used again; of a long one, no more than a little. */
async function finishAnswer(response: Response): Promise<void> {
  const reader = response.body?.getReader()
  if (!reader) return
  for (let bytes = 0; bytes <= answer_bytes_max; ) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.byteLength
  }
  await reader.cancel()
}
