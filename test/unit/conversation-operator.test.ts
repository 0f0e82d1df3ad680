import { expect, test } from "bun:test"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { understand } from "../../src/conversation/understand.ts"

const owner = (text: string) => understand(text, ".", { isOwner: true }) as unknown
const refund = {
  kind: "refund",
  orderCode: "LPK-7K2M9Q3",
  destination: "saldo",
  again: false,
  reason: "akun mati",
}

test("an owner refunds all that is left, to the balance, by naming the order and the reason", () => {
  expect(owner(".refund lpk-7k2m9q3 akun mati")).toEqual(refund)
  expect(owner("/REFUND #LPK-7K2M9Q3 akun mati")).toEqual(refund)
})

test("an amount, where it goes, and that it is meant once more stand between the order and the reason", () => {
  for (const amount of ["10000", "10.000", "10rb", "10 rb", "Rp10.000", "Rp 10 ribu"])
    expect(owner(`.refund LPK-7K2M9Q3 ${amount} akun mati`)).toEqual({ ...refund, amount: 10_000 })
  const provider = { ...refund, amount: 10_000, destination: "provider" }
  expect(owner(".refund LPK-7K2M9Q3 10000 provider akun mati")).toEqual(provider)
  for (const again of ["--lagi", "\u2014lagi", "-again"])
    expect(owner(`.refund LPK-7K2M9Q3 10000 provider ${again} akun mati`)).toEqual({
      ...provider,
      again: true,
    })
})

test("what begins like an amount and can't be read is asked again, never taken for the reason", () => {
  for (const amount of ["10.50", "10,5", "0", "-1", "+5", "Rp", "1e9", "99999999999"])
    expect(owner(`.refund LPK-7K2M9Q3 ${amount} saldo akun mati`)).toEqual({
      kind: "invalid",
      command: "refund",
      reason: { kind: "amount_not_a_number" },
    })
})

test("a refund without an order or a reason, or with a long one, is asked again", () => {
  const reasonOf = (text: string) => (owner(text) as { reason?: unknown }).reason
  expect(reasonOf(".refund")).toEqual({ kind: "missing_order_code" })
  expect(reasonOf(".refund ;")).toEqual({ kind: "malformed_order_code" })
  expect(reasonOf(".refund LPK-7K2M9Q3")).toEqual({ kind: "missing_reason" })
  expect(reasonOf(".refund LPK-7K2M9Q3 5000 saldo")).toEqual({ kind: "missing_reason" })
  expect(reasonOf(`.refund LPK-7K2M9Q3 ${"x".repeat(201)}`)).toEqual({ kind: "reason_too_long", max: 200 })
})

test("an owner lists, looks at and decides what waits for a decision", () => {
  const decided = (decision: unknown) => ({
    kind: "review",
    id: 5,
    decision: { decision, reason: "ada bukti" },
  })
  expect(owner(".tinjau")).toEqual({ kind: "review" })
  expect(owner(".review #5")).toEqual({ kind: "review", id: 5 })
  expect(owner(".tinjau 5 saldo 0812-3456-7890 ada bukti")).toEqual(
    decided({ kind: "credited", number: "0812-3456-7890" }),
  )
  expect(owner(".tinjau 5 pesanan lpk-7k2m9q3-1 ada bukti")).toEqual(
    decided({ kind: "settled", payment: "LPK-7K2M9Q3-1" }),
  )
  expect(owner(".tinjau 5 abaikan ada bukti")).toEqual(decided({ kind: "dismissed" }))
})

test("a decision that can't be read decides nothing", () => {
  for (const words of [
    "x",
    "5 hapus ada bukti",
    "5 saldo siapa ada bukti",
    "5 pesanan",
    "-5",
    "5000000000 abaikan x",
  ])
    expect(owner(`.tinjau ${words}`)).toMatchObject({ kind: "invalid", reason: { kind: "malformed_review" } })
  expect(owner(".tinjau 5 abaikan")).toMatchObject({ kind: "invalid", reason: { kind: "missing_reason" } })
})

test("each refusal of an owner's command shows an example that is understood", () => {
  for (const texts of [textsFor("id"), textsFor("en")])
    for (const message of [
      ".refund",
      ".refund ;",
      ".refund A",
      ".refund A 1.5 x",
      ".tinjau x",
      ".tinjau 1 abaikan",
    ]) {
      const intent = understand(message, ".", { isOwner: true })
      if (intent.kind !== "invalid") throw new Error(`${message} was understood`)
      const text = texts.invalid(intent.command, intent.reason)
      const example = text.slice(text.lastIndexOf(": ") + 2)
      expect(understand(example, ".", { isOwner: true }).kind).toBe(intent.command)
    }
})

test("to everybody else an operator's command is a word that nobody knows, and is never hinted at", () => {
  for (const text of [
    ".refund LPK-7K2M9Q3 akun mati",
    ".tinjau",
    ".tinjau 5 abaikan x",
    ".refnd",
    ".tinjo",
    "refund",
  ]) {
    expect(understand(text).kind).toBe("unknown")
    expect(JSON.stringify(understand(text))).not.toMatch(/refund|review/)
  }
  expect(understand("refund LPK-7K2M9Q3 akun mati", ".", { isOwner: true }).kind).toBe("unknown")
})
