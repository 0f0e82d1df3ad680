import type { Acceptance, InboundMessage } from "../channels/channel.ts"
import { storedLimit } from "../conversation/limits.ts"
import type { ClaimedMessage } from "../database/claimed-message.ts"
import { type Database, DatabaseUnavailable, errorCode, isUnavailable } from "../database/connect.ts"
import { grouped } from "../database/grouped.ts"
import {
  type AcceptedMessage,
  acceptMessages,
  claimMessages,
  claimNextOfUser,
  letGoOfMessage,
  type NewMessage,
} from "../database/inbox.ts"
import type { Log } from "../operations/log.ts"
import { pause } from "../operations/pause.ts"
import type { ProcessId, UserId } from "../shop/ids.ts"
import type { Unanswered } from "./apologise.ts"

/** Accepts each message once, and has them handled: one at a time per customer, customers side by side. */
export type Inbox = Readonly<{
  accept(channel: string, message: InboundMessage): Promise<Acceptance>
  /** Looks for stored messages nobody is handling. */
  wake(): void
  start(): void
  /** Stops taking messages, and waits for those being handled. */
  stop(): Promise<void>
  /** Messages taken and not answered yet. */
  depth(): number
}>

/** Answers one message for good, and says which of the customer's is next. Throws when it could not. */
export type HandleMessage = (message: ClaimedMessage) => Promise<ClaimedMessage | undefined>

export type InboxParts = Readonly<{
  database: Database
  owner: () => ProcessId | undefined
  handle: HandleMessage
  /** Another customer turned out to be this one, whose balance is another now. Never throws. */
  onUnited: (userId: UserId) => Promise<void>
  /** Tells a customer, without a promise, that the shop is down for the moment. Never throws. */
  apologise: (channel: string, message: InboundMessage, given: Unanswered) => Promise<void>
  /** Only this customer's messages are looked for; for the console. */
  number?: string | undefined
  log: Log
  random: () => number
  /** How often it looks for what other processes left, when nobody wakes it. */
  lookIntervalMs: number
  /** Beyond this many messages taken and unanswered, new ones are refused as busy. */
  depthMax: number
  /** Customers served side by side. */
  customersMax: number
}>

const attemptsMax = 32

export function createInbox(parts: InboxParts): Inbox {
  const { database, log } = parts
  const ready: ClaimedMessage[] = []
  const serving = new Set<Readonly<{ userId: UserId; work: Promise<void> }>>()
  /** Customers who wrote again while they were being served. */
  const wroteAgain = new Set<UserId>()
  const stopping = new AbortController()
  let accepting = 0
  let looking: Promise<void> | undefined
  let lookAgain = false
  /** The last look found as much as there was room for. */
  let hasMore = false
  let timer: ReturnType<typeof setInterval> | undefined

  const acceptOne = grouped<NewMessage, AcceptedMessage>(
    (messages) => {
      const owner = parts.owner()
      if (owner === undefined) throw new DatabaseUnavailable("no process number")
      return acceptMessages(database, owner, messages)
    },
    { itemsMax: 100, roundsMax: 2 },
  )

  const isServed = (userId: UserId) => [...serving].some((served) => served.userId === userId)

  const depth = () => ready.length + serving.size + accepting

  const serveReady = () => {
    while (serving.size < parts.customersMax && !stopping.signal.aborted) {
      const message = ready.shift()
      if (!message) return
      const work = serveCustomer(message).finally(() => {
        serving.delete(served)
        if (wroteAgain.delete(message.userId) || (hasMore && ready.length === 0)) wake()
        serveReady()
      })
      const served = { userId: message.userId, work }
      serving.add(served)
    }
  }

  const serveCustomer = async (first: ClaimedMessage): Promise<void> => {
    let message: ClaimedMessage | undefined = first
    while (message && !stopping.signal.aborted) {
      message = await handleUntilDone(message)
      if (message || parts.owner() !== first.owner) continue
      if (wroteAgain.delete(first.userId)) message = await nextOf(first)
    }
  }

  const nextOf = async ({ owner, userId }: ClaimedMessage) => {
    try {
      return await claimNextOfUser(database, owner, userId)
    } catch (error) {
      log.warn("the customer's next message could not be claimed yet", { error })
      return undefined
    }
  }

  /** PostgreSQL being away ends nothing: the message stays ours and is handled when it is back. */
  const handleUntilDone = async (message: ClaimedMessage): Promise<ClaimedMessage | undefined> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await parts.handle(attempt === 0 ? message : { ...message, attempts: message.attempts + 1 })
      } catch (error) {
        if (errorCode(error) === "LP001") {
          log.info("a message passed to another process", { inboxId: message.inboxId })
          return undefined
        }
        if (!isUnavailable(error)) return await letGo(message, error)
        log.warn("a message waits for PostgreSQL", { inboxId: message.inboxId, error })
        if (attempt === 0 && !message.quiet) {
          await parts.apologise(message.channel, inboundOf(message), {
            state: "stored",
            language: message.language,
          })
        }
        await pause(Math.min(200 * 2 ** attempt, 2_000) * (0.5 + parts.random() / 2), stopping.signal)
        const owner = parts.owner()
        if (stopping.signal.aborted || (owner !== undefined && owner !== message.owner)) return undefined
      }
    }
  }

  const letGo = async (message: ClaimedMessage, error: unknown): Promise<undefined> => {
    log.error("a message could not be handled", {
      inboxId: message.inboxId,
      attempt: message.attempts,
      error,
    })
    for (let attempt = 0; !stopping.signal.aborted && parts.owner() === message.owner; attempt += 1) {
      try {
        return void (await letGoOfMessage(database, message, attemptsMax))
      } catch (failure) {
        log.error("a message could not be let go of yet", { inboxId: message.inboxId, error: failure })
        await pause(Math.min(500 * 2 ** attempt, 10_000), stopping.signal)
      }
    }
    return undefined
  }

  const look = async () => {
    lookAgain = false
    const owner = parts.owner()
    const room = Math.min(parts.customersMax, parts.depthMax - depth())
    if (owner === undefined || room <= 0 || stopping.signal.aborted) return
    const claimed = await claimMessages(database, owner, { limit: room, number: parts.number })
    hasMore = claimed.length === room
    ready.push(...claimed)
    serveReady()
  }
  const wake = () => {
    lookAgain = true
    if (looking || stopping.signal.aborted) return
    looking = look()
      .catch((error: unknown) => {
        if (!isUnavailable(error)) log.error("looking for waiting messages failed", { error })
      })
      .finally(() => {
        looking = undefined
        if (lookAgain && parts.owner() !== undefined) wake()
      })
  }

  const accept = async (channel: string, message: InboundMessage): Promise<Acceptance> => {
    if (stopping.signal.aborted || depth() >= parts.depthMax) return { kind: "busy" }
    accepting += 1
    try {
      const accepted = await acceptOne({ channel, ...message, text: storable(message.text) })
      if (accepted.united) await parts.onUnited(accepted.userId)
      if (accepted.kind === "working") {
        ready.push(accepted.message)
        serveReady()
      } else if (accepted.kind === "waiting") {
        if (isServed(accepted.userId)) wroteAgain.add(accepted.userId)
        else wake()
      }
      return { kind: accepted.kind === "duplicate" ? "duplicate" : "accepted" }
    } catch (error) {
      log.warn("a message could not be stored", { channel, error })
      void parts.apologise(channel, message, { state: "not_stored" })
      return { kind: "unavailable" }
    } finally {
      accepting -= 1
    }
  }

  return {
    accept,
    wake,
    depth,
    start: () => {
      timer = setInterval(wake, parts.lookIntervalMs)
      wake()
    },
    stop: async () => {
      stopping.abort()
      clearInterval(timer)
      await looking
      await Promise.allSettled([...serving].map(({ work }) => work))
    },
  }
}

/** As much as tells a cut message from others (see `isCut`), in what PostgreSQL's text can hold. */
function storable(text: string): string {
  return text
    .replaceAll("\0", "")
    .slice(0, storedLimit + 1)
    .toWellFormed()
}

function inboundOf(message: ClaimedMessage): InboundMessage {
  return { id: message.messageId, from: message.address, text: message.text }
}
