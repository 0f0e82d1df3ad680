import { expect, test } from "bun:test"
import { createDemoProvider, type DemoPayment } from "../../src/payments/demo/create-demo-provider.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import { rupiah } from "../../src/shop/money.ts"

const now = new Date("2026-01-31T06:00:00Z")
const expiresAt = new Date("2026-01-31T06:15:00Z")
const reference = "LPK-9-a" as ChargeReference
const request = { reference, amount: rupiah(15_000), expiresAt, description: "a voucher" }
const unpaid: DemoPayment = { amount: rupiah(15_000), paidAt: null, expiresAt }

function provider(payment?: DemoPayment, at = now) {
  return createDemoProvider({ clock: () => at, readDemoPayment: async () => payment })
}

test("a demo charge says DEMO in its code, which no bank's app could read as QRIS", async () => {
  const charged = await provider().charge(request)
  if (charged.kind !== "charged") throw new Error(charged.reason)
  expect(provider().isDemo).toBe(true)
  expect(charged.qrString).toStartWith("DEMO LPK-9-a Rp 15.000")
  expect(charged.qrString).not.toMatch(/^0002/)
  expect(charged.expiresAt).toEqual(expiresAt)
})

test("charging again gives the same charge", async () => {
  expect(await provider().charge(request)).toEqual(await provider().charge(request))
})

test("the state of a demo payment is what the shop stored, for every process alike", async () => {
  const stateOf = async (payment: DemoPayment, at = now) => {
    const found = await provider(payment, at).status(reference)
    return found.kind === "known" ? `${found.state} ${found.amount}` : found.kind
  }
  expect(await stateOf(unpaid)).toBe("pending 15000")
  expect(await stateOf({ ...unpaid, paidAt: now })).toBe("paid 15000")
  expect(await stateOf(unpaid, expiresAt)).toBe("expired 15000")
  expect(await stateOf({ ...unpaid, paidAt: now }, expiresAt)).toBe("paid 15000")
  expect(await provider().status(reference)).toEqual({ kind: "not_found" })
})

test("a store that can't be read leaves the state unknown, not wrong", async () => {
  const broken = createDemoProvider({
    clock: () => now,
    readDemoPayment: () => Promise.reject(new Error("the database is down")),
  })
  expect((await broken.status(reference)).kind).toBe("unknown")
  expect(await broken.cancel(reference)).toBe(false)
})

test("an unpaid demo charge can be ended, a paid one can't", async () => {
  expect(await provider(unpaid).cancel(reference)).toBe(true)
  expect(await provider().cancel(reference)).toBe(true)
  expect(await provider({ ...unpaid, paidAt: now }).cancel(reference)).toBe(false)
})

test("a refund is pretended like the payment, and may be repeated", async () => {
  const request = { reference, refundKey: "R-1", amount: rupiah(15_000), reason: "broken" }
  for (let time = 1; time <= 2; time += 1)
    expect(await provider({ ...unpaid, paidAt: now }).refund(request)).toEqual({ kind: "refunded" })
})

test("nobody can notify a demo shop of a payment", () => {
  expect(provider().readNotification('{"order_id":"LPK-9-a"}')).toEqual({ kind: "forged" })
})
