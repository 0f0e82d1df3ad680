import type { InboundMessage, OutboundMessage } from "../../src/channels/channel.ts"
import { isGatewaySignature, signatureHeader, timestampHeader } from "../../src/channels/gateway/signature.ts"
import { eventually } from "./eventually.ts"
import { signedByGateway } from "./web.ts"

/**
 * What the gateway does with a message: shows it to the customer and says so; refuses it; shows it, and its
 * answer gets lost; or keeps silent altogether.
 */
export type Decision = "take" | "refuse" | "take_silently" | "ignore"

export type Decide = (message: OutboundMessage) => Decision | Promise<Decision>

export type GatewayPeer = Awaited<ReturnType<typeof startGatewayPeer>>

/**
 * A WhatsApp gateway on the loopback. Like a real one it shows a message once however often it comes; other
 * than a real one it remembers whatever the shop did wrong: a bad signature, or one id with two contents.
 */
export async function startGatewayPeer(secret: string) {
  const shown = new Map<string, OutboundMessage>()
  const heard: OutboundMessage[] = []
  const contents = new Map<string, string>()
  const problems: string[] = []
  const stopping = new AbortController()
  let decide: Decide = () => "take"
  let sent = 0

  const listen = (port: number) => Bun.serve({ hostname: "127.0.0.1", port, idleTimeout: 0, fetch: answer })
  let server = listen(0)
  const { port = 0 } = server

  async function answer(request: Request): Promise<Response> {
    const bytes = await request.bytes()
    const timestamp = request.headers.get(timestampHeader) ?? ""
    if (!isGatewaySignature(secret, timestamp, bytes, request.headers.get(signatureHeader) ?? "")) {
      problems.push("a message with a bad signature")
      return new Response(null, { status: 401 })
    }
    const message = hear(new TextDecoder().decode(bytes))
    const decision = await decide(message)
    if (decision === "take" || decision === "take_silently") show(message)
    if (decision === "take") return new Response(null, { status: 200 })
    if (decision === "refuse") return new Response(null, { status: 500 })
    await untilAborted(AbortSignal.any([request.signal, stopping.signal]))
    return new Response(null, { status: 499 })
  }

  function hear(text: string): OutboundMessage {
    const message: OutboundMessage = JSON.parse(text)
    const before = contents.get(message.id)
    if (before !== undefined && before !== text)
      problems.push(`two contents under the id ${message.id}: ${differing(before, text)}`)
    contents.set(message.id, text)
    heard.push(message)
    return message
  }

  function show(message: OutboundMessage): void {
    if (!shown.has(message.id)) shown.set(message.id, message)
  }

  const messages = (): readonly OutboundMessage[] => [...shown.values()]
  const repliesTo = (inboundId: string) => messages().filter(({ inReplyTo }) => inReplyTo === inboundId)
  const messagesTo = (number: string) => messages().filter(({ to }) => to === number)
  const newId = () => {
    sent += 1
    return `in-${sent}`
  }

  async function send(shopUrl: string, message: InboundMessage) {
    const request = signedByGateway(JSON.stringify(message), { at: new Date(), secret })
    const response = await fetch(`${shopUrl}/webhooks/gateway`, request)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  /** Hands one message to the shop, which must take it; returns its id. */
  async function tell(shopUrl: string, from: string, text: string): Promise<string> {
    const id = newId()
    const { status } = await send(shopUrl, { id, from, text })
    if (status !== 202) throw new Error(`the shop did not take a message: status ${status}`)
    return id
  }

  const replyTo = (inboundId: string) => eventually(`a reply to ${inboundId}`, () => repliesTo(inboundId)[0])

  return {
    url: `http://127.0.0.1:${port}/`,
    /** Every message shown to a customer, once each, in the order of showing. */
    messages,
    messagesTo,
    repliesTo,
    replyTo,
    /** Every message that came, repetitions and refused ones included. */
    heard: (): readonly OutboundMessage[] => heard,
    /** From now on every message is treated so. */
    answers: (how: Decide) => {
      decide = how
    },
    newId,
    send,
    tell,
    /** Tells the shop something and returns its first reply. */
    ask: async (shopUrl: string, from: string, text: string) => replyTo(await tell(shopUrl, from, text)),
    /** From now on nobody listens there. */
    hangUp: () => server.stop(true),
    pickUp: () => {
      server = listen(port)
    },
    problems: (): readonly string[] => problems,
    stop: async () => {
      stopping.abort()
      await server.stop(true)
    },
  }
}

/** What two contents say from where they begin to differ. */
function differing(one: string, other: string): string {
  const first = [...one].findIndex((character, place) => character !== other[place])
  const part = (text: string) => text.slice(Math.max(0, first - 40), first + 80)
  return `...${part(one)}... and ...${part(other)}...`
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
}
