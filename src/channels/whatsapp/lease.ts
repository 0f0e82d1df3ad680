import type { Log } from "../../operations/log.ts"
import { pause } from "../../operations/pause.ts"
import type { AccountStore } from "./account-store.ts"

/** The right to be connected, as long as `lost` is not aborted. */
export type Lease = Readonly<{
  /** Raised at every change of hands; writes under an old one are refused. */
  epoch: number
  lost: AbortSignal
  /** Gives it back, so that another process need not wait. Idempotent. */
  release(): Promise<void>
}>

/** How long the account stays with a process that nobody hears of. */
const leaseMs = 10_000
const renewEveryMs = 2_000
/** This much before the others may take it, its holder takes it for lost: clocks do not run alike. */
const marginMs = 2_000

/**
 * Takes the account when nobody has it; undefined while another process does. Renewed until released. It is
 * lost when the database did not confirm it in time: then, by this process's own clock, no other can have it
 * yet.
 */
export async function takeLease(parts: {
  store: Pick<AccountStore, "hold" | "release">
  holder: string
  /** Milliseconds that only go forward. */
  monotonicMs: () => number
  log: Log
}): Promise<Lease | undefined> {
  const { store, holder, monotonicMs, log } = parts
  const askedAt = monotonicMs()
  const held = await store.hold(holder, leaseMs)
  if (!held) return undefined
  const lost = new AbortController()
  let released: Promise<void> | undefined
  let safeUntil = askedAt + leaseMs - marginMs
  let deadline = setTimeout(() => expire(), Math.max(0, safeUntil - monotonicMs()))

  const expire = () => {
    if (lost.signal.aborted) return
    log.warn("the WhatsApp account could not be kept: the database did not answer in time")
    lost.abort()
  }
  const renew = async () => {
    const sentAt = monotonicMs()
    const kept = await store.hold(holder, leaseMs)
    if (kept?.epoch !== held.epoch) return lost.abort()
    if (monotonicMs() > safeUntil) return expire()
    safeUntil = sentAt + leaseMs - marginMs
    clearTimeout(deadline)
    deadline = setTimeout(expire, Math.max(0, safeUntil - monotonicMs()))
  }
  const keep = async () => {
    while (!lost.signal.aborted) {
      await pause(renewEveryMs, lost.signal)
      if (lost.signal.aborted) return
      await renew().catch((error: unknown) => log.debug("the lease was not renewed", { error }))
    }
  }
  const kept = keep()
  return {
    epoch: held.epoch,
    lost: lost.signal,
    release: () => {
      released ??= (async () => {
        clearTimeout(deadline)
        lost.abort()
        await kept
        await store.release(holder).catch((error: unknown) => log.debug("the lease runs out", { error }))
      })()
      return released
    },
  }
}
