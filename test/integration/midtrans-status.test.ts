import { describe, expect, test } from "bun:test"
import type { ChargeReference, StatusOutcome } from "../../src/payments/payment-provider.ts"
import type { Fault } from "../simulators/midtrans/faults.ts"
import { chargeRequest, reference, startWithProvider } from "../simulators/midtrans/with-provider.ts"

/** Faults under which no answer would ever come. */
const endless: readonly string[] = ["hang", "drip"]

function summary(outcome: StatusOutcome): string {
  if (outcome.kind === "known") return `${outcome.state} ${outcome.amount}`
  return outcome.kind === "unknown" ? `unknown: ${outcome.reason}` : outcome.kind
}

async function startCharged(options: Parameters<typeof startWithProvider>[0] = {}) {
  const stall = await startWithProvider(options)
  await stall.provider.charge(chargeRequest())
  return stall
}

describe("a status", () => {
  test("follows the charge through its life", async () => {
    await using stall = await startCharged()
    const { simulator, provider } = stall
    const seen = [summary(await provider.status(reference))]
    const { authorize, capture, pay, refundPartly, refund, chargeBackPartly, chargeBack } = simulator
    const steps = [authorize, capture, pay, refundPartly, refund, chargeBackPartly, chargeBack]
    for (const step of [...steps, simulator.deny, simulator.fail, simulator.cancel, simulator.expire]) {
      step(reference)
      seen.push(summary(await provider.status(reference)))
    }
    expect(seen).toEqual([
      "pending 10000",
      "pending 10000",
      "paid 10000",
      "paid 10000",
      "partially_refunded 10000",
      "refunded 10000",
      "partially_charged_back 10000",
      "charged_back 10000",
      "denied 10000",
      "denied 10000",
      "cancelled 10000",
      "expired 10000",
    ])
  })

  test("names the transaction, and answers for the asked order only", async () => {
    await using stall = await startCharged()
    const transactionId = stall.simulator.transaction(reference)?.transactionId ?? ""
    expect(await stall.provider.status(reference)).toMatchObject({ reference, transactionId })
    stall.simulator.pay(reference)
    stall.simulator.faults.plan("status", { kind: "edited", fields: { order_id: "LPK-2-a" } })
    expect(summary(await stall.provider.status(reference))).toBe("unknown: answer is about another order")
  })

  test("of an order that was never charged is not found, in the body or by HTTP", async () => {
    await using stall = await startWithProvider()
    for (const form of ["body", "http"] as const) {
      stall.simulator.answerErrorsAs(form)
      expect(await stall.provider.status(reference)).toEqual({ kind: "not_found" })
    }
  })

  test("a 404 of somebody in between is no word of Midtrans", async () => {
    await using stall = await startCharged()
    stall.simulator.faults.plan("status", { kind: "http", status: 404 })
    expect(summary(await stall.provider.status(reference))).toBe("unknown: provider refused")
  })

  test("a body with 407 is an expired charge, though the client takes it for a success", async () => {
    let now = new Date("2026-01-31T06:00:00Z")
    await using stall = await startCharged({ clock: () => now })
    now = new Date(Date.now() + 10 * 24 * 3_600_000)
    expect(summary(await stall.provider.status(reference))).toBe("expired 10000")
  })

  test("an unsafe id never reaches another path", async () => {
    await using stall = await startWithProvider()
    for (const id of ["../../v2/charge", "..", "a/../b", "a?b", ""]) {
      expect(summary(await stall.provider.status(id as ChargeReference))).toBe("unknown: unsafe reference")
      expect(await stall.provider.cancel(id as ChargeReference)).toBe(false)
    }
    expect(stall.simulator.requests()).toEqual([])
  })

  test("is unknown, and comes back in time, whatever goes wrong", async () => {
    await using stall = await startCharged()
    stall.simulator.pay(reference)
    const faults: Fault[] = [
      ...[500, 503, 429, 401].map((status) => ({ kind: "http", status }) as const),
      ...(["hang", "reset", "drip", "accepted"] as const).map((kind) => ({ kind })),
      { kind: "refuse", code: 500 },
      { kind: "redirect", location: `${stall.simulator.url}/v2/elsewhere/status` },
      ...["", "null", "[]", "<html>", '{"status_code":"200"}', '{"status_code":"407"}'].map(
        (text) => ({ kind: "body", text }) as const,
      ),
      ...["10000.50", "10000", "10,000.00"].map(
        (gross_amount) => ({ kind: "edited", fields: { gross_amount } }) as const,
      ),
      { kind: "edited", fields: { status_code: "201" } },
      { kind: "edited", fields: { transaction_status: "vanished" } },
    ]
    for (const fault of faults) {
      stall.simulator.faults.plan("status", { ...fault, times: 1 })
      const provider = endless.includes(fault.kind) ? stall.impatient : stall.provider
      expect((await provider.status(reference)).kind, JSON.stringify(fault)).toBe("unknown")
    }
    expect(summary(await stall.provider.status(reference))).toBe("paid 10000")
    expect(stall.logged.length).toBe(faults.length)
    expect(stall.simulator.requests().every((request) => !request.path.includes("elsewhere"))).toBe(true)
  })

  test("a slow answer within the time is still an answer, and a lagging one is what it says", async () => {
    await using stall = await startCharged()
    stall.simulator.pay(reference)
    stall.simulator.faults.plan("status", { kind: "slow", delayMs: 20, times: 1 })
    expect(summary(await stall.provider.status(reference))).toBe("paid 10000")
    stall.simulator.faults.plan("status", { kind: "stale", times: 1 })
    expect(summary(await stall.provider.status(reference))).toBe("pending 10000")
  })

  test("tells what went back to the payer, by refunds and by chargebacks", async () => {
    await using stall = await startCharged()
    const { simulator, provider } = stall
    const refunded = async () => {
      const status = await provider.status(reference)
      return status.kind === "known" ? [status.state, Number(status.refundedAmount)] : [status.kind]
    }
    simulator.pay(reference)
    simulator.refundAmount(reference, 3_000)
    expect(await refunded()).toEqual(["partially_refunded", 3_000])
    simulator.chargeBackPartly(reference)
    expect(await refunded()).toEqual(["partially_charged_back", Number.NaN])
    simulator.chargeBackPartly(reference, 2_000)
    expect(await refunded()).toEqual(["partially_charged_back", 5_000])
    simulator.deny(reference)
    expect(await refunded()).toEqual(["denied", 10_000])
  })

  test("written in capitals is understood", async () => {
    await using stall = await startCharged()
    const fields = { transaction_status: "PENDING", status_code: "200" }
    stall.simulator.faults.plan("status", { kind: "edited", fields })
    expect(summary(await stall.provider.status(reference))).toBe("pending 10000")
  })
})

describe("a cancellation", () => {
  test("ends an unpaid charge, and may be repeated", async () => {
    await using stall = await startCharged()
    expect(await stall.provider.cancel(reference)).toBe(true)
    expect(await stall.provider.cancel(reference)).toBe(true)
    expect(stall.simulator.transaction(reference)?.state).toBe("cancel")
  })

  test("that the acquirer refuses is tried as an expiry", async () => {
    for (const errorsAs of ["body", "http"] as const) {
      await using stall = await startCharged({ errorsAs })
      stall.simulator.faults.plan("cancel", { kind: "refuse", code: 412 })
      expect(await stall.provider.cancel(reference)).toBe(true)
      expect(stall.simulator.transaction(reference)?.state).toBe("expire")
    }
  })

  test("of a paid charge is not certain of anything", async () => {
    await using stall = await startCharged()
    stall.simulator.pay(reference)
    expect(await stall.provider.cancel(reference)).toBe(false)
    expect(stall.simulator.transaction(reference)?.state).toBe("settlement")
  })

  test("is believed only when the status agrees", async () => {
    await using stall = await startCharged({ timeoutMs: 1_000 })
    stall.simulator.faults.plan("cancel", { kind: "hang", times: 1 })
    expect(await stall.impatient.cancel(reference)).toBe(false)
    stall.simulator.faults.plan("cancel", { kind: "lost_answer", times: 1 })
    expect(await stall.provider.cancel(reference)).toBe(true)
    stall.simulator.faults.plan("status", { kind: "http", status: 500, times: 1 })
    expect(await stall.provider.cancel(reference)).toBe(false)
  })

  test("of a charge nobody knows is not certain: it may still appear", async () => {
    await using stall = await startWithProvider()
    expect(await stall.provider.cancel(reference)).toBe(false)
  })
})
