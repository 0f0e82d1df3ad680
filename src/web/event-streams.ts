import { apiHeaders } from "./headers.ts"

/** One browser that listens. Events after its end go nowhere. */
export type EventStream = Readonly<{
  send(event: { name: string; id?: string; data: unknown }): void
  end(): void
  /** Called once when the stream has ended, whoever ended it; at once when it already has. */
  onEnd(callback: () => void): void
}>

export type EventStreamLimits = Readonly<{
  streamsMax: number
  /** Of one customer or payment. */
  streamsPerKeyMax: number
  heartbeatMs: number
}>

export interface EventStreams {
  /** Answers with server-sent events, or with undefined when too many listen already. */
  open(
    stream: { key: string; request: Request; closing: AbortSignal | undefined },
    start: (stream: EventStream) => Promise<void>,
  ): Response | undefined
}

/** A browser that is this far behind is sent away; it comes back and reads on from where it was. */
const waiting_bytes_max = 4 * 1024 * 1024
const reconnect_after_ms = 1_000

/** Keeps count of the listening browsers, and keeps their connections from looking idle. */
export function createEventStreams(
  limits: EventStreamLimits,
  onError: (error: unknown) => void,
): EventStreams {
  const open = new Map<string, number>()
  let count = 0

  function enter(key: string): boolean {
    const own = open.get(key) ?? 0
    if (count >= limits.streamsMax || own >= limits.streamsPerKeyMax) return false
    open.set(key, own + 1)
    count += 1
    return true
  }

  function leave(key: string): void {
    const own = (open.get(key) ?? 1) - 1
    if (own > 0) open.set(key, own)
    else open.delete(key)
    count -= 1
  }

  return {
    open({ key, request, closing }, start) {
      if (closing?.aborted || !enter(key)) return undefined
      const { stream, body } = createStream(limits.heartbeatMs)
      const end = () => stream.end()
      closing?.addEventListener("abort", end, { once: true })
      request.signal.addEventListener("abort", end, { once: true })
      stream.onEnd(() => {
        closing?.removeEventListener("abort", end)
        leave(key)
      })
      start(stream).catch((error) => {
        onError(error)
        stream.end()
      })
      return new Response(body, {
        headers: { ...apiHeaders, "Content-Type": "text/event-stream; charset=utf-8" },
      })
    },
  }
}

function createStream(heartbeatMs: number): { stream: EventStream; body: ReadableStream<Uint8Array> } {
  const encoder = new TextEncoder()
  const callbacks: (() => void)[] = []
  let output: ReadableStreamDefaultController<Uint8Array> | undefined
  let ended = false

  const write = (text: string) => {
    if (ended || !output) return
    output.enqueue(encoder.encode(text))
    if ((output.desiredSize ?? 0) <= 0) finish()
  }
  const finish = (closeOutput = true) => {
    if (ended) return
    ended = true
    clearInterval(heartbeat)
    if (closeOutput) output?.close()
    for (const callback of callbacks.splice(0)) callback()
  }
  const heartbeat = setInterval(() => write(":\n\n"), heartbeatMs)
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        output = controller
        write(`retry: ${reconnect_after_ms}\n\n`)
      },
      cancel: () => finish(false),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: waiting_bytes_max }),
  )
  const stream: EventStream = {
    send({ name, id, data }) {
      const idLine = id === undefined ? "" : `id: ${id}\n`
      write(`event: ${name}\n${idLine}data: ${JSON.stringify(data)}\n\n`)
    },
    end: () => finish(),
    onEnd(callback) {
      if (ended) callback()
      else callbacks.push(callback)
    },
  }
  return { stream, body }
}
