import { type Rupiah, rupiah } from "../../shop/money.ts"
import type { ChargeReference, PaymentProvider, StatusOutcome } from "../payment-provider.ts"
import { type StaticCode, writeDynamicCode } from "./merchant-code.ts"

/** What the shop knows of a charge: who was matched with it is stored beside it. */
export type StaticPayment = Readonly<{
  amount: Rupiah
  expiresAt: Date
  /** Only such a payment is ever matched with a notification. */
  isOpen: boolean
  match: Readonly<{ eventId: number; amount: Rupiah }> | null
}>

export type StaticQrisOptions = Readonly<{
  code: StaticCode
  clock: () => Date
  readStaticPayment: (reference: ChargeReference) => Promise<StaticPayment | undefined>
}>

/**
 * Payments to the shop's own static code, of an amount that is asked of nobody else. It reaches nobody: that
 * money came is what the listener's notifications say, and those are matched and stored before it is asked.
 */
export function createStaticQrisProvider(options: StaticQrisOptions): PaymentProvider {
  const { code } = options
  return {
    name: "static_qris",
    isDemo: false,
    charge: async ({ amount, expiresAt }) => ({
      kind: "charged",
      qrString: writeDynamicCode(code, amount),
      expiresAt,
    }),
    status: (reference) => readStatus(reference, options),
    // The code itself can't be ended, but what comes for an ended payment is a person's to decide.
    cancel: async (reference) => {
      const payment = await read(reference, options)
      return payment === undefined || (payment !== "unreadable" && !payment.isOpen && payment.match === null)
    },
    refund: async () => ({ kind: "refused", reason: "money can't be sent back through a static QRIS code" }),
    // They are signed as a whole request, and matched where they come in.
    readNotification: () => ({ kind: "forged" }),
  }
}

async function readStatus(reference: ChargeReference, options: StaticQrisOptions): Promise<StatusOutcome> {
  const payment = await read(reference, options)
  if (payment === "unreadable") return { kind: "unknown", reason: "static payment can't be read" }
  if (payment === undefined) return { kind: "not_found" }
  const { match, amount, expiresAt } = payment
  const unpaid = expiresAt <= options.clock() ? "expired" : "pending"
  return {
    kind: "known",
    reference,
    transactionId: match ? `listener-${match.eventId}` : `static-${reference}`,
    state: match ? "paid" : unpaid,
    amount: match?.amount ?? amount,
    refundedAmount: rupiah(0),
    qrString: writeDynamicCode(options.code, amount),
  }
}

async function read(reference: ChargeReference, { readStaticPayment }: StaticQrisOptions) {
  return await readStaticPayment(reference).catch(() => "unreadable" as const)
}
