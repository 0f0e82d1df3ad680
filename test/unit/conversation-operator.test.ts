import { expect, test } from "bun:test"
import { nearestDeskWord } from "../../src/conversation/desk/nearest-desk-word.ts"
import { replyToHelp } from "../../src/conversation/reply.ts"
import { textsFor } from "../../src/conversation/texts/texts-for.ts"
import { understand } from "../../src/conversation/understand.ts"

const owner = (text: string) => understand(text, ".", { role: "owner" }) as unknown
const refund = {
  kind: "refund",
  orderCode: "LPK-7K2M9Q3",
  destination: "saldo",
  again: false,
  reason: "akun mati",
}

const reasonOf = (text: string) => (owner(text) as { reason?: unknown }).reason
const howMuch = { kind: "refund_how_much", orderCode: "LPK-7K2M9Q3" }

test("an owner refunds all that is left only by saying so", () => {
  for (const all of ["semua", "SEMUA", "all", "semua saldo", "saldo semua"])
    expect(owner(`.refund lpk-7k2m9q3 ${all} akun mati`)).toEqual(refund)
  expect(owner("/REFUND #LPK-7K2M9Q3 semua akun mati")).toEqual(refund)
})

test("an amount, where it goes, and that it is meant once more come in any order before the reason", () => {
  for (const amount of [
    "10000",
    "10.000",
    "10rb",
    "10 rb",
    "Rp10.000",
    "Rp 10 ribu",
    "IDR 10000",
    "IDR10.000",
  ]) {
    expect(owner(`.refund LPK-7K2M9Q3 ${amount} akun mati`)).toEqual({ ...refund, amount: 10_000 })
    for (const words of [`saldo ${amount}`, `${amount} saldo`])
      expect(owner(`.refund LPK-7K2M9Q3 ${words} akun mati`)).toEqual({ ...refund, amount: 10_000 })
  }
  const provider = { ...refund, amount: 10_000, destination: "provider" }
  for (const again of ["--lagi", "\u2014lagi", "-again"])
    for (const words of [
      `10000 provider ${again}`,
      `provider ${again} 10000`,
      `${again} 10000 provider`,
      `provider Rp10.000 ${again}`,
    ])
      expect(owner(`.refund LPK-7K2M9Q3 ${words} akun mati`)).toEqual({ ...provider, again: true })
})

test("what is meant for an amount and can't be read is asked again, wherever it stands", () => {
  for (const amount of [
    "10.50",
    "10,5",
    "0",
    "-1",
    "+5",
    "Rp",
    "1e9",
    "99999999999",
    "(5000)",
    "IDR",
    "１０",
  ])
    for (const words of [`${amount} saldo`, `saldo ${amount}`, `--lagi ${amount}`])
      expect(reasonOf(`.refund LPK-7K2M9Q3 ${words} akun mati`)).toEqual({ kind: "amount_not_a_number" })
})

test("without an amount and without the word for all of it, nothing goes back: the owner is asked how much", () => {
  for (const words of [
    "",
    "abc",
    "akun mati",
    "setengah saldo rusak",
    "saldo rusak",
    "provider",
    "--lagi rusak",
  ])
    expect(reasonOf(`.refund LPK-7K2M9Q3 ${words}`)).toEqual(howMuch)
  // Two amounts, or an amount and all of it: one of them is a slip.
  for (const words of ["semua 5000 rusak", "5000 semua rusak", "5000 3000 rusak", "5000 saldo 3 akun mati"])
    expect(reasonOf(`.refund LPK-7K2M9Q3 ${words}`)).toEqual(howMuch)
  for (const [texts, all] of [
    [textsFor("id"), "semua"],
    [textsFor("en"), "all"],
  ] as const) {
    const asked = texts.invalid("refund", { kind: "refund_how_much", orderCode: "LPK-7K2M9Q3" })
    expect(asked).toContain(".refund LPK-7K2M9Q3 10000 saldo")
    expect(asked).toContain(`.refund LPK-7K2M9Q3 ${all} saldo`)
  }
})

test("a refund without an order or a reason, or with a long one, is asked again", () => {
  expect(reasonOf(".refund")).toEqual({ kind: "missing_order_code" })
  expect(reasonOf(".refund ;")).toEqual({ kind: "malformed_order_code" })
  expect(reasonOf(".refund LPK-7K2M9Q3 semua")).toEqual({ kind: "missing_reason" })
  expect(reasonOf(".refund LPK-7K2M9Q3 5000 saldo")).toEqual({ kind: "missing_reason" })
  expect(reasonOf(`.refund LPK-7K2M9Q3 semua ${"x".repeat(201)}`)).toEqual({
    kind: "reason_too_long",
    max: 200,
  })
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
  expect(owner(".tinjau 5 saldo 081234567890 Rp 5.000 ada bukti")).toEqual(
    decided({ kind: "credited", number: "081234567890", amount: 5_000 }),
  )
  expect(owner(".tinjau 5 pesanan LPK-7 5rb ada bukti")).toEqual(
    decided({ kind: "settled", payment: "LPK-7", amount: 5_000 }),
  )
  expect(owner(".tinjau 5 ditarik 4000 ada bukti")).toEqual(decided({ kind: "taken", amount: 4_000 }))
  expect(owner(".tinjau 5 berhasil ada bukti")).toEqual(decided({ kind: "made" }))
  expect(owner(".tinjau 5 gagal ada bukti")).toEqual(decided({ kind: "not_made" }))
})

test("a decision that can't be read decides nothing", () => {
  for (const words of [
    "x",
    "5 hapus ada bukti",
    "5 saldo siapa ada bukti",
    "5 pesanan",
    "5 berhasilkah ya",
    "-5",
    "5000000000 abaikan x",
  ])
    expect(owner(`.tinjau ${words}`)).toMatchObject({ kind: "invalid", reason: { kind: "malformed_review" } })
  expect(owner(".tinjau 5 abaikan")).toMatchObject({ kind: "invalid", reason: { kind: "missing_reason" } })
})

test("a decision that can't be read is answered with every form there is", () => {
  for (const [texts, words] of [
    [textsFor("id"), ["saldo", "pesanan", "ditarik", "berhasil", "gagal", "abaikan"]],
    [textsFor("en"), ["balance", "order", "took", "made", "failed", "dismiss"]],
  ] as const) {
    const text = texts.invalid("review", { kind: "malformed_review" })
    for (const word of words) expect(text).toContain(` 5 ${word} `)
  }
})

test("an operator's help names their own menu, and nobody else's does", () => {
  for (const say of [textsFor("id"), textsFor("en")]) {
    expect(replyToHelp({ isOperator: true }, say)).toContain(".admin")
    expect(replyToHelp({ isOperator: false }, say)).not.toMatch(/\.admin|\.refund|\.tinjau|\.review/)
  }
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
      ".refund A x",
      ".tinjau 1 ditarik x",
    ]) {
      const intent = understand(message, ".", { role: "owner" })
      if (intent.kind !== "invalid") throw new Error(`${message} was understood`)
      const text = texts.invalid(intent.command, intent.reason)
      const example = text.slice(text.lastIndexOf(": ") + 2)
      expect(understand(example, ".", { role: "owner" }).kind).toBe(intent.command)
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
  expect(understand("refund LPK-7K2M9Q3 akun mati", ".", { role: "owner" }).kind).toBe("unknown")
})

test("an amount that a space cuts is asked again in a decision, and is no reason", () => {
  for (const text of ["saldo 081234567890 10 000 salah", "pesanan LPK-7 Rp 10 000 salah", "ditarik 10 000 x"])
    expect([text, reasonOf(`.tinjau 7 ${text}`)]).toEqual([text, { kind: "amount_not_a_number" }])
  expect(owner(".tinjau 7 abaikan 2 kali sama")).toMatchObject({ decision: { reason: "2 kali sama" } })
})

test("the question whether a decision is meant shows what, whose, how much and why", () => {
  const asked = (text: string) => {
    const intent = understand(text, ".", { role: "owner" })
    if (intent.kind !== "review" || !intent.id || !intent.decision) throw new Error("no decision")
    const given = { id: intent.id, ...intent.decision }
    return [textsFor("id").confirmDecision(given), textsFor("en").confirmDecision(given)]
  }
  for (const text of asked(".tinjau 7 saldo 081234567890 10.000 salah kirim"))
    for (const part of ["#7", "081234567890", "Rp 10.000", "salah kirim"]) expect(text).toContain(part)
  for (const text of asked(".tinjau 7 pesanan lpk-7 salah kirim")) expect(text).toContain("LPK-7")
  for (const text of asked(".tinjau 7 ditarik 5000 salah kirim")) expect(text).toContain("Rp 5.000")
})

test("a slip of an operator's is met with their own word, and an owner's word with whose it is", () => {
  const meant = (text: string, role: "customer" | "admin" | "owner") =>
    nearestDeskWord(text, { prefix: ".", role })
  expect(meant(".prodkbaru A | B | 1", "admin")).toEqual({ kind: "slip", word: "produkbaru" })
  expect(meant(".sembunyikn A", "owner")).toEqual({ kind: "slip", word: "sembunyikan" })
  expect(meant(".setelan", "admin")).toEqual({ kind: "owners", word: "setelan" })
  expect(meant(".setelen", "owner")).toEqual({ kind: "slip", word: "setelan" })
  for (const text of [".setelen", ".prodk", ".saldoo", "prodkbaru", ".", "."])
    expect(meant(text, "admin")).toBeUndefined()
  expect(meant(".prodkbaru", "customer")).toBeUndefined()
})
