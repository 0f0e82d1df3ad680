import { pause } from "../../src/operations/pause.ts"
import type { GatewayPeer } from "../support/gateway-peer.ts"
import { gatewaySecret, signedByGateway } from "../support/web.ts"
import type { Travel } from "./plan-customers.ts"
import { createPosts } from "./posts.ts"
import type { Random } from "./random.ts"
import type { Shops } from "./shops.ts"

/** One message of a customer, as the gateway remembers it. */
export type Said = Readonly<{ id: string; from: string; text: string }>

export type CustomersGateway = ReturnType<typeof openCustomersGateway>

/**
 * The gateway on the way in: it brings each message again, to whichever shop process is there, until one
 * takes it; some come several times, or late, so that a later one overtakes them.
 */
export function openCustomersGateway(peer: GatewayPeer, shops: Shops, random: Random) {
  const posts = createPosts()
  const stopping = new AbortController()
  const said: Said[] = []
  const taken = new Set<string>()
  const refusals: string[] = []
  const underWay = new Set<Promise<void>>()
  let posted = 0

  async function bring(message: Said, delayMs: number): Promise<void> {
    await pause(delayMs, stopping.signal)
    while (!stopping.signal.aborted) {
      const status = await post(message)
      if (status === 200 || status === 202) return void taken.add(message.id)
      if (status !== undefined && status !== 503 && status !== 429) {
        refusals.push(`the shop refused message ${message.id} with ${status}`)
        return
      }
      await pause(random.between(100, 900), stopping.signal)
    }
  }

  async function post(message: Said): Promise<number | undefined> {
    const urls = shops.urls()
    const url = urls[random.between(0, Math.max(0, urls.length - 1))]
    if (url === undefined) return undefined
    posted += 1
    const request = signedByGateway(JSON.stringify(message), { at: new Date(), secret: gatewaySecret })
    const answer = await posts.post(`${url}/webhooks/gateway`, request)
    return answer?.status
  }

  return {
    /** Takes a message from a customer and brings it, as often and as late as it travels; returns its id. */
    say: (from: string, text: string, travel: Travel = { delaysMs: [0] }): string => {
      const message = { id: peer.newId(), from, text }
      said.push(message)
      for (const delayMs of travel.delaysMs) {
        const bringing = bring(message, delayMs)
        underWay.add(bringing)
        void bringing.finally(() => underWay.delete(bringing))
      }
      return message.id
    },
    said: (): readonly Said[] => said,
    wasTaken: (id: string) => taken.has(id),
    refusals: (): readonly string[] => refusals,
    /** How often a message was posted, repetitions included. */
    posted: () => posted,
    /** Returns when every message was taken, every copy of it too. */
    allTaken: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    stop: async () => {
      stopping.abort()
      posts.stop()
      await Promise.all(underWay)
    },
  }
}
