import type { Acceptance, InboundMessage } from "../../src/channels/channel.ts"
import { signatureHeader, signGatewayBody, timestampHeader } from "../../src/channels/gateway/signature.ts"
import { createTryChannel } from "../../src/channels/try/try-channel.ts"
import { toTryNumber } from "../../src/channels/try/try-number.ts"
import type { Log, LogFields } from "../../src/operations/log.ts"
import type { WhatsAppView } from "../../src/operations/whatsapp-view.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { PaymentPage, RequestFacts, WebDependencies } from "../../src/web/dependencies.ts"

export const gatewaySecret = "a gateway secret of the tests"
export const demoToken = "demo-token-0123456789"
export const now = new Date("2026-03-01T05:00:00Z")

export type LogLine = Readonly<{ level: string; event: string; fields: LogFields | undefined }>

/** A log that can be read afterwards. */
export function createRecordingLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = []
  const record = (level: string) => (event: string, fields?: LogFields) => {
    lines.push({ level, event, fields })
  }
  return { lines, debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") }
}

export function aPayment(changes: Partial<PaymentPage> = {}): PaymentPage {
  return {
    state: "pending",
    amount: rupiah(15_000),
    uniqueExtra: rupiah(0),
    orderCode: "LPK-7K2M9Q",
    shopName: "Lapak Uji",
    expiresAt: new Date(now.getTime() + 15 * 60_000),
    qrString: "00020101021226QRIS-OF-THE-TESTS",
    isDemo: true,
    language: "id",
    ...changes,
  }
}

export function aWhatsAppView(changes: Partial<WhatsAppView> = {}): WhatsAppView {
  return {
    state: "off",
    qr: undefined,
    pairingCode: undefined,
    pairingPhone: undefined,
    phone: undefined,
    pausedUntil: undefined,
    pauseCode: undefined,
    problemCode: undefined,
    unreachable: false,
    since: now,
    held: true,
    ...changes,
  }
}

/**
 * A shop small enough for a test of its web: it takes every message once and knows the payments it is given.
 */
export function aShop(changes: Partial<WebDependencies> = {}) {
  const log = createRecordingLog()
  const received: { channel: string; message: InboundMessage }[] = []
  const payments = new Map<string, PaymentPage>([[demoToken, aPayment()]])
  const watchers = new Set<() => void>()
  const channel = createTryChannel()
  const setPayment = (token: string, payment: PaymentPage) => {
    payments.set(token, payment)
    for (const changed of watchers) changed()
  }
  const accept = async (name: string, message: InboundMessage): Promise<Acceptance> => {
    const isKnown = received.some((one) => one.channel === name && one.message.id === message.id)
    if (isKnown) return { kind: "duplicate" }
    received.push({ channel: name, message })
    return { kind: "accepted" }
  }
  const dependencies: WebDependencies = {
    clock: () => now,
    log,
    newReference: () => "REF-1",
    noteError: async () => undefined,
    host: "127.0.0.1",
    isAtHome: true,
    metricsToken: undefined,
    accept,
    gatewaySecret,
    checks: async () => ({
      postgres: { state: "ok" },
      redis: { state: "ok" },
      migrations: { state: "ok" },
      whatsapp: { state: "off" },
    }),
    healthDetails: async () => ({ version: "0.0.0" }),
    metricsText: async () => "lapak_up 1\n",
    recordNotification: async () => ({ kind: "stored" }),
    recordForwarded: async () => ({ kind: "stored" }),
    payments: {
      find: async (token) => {
        const payment = payments.get(token)
        return payment ? { kind: "found", payment } : { kind: "unknown" }
      },
      watch: (_, changed) => {
        watchers.add(changed)
        return () => watchers.delete(changed)
      },
      payDemo: async (token) => {
        const payment = payments.get(token)
        if (payment?.state !== "pending") return "not_payable"
        setPayment(token, { ...payment, state: "paid", qrString: undefined })
        return "paid"
      },
    },
    tryIt: {
      enabled: true,
      shopName: () => "Lapak Uji",
      channel,
      history: async () => [],
      newNumber: () => toTryNumber(123_456_789),
    },
    whatsapp: { view: async () => aWhatsAppView(), wantCode: async () => "ok", again: async () => "ok" },
    ...changes,
  }
  return { dependencies, log, received, payments, setPayment, watchers, channel }
}

/** The facts of a request from this very machine, for `app.request()`. */
export function fromLoopback(changes: Partial<RequestFacts> = {}): RequestFacts {
  return { peerAddress: () => "127.0.0.1", closing: new AbortController().signal, ...changes }
}

/** A gateway's request, signed as it should be unless told otherwise. */
export function signedByGateway(
  body: string | Uint8Array<ArrayBuffer>,
  { at = now, secret = gatewaySecret }: { at?: Date; secret?: string } = {},
) {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const headers = {
    "Content-Type": "application/json",
    [timestampHeader]: timestamp,
    [signatureHeader]: signGatewayBody(secret, timestamp, body),
  }
  return { method: "POST", headers, body }
}

/** Reads server-sent events until one satisfies `isLast`, or the stream ends; then closes it. */
export async function readEvents(
  response: Response,
  isLast: (event: { name: string; id: string | undefined; data: unknown }) => boolean = () => false,
) {
  const events: { name: string; id: string | undefined; data: unknown }[] = []
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ""
  for (;;) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) return events
    text += chunk.value
    const blocks = text.split("\n\n")
    text = blocks.pop() ?? ""
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1]
      const name = field("event")
      if (name === undefined) continue
      const event = { name, id: field("id"), data: JSON.parse(field("data") ?? "null") as unknown }
      events.push(event)
      if (!isLast(event)) continue
      await reader?.cancel()
      return events
    }
  }
}
