import type { PaymentLookup, PaymentPage } from "./dependencies.ts"
import type { EventStream } from "./event-streams.ts"

/** What an open payment page is told: times are milliseconds of the server's clock. */
export function paymentStateOf(payment: PaymentPage, now: Date) {
  return { state: payment.state, now: now.getTime(), expiresAt: payment.expiresAt.getTime() }
}

/** A change that nobody announced, from another process for example, is seen this late. */
const reread_ms = 3_000

/**
 * Tells each state of a payment once, until it is settled. A change that comes during a lookup is looked up
 * after it.
 */
export async function followPayment(
  stream: EventStream,
  payment: {
    read: () => Promise<PaymentLookup>
    watch: (changed: () => void) => (() => void) | undefined
    clock: () => Date
    failed: (error: unknown) => void
  },
): Promise<void> {
  let told = ""
  const tell = async () => {
    const lookup = await payment.read()
    if (lookup.kind !== "found" || lookup.payment.state === told) return
    told = lookup.payment.state
    stream.send({ name: "state", data: paymentStateOf(lookup.payment, payment.clock()) })
    if (told !== "pending") stream.end()
  }
  const tellInTurn = oneAtATime(tell)
  const ask = () => {
    tellInTurn().catch((error) => {
      payment.failed(error)
      stream.end()
    })
  }
  const unwatch = payment.watch(ask)
  const timer = setInterval(ask, reread_ms)
  stream.onEnd(() => {
    clearInterval(timer)
    unwatch?.()
  })
  await tellInTurn()
}

/** Calls that come while `work` is under way make it run once more, however many they are. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let isUnderway = false
  let isWanted = false
  return async () => {
    isWanted = true
    if (isUnderway) return
    isUnderway = true
    try {
      while (isWanted) {
        isWanted = false
        await work()
      }
    } finally {
      isUnderway = false
    }
  }
}
