import type { MidtransConfig } from "../../config.ts"
import type { Log } from "../../operations/log.ts"
import type { ChargeReference, PaymentProvider, StatusOutcome } from "../payment-provider.ts"
import { cancel } from "./cancel.ts"
import { charge } from "./charge.ts"
import { lookUp, type Midtrans } from "./look-up.ts"
import { createMidtransCalls } from "./midtrans-calls.ts"
import { openPage } from "./open-page.ts"
import { readNotification } from "./read-notification.ts"
import { refund } from "./refund.ts"

export type MidtransProviderOptions = Readonly<{
  config: MidtransConfig
  log: Log
  /** Bounds each request; a call makes at most five of them, and nearly always one. */
  timeoutMs?: number
  clock: () => Date
}>

/** QRIS through Midtrans' Core API, or its Snap page. Holds nothing that has to be stopped. */
export function createMidtransProvider(options: MidtransProviderOptions): PaymentProvider {
  const { config, log, timeoutMs = 2_800, clock } = options
  const midtrans: Midtrans = { calls: createMidtransCalls(config, timeoutMs), log, clock }
  return {
    name: "midtrans",
    isDemo: false,
    charge: (request) =>
      config.payment === "snap"
        ? openPage(request, midtrans, { allowsLoopback: config.baseUrl !== undefined })
        : charge(request, midtrans),
    status: (reference) => status(reference, midtrans),
    statusOfTransaction: (reference, transactionId) => status(reference, midtrans, transactionId),
    cancel: (reference, transactionId) => cancel(reference, midtrans, transactionId),
    refund: (request) => refund(request, midtrans),
    readNotification: (rawBody) => readNotification(rawBody, config.serverKey),
  }
}

async function status(
  reference: ChargeReference,
  midtrans: Midtrans,
  asked?: string,
): Promise<StatusOutcome> {
  const found = await lookUp(reference, midtrans, asked)
  if (found.kind !== "known") return found
  const { transactionId, state, amount, refundedAmount, qrString } = found.transaction
  const said = { transactionId, state, amount, refundedAmount, ...(qrString && { qrString }) }
  return { kind: "known", reference, ...said }
}
