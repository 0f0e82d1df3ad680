import { pause } from "./pause.ts"

/** How one notification fared, attempt by attempt: the HTTP status, or 0 without an answer. */
export type Delivery = Readonly<{ body: string; attempts: readonly number[] }>

const scheduleMs = [2, 10, 30, 90, 210].map((minutes) => minutes * 60_000)

/** How often Midtrans tries again after each answer. */
function retriesAfter(status: number): number {
  if (status >= 200 && status < 300) return 0
  if (status >= 301 && status <= 303) return 0
  if (status === 500) return 1
  if (status === 503) return 4
  return status === 400 || status === 404 ? 2 : 5
}

/**
 * Posts notifications as Midtrans does: its agent, its retries, its patience; times scaled down for tests.
 */
export function createDeliverer(options: { notifyUrl: () => string | undefined; timeScale: number }) {
  const stopping = new AbortController()
  const deliveries: { body: string; attempts: number[] }[] = []
  const running = new Set<Promise<void>>()

  async function post(body: string): Promise<number> {
    const url = options.notifyUrl()
    if (url === undefined) return 0
    const timeout = AbortSignal.timeout(Math.max(1_000, 15_000 * options.timeScale))
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": "midtrans payment notification" },
        body,
        redirect: "manual",
        signal: AbortSignal.any([stopping.signal, timeout]),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return 0
    }
  }

  async function deliver(body: string): Promise<void> {
    const delivery = { body, attempts: [] as number[] }
    deliveries.push(delivery)
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const status = await post(body)
      delivery.attempts.push(status)
      const pauseMs = scheduleMs[attempt]
      if (pauseMs === undefined || attempt >= retriesAfter(status)) return
      await pause(pauseMs * options.timeScale, stopping.signal)
    }
  }

  return {
    /** Once, now, without retries; resolves to the shop's HTTP status. */
    post,
    /** With retries; resolves when Midtrans would stop trying. */
    deliver(body: string): Promise<void> {
      const job = deliver(body).finally(() => running.delete(job))
      running.add(job)
      return job
    },
    deliveries: (): readonly Delivery[] => deliveries,
    async stop(): Promise<void> {
      stopping.abort()
      await Promise.all(running)
    },
  }
}
