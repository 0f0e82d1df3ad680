import { expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { readNotification } from "../../src/payments/midtrans/read-notification.ts"
import type { ChargeReference } from "../../src/payments/payment-provider.ts"

const serverKey = "SB-Mid-server-of-this-test"
const authentic = {
  kind: "authentic",
  reference: "LPK-7-b" as ChargeReference,
  claimedState: "settlement",
  transactionId: "0d5f8f4e-6a3c-4b9e-8d0a-000000000001",
} as const

function signed(changes: Readonly<Record<string, unknown>> = {}, key = serverKey): Record<string, unknown> {
  const event = {
    order_id: "LPK-7-b",
    status_code: "200",
    gross_amount: "10000.00",
    transaction_status: "settlement",
    transaction_id: "0d5f8f4e-6a3c-4b9e-8d0a-000000000001",
    ...changes,
  }
  const text = `${event.order_id}${event.status_code}${event.gross_amount}${key}`
  return { ...event, signature_key: createHash("sha512").update(text).digest("hex") }
}

function read(event: unknown) {
  return readNotification(JSON.stringify(event), serverKey)
}

test("a rightly signed notification is authentic, and names the order and the claimed state", () => {
  expect(read(signed())).toEqual(authentic)
  expect(read(signed({ transaction_status: "PENDING" }))).toEqual({ ...authentic, claimedState: "pending" })
  expect(read({ ...signed(), new_field: { deep: true } })).toEqual(authentic)
})

test("a signature that is wrong, missing or not even text is forged", () => {
  const right = String(signed().signature_key)
  const wrong: unknown[] = [
    undefined,
    null,
    "",
    5,
    true,
    {},
    [right],
    { toString: right },
    right.slice(1),
    `${right}0`,
  ]
  wrong.push(right.toUpperCase(), "0".repeat(128), "é".repeat(128))
  for (const signature_key of wrong) expect(read({ ...signed(), signature_key })).toEqual({ kind: "forged" })
})

test("an event signed with another key, as of a sandbox, is forged", () => {
  expect(read(signed({}, "SB-Mid-server-of-another-shop"))).toEqual({ kind: "forged" })
})

test("an order, code or amount changed after signing is forged, even when the amount is the same money", () => {
  const changes = [{ gross_amount: "10000" }, { gross_amount: "10000.0" }, { gross_amount: "10,000.00" }]
  for (const change of [
    ...changes,
    { gross_amount: "1.00" },
    { order_id: "LPK-8-b" },
    { status_code: "201" },
  ])
    expect(read({ ...signed(), ...change })).toEqual({ kind: "forged" })
})

test("an edited state or a swapped transaction stays authentic, which is why it is only a hint", () => {
  const pending = signed({ transaction_status: "pending" })
  expect(read({ ...pending, transaction_status: "settlement", transaction_id: "another" })).toEqual({
    ...authentic,
    transactionId: "another",
  })
})

test("a transaction that can't be asked for is no hint", () => {
  for (const transaction_id of [undefined, null, 7, {}, "", "../../v2/other", "a b", "x".repeat(65)])
    expect(read(signed({ transaction_id }))).toEqual({ ...authentic, transactionId: undefined })
})

test("a state that is no plain word is malformed, so that whatever is stored can be", () => {
  for (const transaction_status of ["settle\u0000ment", "", "a b", "x".repeat(41), "lunás"])
    expect(read(signed({ transaction_status }))).toEqual({ kind: "malformed", field: "transaction_status" })
})

test("what can't be read is malformed, and the field is named", () => {
  for (const text of ["", "not json", "{", "null", "5", '"text"', "\u0000"])
    expect(readNotification(text, serverKey)).toEqual({ kind: "malformed", field: "body" })
  const named = ["order_id", "status_code", "gross_amount", "transaction_status"]
  for (const field of named) {
    for (const value of [undefined, null, 10_000, {}, ["x"]])
      expect(read({ ...signed(), [field]: value })).toEqual({ kind: "malformed", field })
  }
})

test("an id that leads elsewhere is refused even under a right signature", () => {
  for (const order_id of ["../../v2/other", "a/b", "..", "a?b=c", "x".repeat(51)])
    expect(read(signed({ order_id }))).toEqual({ kind: "malformed", field: "order_id" })
})
