import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import { label, msPerSecond, setState } from "./metrics-labels.ts"

const states = ["off", "pairing", "connecting", "open", "logged_out", "replaced", "stopped"] as const

/** The ends of a connection that WhatsApp has numbers for; see `after-disconnect.ts` of the channel. */
const knownCodes: ReadonlySet<number> = new Set([401, 403, 405, 408, 411, 428, 440, 500, 503, 515])

export interface WhatsAppMetrics {
  whatsappState(state: (typeof states)[number]): void
  /** What became of a message handed to WhatsApp: `delivered`, `failed`, `refused`. */
  whatsappSent(outcome: string): void
  /** What became of a message that came in: `accepted`, `duplicate`, `ignored` and so on. */
  whatsappReceived(kind: string): void
  /** A connection that ended, by WhatsApp's code; the shop connects again where that helps. */
  whatsappDisconnected(code: number): void
  /** Messages of this process that wait for their turn. */
  whatsappQueue(waiting: number): void
  /** How long a message waited for its turn, so that the number is not banned for haste. */
  whatsappPaceWait(durationMs: number): void
  /** Whether sending rests after a warning of WhatsApp's. */
  whatsappPaused(paused: boolean): void
  /** Whether this process is the one that may be connected. */
  whatsappLease(held: boolean): void
  /** 0 while there is no connection. */
  whatsappConnectedSeconds(seconds: number): void
}

export function whatsappMetrics(registry: Registry): WhatsAppMetrics {
  const counted = whatsappCounters(registry)
  const shown = whatsappGauges(registry)
  return {
    whatsappState: (state) => setState(shown.state, states, state),
    whatsappSent: (outcome) => counted.sends.inc({ outcome: label(outcome) }),
    whatsappReceived: (kind) => counted.inbound.inc({ kind: label(kind) }),
    whatsappDisconnected: (code) =>
      counted.disconnects.inc({ code: knownCodes.has(code) ? String(code) : "other" }),
    whatsappQueue: (waiting) => shown.queue.set(waiting),
    whatsappPaceWait: (durationMs) => counted.paceWait.observe(durationMs / msPerSecond),
    whatsappPaused: (paused) => shown.breaker.set(paused ? 1 : 0),
    whatsappLease: (held) => shown.lease.set(held ? 1 : 0),
    whatsappConnectedSeconds: (seconds) => shown.connected.set(seconds),
  }
}

function whatsappCounters(registry: Registry) {
  const registers = [registry]
  return {
    sends: new Counter({
      name: "lapak_whatsapp_sends_total",
      help: "Messages handed to WhatsApp by what became of them",
      labelNames: ["outcome"] as const,
      registers,
    }),
    inbound: new Counter({
      name: "lapak_whatsapp_inbound_total",
      help: "Messages from WhatsApp by what became of them",
      labelNames: ["kind"] as const,
      registers,
    }),
    disconnects: new Counter({
      name: "lapak_whatsapp_disconnects_total",
      help: "Connections to WhatsApp that ended, by WhatsApp's code; after most of them the shop reconnects",
      labelNames: ["code"] as const,
      registers,
    }),
    paceWait: new Histogram({
      name: "lapak_whatsapp_pace_wait_seconds",
      help: "How long a message waited for its turn to be sent",
      buckets: [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    }),
  }
}

function whatsappGauges(registry: Registry) {
  const registers = [registry]
  return {
    state: new Gauge({
      name: "lapak_whatsapp_state",
      help: "1 for the state the WhatsApp connection is in",
      labelNames: ["state"] as const,
      registers,
    }),
    queue: new Gauge({
      name: "lapak_whatsapp_send_queue_length",
      help: "Messages of this process that wait for their turn to be sent",
      registers,
    }),
    breaker: new Gauge({
      name: "lapak_whatsapp_breaker_open",
      help: "1 while sending rests after a warning of WhatsApp's",
      registers,
    }),
    lease: new Gauge({
      name: "lapak_whatsapp_lease_held",
      help: "1 in the process that may be connected to WhatsApp",
      registers,
    }),
    connected: new Gauge({
      name: "lapak_whatsapp_connected_seconds",
      help: "How long the connection to WhatsApp has been open; 0 while there is none",
      registers,
    }),
  }
}
