import type { Connection, ConnectionInput } from "./connection.ts"
import { type Stanza, stanza } from "./stanza.ts"

/** What the server does wrong, or refuses, at the moment. */
export type Faults = {
  /** The HTTP status that answers new web sockets. */
  upgradeStatus: number | undefined
  /** The HTTP status that answers uploads of media. */
  uploadStatus: number | undefined
  /** The HTTP status that answers whoever fetches a file. */
  downloadStatus: number | undefined
  failingLogins: { reason: number; times: number } | undefined
  refusedSends: { error: number; times: number; to: string | undefined } | undefined
  acks: "given" | "held" | "lost"
  readonly heldAcks: Stanza[]
  freezesNewConnections: boolean
  requiredVersion: readonly number[] | undefined
}

/** A stream error by its code; `conflict` is 440, another connection took the account over. */
export type StreamError = 515 | 428 | 408 | 500 | 503 | 401 | "conflict"

/** The ways to hurt a client. Those of a connection say whether they mean the present or the next ones. */
export type FaultControls = Readonly<{
  /** Breaks every open connection off, without a goodbye. */
  drop(): void
  /**
   * The present connections stay open, but nothing is read or answered on them (a web socket's ping is: the
   * engine does that); with `newOnesToo`, neither on those that come.
   */
  freeze(options?: { newOnesToo?: boolean }): void
  /** Frozen connections go on where they were. */
  thaw(): void
  /** The next connections are answered by this HTTP status instead of a web socket; "none" ends it. */
  refuseUpgrades(status: number | "none"): void
  /** The next logins fail with this reason (401, 403, 405, 411, 500, 503 ...). */
  failLogins(reason: number, times?: number): void
  /** Ends the present logged-in connection. 401 unlinks the device as well: later logins fail. */
  streamError(error: StreamError): void
  /**
   * The next messages, to whomever or to one customer's jid, are refused by this code (463, 429, 479 ...).
   */
  refuseSends(refusal: { error: number; times?: number; to?: string } | "none"): void
  /** Messages are delivered, but their acknowledgements wait for `releaseAcks`. */
  holdAcks(): void
  releaseAcks(): void
  /** Messages are delivered, their acknowledgements never come; until `releaseAcks`. */
  loseAcks(): void
  /** Uploads of media are answered by this HTTP status; "none" ends it. */
  refuseUploads(status: number | "none"): void
  /** Files are not given out, but answered by this HTTP status; "none" ends it. */
  refuseDownloads(status: number | "none"): void
  /** Logins and pairings with another version fail with 405. "any" ends it. */
  requireVersion(version: readonly number[] | "any"): void
}>

const heldLimit = 10_000

export function createFaults(): Faults {
  return {
    upgradeStatus: undefined,
    uploadStatus: undefined,
    downloadStatus: undefined,
    failingLogins: undefined,
    refusedSends: undefined,
    acks: "given",
    heldAcks: [],
    freezesNewConnections: false,
    requiredVersion: undefined,
  }
}

/** What the server's parts give the controls to work on. */
export type FaultTargets = Readonly<{
  faults: Faults
  inputs(): Iterable<ConnectionInput>
  loggedIn(): Connection | undefined
  unlink(): void
}>

export function createFaultControls({ faults, inputs, loggedIn, unlink }: FaultTargets): FaultControls {
  return {
    drop() {
      for (const input of inputs()) input.drop()
    },
    freeze({ newOnesToo = false } = {}) {
      faults.freezesNewConnections = newOnesToo
      for (const input of inputs()) input.freeze()
    },
    thaw() {
      faults.freezesNewConnections = false
      for (const input of inputs()) input.thaw()
    },
    refuseUpgrades(status) {
      faults.upgradeStatus = status === "none" ? undefined : status
    },
    failLogins(reason, times = 1) {
      faults.failingLogins = { reason, times }
    },
    streamError(error) {
      const connection = loggedIn()
      if (!connection) throw new Error("nobody is logged in")
      if (error === 401) unlink()
      connection.send(streamErrorNode(error))
      connection.close()
    },
    refuseSends(refusal) {
      const { error, times = 1, to } = refusal === "none" ? { error: 0, times: 0 } : refusal
      faults.refusedSends = { error, times, to }
    },
    holdAcks() {
      faults.acks = "held"
    },
    releaseAcks() {
      faults.acks = "given"
      for (const ack of faults.heldAcks.splice(0)) loggedIn()?.send(ack)
    },
    loseAcks() {
      faults.acks = "lost"
    },
    refuseUploads(status) {
      faults.uploadStatus = status === "none" ? undefined : status
    },
    refuseDownloads(status) {
      faults.downloadStatus = status === "none" ? undefined : status
    },
    requireVersion(version) {
      faults.requiredVersion = version === "any" ? undefined : version
    },
  }
}

/** Gives an acknowledgement to `send`, or what the present fault makes of it. */
export function passAck(ack: Stanza, faults: Faults, send: (ack: Stanza) => void): void {
  if (faults.acks === "given") send(ack)
  else if (faults.acks === "held" && faults.heldAcks.length < heldLimit) faults.heldAcks.push(ack)
}

/** The code that refuses a message to this jid, if one does; counts it. */
export function refusalOf(jids: readonly string[], faults: Faults): number | undefined {
  const refused = faults.refusedSends
  if (!refused || refused.times <= 0) return undefined
  if (refused.to !== undefined && !jids.includes(refused.to)) return undefined
  refused.times -= 1
  return refused.error
}

/** The reason why a login fails, if it does; counts it. */
export function loginFailure(version: readonly number[], faults: Faults): number | undefined {
  const { requiredVersion, failingLogins } = faults
  if (requiredVersion && requiredVersion.join() !== version.join()) return 405
  if (!failingLogins || failingLogins.times <= 0) return undefined
  failingLogins.times -= 1
  return failingLogins.reason
}

export function streamErrorNode(error: StreamError): Stanza {
  if (error === "conflict") return stanza("stream:error", {}, [stanza("conflict", { type: "replaced" })])
  const removed = error === 401 ? [stanza("conflict", { type: "device_removed" })] : undefined
  return stanza("stream:error", { code: String(error) }, removed)
}
