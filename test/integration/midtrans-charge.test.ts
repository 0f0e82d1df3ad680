import { describe, expect, test } from "bun:test"
import type { ChargeOutcome, ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import { chargeRequest, reference, startWithProvider } from "../simulators/midtrans/with-provider.ts"

function summary(outcome: ChargeOutcome): string {
  return outcome.kind === "charged" ? "charged" : `${outcome.kind}: ${outcome.reason}`
}

describe("a charge", () => {
  test("gives the code, the transaction and the end of the offer as Midtrans set it", async () => {
    await using stall = await startWithProvider({ clock: () => new Date("2026-01-31T06:00:00Z") })
    const expiresAt = new Date("2026-01-31T06:29:30Z")
    const charged = await stall.provider.charge(chargeRequest({ expiresAt }))
    const made = stall.simulator.transaction(reference)
    if (!made) throw new Error("nothing was charged")
    expect(charged).toEqual({
      kind: "charged",
      qrString: made.qrString,
      transactionId: made.transactionId,
      expiresAt: new Date("2026-01-31T06:30:00Z"),
    })
    expect(made.amount).toBe(10_000)
  })

  test("never ends in under 15 minutes, because shorter offers come out expired", async () => {
    await using stall = await startWithProvider({ clock: () => new Date("2026-01-31T06:00:00Z") })
    const charged = await stall.provider.charge(
      chargeRequest({ expiresAt: new Date("2026-01-31T06:01:00Z") }),
    )
    expect(charged.kind === "charged" && charged.expiresAt.toISOString()).toBe("2026-01-31T06:15:00.000Z")
  })

  test("beyond what QRIS allows, or under an unsafe id, is refused without asking", async () => {
    await using stall = await startWithProvider()
    for (const amount of [0, -5, 10_000_001])
      expect((await stall.provider.charge(chargeRequest({ amount: rupiah(amount) }))).kind).toBe("refused")
    for (const id of ["../../v2/other", "..", "a/b", "x".repeat(51)])
      expect((await stall.provider.charge(chargeRequest({ reference: id as ChargeReference }))).kind).toBe(
        "refused",
      )
    expect(stall.simulator.requests()).toEqual([])
  })

  test("carries a description of plain characters only, or none", async () => {
    await using stall = await startWithProvider()
    await stall.provider.charge(chargeRequest({ description: `Voucher 🎁 \u0000 ${"panjang ".repeat(20)}` }))
    await stall.provider.charge(chargeRequest({ reference: "LPK-2" as ChargeReference, description: "🎁🎁" }))
    const [long, none] = stall.simulator.requests().map((request) => request.body)
    expect(long).toMatchObject({ item_details: [{ name: expect.stringMatching(/^Voucher [a-z ]{1,42}$/) }] })
    expect(none).not.toHaveProperty("item_details")
  })

  test("of twenty made at once each keeps its own idempotency key, of at most 46 characters", async () => {
    await using stall = await startWithProvider()
    const references = Array.from({ length: 20 }, (_, n) => `LPK-${n}-${"x".repeat(40)}` as ChargeReference)
    const charge = (one: ChargeReference) => stall.provider.charge(chargeRequest({ reference: one }))
    const outcomes = await Promise.all(references.map(charge))
    expect(outcomes.map((outcome) => outcome.kind === "charged" && outcome.transactionId)).toEqual(
      references.map((one) => stall.simulator.transaction(one)?.transactionId ?? "missing"),
    )
    const again = await Promise.all(references.map(charge))
    expect(again).toEqual(outcomes)
    const keys = stall.simulator.requests().map((request) => request.idempotencyKey ?? "")
    expect(new Set(keys).size).toBe(20)
    expect(keys.every((key) => key.length > 0 && key.length <= 46)).toBe(true)
    expect(stall.simulator.transactions()).toHaveLength(20)
  })
})

describe("a charge in doubt", () => {
  test("that succeeded while its answer got lost is found by asking, and its code is fetched", async () => {
    await using stall = await startWithProvider({ timeoutMs: 1_000 })
    stall.simulator.faults.plan("charge", { kind: "lost_answer", times: 1 })
    const outcome = await stall.provider.charge(chargeRequest())
    expect(outcome).toMatchObject({
      kind: "charged",
      qrString: stall.simulator.transaction(reference)?.qrString ?? "",
    })
    expect(stall.simulator.requests().map((request) => request.path)).toEqual([
      "/v2/charge",
      `/v2/${reference}/status`,
      "/v2/charge",
    ])
    expect(stall.simulator.transactions()).toHaveLength(1)
  })

  test("takes the code from the status when it is there", async () => {
    await using stall = await startWithProvider({ timeoutMs: 1_000 })
    stall.simulator.faults.plan("charge", { kind: "lost_answer" })
    stall.simulator.faults.plan("status", { kind: "edited", fields: { qr_string: "00020101-code" } })
    expect(await stall.provider.charge(chargeRequest())).toMatchObject({
      kind: "charged",
      qrString: "00020101-code",
    })
  })

  test("stays unknown when Midtrans knows nothing of it, or can't be asked", async () => {
    await using stall = await startWithProvider()
    const { simulator, provider, impatient } = stall
    for (const kind of ["hang", "drip"] as const) {
      simulator.faults.plan("charge", { kind, times: 1 })
      expect((await impatient.charge(chargeRequest())).kind, kind).toBe("unknown")
    }
    const faults = [500, 502, 503, 408].map((status) => ({ kind: "http", status }) as const)
    for (const fault of [...faults, { kind: "reset" } as const, { kind: "accepted" } as const]) {
      simulator.faults.plan("charge", { ...fault, times: 1 })
      const outcome = await provider.charge(chargeRequest())
      expect(summary(outcome), JSON.stringify(fault)).toBe("unknown: charge not found yet")
    }
    simulator.faults.plan("charge", { kind: "http", status: 500, times: 1 })
    simulator.faults.plan("status", { kind: "http", status: 500, times: 1 })
    expect(summary(await provider.charge(chargeRequest()))).toBe("unknown: provider is failing")
    expect((await provider.charge(chargeRequest())).kind).toBe("charged")
  })

  test("is refused when Midtrans says no, in the body or by HTTP", async () => {
    await using stall = await startWithProvider()
    for (const form of ["body", "http"] as const) {
      stall.simulator.answerErrorsAs(form)
      for (const code of [400, 402, 410, 429]) {
        stall.simulator.faults.plan("charge", { kind: "refuse", code, times: 1 })
        expect((await stall.provider.charge(chargeRequest())).kind, `${form} ${code}`).toBe("refused")
      }
    }
    stall.simulator.faults.plan("charge", { kind: "http", status: 429, times: 1 })
    expect(summary(await stall.provider.charge(chargeRequest()))).toBe("refused: too many requests")
    expect(stall.simulator.transactions()).toEqual([])
  })

  test("under a used id is answered from Midtrans' memory, and asked for once that is gone", async () => {
    let now = new Date("2026-01-31T06:00:00Z")
    await using stall = await startWithProvider({ clock: () => now })
    const request = chargeRequest({ expiresAt: new Date("2026-01-31T06:30:00Z") })
    const first = await stall.provider.charge(request)
    expect(await stall.provider.charge(request)).toEqual(first)
    now = new Date("2026-01-31T06:06:00Z")
    for (const form of ["body", "http"] as const) {
      stall.simulator.answerErrorsAs(form)
      expect(summary(await stall.provider.charge(request))).toBe("unknown: charge stands without its code")
      expect(stall.simulator.transaction(reference)?.state).toBe("pending")
    }
    stall.simulator.pay(reference)
    expect(summary(await stall.provider.charge(request))).toBe("unknown: charge is already paid")
    const other = { ...request, amount: rupiah(20_000) }
    expect(summary(await stall.provider.charge(other))).toBe("refused: reference used for another amount")
    stall.simulator.expire(reference)
    expect(summary(await stall.provider.charge(request))).toBe("refused: charge is expired")
  })

  test("that comes without a readable code is cancelled, so that nobody waits for it", async () => {
    await using stall = await startWithProvider()
    stall.simulator.faults.plan("charge", { kind: "edited", fields: { qr_string: undefined } })
    expect(summary(await stall.provider.charge(chargeRequest()))).toBe("refused: provider gave no code")
    expect(stall.simulator.transaction(reference)?.state).toBe("cancel")
  })

  test("of another amount than asked for is not offered to the customer", async () => {
    await using stall = await startWithProvider()
    stall.simulator.faults.plan("charge", { kind: "edited", fields: { gross_amount: "10500.00" } })
    expect(summary(await stall.provider.charge(chargeRequest()))).toBe(
      "refused: reference used for another amount",
    )
  })
})
