import { describe, expect, test } from "bun:test"
import type { ChargeOutcome, ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"
import {
  chargeRequest,
  reference,
  serverKey,
  startWithProvider,
} from "../simulators/midtrans/with-provider.ts"

const startSnap = (options: Parameters<typeof startWithProvider>[0] = {}) =>
  startWithProvider({ payment: "snap", notifyByItself: false, ...options })

function summary(outcome: ChargeOutcome): string {
  return outcome.kind === "charged" ? "charged" : `${outcome.kind}: ${outcome.reason}`
}

describe("a page of Midtrans", () => {
  test("is given instead of a code, open as long as the offer, and leads back to the shop", async () => {
    await using stall = await startSnap({ clock: () => new Date("2026-01-31T06:00:00Z") })
    const returnUrl = "https://shop.example/pay/token"
    const expiresAt = new Date("2026-01-31T06:20:00Z")
    const charged = await stall.provider.charge(chargeRequest({ expiresAt, returnUrl }))
    const redirectUrl = stall.simulator.snapPage(reference).address
    expect(charged).toEqual({ kind: "charged", redirectUrl, expiresAt })
    const [request] = stall.simulator.requests()
    expect(request?.path).toBe("/snap/v1/transactions")
    expect(request?.body).toMatchObject({
      transaction_details: { order_id: reference, gross_amount: 10_000 },
      expiry: { start_time: "2026-01-31 13:00:00 +0700", duration: 20, unit: "minute" },
      page_expiry: { duration: 20, unit: "minute" },
      callbacks: { finish: returnUrl },
    })
    const again = chargeRequest({ reference: "LPK-2-a" as ChargeReference })
    await stall.provider.charge(again)
    expect(stall.simulator.requests()[1]?.body).not.toHaveProperty("callbacks")
  })

  test("takes more than QRIS does, and never under an unsafe id or for no money", async () => {
    await using stall = await startSnap()
    expect(summary(await stall.provider.charge(chargeRequest({ amount: rupiah(10_000_001) })))).toBe(
      "charged",
    )
    for (const amount of [0, -5]) {
      const request = chargeRequest({ reference: "LPK-2-a" as ChargeReference, amount: rupiah(amount) })
      expect((await stall.provider.charge(request)).kind).toBe("refused")
    }
    for (const id of ["../../v2/charge", "a/b", "x".repeat(51)])
      expect((await stall.provider.charge(chargeRequest({ reference: id as ChargeReference }))).kind).toBe(
        "refused",
      )
    expect(stall.simulator.requests()).toHaveLength(1)
  })

  test("whose answer got lost is the same page when it is asked for once more", async () => {
    await using stall = await startSnap({ timeoutMs: 1_000 })
    stall.simulator.faults.plan("snap", { kind: "lost_answer", times: 1 })
    expect(await stall.provider.charge(chargeRequest())).toMatchObject({
      kind: "charged",
      redirectUrl: stall.simulator.snapPage(reference).address,
    })
    expect(await stall.provider.charge(chargeRequest())).toMatchObject({
      redirectUrl: stall.simulator.snapPage(reference).address,
    })
    const keys = stall.simulator.requests().map(({ idempotencyKey }) => idempotencyKey)
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
  })

  test("is refused when Midtrans says no, and unknown when it says nothing", async () => {
    await using stall = await startSnap()
    const { simulator, provider, impatient } = stall
    for (const status of [400, 401, 429]) {
      simulator.faults.plan("snap", { kind: "http", status, times: 1 })
      expect((await provider.charge(chargeRequest())).kind, String(status)).toBe("refused")
    }
    const faults = [{ kind: "http", status: 500 }, { kind: "accepted" }, { kind: "reset" }] as const
    for (const fault of faults) {
      simulator.faults.plan("snap", { ...fault, times: 2 })
      expect((await provider.charge(chargeRequest())).kind, fault.kind).toBe("unknown")
    }
    for (const kind of ["hang", "drip"] as const) {
      simulator.faults.plan("snap", { kind, times: 2 })
      expect((await impatient.charge(chargeRequest())).kind, kind).toBe("unknown")
    }
    simulator.faults.plan("snap", { kind: "slow", delayMs: 20, times: 1 })
    expect((await provider.charge(chargeRequest())).kind).toBe("charged")
    expect(stall.logged.join()).not.toContain(serverKey)
  })

  test("at an address that is not safe to show is not shown", async () => {
    await using stall = await startSnap()
    const addresses = [
      "http://app.midtrans.example/page",
      "javascript:alert(1)",
      "https://user:secret@app.midtrans.example/",
      "https://app.midtrans.example/ two lines",
      "/snap/v4/redirection/1",
    ]
    for (const [place, redirect_url] of addresses.entries()) {
      stall.simulator.faults.plan("snap", { kind: "edited", fields: { redirect_url }, times: 1 })
      const request = chargeRequest({ reference: `LPK-${place}-a` as ChargeReference })
      expect(summary(await stall.provider.charge(request)), redirect_url).toBe(
        "refused: provider's page is unsafe",
      )
    }
    const redirect_url = "https://app.midtrans.example/snap/v4/redirection/1"
    stall.simulator.faults.plan("snap", { kind: "edited", fields: { redirect_url }, times: 1 })
    expect(await stall.provider.charge(chargeRequest())).toMatchObject({
      kind: "charged",
      redirectUrl: redirect_url,
    })
  })
})

describe("a payment on the page", () => {
  test("is not found until a method is picked, which is no failure, and can't be cancelled before", async () => {
    await using stall = await startSnap()
    const { simulator, provider } = stall
    await provider.charge(chargeRequest())
    expect(await provider.status(reference)).toEqual({ kind: "not_found" })
    expect(await provider.cancel(reference)).toBe(false)
    simulator.pickOnSnapPage(reference)
    expect(await provider.status(reference)).toMatchObject({ kind: "known", state: "pending" })
    simulator.pay(reference)
    expect(await provider.status(reference)).toMatchObject({ state: "paid", amount: rupiah(10_000) })
  })

  test("may be a second transaction after the first one ended: the status tells the latest", async () => {
    await using stall = await startSnap()
    const { simulator, provider } = stall
    await provider.charge(chargeRequest())
    simulator.pickOnSnapPage(reference)
    const first = await provider.status(reference)
    expect(await provider.cancel(reference)).toBe(true)
    simulator.pickOnSnapPage(reference)
    simulator.pay(reference)
    const second = await provider.status(reference)
    expect(second).toMatchObject({ kind: "known", state: "paid" })
    if (first.kind !== "known" || second.kind !== "known") throw new Error("a status is missing")
    expect(second.transactionId).not.toBe(first.transactionId)
  })
})
