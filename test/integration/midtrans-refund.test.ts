import { describe, expect, test } from "bun:test"
import type { ChargeReference, RefundOutcome, RefundRequest } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import {
  chargeRequest,
  reference,
  serverKey,
  startWithProvider,
} from "../simulators/midtrans/with-provider.ts"

function refundRequest(changes: Partial<RefundRequest> = {}): RefundRequest {
  return { reference, refundKey: "R-1", amount: rupiah(4_000), reason: "broken on arrival", ...changes }
}

function summary(outcome: RefundOutcome): string {
  return outcome.kind === "refunded" ? "refunded" : `${outcome.kind}: ${outcome.reason}`
}

async function startPaid(options: Parameters<typeof startWithProvider>[0] = {}) {
  const stall = await startWithProvider({ notifyByItself: false, ...options })
  await stall.provider.charge(chargeRequest())
  stall.simulator.pay(reference)
  const refunds = () =>
    stall.simulator.transaction(reference)?.refunds.map(({ key, amount }) => [key, amount])
  return { ...stall, refunds }
}

describe("a refund", () => {
  test("pays back a part, then the rest, and the status tells how much in all", async () => {
    await using stall = await startPaid()
    const { provider } = stall
    expect(await provider.status(reference)).toMatchObject({ state: "paid", refundedAmount: rupiah(0) })
    expect(await provider.refund(refundRequest())).toEqual({ kind: "refunded" })
    expect(await provider.status(reference)).toMatchObject({
      state: "partially_refunded",
      amount: rupiah(10_000),
      refundedAmount: rupiah(4_000),
    })
    const rest = refundRequest({ refundKey: "R-2", amount: rupiah(6_000) })
    expect(await provider.refund(rest)).toEqual({ kind: "refunded" })
    expect(await provider.status(reference)).toMatchObject({
      state: "refunded",
      refundedAmount: rupiah(10_000),
    })
  })

  test("is notified twice, rightly signed, the second time with the bank's word", async () => {
    await using stall = await startPaid()
    await stall.provider.refund(refundRequest())
    const bodies = stall.simulator.notifications(reference).slice(2)
    expect(bodies.map((body) => "bank_confirmed_at" in JSON.parse(body))).toEqual([false, true])
    for (const body of bodies)
      expect(stall.provider.readNotification(body)).toMatchObject({
        kind: "authentic",
        claimedState: "partial_refund",
      })
  })

  test("under the same key pays back once, however often it is asked for", async () => {
    for (const errorsAs of ["body", "http"] as const) {
      await using stall = await startPaid({ errorsAs })
      for (let time = 1; time <= 3; time += 1)
        expect(summary(await stall.provider.refund(refundRequest()))).toBe("refunded")
      const together = Array.from({ length: 5 }, () => stall.provider.refund(refundRequest()))
      expect(new Set((await Promise.all(together)).map(summary))).toEqual(new Set(["refunded"]))
      expect(stall.refunds()).toEqual([["R-1", 4_000]])
    }
  })

  test("of everything is still done when it is asked for again, though nothing is left to pay back", async () => {
    await using stall = await startPaid()
    const whole = refundRequest({ amount: rupiah(10_000) })
    expect(summary(await stall.provider.refund(whole))).toBe("refunded")
    stall.simulator.faults.plan("refund", { kind: "refuse", code: 412, times: 1 })
    expect(summary(await stall.provider.refund(whole))).toBe("refunded")
  })

  test("under a used key is done only when the status lists it", async () => {
    await using stall = await startPaid()
    stall.simulator.faults.plan("refund", { kind: "refuse", code: 406, times: 1 })
    expect(summary(await stall.provider.refund(refundRequest()))).toBe("unknown: reference already used")
    expect(stall.refunds()).toEqual([])
    expect(summary(await stall.provider.refund(refundRequest()))).toBe("refunded")
    const other = refundRequest({ amount: rupiah(5_000) })
    expect(summary(await stall.provider.refund(other))).toBe("refused: refund key used for another amount")
    expect(stall.refunds()).toEqual([["R-1", 4_000]])
  })

  test("that is not allowed is refused: before the payment, and for more than is left", async () => {
    await using stall = await startWithProvider({ notifyByItself: false })
    const { provider, simulator } = stall
    await provider.charge(chargeRequest())
    expect(summary(await provider.refund(refundRequest()))).toBe(
      "refused: charge can't be refunded in its state",
    )
    simulator.pay(reference)
    const more = refundRequest({ amount: rupiah(10_001) })
    expect(summary(await provider.refund(more))).toBe("refused: amount is more than is left to refund")
    const nobodys = refundRequest({ reference: "LPK-9-z" as ChargeReference })
    expect((await provider.refund(nobodys)).kind).toBe("refused")
  })

  test("under an unsafe id or key, or of no money, is refused without asking", async () => {
    await using stall = await startPaid()
    const before = stall.simulator.requests().length
    const requests = [
      { reference: "../../v2/other" as ChargeReference },
      { refundKey: "a b" },
      { refundKey: "" },
      { refundKey: "x".repeat(51) },
      { amount: rupiah(0) },
      { amount: rupiah(-1) },
    ]
    for (const changes of requests)
      expect((await stall.provider.refund(refundRequest(changes))).kind, JSON.stringify(changes)).toBe(
        "refused",
      )
    expect(stall.simulator.requests()).toHaveLength(before)
  })
})

describe("a refund in doubt", () => {
  test("that was made while its answer got lost is found in the status", async () => {
    await using stall = await startPaid({ timeoutMs: 1_000 })
    stall.simulator.faults.plan("refund", { kind: "lost_answer", times: 1 })
    expect(summary(await stall.provider.refund(refundRequest()))).toBe("refunded")
    expect(stall.refunds()).toEqual([["R-1", 4_000]])
  })

  test("stays unknown whatever goes wrong, and asking again under the same key settles it", async () => {
    await using stall = await startPaid()
    const { simulator, provider, impatient } = stall
    const faults = [
      ...[500, 503, 429, 408].map((status) => ({ kind: "http", status }) as const),
      { kind: "reset" },
      { kind: "accepted" },
      { kind: "body", text: '{"status_code":"200"}' },
    ] as const
    for (const fault of faults) {
      simulator.faults.plan("refund", { ...fault, times: 1 })
      expect((await provider.refund(refundRequest())).kind, JSON.stringify(fault)).toBe("unknown")
    }
    for (const kind of ["hang", "drip"] as const) {
      simulator.faults.plan("refund", { kind, times: 1 })
      expect((await impatient.refund(refundRequest())).kind, kind).toBe("unknown")
    }
    expect(stall.refunds()).toEqual([])
    simulator.faults.plan("refund", { kind: "lost_answer", times: 1 })
    simulator.faults.plan("status", { kind: "http", status: 500, times: 1 })
    expect((await impatient.refund(refundRequest())).kind).toBe("unknown")
    expect(summary(await provider.refund(refundRequest()))).toBe("refunded")
    expect(stall.refunds()).toEqual([["R-1", 4_000]])
    expect(stall.logged.join()).not.toContain(serverKey)
  })

  test("is never refused by somebody in between, or for its key: it may be done already", async () => {
    await using stall = await startPaid()
    const { simulator, provider, impatient } = stall
    simulator.faults.plan("refund", { kind: "lost_answer", times: 1 })
    simulator.faults.plan("status", { kind: "http", status: 503 })
    expect((await impatient.refund(refundRequest())).kind).toBe("unknown")
    const refusals = [
      ...[400, 401, 403, 404, 412].map((status) => ({ kind: "http", status }) as const),
      ...[400, 401, 403, 404, 412, 413].map((code) => ({ kind: "refuse", code }) as const),
    ]
    for (const refusal of refusals) {
      simulator.faults.plan("refund", { ...refusal, times: 1 })
      expect((await provider.refund(refundRequest())).kind, JSON.stringify(refusal)).toBe("unknown")
    }
    simulator.faults.clear()
    for (const refusal of refusals) {
      simulator.faults.plan("refund", { ...refusal, times: 1 })
      expect(summary(await provider.refund(refundRequest())), JSON.stringify(refusal)).toBe("refunded")
    }
    expect(stall.refunds()).toEqual([["R-1", 4_000]])
  })

  test("that was not made is refused by Midtrans alone, and not for a key it does not take just now", async () => {
    await using stall = await startPaid()
    const doubts = [
      ...[400, 403, 404, 412].map((status) => ({ kind: "http", status }) as const),
      ...[401, 403].map((code) => ({ kind: "refuse", code }) as const),
    ]
    for (const doubt of doubts) {
      stall.simulator.faults.plan("refund", { ...doubt, times: 1 })
      expect((await stall.provider.refund(refundRequest())).kind, JSON.stringify(doubt)).toBe("unknown")
    }
    expect(summary(await stall.provider.refund(refundRequest()))).toBe("refunded")
  })

  test("that looks impossible stays unknown while the status can't be asked: it may be done already", async () => {
    await using stall = await startPaid()
    stall.simulator.faults.plan("refund", { kind: "refuse", code: 414, times: 1 })
    stall.simulator.faults.plan("status", { kind: "http", status: 500, times: 1 })
    expect(summary(await stall.provider.refund(refundRequest()))).toBe("unknown: provider is failing")
  })
})
