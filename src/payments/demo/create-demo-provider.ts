import { formatRupiah, type Rupiah, rupiah } from "../../shop/money.ts"
import type { ChargeReference, ChargeRequest, PaymentProvider, StatusOutcome } from "../payment-provider.ts"

export type DemoPayment = Readonly<{ amount: Rupiah; paidAt: Date | null; expiresAt: Date }>

export type DemoProviderOptions = Readonly<{
  clock: () => Date
  /** Reads what the shop stored: a pretended payment outlives the process and is seen by all of them. */
  readDemoPayment: (reference: ChargeReference) => Promise<DemoPayment | undefined>
}>

/**
 * Pretended payments, for a shop without a gateway. It keeps nothing itself: who lets a customer press "pay"
 * stores that beside the order, and only while the order still waits, which is what makes `cancel` final.
 */
export function createDemoProvider({ clock, readDemoPayment }: DemoProviderOptions): PaymentProvider {
  return {
    name: "demo",
    isDemo: true,
    charge: async ({ reference, amount, expiresAt }: ChargeRequest) => ({
      kind: "charged",
      qrString: demoCode(reference, amount),
      transactionId: transactionIdOf(reference),
      expiresAt,
    }),
    status: (reference) => readStatus(reference, clock, readDemoPayment),
    cancel: async (reference) => {
      const found = await readStatus(reference, clock, readDemoPayment)
      return found.kind === "not_found" || (found.kind === "known" && found.state !== "paid")
    },
    refund: async () => ({ kind: "refunded" }),
    readNotification: () => ({ kind: "forged" }),
  }
}

async function readStatus(
  reference: ChargeReference,
  clock: DemoProviderOptions["clock"],
  readDemoPayment: DemoProviderOptions["readDemoPayment"],
): Promise<StatusOutcome> {
  const payment = await readDemoPayment(reference).catch(() => "unreadable" as const)
  if (payment === "unreadable") return { kind: "unknown", reason: "pretended payment can't be read" }
  if (payment === undefined) return { kind: "not_found" }
  return {
    kind: "known",
    reference,
    transactionId: transactionIdOf(reference),
    state: stateOf(payment, clock()),
    amount: payment.amount,
    refundedAmount: rupiah(0),
    qrString: demoCode(reference, payment.amount),
  }
}

function stateOf(payment: DemoPayment, now: Date): "paid" | "expired" | "pending" {
  if (payment.paidAt !== null) return "paid"
  return payment.expiresAt <= now ? "expired" : "pending"
}

/** Plain words, where a payable code is a row of tags and lengths: no bank's app takes it for one. */
function demoCode(reference: ChargeReference, amount: Rupiah): string {
  return `DEMO ${reference} ${formatRupiah(amount)} - BUKAN PEMBAYARAN - NOT A PAYMENT`
}

function transactionIdOf(reference: ChargeReference): string {
  return `demo-${reference}`
}
