import { isGatewaySignature, signGatewayBody } from "../../src/channels/gateway/signature.ts"
import { listenForPosts, openPoster, type Poster } from "./http-socket.ts"
import { type Latency, latencyOf, round } from "./quantiles.ts"

/** What one crowd does. Each customer writes its messages one after the other, then the next one comes. */
export type CrowdOrder = Readonly<{
  name: string
  port: number
  secret: string
  atOnce: number
  firstNumber: number
  customers: number
  /** The texts, by turns. */
  texts: readonly string[]
  messagesPerCustomer: number
  /** What every good reply contains. What it catches is the goods: nobody may get the same. */
  replyPattern: string
  durationMs: number
}>

export type CrowdResult = Latency &
  Readonly<{
    perSecond: number
    messages: number
    seconds: number
    errors: number
    /** The first few, for whoever has to find out why. */
    examples: readonly string[]
    ranOut: boolean
    generatorCpuSeconds: number
  }>

type Waiting = { resolve: (text: string) => void }

const replyTimeoutMs = 10_000
const examplesMax = 3

/** Writes as a crowd of customers through the gateway's webhook, and takes the replies as the gateway. */
function openCrowd() {
  const waiting = new Map<string, Waiting>()
  const goods = new Set<string>()
  let secret = ""
  let unexpected: string[] = []

  const peer = listenForPosts((head, body) => {
    const timestamp = /\r\nx-lapak-timestamp: *([0-9]+)/i.exec(head)?.[1] ?? ""
    const signature = /\r\nx-lapak-signature: *(\S+)/i.exec(head)?.[1] ?? ""
    const reply: { inReplyTo: string; text: string } = JSON.parse(body)
    const waiter = waiting.get(reply.inReplyTo)
    if (!isGatewaySignature(secret, timestamp, Buffer.from(body), signature))
      unexpected.push("a forged reply")
    else if (!waiter) unexpected.push("a reply that nobody waits for, or a second one")
    else {
      waiting.delete(reply.inReplyTo)
      waiter.resolve(reply.text)
    }
  })

  async function run(order: CrowdOrder): Promise<CrowdResult> {
    secret = order.secret
    unexpected = []
    const pattern = new RegExp(order.replyPattern)
    const requests = prepareRequests(order)
    const posters = await Promise.all(Array.from({ length: order.atOnce }, () => openPoster(order.port)))
    const durationsMs: number[] = []
    const errors: string[] = []
    let nextCustomer = 0
    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    const endsAt = startedAt + order.durationMs

    const write = async (poster: Poster, id: string, request: Uint8Array) => {
      const { promise, resolve } = Promise.withResolvers<string>()
      const began = performance.now()
      waiting.set(id, { resolve })
      const timer = setTimeout(() => resolve("no reply in time"), replyTimeoutMs)
      const status = await poster.post(request)
      if (status !== 202) {
        waiting.delete(id)
        errors.push(`the message was answered with ${status}`)
      } else {
        const text = await promise
        durationsMs.push(performance.now() - began)
        const caught = pattern.exec(text)
        if (!caught) errors.push(text)
        else if (caught[1] !== undefined && goods.has(caught[1])) errors.push("goods that were sold twice")
        else if (caught[1] !== undefined) goods.add(caught[1])
      }
      clearTimeout(timer)
    }
    const slot = async (poster: Poster) => {
      for (;;) {
        const messages = requests[nextCustomer]
        if (messages === undefined) return
        nextCustomer += 1
        for (const { id, request } of messages) {
          if (performance.now() >= endsAt) return
          await write(poster, id, request)
        }
      }
    }
    await Promise.all(posters.map(slot))
    const seconds = (performance.now() - startedAt) / 1_000
    const cpu = process.cpuUsage(cpuBefore)
    for (const poster of posters) poster.close()
    errors.push(...unexpected)
    return {
      perSecond: Math.round(durationsMs.length / seconds),
      messages: durationsMs.length,
      seconds: round(seconds),
      ...latencyOf(durationsMs),
      errors: errors.length,
      examples: errors.slice(0, examplesMax),
      ranOut: nextCustomer >= requests.length,
      generatorCpuSeconds: round((cpu.user + cpu.system) / 1_000_000),
    }
  }
  return { port: peer.port, run, stop: peer.stop }
}

/** Signed beforehand, so that the crowd itself costs little; the signatures are good for five minutes. */
function prepareRequests(order: CrowdOrder): { id: string; request: Uint8Array }[][] {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  return Array.from({ length: order.customers }, (_, customer) =>
    Array.from({ length: order.messagesPerCustomer }, (_, turn) => {
      const id = `${order.name}-${customer}-${turn}`
      const text = order.texts[(customer + turn) % order.texts.length]
      const body = JSON.stringify({ id, from: String(order.firstNumber + customer), text, name: "Pembeli" })
      const head = [
        "POST /webhooks/gateway HTTP/1.1",
        `Host: 127.0.0.1:${order.port}`,
        "Content-Type: application/json",
        `X-Lapak-Timestamp: ${timestamp}`,
        `X-Lapak-Signature: ${signGatewayBody(order.secret, timestamp, body)}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
      ]
      return { id, request: Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`) }
    }),
  )
}

const crowd = openCrowd()
process.on("message", async (order: CrowdOrder | "stop") => {
  if (order === "stop") {
    crowd.stop()
    process.exit()
  } else {
    process.send?.({ result: await crowd.run(order) })
  }
})
process.send?.({ port: crowd.port })
