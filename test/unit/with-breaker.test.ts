import { expect, test } from "bun:test"
import { withBreaker } from "../../src/payments/with-breaker.ts"
import { rupiah } from "../../src/shop/money.ts"
import type { Fault } from "../simulators/midtrans/faults.ts"
import { chargeRequest, reference, startWithProvider } from "../simulators/midtrans/with-provider.ts"
import { eventually } from "../support/eventually.ts"

const notAsked = "provider does not answer"
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const failing = { kind: "http", status: 500 } as const satisfies Fault

function ignore(): void {
  // What is logged is not looked at here.
}

async function startWithBreaker() {
  const stall = await startWithProvider()
  const time = { now: 0 }
  const clock = () => new Date(time.now)
  const timers: (() => void)[] = []
  const startTimer = (_milliseconds: number, run: () => void) => {
    timers.push(run)
    return () => undefined
  }
  const guarded = withBreaker(stall.provider, { log, clock, startTimer })
  const asked = () => stall.simulator.requests().length
  const failThrice = async () => {
    stall.simulator.faults.plan("status", { ...failing, times: 3 })
    for (let call = 1; call <= 3; call += 1) await guarded.status(reference)
  }
  return { ...stall, guarded, time, timers, asked, failThrice }
}

test("after three silences in a row nothing is asked for ten seconds, and each call is answered at once", async () => {
  await using stall = await startWithBreaker()
  const { guarded, time, asked } = stall
  await stall.failThrice()
  expect(asked()).toBe(3)
  time.now = 9_999
  expect(await guarded.charge(chargeRequest())).toEqual({ kind: "refused", reason: notAsked })
  expect(await guarded.status(reference)).toEqual({ kind: "unknown", reason: notAsked })
  expect(await guarded.cancel(reference)).toBe(false)
  expect(asked()).toBe(3)
  time.now = 10_000
  expect((await guarded.charge(chargeRequest())).kind).toBe("charged")
  expect((await guarded.status(reference)).kind).toBe("known")
  expect(await guarded.cancel(reference)).toBe(true)
})

test("of many calls after the ten seconds one is let through, and its silence opens it again", async () => {
  await using stall = await startWithBreaker()
  const { guarded, time, asked, simulator } = stall
  await stall.failThrice()
  time.now = 10_000
  simulator.faults.plan("status", { ...failing, times: 1 })
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => guarded.status(reference)))
  expect(asked()).toBe(4)
  expect(
    outcomes.filter((outcome) => outcome.kind === "unknown" && outcome.reason === notAsked),
  ).toHaveLength(9)
  time.now = 19_999
  await guarded.status(reference)
  expect(asked()).toBe(4)
  time.now = 20_000
  expect(await guarded.status(reference)).toEqual({ kind: "not_found" })
  expect(await guarded.status(reference)).toEqual({ kind: "not_found" })
})

test("an answer in between, a refusal and an answer that can't be read are no silence", async () => {
  await using stall = await startWithBreaker()
  const { guarded, simulator, asked } = stall
  await guarded.charge(chargeRequest())
  const edited = { kind: "edited", fields: { currency: "USD" } } as const
  for (const fault of [failing, failing, edited, failing, failing, edited, edited, edited, edited])
    simulator.faults.plan("status", { ...fault, times: 1 })
  for (let call = 1; call <= 9; call += 1) expect((await guarded.status(reference)).kind).toBe("unknown")
  simulator.faults.plan("charge", { kind: "refuse", code: 400, times: 5 })
  for (let call = 1; call <= 5; call += 1)
    expect(await guarded.charge(chargeRequest())).toEqual({ kind: "refused", reason: "provider refused" })
  expect(asked()).toBe(15)
  expect((await guarded.status(reference)).kind).toBe("known")
})

test("a refund is not asked for while nothing is asked, and counts as silence when it meets one", async () => {
  await using stall = await startWithBreaker()
  const { guarded, time, asked, simulator } = stall
  const request = { reference, refundKey: "R-1", amount: rupiah(10_000), reason: "broken" }
  await guarded.charge(chargeRequest())
  simulator.pay(reference)
  simulator.faults.plan("refund", failing)
  simulator.faults.plan("status", failing)
  for (let call = 1; call <= 3; call += 1) expect((await guarded.refund(request)).kind).toBe("unknown")
  const before = asked()
  expect(await guarded.refund(request)).toEqual({ kind: "unknown", reason: notAsked })
  expect(asked()).toBe(before)
  simulator.faults.clear()
  time.now = 10_000
  expect(await guarded.refund(request)).toEqual({ kind: "refunded" })
})

test("a charge ends with its deadline, whatever the provider still does", async () => {
  await using stall = await startWithBreaker()
  stall.simulator.faults.plan("charge", { kind: "hang" })
  const charging = stall.guarded.charge(chargeRequest())
  await eventually("Midtrans is asked", () => stall.asked() === 1)
  stall.timers[0]?.()
  expect(await charging).toEqual({ kind: "unknown", reason: "no answer in time" })
})
