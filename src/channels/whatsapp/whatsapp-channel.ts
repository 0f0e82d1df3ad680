import { isLoopbackUrl } from "../../config-whatsapp.ts"
import type { Log } from "../../operations/log.ts"
import type { WhatsAppMetrics } from "../../operations/metrics-whatsapp.ts"
import type { Vault } from "../../operations/vault.ts"
import type { Accept, Channel, OutboundMessage, SendOutcome } from "../channel.ts"
import type { AccountStore } from "./account-store.ts"
import type { Person } from "./addresses.ts"
import { openAuthState } from "./auth-state.ts"
import { type Connection, openConnection } from "./connection.ts"
import { openDocument, sealDocument } from "./document.ts"
import { fetchDocument } from "./fetch-document.ts"
import { findNewestVersion, type Version } from "./find-version.ts"
import { type Keeping, keepConnected, type OperatorEvent } from "./keep-connected.ts"
import { mendSignatures, silenceConsole, trustTestRoot } from "./mend-baileys.ts"
import { mendRatchets } from "./mend-ratchets.ts"
import { createPace } from "./pace.ts"
import type { Answers } from "./read-message.ts"
import { readSent, sendOn } from "./send.ts"
import { createSendingBreaker, type Warning } from "./sending-breaker.ts"
import { createStoring } from "./store-received.ts"

export type WhatsAppSettings = Readonly<{
  url: string
  /** Hex of another certificate root, for a server on this machine. */
  testRoot: string | undefined
  /** Where files are fetched from, for a server on this machine. */
  mediaHost?: string | undefined
  version: Version | undefined
  readReceipts: boolean
  answers: Answers
  pacePerSecond: number
}>

/** What the channel gives what came in to. */
export type Receivers = Readonly<{
  accept: Accept
  /** Somebody at the shop's own phone spoke with this customer: the shop keeps quiet there. */
  pauseChat: (customer: Person, at: Date) => Promise<void>
  /** They are done. */
  resumeChat: (customer: Person) => Promise<void>
  /** What waits can go out. */
  connected: () => void
}>

export type WhatsAppChannel = Channel &
  Readonly<{
    /** Connects, or waits for the process that is connected to go. Undefined receivers: it only pairs. */
    start(receivers: Receivers | undefined): Promise<void>
    figures(): Readonly<{ waiting: number; paused: boolean; connected: boolean }>
  }>

/** More wait in the database, where they hinder no other channel and survive. */
const waitingMax = 32

/** How long a stopping shop waits for WhatsApp's word on what is on its way. */
const confirmingMs = 3_000

export type WhatsAppEvent = OperatorEvent | "sending_paused"

/**
 * WhatsApp through Baileys. Messages come in once they are stored, and go out when the server has taken them.
 * One process of a shop is connected at a time.
 */
export function createWhatsAppChannel(parts: {
  settings: WhatsAppSettings
  store: AccountStore
  vault: Vault
  /** Tells this process from others. */
  holder: string
  tellOperator: (event: WhatsAppEvent, detail: { forMs?: number; code?: Warning }) => void
  metrics: WhatsAppMetrics
  log: Log
  random: () => number
  /** Milliseconds that only go forward. */
  monotonicMs: () => number
}): WhatsAppChannel {
  const { settings, store, vault, log, metrics, monotonicMs, random } = parts
  const pace = createPace({ perSecond: settings.pacePerSecond, monotonicMs, random })
  const breaker = createSendingBreaker(monotonicMs)
  let held: { connection: Connection; epoch: number; noMoreTurns: AbortSignal } | undefined
  let keeping: Keeping | undefined
  /** How to leave Baileys as it was found. */
  let undo: readonly (() => void)[] = []
  const windingDown = new AbortController()
  const stopped = new AbortController()

  const takes = () =>
    held?.connection.isOpen() === true &&
    breaker.allows() &&
    !windingDown.signal.aborted &&
    pace.waiting() < waitingMax

  const rest = async (warning: Warning, epoch: number) => {
    const ms = breaker.warned(warning)
    log.error("sending rests: WhatsApp warned the shop", { status: Number(warning), durationMs: ms })
    metrics.whatsappPaused(true)
    parts.tellOperator("sending_paused", { forMs: ms, code: warning })
    await store.pauseSending(epoch, { ms, reason: `WhatsApp ${warning}` }).catch((error: unknown) => {
      log.warn("the rest is known to this process only", { error })
    })
  }
  const send = async (message: OutboundMessage): Promise<SendOutcome> => {
    if (!held?.connection.isOpen() || !breaker.allows()) return { kind: "untried" }
    const { connection, epoch, noMoreTurns } = held
    try {
      const { pacePerSecond } = settings
      const sending = { ...parts, epoch, pace, pacePerSecond, noMoreTurns, mayGo: breaker.allows }
      const { warned, ...outcome } = await sendOn(connection, message, sending)
      if (outcome.kind === "delivered") breaker.succeeded()
      if (warned !== undefined) await rest(warned, epoch)
      metrics.whatsappSent(outcome.kind)
      return outcome
    } catch (error) {
      log.warn("a message could not be handed to WhatsApp", { error })
      metrics.whatsappSent("failed")
      return { kind: "failed", reason: "could not be handed over" }
    }
  }

  const start = async (receivers: Receivers | undefined) => {
    if (keeping) return
    const { testRoot, url } = settings
    undo = [
      mendSignatures(),
      mendRatchets(),
      testRoot === undefined ? () => undefined : trustTestRoot(testRoot, url),
      silenceConsole(),
    ]
    await store.connectAgain()
    const storing = createStoring({
      receivers,
      seal: (document) => sealDocument(vault, document),
      metrics,
      log,
      random,
      windingDown: windingDown.signal,
      stopped: stopped.signal,
    })
    keeping = keepConnected({
      ...parts,
      seal: (text, context) => vault.seal(text, context),
      version: settings.version,
      findNewestVersion: () => findNewestVersion(settings.url),
      tellOperator: (event) => parts.tellOperator(event, {}),
      onConnection: (now) => {
        held = now && {
          ...now,
          noMoreTurns: AbortSignal.any([now.connection.gone, windingDown.signal]),
        }
        if (held) receivers?.connected()
      },
      open: async ({ epoch, version, onQr, onOpen }) => {
        let opened: Connection | undefined
        const fatal = (error: unknown) => {
          log.error("the WhatsApp login could not be kept: the connection ends", { error })
          opened?.end(500)
        }
        const { pausedForMs } = await store.read()
        if (pausedForMs > 0) breaker.restFor(pausedForMs)
        const auth = await openAuthState({ store, epoch, vault, fatal })
        opened = openConnection({
          auth,
          store,
          url: settings.url,
          version,
          answers: settings.answers,
          monotonicMs,
          log,
          readSent: (id) => readSent(store, vault, id),
          onQr,
          onOpen,
          onReceived: async (received) => {
            await storing(received)
            if (received.kind === "message" && settings.readReceipts) readLater(opened, received.key, log)
          },
        })
        return opened
      },
    })
  }

  return {
    name: "whatsapp",
    takes,
    send,
    fetchDocument: async (document) =>
      await fetchDocument(openDocument(vault, document), {
        // The settings hold this too; here it is held where it matters.
        host: isLoopbackUrl(settings.url) ? settings.mediaHost : undefined,
        stopping: windingDown.signal,
        log,
      }),
    start,
    figures: () => ({
      waiting: pace.waiting(),
      paused: !breaker.allows(),
      connected: held?.connection.isOpen() === true,
    }),
    windDown: () => {
      windingDown.abort()
      // What the server has not confirmed by then is sent again under the same id.
      setTimeout(() => void keeping?.stop(), confirmingMs).unref()
    },
    stop: async () => {
      windingDown.abort()
      stopped.abort()
      await keeping?.stop()
      keeping = undefined
      for (const put of undo.toReversed()) put()
      undo = []
    },
  }
}

/** The blue ticks: a courtesy, so nothing waits for it. */
function readLater(
  connection: Connection | undefined,
  key: Parameters<Connection["socket"]["readMessages"]>[0][0],
  log: Log,
) {
  connection?.socket.readMessages([key]).catch((error: unknown) => {
    log.debug("a message could not be shown as read", { error })
  })
}
