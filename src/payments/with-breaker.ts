import type { Log } from "../operations/log.ts"
import type {
  ChargeOutcome,
  PaymentProvider,
  RefundOutcome,
  StatusOutcome,
  Unknown,
} from "./payment-provider.ts"

export type BreakerOptions = Readonly<{
  log: Log
  clock: () => Date
  /** Calls `run` once after that time; returns what prevents it. */
  startTimer?: (milliseconds: number, run: () => void) => () => void
  /** Bounds a whole charge, and a whole refund, however many requests it takes. */
  chargeTimeoutMs?: number
  failuresMax?: number
  openMs?: number
}>

type Answered = ChargeOutcome | StatusOutcome | RefundOutcome

const reason = "provider does not answer"

/**
 * Keeps a provider that does not answer from holding up the shop. After some calls in a row without an
 * answer it is not asked at all for a while, and then by one call first. What is answered meanwhile is
 * certain: nothing was asked. An answer that can't be read is an answer.
 */
export function withBreaker(provider: PaymentProvider, options: BreakerOptions): PaymentProvider {
  const { chargeTimeoutMs = 6_000, startTimer = startTimeout } = options
  const breaker = createBreaker(options)
  const unasked: StatusOutcome = { kind: "unknown", reason }
  const ofTransaction = provider.statusOfTransaction
  return {
    name: provider.name,
    isDemo: provider.isDemo,
    charge: (request) =>
      breaker.ask<ChargeOutcome>({ kind: "refused", reason }, () =>
        within(chargeTimeoutMs, startTimer, provider.charge(request)),
      ),
    status: (reference) => breaker.ask<StatusOutcome>(unasked, () => provider.status(reference)),
    ...(ofTransaction && {
      statusOfTransaction: (reference, transactionId) =>
        breaker.ask<StatusOutcome>(unasked, () => ofTransaction(reference, transactionId)),
    }),
    // Its answer does not tell silence from a refusal, so it neither opens nor closes the breaker.
    cancel: async (reference, transactionId) =>
      breaker.isClosed() && (await provider.cancel(reference, transactionId)),
    refund: (request) =>
      breaker.ask<RefundOutcome>({ kind: "unknown", reason }, () =>
        within(chargeTimeoutMs, startTimer, provider.refund(request)),
      ),
    readNotification: (rawBody) => provider.readNotification(rawBody),
  }
}

function createBreaker({ log, clock, failuresMax = 3, openMs = 10_000 }: BreakerOptions) {
  let failuresInARow = 0
  let openUntil: number | undefined
  let isProbing = false

  function failed(wasProbe: boolean): void {
    // Calls from before it opened say nothing new.
    if (openUntil !== undefined && !wasProbe) return
    failuresInARow += 1
    if (!wasProbe && failuresInARow < failuresMax) return
    if (openUntil === undefined)
      log.error("the payment provider does not answer: it is not asked for a while")
    openUntil = clock().getTime() + openMs
  }

  function succeeded(): void {
    if (openUntil !== undefined) log.info("the payment provider answers again")
    failuresInARow = 0
    openUntil = undefined
  }

  return {
    isClosed: () => openUntil === undefined,
    async ask<Outcome extends Answered>(unasked: Outcome, call: () => Promise<Outcome>): Promise<Outcome> {
      const isProbe = openUntil !== undefined
      if (openUntil !== undefined && (isProbing || clock().getTime() < openUntil)) return unasked
      if (isProbe) isProbing = true
      try {
        const outcome = await call()
        if (isSilence(outcome)) failed(isProbe)
        else succeeded()
        return outcome
      } finally {
        if (isProbe) isProbing = false
      }
    },
  }
}

function isSilence(outcome: Answered): boolean {
  return outcome.kind === "unknown" && outcome.isAnswered !== true
}

/** What the provider does about it after that is found out by asking for the charge's state. */
async function within<Outcome>(
  milliseconds: number,
  startTimer: NonNullable<BreakerOptions["startTimer"]>,
  answering: Promise<Outcome>,
): Promise<Outcome | Unknown> {
  const { promise, resolve } = Promise.withResolvers<Unknown>()
  const stopTimer = startTimer(milliseconds, () => resolve({ kind: "unknown", reason: "no answer in time" }))
  try {
    return await Promise.race([answering, promise])
  } finally {
    stopTimer()
  }
}

function startTimeout(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}
