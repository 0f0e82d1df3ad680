import { Browsers, type ConnectionState, makeWASocket, proto, type WASocket } from "@whiskeysockets/baileys"
import type { Log } from "../../operations/log.ts"
import type { AccountStore } from "./account-store.ts"
import { type Acknowledgements, createAcknowledgements } from "./acknowledgements.ts"
import type { Ended } from "./after-disconnect.ts"
import { type AuthState, phoneOf } from "./auth-state.ts"
import type { Version } from "./find-version.ts"
import { quietLogger } from "./quiet-logger.ts"
import {
  type Answers,
  isIgnoredChat,
  type Me,
  type Received,
  readMessage,
  type Told,
} from "./read-message.ts"
import { receiveInside } from "./receive.ts"
import type { SentMessage } from "./send.ts"
import { sendingAgain } from "./sending-again.ts"
import { createSessions } from "./signal-repository.ts"

/** One socket, from the first byte to its end. A new one is made for each connection. */
export type Connection = Readonly<{
  socket: WASocket
  acknowledgements: Acknowledgements
  isOpen(): boolean
  me(): Me | undefined
  /** Aborted when it ends. */
  gone: AbortSignal
  /** Resolves when the line is gone and everything it had to store is stored. */
  ended: Promise<Ended>
  /** Ends it, at once for whoever waits; the other side is left to notice. Idempotent. */
  end(code: number): void
  /**
   * Asks for a code to type into the phone instead of scanning. Whether WhatsApp likes the number shows
   * there.
   */
  requestCode(phone: string): Promise<string>
}>

export type ConnectionEvents = Readonly<{
  /** Another code to scan; it is worth 20 to 60 seconds. */
  onQr: (qr: string) => void
  onOpen: (phone: string | null) => void
  /** Returns when the message is stored. Throws when it could not be. */
  onReceived: (received: Received) => Promise<void>
}>

const SyncType = proto.HistorySync.HistorySyncType

/** No word of the server, not even to a ping: the line is dead. Baileys looks once in this time. */
const keepAliveMs = 10_000
const connectTimeoutMs = 20_000
/** From the first byte to being logged in, or being asked to pair. */
const loginTimeoutMs = 30_000
const queryTimeoutMs = 30_000
const closingMs = 500

export function openConnection(
  parts: ConnectionEvents & {
    auth: AuthState
    store: AccountStore
    url: string
    version: Version | undefined
    answers: Answers
    monotonicMs: () => number
    log: Log
    readSent: (id: string) => Promise<SentMessage | undefined>
  },
): Connection {
  const { auth, log, monotonicMs } = parts
  const acknowledgements = createAcknowledgements()
  const gone = new AbortController()
  const ended = Promise.withResolvers<Ended>()
  let openedAt: number | undefined

  const me = () => {
    const { id, lid } = auth.creds.me ?? {}
    return id === undefined ? undefined : { id, lid }
  }
  const inbound = receiveInside({
    me,
    answers: parts.answers,
    onReceived: parts.onReceived,
    fail: () => end(500),
    gone: gone.signal,
  })
  const sessions = createSessions(auth.keys, {
    onDecrypted: inbound.onDecrypted,
    obeysGroups: parts.answers.size > 0,
    gone: gone.signal,
  })
  /**
   * A receipt is confirmed however its work ends: where the database failed, the line has to be gone by then.
   */
  const orEnd = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      end(500)
      throw error
    }
  }
  const socket: WASocket = makeWASocket({
    auth: { creds: auth.creds, keys: sessions.keys },
    logger: quietLogger,
    waWebSocketUrl: parts.url,
    ...(parts.version ? { version: [...parts.version] } : {}),
    // A name that WhatsApp knows: it refuses pairing codes for others.
    browser: Browsers.ubuntu("Chrome"),
    markOnlineOnConnect: false,
    syncFullHistory: false,
    // Old messages are of no use here; what maps numbers to ids comes with the first part.
    shouldSyncHistoryMessage: ({ syncType }) => syncType !== SyncType.FULL && syncType !== SyncType.RECENT,
    connectTimeoutMs,
    keepAliveIntervalMs: keepAliveMs,
    defaultQueryTimeoutMs: queryTimeoutMs,
    shouldIgnoreJid: (jid) => isIgnoredChat(jid, parts.answers),
    ...sendingAgain({ ...parts, orEnd, mapping: () => socket.signalRepository.lidMapping }),
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    makeSignalRepository: sessions.makeRepository,
  })

  const end = (code: number) => {
    if (gone.signal.aborted) return
    clearTimeout(loginTimer)
    const openMs = openedAt === undefined ? 0 : monotonicMs() - openedAt
    gone.abort()
    void auth.close().then(() => ended.resolve({ code, openMs }))
    void socket.end(new Error(`ended with ${code}`))
    // A server that is frozen never answers the goodbye.
    setTimeout(() => terminate(socket), closingMs).unref()
  }
  const loginTimer = setTimeout(() => {
    log.warn("WhatsApp did not answer in time")
    end(408)
  }, loginTimeoutMs)

  // Baileys goes on waiting for a server that has refused to talk.
  socket.ws.on("unexpected-response", () => end(503))
  socket.ws.on("frame", inbound.remember)
  socket.ws.on("CB:ack,class:message", acknowledgements.hear)
  socket.ev.on("creds.update", () => {
    // A failure ends the connection: see openAuthState.
    auth.saveCreds().catch((error: unknown) => log.warn("the WhatsApp login could not be stored", { error }))
  })
  socket.ev.on("messages.upsert", ({ messages }) => {
    for (const message of messages) inbound.seen(readSafely(message, me(), parts.answers))
  })
  socket.ev.on("connection.update", (update) => {
    if (update.qr !== undefined && !gone.signal.aborted) {
      clearTimeout(loginTimer)
      parts.onQr(update.qr)
    }
    if (update.connection === "open" && !gone.signal.aborted) {
      clearTimeout(loginTimer)
      openedAt = monotonicMs()
      parts.onOpen(phoneOf(auth.creds))
    }
    if (update.connection === "close") end(codeOf(update))
  })

  return {
    socket,
    acknowledgements,
    isOpen: () => openedAt !== undefined && !gone.signal.aborted,
    me,
    gone: gone.signal,
    ended: ended.promise,
    end,
    requestCode: (phone) => socket.requestPairingCode(phone),
  }
}

function readSafely(message: Told, me: Me | undefined, answers: Answers): Received {
  return me ? readMessage(message, me, answers) : { kind: "ignored" }
}

/** Broken lines without a code count as lost (428). */
function codeOf({ lastDisconnect }: Partial<ConnectionState>): number {
  const error: unknown = lastDisconnect?.error
  if (typeof error !== "object" || error === null || !("output" in error)) return 428
  const { output } = error
  if (typeof output !== "object" || output === null || !("statusCode" in output)) return 428
  return typeof output.statusCode === "number" && output.statusCode > 0 ? output.statusCode : 428
}

function terminate(socket: WASocket): void {
  const raw: unknown = Reflect.get(socket.ws, "socket")
  if (typeof raw === "object" && raw !== null && "terminate" in raw && typeof raw.terminate === "function") {
    raw.terminate()
  }
}
