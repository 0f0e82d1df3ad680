import { pause } from "../../src/operations/pause.ts"
import { createPosts } from "./posts.ts"
import type { Random } from "./random.ts"
import type { Shops } from "./shops.ts"

export type NotificationFate =
  | "straight"
  | "duplicated"
  | "delayed"
  | "answered_first"
  | "answer_lost"
  | "old_again"
  | "lost"

const fates: readonly [NotificationFate, ...NotificationFate[]] = [
  "straight",
  "straight",
  "straight",
  "duplicated",
  "duplicated",
  "delayed",
  "answered_first",
  "answer_lost",
  "old_again",
  "lost",
]

/**
 * The way of Midtrans' notifications to the shop: on it some are doubled, late, out of order, answered though
 * they never arrive, or arrive though their answer is lost. `clear` makes it a good road.
 */
export function openNotificationRoad(random: Random) {
  const posts = createPosts()
  const stopping = new AbortController()
  const counts = new Map<NotificationFate, number>()
  const earlier: string[] = []
  const underWay = new Set<Promise<unknown>>()
  let shops: Shops | undefined
  let isRough = true

  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch: receive })

  async function receive(request: Request): Promise<Response> {
    const body = await request.text()
    const fate = isRough ? random.pick(fates) : "straight"
    const travel = { copies: random.between(2, 4), delayMs: random.between(50, 2_000) }
    counts.set(fate, (counts.get(fate) ?? 0) + 1)
    const status = await bring(body, fate, travel)
    earlier.push(body)
    return new Response(null, { status })
  }

  async function bring(
    body: string,
    fate: NotificationFate,
    { copies, delayMs }: { copies: number; delayMs: number },
  ): Promise<number> {
    if (fate === "lost") return 200
    if (fate === "answered_first") {
      track(pause(delayMs, stopping.signal).then(() => forward(body)))
      return 200
    }
    if (fate === "delayed") await pause(delayMs, stopping.signal)
    if (fate === "old_again") track(forward(earlier[delayMs % Math.max(1, earlier.length)] ?? body))
    const all = Array.from({ length: fate === "duplicated" ? copies : 1 }, () => forward(body))
    const [status = 503] = await Promise.all(all)
    return fate === "answer_lost" ? 500 : status
  }

  async function forward(body: string): Promise<number> {
    const urls = shops?.urls() ?? []
    const url = urls[random.between(0, Math.max(0, urls.length - 1))]
    if (url === undefined) return 503
    const headers = { "content-type": "application/json", "user-agent": "midtrans payment notification" }
    const answer = await posts.post(`${url}/webhooks/midtrans`, { headers, body })
    return answer?.status ?? 503
  }

  function track(work: Promise<unknown>): void {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  return {
    url: `http://127.0.0.1:${server.port}/`,
    leadsTo: (to: Shops) => {
      shops = to
    },
    /** From now on everything arrives. Returns when what was late has arrived too. */
    clear: async () => {
      isRough = false
      await Promise.all(underWay)
    },
    counts: (): ReadonlyMap<NotificationFate, number> => counts,
    stop: async () => {
      stopping.abort()
      posts.stop()
      await Promise.all(underWay)
      await server.stop(true)
    },
  }
}
