import { createClient, ErrorReply } from "redis"

/** Where Redis is. `absent`: this shop has none. */
export type RedisAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "absent" }

/** What became of one command. Only `unsent` is certain not to have been carried out. */
export type Answer =
  | { readonly kind: "answered"; readonly value: unknown }
  /** Redis answered with an error; `code` is its first word. */
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "lost" }
  | { readonly kind: "unsent" }

export type Connection = {
  isReady(): boolean
  /** Never rejects and never takes longer than the time-out. */
  send(command: readonly string[]): Promise<Answer>
  /** Drops the connection and makes another. */
  replace(): void
  close(): void
}

type ConnectionOptions = {
  address: Exclude<RedisAddress, { kind: "absent" }>
  commandTimeoutMs: number
  pendingCommands: number
  /** Called each time a connection stands. */
  onConnected: () => void
  /** Called when it breaks, and for every attempt that fails. */
  onBroken: () => void
}

type Client = ReturnType<typeof newClient>

/** A timer that fires so late tells that this process was busy, not that Redis was silent. */
const lateTimerMs = 20

/** Connects in the background, and again whenever the connection breaks, until it is closed. */
export function openConnection(options: ConnectionOptions): Connection {
  let client: Client = startClient(options, () => client)
  let closed = false
  return {
    isReady: () => !closed && client.isReady,
    send(command) {
      if (closed || !client.isReady) return Promise.resolve({ kind: "unsent" })
      return sendWithin(options.commandTimeoutMs, client, command)
    },
    replace() {
      if (closed) return
      client.off("ready", options.onConnected)
      client.destroy()
      client = startClient(options, () => client)
    },
    close() {
      if (closed) return
      closed = true
      client.destroy()
    },
  }
}

function sendWithin(timeoutMs: number, client: Client, command: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout>
    const startedAt = performance.now()
    const onTime = () => {
      const lateMs = performance.now() - startedAt - timeoutMs
      if (lateMs < lateTimerMs) return resolve({ kind: "timeout" })
      timer = setTimeout(resolve, lateTimerMs, { kind: "timeout" })
    }
    timer = setTimeout(onTime, timeoutMs)
    client.sendCommand(command).then(
      (value) => {
        clearTimeout(timer)
        resolve({ kind: "answered", value })
      },
      (error: unknown) => {
        clearTimeout(timer)
        resolve(toFailure(error))
      },
    )
  })
}

function toFailure(error: unknown): Answer {
  if (error instanceof ErrorReply) return { kind: "refused", code: error.message.split(" ", 1)[0] ?? "" }
  return { kind: "lost" }
}

function startClient(options: ConnectionOptions, current: () => Client): Client {
  const client = newClient(options)
  client.on("error", () => {
    if (client === current() && !client.isReady) options.onBroken()
  })
  client.on("ready", options.onConnected)
  client.connect().catch(() => undefined)
  return client
}

function newClient(options: ConnectionOptions) {
  const common = {
    RESP: 2 as const,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled" as const,
    commandsQueueMaxLength: options.pendingCommands,
    // The client's own time-out ends when a command is written; ours covers the answer.
    commandOptions: { timeout: 0 },
  }
  const connecting = { connectTimeout: 2_000, reconnectStrategy: reconnectAfterMs }
  const path = socketPath(options.address)
  if (path !== undefined) {
    return createClient({ ...common, socket: { path, tls: false, ...connecting } })
  }
  const url = options.address.kind === "url" ? options.address.url : ""
  return createClient({ ...common, url, socket: connecting })
}

function socketPath(address: ConnectionOptions["address"]): string | undefined {
  if (address.kind === "socket") return address.path
  const url = new URL(address.url)
  return url.protocol === "unix:" ? decodeURIComponent(url.pathname) : undefined
}

function reconnectAfterMs(attempts: number): number {
  return Math.min(25 * 2 ** Math.min(attempts, 6), 1_000)
}
