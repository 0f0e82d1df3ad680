import { inspect } from "node:util"
import type { Log } from "../../../src/operations/log.ts"
import { createMidtransProvider } from "../../../src/payments/midtrans/create-midtrans-provider.ts"
import type { ChargeReference, ChargeRequest } from "../../../src/payments/payment-provider.ts"
import { rupiah } from "../../../src/shop/money.ts"
import { type MidtransSimulatorOptions, startMidtransSimulator } from "./start-midtrans-simulator.ts"

export const serverKey = "SB-Mid-server-never-to-be-logged"

export const reference = "LPK-1-a" as ChargeReference

/**
 * The real client and provider against a simulator of their own, and everything they logged. `impatient` is
 * the same shop with a short time-out, for calls that must end without an answer; on a busy machine it may
 * give up on a good answer too, so nothing that has to succeed goes through it.
 */
export async function startWithProvider(
  options: Partial<MidtransSimulatorOptions> & {
    timeoutMs?: number
    keyOfShop?: string
    payment?: "qris" | "snap"
  } = {},
) {
  const { timeoutMs = 5_000, keyOfShop = serverKey, payment = "qris", ...simulatorOptions } = options
  const simulator = await startMidtransSimulator({ serverKey, ...simulatorOptions })
  const logged: string[] = []
  const write = (event: string, fields?: unknown) => logged.push(inspect([event, fields], { depth: null }))
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const clock = options.clock ?? (() => new Date())
  const { url: baseUrl } = simulator
  const config = { serverKey: keyOfShop, clientKey: undefined, production: false, payment, baseUrl }
  const provider = createMidtransProvider({ config, log, timeoutMs, clock })
  const impatient = createMidtransProvider({ config, log, timeoutMs: 100, clock })
  return { simulator, provider, impatient, logged, [Symbol.asyncDispose]: () => simulator.stop() }
}

export function chargeRequest(changes: Partial<ChargeRequest> = {}): ChargeRequest {
  const expiresAt = new Date(Date.now() + 30 * 60_000)
  return { reference, amount: rupiah(10_000), expiresAt, description: "2x Voucher", ...changes }
}
