import type { Log } from "../../operations/log.ts"
import type { WhatsAppMetrics } from "../../operations/metrics-whatsapp.ts"
import { pause } from "../../operations/pause.ts"
import type { InboundMessage } from "../channel.ts"
import type { Person } from "./addresses.ts"
import type { SentDocument } from "./document.ts"
import type { Received } from "./read-message.ts"
import type { Receivers } from "./whatsapp-channel.ts"

const attemptsMax = 8
const rememberedMax = 2_000
/** WhatsApp Business greets by itself; nobody answers by hand so soon. */
const automaticWithinMs = 5_000

/** Whoever typed this at the shop's own phone lets the shop answer again in that chat. */
const resumeWords = /^[./!]?\s*(lanjut|resume|bot on)\s*$/i

/**
 * Gives what came in to the shop; returns when it is stored, and throws when it could not be. A full inbox is
 * waited for: what is not confirmed stays with WhatsApp.
 */
export function createStoring(parts: {
  receivers: Receivers | undefined
  /** What is written down of a file can be opened by this shop alone. */
  seal: (document: SentDocument) => Uint8Array
  metrics: WhatsAppMetrics
  log: Log
  random: () => number
  /** From then on nothing is taken in. */
  windingDown: AbortSignal
  /** The line is gone, or about to be. */
  stopped: AbortSignal
}): (received: Received) => Promise<void> {
  const { receivers, metrics, log, random, windingDown, stopped } = parts

  /** Neither taken nor refused: WhatsApp keeps it, and brings it again to the next connection. */
  const leaveIt = async (): Promise<never> => {
    await untilAborted(stopped)
    throw new Error("the shop stops: the message has to come again")
  }
  const storeMessage = async (message: InboundMessage, accept: Receivers["accept"]) => {
    for (let attempt = 0; ; attempt += 1) {
      if (windingDown.aborted) return await leaveIt()
      const { kind } = await accept("whatsapp", message)
      if (kind === "accepted" || kind === "duplicate") return metrics.whatsappReceived(kind)
      if (windingDown.aborted) continue
      if (kind === "unavailable" || attempt >= attemptsMax) {
        metrics.whatsappReceived("not_stored")
        throw new Error(`the message is not stored: ${kind}`)
      }
      await pause(100 * 2 ** attempt * (0.5 + random() / 2), windingDown)
    }
  }

  /** When each customer last wrote, the latest last. */
  const wroteAt = new Map<string, number>()
  const noteWriting = (writer: Person, at: Date) => {
    for (const address of addressesOf(writer)) {
      wroteAt.delete(address)
      wroteAt.set(address, at.getTime())
      const [oldest] = wroteAt.keys()
      if (wroteAt.size > rememberedMax && oldest !== undefined) wroteAt.delete(oldest)
    }
  }
  const isAutomatic = ({ to, at }: Extract<Received, { kind: "own_phone" }>) => {
    const times = addressesOf(to).flatMap((address) => wroteAt.get(address) ?? [])
    const sinceMs = at.getTime() - Math.max(...times)
    return sinceMs >= 0 && sinceMs < automaticWithinMs
  }

  return async (received) => {
    // Without a shop behind it the account is only paired: what comes meanwhile has to come again.
    if (received.kind === "message" && !receivers) throw new Error("there is no shop to take messages yet")
    if (received.kind === "ignored" || !receivers) return metrics.whatsappReceived("ignored")
    if (received.kind === "message") {
      const { message, document } = received
      const stored = document ? { ...message, document: parts.seal(document) } : message
      await storeMessage(stored, receivers.accept)
      return noteWriting(received.message, received.at)
    }
    const resumes = resumeWords.test(received.text)
    if (!resumes && isAutomatic(received)) return metrics.whatsappReceived("automatic")
    metrics.whatsappReceived("own_phone")
    log.debug("somebody wrote at the shop's own phone", { outcome: resumes ? "resumed" : "paused" })
    if (resumes) await receivers.resumeChat(received.to)
    else await receivers.pauseChat(received.to, received.at)
  }
}

const addressesOf = ({ from, lid }: Person) => (lid === undefined ? [from] : [from, lid])

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
}
