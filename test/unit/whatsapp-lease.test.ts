import { afterEach, beforeEach, expect, jest, test } from "bun:test"
import type { AccountStore } from "../../src/channels/whatsapp/account-store.ts"
import { type Lease, takeLease } from "../../src/channels/whatsapp/lease.ts"
import { quietLog } from "../support/gate.ts"

/** The clock goes only when a test lets it go, and the timers with it. */
let nowMs = 0

beforeEach(() => {
  nowMs = 0
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    nowMs += 50
    jest.advanceTimersByTime(50)
    for (let step = 0; step < 10; step += 1) await Promise.resolve()
  }
}

/**
 * Stands for the account's row where only who holds it counts, with a clock that may be wrong: the real one
 * has tests of its own. `hangs` keeps what is asked waiting until `goOn`.
 */
function openRow(options: { clockRuns?: number } = {}) {
  const { clockRuns = 1 } = options
  let holder: string | undefined
  let heldUntilMs = 0
  let epoch = 0
  let answers: "at once" | "never" | "with errors" = "at once"
  let waiting: (() => void)[] = []
  const clockMs = () => nowMs * clockRuns
  const isFree = () => holder === undefined || heldUntilMs <= clockMs()
  const store: Pick<AccountStore, "hold" | "release"> = {
    hold: async (who, ttlMs) => {
      if (answers === "with errors") throw new Error("PostgreSQL is away")
      if (answers === "never") await new Promise<void>((resolve) => waiting.push(resolve))
      if (holder !== who && !isFree()) return undefined
      if (holder !== who) epoch += 1
      holder = who
      heldUntilMs = clockMs() + ttlMs
      return { epoch }
    },
    release: async (who) => {
      if (holder === who) holder = undefined
    },
  }
  return {
    store,
    isFree,
    answers: (how: typeof answers) => {
      answers = how
      for (const goOn of waiting.splice(0)) goOn()
      waiting = []
    },
  }
}

type Row = ReturnType<typeof openRow>

const take = (row: Row, holder: string) =>
  takeLease({ store: row.store, holder, monotonicMs: () => nowMs, log: quietLog })

async function mustTake(row: Row, holder: string): Promise<Lease> {
  const lease = await take(row, holder)
  if (!lease) throw new Error("the account is another's")
  return lease
}

test("the account is one process's as long as it renews its lease", async () => {
  const row = openRow()
  const lease = await mustTake(row, "first")
  for (let seconds = 0; seconds < 600; seconds += 1) {
    await pass(1_000)
    expect(row.isFree()).toBe(false)
  }
  expect(lease.lost.aborted).toBe(false)
  expect(await take(row, "second")).toBeUndefined()
})

test("given back, it is another's at once, under a higher epoch, and is renewed no more", async () => {
  const row = openRow()
  const lease = await mustTake(row, "first")
  await lease.release()
  await lease.release()
  expect(lease.lost.aborted).toBe(true)
  const next = await mustTake(row, "second")
  expect(next.epoch).toBeGreaterThan(lease.epoch)
  await pass(30_000)
  expect(next.lost.aborted).toBe(false)
})

test.each(["never", "with errors"] as const)(
  "a database that answers %s costs the account before anybody else can have it",
  async (how) => {
    for (const clockRuns of [0.9, 1, 1.1]) {
      for (const aliveMs of [0, 1_950, 2_000, 2_050, 7_000, 63_000]) {
        const row = openRow({ clockRuns })
        const lease = await mustTake(row, "first")
        await pass(aliveMs)
        row.answers(how)
        while (!row.isFree()) await pass(50)
        expect(lease.lost.aborted).toBe(true)
      }
    }
  },
)

test("an answer that comes too late does not bring the account back", async () => {
  const row = openRow()
  const lease = await mustTake(row, "first")
  row.answers("never")
  await pass(9_000)
  expect(lease.lost.aborted).toBe(true)
  row.answers("at once")
  await pass(1_000)
  expect(lease.lost.aborted).toBe(true)
})

test("a process that slept through its lease takes it for lost when it wakes", async () => {
  const row = openRow()
  const lease = await mustTake(row, "first")
  await pass(1_000)
  nowMs += 60_000
  await pass(50)
  await pass(2_000)
  expect(lease.lost.aborted).toBe(true)
})

test("whoever was taken over learns it at the next renewal, and leaves it with the other", async () => {
  const row = openRow()
  const lease = await mustTake(row, "first")
  // By an error of the clocks, or by hand.
  await row.store.release("first")
  const next = await mustTake(row, "second")
  await pass(2_000)
  expect(lease.lost.aborted).toBe(true)
  await lease.release()
  await pass(20_000)
  expect(next.lost.aborted).toBe(false)
  expect(await take(row, "third")).toBeUndefined()
})

test("a database that is away for some seconds costs nothing", async () => {
  const row = openRow()
  const lease = await mustTake(row, "first")
  for (let round = 0; round < 5; round += 1) {
    row.answers("with errors")
    await pass(4_000)
    row.answers("at once")
    await pass(3_000)
  }
  expect(lease.lost.aborted).toBe(false)
})
