import { expect, test } from "bun:test"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"
import {
  createStaticQrisProvider,
  type StaticPayment,
} from "../../src/payments/static-qris/create-static-qris-provider.ts"
import { readStaticCode } from "../../src/payments/static-qris/merchant-code.ts"
import { rupiah } from "../../src/shop/money.ts"
import { fieldsOf, staticCode } from "../support/static-code.ts"

const now = new Date("2026-01-31T06:00:00Z")
const expiresAt = new Date("2026-01-31T06:15:00Z")
const reference = "LPK-9-1" as ChargeReference
const amount = rupiah(15_037)
const waiting: StaticPayment = { amount, expiresAt, isOpen: true, match: null }
const matched: StaticPayment = { ...waiting, match: { eventId: 7, amount } }

function provider(payment?: StaticPayment | Error, at = now) {
  const reading = readStaticCode(staticCode())
  if (reading.kind !== "read") throw new Error(reading.reason)
  const readStaticPayment = async () => {
    if (payment instanceof Error) throw payment
    return payment
  }
  return createStaticQrisProvider({ code: reading.code, clock: () => at, readStaticPayment })
}

test("a charge is the shop's own code for exactly the amount, and real money", async () => {
  const charged = await provider().charge({ reference, amount, expiresAt, description: "order" })
  if (charged.kind !== "charged") throw new Error(charged.reason)
  expect(provider().isDemo).toBe(false)
  expect(fieldsOf(charged.qrString ?? "").get("54")).toBe("15037")
  expect(charged.expiresAt).toEqual(expiresAt)
})

test("a charge is paid when a notification was matched with it, by that notification, whenever it is asked", async () => {
  for (const at of [now, expiresAt]) {
    const status = await provider(matched, at).status(reference)
    expect(status).toMatchObject({ kind: "known", state: "paid", amount, transactionId: "listener-7" })
  }
  expect(await provider(waiting).status(reference)).toMatchObject({ state: "pending" })
  expect(await provider(waiting, expiresAt).status(reference)).toMatchObject({ state: "expired" })
  expect(await provider().status(reference)).toEqual({ kind: "not_found" })
  expect((await provider(new Error("away")).status(reference)).kind).toBe("unknown")
})

test("a charge can certainly not be paid any more once it ended unmatched, and not before", async () => {
  expect(await provider(waiting).cancel(reference)).toBe(false)
  expect(await provider({ ...waiting, isOpen: false }).cancel(reference)).toBe(true)
  expect(await provider({ ...matched, isOpen: false }).cancel(reference)).toBe(false)
  expect(await provider(new Error("away")).cancel(reference)).toBe(false)
  expect(await provider().cancel(reference)).toBe(true)
})

test("nothing is sent back through a static code", async () => {
  const refund = await provider(matched).refund({ reference, refundKey: "r", amount, reason: "defect" })
  expect(refund.kind).toBe("refused")
})
