import { describe, expect, test } from "bun:test"
import { isSafeReference, readGrossAmount, readTransaction } from "../../src/payments/midtrans/transaction.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"

const reference = "LPK-1-a" as ChargeReference

const answer = {
  status_code: "200",
  order_id: reference,
  transaction_id: "0d5f8f4e-6a3c-4b9e-8d0a-000000000001",
  transaction_status: "settlement",
  gross_amount: "10000.00",
  currency: "IDR",
  fraud_status: "accept",
  expiry_time: "2026-01-31 13:45:00",
}

function read(changes: Readonly<Record<string, unknown>>) {
  return readTransaction({ ...answer, ...changes }, reference)
}

function stateOf(changes: Readonly<Record<string, unknown>>): string {
  const reading = read(changes)
  return reading.kind === "read" ? reading.transaction.state : reading.reason
}

describe("an amount", () => {
  test("is read exactly when it is whole rupiah", () => {
    expect(Number(readGrossAmount("10000.00"))).toBe(10_000)
    expect(Number(readGrossAmount("1.00"))).toBe(1)
    expect(Number(readGrossAmount("999999999999999.00"))).toBe(999_999_999_999_999)
  })

  test("written in any other way is not read at all, and never rounded", () => {
    const others = [
      "10000",
      "10000.0",
      "10000.01",
      "10000.99",
      "10,000.00",
      "10.000,00",
      "010000.00",
      "1e4",
      "",
    ]
    others.push(
      "0.00",
      "-10000.00",
      "+10000.00",
      " 10000.00",
      "10000.00 ",
      "10000.00\n",
      "9999999999999999.00",
      "NaN",
    )
    for (const text of others) expect(readGrossAmount(text), JSON.stringify(text)).toBeUndefined()
  })
})

describe("a state", () => {
  test("is paid only with code 200 and no suspicion of fraud", () => {
    expect(stateOf({})).toBe("paid")
    expect(stateOf({ transaction_status: "capture" })).toBe("paid")
    expect(stateOf({ fraud_status: undefined })).toBe("paid")
    expect(stateOf({ fraud_status: null })).toBe("paid")
    expect(stateOf({ fraud_status: "ACCEPT" })).toBe("paid")
    expect(stateOf({ fraud_status: "challenge" })).toBe("pending")
    expect(stateOf({ fraud_status: "deny" })).toBe("denied")
    expect(stateOf({ fraud_status: "perhaps" })).toBe("unexpected state")
    expect(stateOf({ status_code: "201" })).toBe("unexpected state")
    expect(stateOf({ status_code: "407" })).toBe("unexpected state")
  })

  test("is understood in any letter case", () => {
    expect(stateOf({ transaction_status: "PENDING" })).toBe("pending")
    expect(stateOf({ transaction_status: "Settlement" })).toBe("paid")
  })

  test("is one of ours for each of theirs, and unreadable when it is new", () => {
    const theirs = ["pending", "authorize", "deny", "failure", "expire", "cancel", "refund", "partial_refund"]
    theirs.push("chargeback", "partial_chargeback", "teleported", "__proto__", "constructor")
    expect(theirs.map((transaction_status) => stateOf({ transaction_status }))).toEqual([
      "pending",
      "pending",
      "denied",
      "denied",
      "expired",
      "cancelled",
      "refunded",
      "partially_refunded",
      "charged_back",
      "partially_charged_back",
      "unexpected state",
      "unexpected state",
      "unexpected state",
    ])
  })
})

describe("what went back to the payer", () => {
  const refund = (refund_amount: string, refund_key = "k") => ({ refund_amount, refund_key })
  const refunded = (changes: Readonly<Record<string, unknown>>) => {
    const reading = read(changes)
    return reading.kind === "read" ? Number(reading.transaction.refundedAmount) : reading.reason
  }

  test("is nothing while nothing did, and everything once all of it did", () => {
    for (const transaction_status of ["pending", "settlement", "capture", "expire", "cancel"])
      expect(refunded({ transaction_status }), transaction_status).toBe(0)
    for (const transaction_status of ["refund", "chargeback", "deny", "failure"])
      expect(refunded({ transaction_status }), transaction_status).toBe(10_000)
  })

  test("is the sum of the refunds that are listed, else what is told in all", () => {
    const transaction_status = "partial_refund"
    const refunds = [refund("1000.00", "a"), refund("2500.00", "b")]
    expect(refunded({ transaction_status, refunds, refund_amount: "2500.00" })).toBe(3_500)
    expect(refunded({ transaction_status, refunds: [], refund_amount: "2500.00" })).toBe(2_500)
    expect(refunded({ transaction_status, refund_amount: "2500.00" })).toBe(2_500)
  })

  test("is not guessed when it is not told, not whole rupiah, or more than was paid", () => {
    const transaction_status = "partial_refund"
    const unclear = [{}, { refund_amount: "12.50" }, { refund_amount: "10001.00" }]
    for (const told of [...unclear, { refunds: [refund("1000.00"), refund("1.5")] }])
      expect(refunded({ transaction_status, ...told }), JSON.stringify(told)).toBeNaN()
  })

  test("by a part that a bank took back is told only where it is more than the refunds", () => {
    const transaction_status = "partial_chargeback"
    const refunds = [refund("1000.00")]
    expect(refunded({ transaction_status })).toBeNaN()
    expect(refunded({ transaction_status, refund_amount: "1000.00", refunds })).toBeNaN()
    expect(refunded({ transaction_status, refund_amount: "4000.00", refunds })).toBe(4_000)
    expect(refunded({ transaction_status, refund_amount: "4000.00" })).toBe(4_000)
  })
})

describe("an answer", () => {
  test("with fields that nobody named yet is read", () => {
    expect(read({ surprise: { deep: [1] }, settlement_time: 5 }).kind).toBe("read")
  })

  test("about another order is not taken for ours", () => {
    expect(read({ order_id: "LPK-2-a" })).toMatchObject({
      kind: "unreadable",
      reason: "answer is about another order",
    })
  })

  test("in another shape, or in another money, is not read", () => {
    for (const body of [undefined, null, "", "<html>", 5, [], {}, { status_code: "407" }])
      expect(readTransaction(body, reference).kind).toBe("unreadable")
    expect(read({ gross_amount: 10_000 }).kind).toBe("unreadable")
    expect(read({ transaction_id: "../../v2/other" }).kind).toBe("unreadable")
    expect(read({ currency: "USD" }).kind).toBe("unreadable")
  })

  test("tells its times in Jakarta's zone, and a time that can't be read is none", () => {
    const first = read({})
    expect(first.kind === "read" && first.transaction.expiresAt?.toISOString()).toBe(
      "2026-01-31T06:45:00.000Z",
    )
    for (const expiry_time of ["soon", "2026-13-41 99:00:00", "2026-01-31T13:45:00Z"]) {
      const reading = read({ expiry_time })
      expect(reading.kind === "read" && reading.transaction.expiresAt).toBeUndefined()
    }
  })
})

test("an id is safe only when it stays one segment of a path", () => {
  for (const id of ["LPK-1", "payment_notif_test_G1_abc", "a.b~c", "x".repeat(50)])
    expect(isSafeReference(id), id).toBe(true)
  for (const id of [
    "",
    ".",
    "..",
    "../../x",
    "a/b",
    "a%2fb",
    "a?b",
    "a#b",
    "a b",
    "a\n",
    "é",
    "x".repeat(51),
  ])
    expect(isSafeReference(id), id).toBe(false)
})
