import type { Log } from "../../operations/log.ts"
import type { WhatsAppMetrics } from "../../operations/metrics-whatsapp.ts"
import { pause } from "../../operations/pause.ts"
import type { AccountRow, AccountStore } from "./account-store.ts"
import { afterDisconnect, type Ended, isSteady } from "./after-disconnect.ts"
import type { Connection } from "./connection.ts"
import type { Version } from "./find-version.ts"
import { type Lease, takeLease } from "./lease.ts"
import { publishPairing } from "./publish-pairing.ts"

export type Keeping = Readonly<{ stop(): Promise<void> }>

export type KeepingParts = Readonly<{
  store: AccountStore
  holder: string
  open: (given: {
    epoch: number
    version: Version | undefined
    onQr: (qr: string) => void
    onOpen: (phone: string | null) => void
  }) => Promise<Connection>
  /** The connection that messages go over; undefined when there is none. */
  onConnection: (held: { connection: Connection; epoch: number } | undefined) => void
  seal: (text: string, context: string) => Uint8Array
  /** The version the operator has set; it is not looked for then. */
  version: Version | undefined
  findNewestVersion: () => Promise<Version | undefined>
  /** Something that a person has to look at. */
  tellOperator: (event: OperatorEvent) => void
  monotonicMs: () => number
  random: () => number
  metrics: WhatsAppMetrics
  log: Log
}>

export type OperatorEvent = "logged_out" | "replaced" | "stopped" | "keeps_failing"

const standbyMs = 1_000
/** This many failures in a row, the last ones a minute apart, are worth a word to the operator. */
const worrying = 8
/** After this long without anybody who wants to pair, no more codes are asked for. */
const pairingWishSeconds = 600

/**
 * Keeps the account connected from this process as long as it holds the lease, and waits for the lease while
 * another has it.
 */
export function keepConnected(parts: KeepingParts): Keeping {
  const { store, log, metrics } = parts
  const stopping = new AbortController()
  const startedAt = parts.monotonicMs()
  let version = parts.version

  const run = async () => {
    while (!stopping.signal.aborted) {
      const lease = await whenAway(() => takeWhenWanted())
      if (!lease) {
        await pause(standbyMs, stopping.signal)
        continue
      }
      metrics.whatsappLease(true)
      await whenAway(() => stayConnected(lease))
      await lease.release()
      metrics.whatsappLease(false)
    }
  }
  /** PostgreSQL being away ends nothing. */
  const whenAway = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!store.isLeaseLost(error)) log.warn("the WhatsApp account waits for the database", { error })
      await pause(standbyMs, stopping.signal)
      return undefined
    }
  }
  const takeWhenWanted = async () => {
    const { state } = await store.read()
    if (state === "replaced" || state === "stopped") return undefined
    return await takeLease({ store, holder: parts.holder, monotonicMs: parts.monotonicMs, log })
  }

  const stayConnected = async (lease: Lease) => {
    let failures = 0
    while (!lease.lost.aborted && !stopping.signal.aborted) {
      const row = await store.read()
      if (!isPairingWanted(row)) {
        await pause(standbyMs, stopping.signal)
        continue
      }
      const { ended, wasAskedToPair } = await connectOnce(lease, row)
      if (lease.lost.aborted || stopping.signal.aborted) return
      metrics.whatsappDisconnected(ended.code)
      // A code that nobody scanned is no failure, and the restart after one that was is none either.
      if (isSteady(ended) || wasAskedToPair) failures = 0
      if (!(await follow(ended, failures, lease))) return
      failures += 1
    }
  }
  const isPairingWanted = ({ creds, pairingWantedSecondsAgo }: AccountRow) => {
    const sinceStart = (parts.monotonicMs() - startedAt) / 1_000
    return creds !== null || Math.min(pairingWantedSecondsAgo ?? sinceStart, sinceStart) < pairingWishSeconds
  }

  const connectOnce = async (
    lease: Lease,
    row: AccountRow,
  ): Promise<{ ended: Ended; wasAskedToPair: boolean }> => {
    const pairing = publishPairing({ ...parts, epoch: lease.epoch, wasLoggedOut: row.state === "logged_out" })
    if (row.creds !== null) await store.show(lease.epoch, { state: "connecting" })
    metrics.whatsappState(row.creds !== null ? "connecting" : pairing.state)
    let wasAskedToPair = false
    const connection = await parts.open({
      epoch: lease.epoch,
      version,
      onQr: (qr) => {
        wasAskedToPair = true
        pairing.show(connection, qr)
      },
      onOpen: (phone) => {
        pairing.stop()
        opened(connection, lease.epoch, phone)
      },
    })
    const end = () => connection.end(428)
    lease.lost.addEventListener("abort", end, { once: true })
    stopping.signal.addEventListener("abort", end, { once: true })
    if (lease.lost.aborted || stopping.signal.aborted) end()
    const ended = await connection.ended
    lease.lost.removeEventListener("abort", end)
    stopping.signal.removeEventListener("abort", end)
    pairing.stop()
    parts.onConnection(undefined)
    return { ended, wasAskedToPair }
  }
  const opened = (connection: Connection, epoch: number, phone: string | null) => {
    log.info("WhatsApp is connected")
    metrics.whatsappState("open")
    parts.onConnection({ connection, epoch })
    store.show(epoch, { state: "open" }).catch((error: unknown) => {
      log.warn("the connection could not be shown to others", { error })
      connection.end(428)
    })
    if (phone === null) log.warn("WhatsApp did not say which phone this is")
  }

  /** True to go on connecting. */
  const follow = async (ended: Ended, failures: number, lease: Lease): Promise<boolean> => {
    const { creds } = await store.read()
    // Only a login can be ended: while pairing, 401 says no more than that this attempt failed.
    const code = ended.code === 401 && creds === null ? 408 : ended.code
    const step = afterDisconnect({ ...ended, code }, failures, parts.random)
    log.info("WhatsApp disconnected", { status: ended.code, outcome: step.kind, attempt: failures + 1 })
    if (step.kind === "logged_out") {
      await store.wipe(lease.epoch)
      metrics.whatsappState("logged_out")
      parts.tellOperator("logged_out")
      return true
    }
    if (step.kind === "replaced" || step.kind === "stopped") {
      await store.show(lease.epoch, { state: step.kind, problem: `code ${ended.code}` })
      metrics.whatsappState(step.kind)
      parts.tellOperator(step.kind)
      return false
    }
    if (step.kind === "refresh_version")
      version = parts.version ?? (await parts.findNewestVersion()) ?? version
    if (failures + 1 === worrying) parts.tellOperator("keeps_failing")
    await store.show(lease.epoch, shownWhileAway(await store.read(), ended))
    return await waited(step.delayMs)
  }
  const waited = async (ms: number) => {
    await pause(ms, stopping.signal)
    return !stopping.signal.aborted
  }

  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

function shownWhileAway({ creds, state }: AccountRow, ended: Ended) {
  const problem = `code ${ended.code}`
  if (creds !== null) return { state: "connecting" as const, problem }
  return { state: state === "logged_out" ? ("logged_out" as const) : ("pairing" as const), problem }
}
