import type { Channel, SendOutcome } from "../channels/channel.ts"
import { type Database, isUnavailable } from "../database/connect.ts"
import { grouped } from "../database/grouped.ts"
import { claimOutbox, type Envelope, giveUp, markSent, postpone, putBackUntried } from "../database/outbox.ts"
import type { Log } from "../operations/log.ts"
import type { NoteError } from "../operations/note-errors.ts"
import { pause } from "../operations/pause.ts"
import type { ProcessId } from "../shop/ids.ts"
import { backoffMs } from "./backoff.ts"
import { compose, type OpenUnit, type WriteWords } from "./compose.ts"

/** Delivers what was promised: in order per customer, again and again under the same id until it is taken. */
export type Outbox = Readonly<{
  /** The channels whose messages may be handed to `deliver` now; none while too many are under way. */
  takes(): readonly string[]
  /** Sends messages this process holds already, at once. */
  deliver(envelopes: readonly Envelope[]): void
  /** Looks for messages that are due. */
  wake(): void
  start(): void
  /** Waits until nothing is under way here, and a look found nothing due. */
  idle(): Promise<void>
  /** Stops looking, and waits for what is under way. */
  stop(): Promise<void>
}>

export type OutboxParts = Readonly<{
  database: Database
  owner: () => ProcessId | undefined
  channels: readonly Channel[]
  /** Only this customer's messages; for the console. */
  number?: string | undefined
  writeWords: WriteWords
  openUnit: OpenUnit
  log: Log
  newReference: () => string
  noteError: NoteError
  random: () => number
  onSent: (envelope: Envelope) => void
  /** How often it looks for what others promised or what is due again, when nobody wakes it. */
  lookIntervalMs: number
}>

// With the pauses of backoff.ts this is about a day: a gateway may be down for a night.
const attemptsMax = 140
const underWayMax = 256
const claimSize = 64
// Few, so that those under way are soon done when something comes for which somebody waits.
const broadcastsMax = 8
const untried: SendOutcome = { kind: "untried" }
const storeAgainMs = 300
const storeAgainLongestMs = 10_000

export function createOutbox(parts: OutboxParts): Outbox {
  const { database, log } = parts
  const channels = new Map(parts.channels.map((channel) => [channel.name, channel]))
  const underWay = new Set<Promise<void>>()
  let broadcasts = 0
  let looking: Promise<void> | undefined
  let lookAgain = false
  const stopping = new AbortController()
  let timer: ReturnType<typeof setInterval> | undefined

  const takingNow = () =>
    [...channels.values()].filter((channel) => channel.takes?.() !== false).map(({ name }) => name)

  const sendOne = async (envelope: Envelope): Promise<void> => {
    const channel = channels.get(envelope.channel)
    // It may have stopped taking between the claim and now.
    const fate = channel?.takes?.() === false ? untried : await handOver(envelope, channel, parts)
    await storeFate(envelope, fate)
  }
  const markOne = grouped<Envelope, boolean>((envelopes) => markAll(database, envelopes), {
    itemsMax: 100,
    roundsMax: 1,
  })
  const storeFate = async (envelope: Envelope, outcome: SendOutcome): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (outcome.kind === "untried") return await putBackUntried(database, envelope)
        if (outcome.kind !== "delivered") return await putBack(envelope, outcome, parts)
        const more = await markOne(envelope)
        parts.onSent(envelope)
        if (more) wake()
        return
      } catch (error) {
        log.warn("a message's fate could not be stored", { outboxId: envelope.id, attempt, error })
        // A process that lost its claims leaves the message to the next one, who sends it under the same id.
        if (stopping.signal.aborted) return
        await pause(Math.min(storeAgainMs * 2 ** attempt, storeAgainLongestMs), stopping.signal)
        if (parts.owner() !== undefined && parts.owner() !== envelope.owner) return
      }
    }
  }
  const track = (work: Promise<void>) => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }
  const deliver = (envelopes: readonly Envelope[]) => {
    for (const envelope of envelopes) {
      const sending = sendOne(envelope)
      track(sending)
      if (envelope.lane !== "broadcast") continue
      broadcasts += 1
      void sending.finally(() => {
        broadcasts -= 1
        if (broadcasts === 0) wake()
      })
    }
  }

  const look = async (): Promise<void> => {
    do {
      lookAgain = false
      const owner = parts.owner()
      const room = Math.min(claimSize, underWayMax - underWay.size)
      const taking = takingNow()
      if (stopping.signal.aborted || owner === undefined || room <= 0 || taking.length === 0) return
      const due = await claimOutbox(database, owner, {
        channels: taking,
        broadcastsMax: broadcastsMax - broadcasts,
        number: parts.number,
        limit: room,
      })
      if (due.length > 0) {
        deliver(due)
        lookAgain = true
      }
    } while (lookAgain)
  }
  const wake = () => {
    lookAgain = true
    if (looking || stopping.signal.aborted) return
    looking = look()
      .catch((error: unknown) => {
        if (!isUnavailable(error)) log.error("looking for messages to send failed", { error })
      })
      .finally(() => {
        looking = undefined
      })
  }

  return {
    takes: () => (underWay.size < underWayMax ? takingNow() : []),
    deliver,
    wake,
    start: () => {
      timer = setInterval(wake, parts.lookIntervalMs)
      wake()
    },
    idle: async () => {
      do {
        wake()
        await looking
        await Promise.all(underWay)
      } while (underWay.size > 0)
    },
    stop: async () => {
      stopping.abort()
      clearInterval(timer)
      await looking
      await Promise.all(underWay)
    },
  }
}

async function markAll(database: Database, envelopes: readonly Envelope[]): Promise<boolean[]> {
  let more = false
  for (const owner of new Set(envelopes.map((envelope) => envelope.owner))) {
    const ids = envelopes.filter((envelope) => envelope.owner === owner).map(({ id }) => id)
    more = (await markSent(database, owner, ids)) || more
  }
  return envelopes.map((_, place) => more && place === 0)
}

async function handOver(
  envelope: Envelope,
  channel: Channel | undefined,
  parts: OutboxParts,
): Promise<SendOutcome> {
  if (!channel) return { kind: "failed", reason: "channel not served here" }
  try {
    return await channel.send(await compose(envelope, parts))
  } catch (error) {
    parts.log.error("a message could not be written out", { outboxId: envelope.id, error })
    return { kind: "refused", reason: "could not be written out" }
  }
}

async function putBack(
  envelope: Envelope,
  outcome: Extract<SendOutcome, { reason: string }>,
  { database, log, newReference, noteError, random }: OutboxParts,
): Promise<void> {
  const { reason } = outcome
  if (outcome.kind === "refused" || envelope.attempts >= attemptsMax) {
    const { id: outboxId, channel, userId } = envelope
    const reference = newReference()
    log.error("a message was given up", { reference, outboxId, channel, reason })
    await giveUp(database, envelope, reason)
    await noteError({ operation: "send_message", reference, error: outcome.kind, channel, userId })
    return
  }
  log.warn("a message will be tried again", { outboxId: envelope.id, attempt: envelope.attempts, reason })
  await postpone(database, envelope, { delayMs: backoffMs(envelope.attempts, random), reason })
}
