import {
  type AuthenticationState,
  initAuthCreds,
  makeWASocket,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  type WAMessage,
  type WASocket,
} from "@whiskeysockets/baileys"

/**
 * The real client with nothing of ours around it: its state in memory, its reconnecting as simple as can
 * be.
 */
export type BareClient = Readonly<{
  /** The socket of the moment; another one after each reconnection. */
  socket(): WASocket
  state: AuthenticationState
  /** Status codes of the disconnections so far. */
  closings: readonly number[]
  isOpen(): boolean
  reconnect(): void
  stop(): Promise<void>
}>

export type BareClientOptions = Readonly<{
  url: string
  onQr?(qr: string): void
  onOpen?(): void
  onMessage?(message: WAMessage, socket: WASocket, type: "notify" | "append"): void
  /** An account that is paired already. */
  state?: AuthenticationState
  /**
   * Whether it connects again after this code; by default only after 515, the restart that ends a pairing.
   */
  reconnectsAfter?(code: number): boolean
  settings?: Partial<UserFacingSocketConfig>
}>

const silent = {
  level: "silent",
  child: () => silent,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
}

const restartRequired = 515
const loggedOut = 401

export function startBareClient(options: BareClientOptions): BareClient {
  const state = options.state ?? emptyState()
  const closings: number[] = []
  let isOpen = false
  let isStopped = false
  let socket = connect()

  function connect(): WASocket {
    const made = makeWASocket({
      auth: state,
      waWebSocketUrl: options.url,
      logger: silent,
      markOnlineOnConnect: false,
      shouldSyncHistoryMessage: () => false,
      ...options.settings,
    })
    made.ev.on("creds.update", (update) => void Object.assign(state.creds, update))
    made.ev.on("connection.update", ({ qr, connection, lastDisconnect }) => {
      if (qr) options.onQr?.(qr)
      if (connection) isOpen = connection === "open"
      if (connection === "open") options.onOpen?.()
      if (connection === "close") closed(statusOf(lastDisconnect?.error))
    })
    made.ev.on("messages.upsert", ({ messages, type }) => {
      for (const message of messages) options.onMessage?.(message, made, type)
    })
    return made
  }

  function closed(code: number) {
    closings.push(code)
    const again = options.reconnectsAfter?.(code) ?? code === restartRequired
    if (again && !isStopped) socket = connect()
  }

  return {
    socket: () => socket,
    state,
    closings,
    isOpen: () => isOpen,
    reconnect() {
      socket = connect()
    },
    async stop() {
      isStopped = true
      await socket.end(undefined)
    },
  }
}

/**
 * The bare client as a program of its own: it reads the server's address from WHATSAPP_URL, prints `qr
 * <text>` for each QR code and `open` at each login, and reconnects whatever happens. Ends on SIGTERM.
 */
export function runBareProgram(
  answer: (to: string, text: string, socket: WASocket) => Promise<unknown>,
): void {
  const url = process.env.WHATSAPP_URL
  if (!url) throw new Error("WHATSAPP_URL is not set")
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const client = startBareClient({
    url,
    onQr: (qr) => say(`qr ${qr}`),
    onOpen: () => say("open"),
    reconnectsAfter: (code) => code !== loggedOut,
    onMessage(message, socket) {
      const { fromMe, remoteJid } = message.key
      const text = textOf(message)
      if (fromMe || !remoteJid || text === undefined) return
      answer(remoteJid, text, socket).catch((error: unknown) => say(`failed ${String(error)}`))
    },
  })
  process.on("SIGTERM", () => void client.stop().then(() => process.exit(0)))
}

/** What a person wrote in a message, if anything. */
export function textOf({ message }: WAMessage): string | undefined {
  return message?.conversation ?? message?.extendedTextMessage?.text ?? undefined
}

function statusOf(error: unknown): number {
  const output = error && typeof error === "object" && "output" in error ? error.output : undefined
  const code = output && typeof output === "object" && "statusCode" in output ? output.statusCode : undefined
  return typeof code === "number" ? code : 0
}

/** What a client has before it was ever paired. */
export function emptyState(): AuthenticationState {
  const stored = new Map<string, unknown>()
  return {
    creds: initAuthCreds(),
    keys: {
      async get<Type extends keyof SignalDataTypeMap>(type: Type, ids: string[]) {
        const found: Record<string, SignalDataTypeMap[Type]> = {}
        for (const id of ids) {
          const value = stored.get(`${type}/${id}`)
          if (value !== undefined) found[id] = value as SignalDataTypeMap[Type]
        }
        return found
      },
      async set(data) {
        for (const [type, entries] of Object.entries(data)) {
          for (const [id, value] of Object.entries(entries)) {
            if (value === null) stored.delete(`${type}/${id}`)
            else stored.set(`${type}/${id}`, value)
          }
        }
      },
    },
  }
}
