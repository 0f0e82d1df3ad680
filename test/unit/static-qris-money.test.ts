import { expect, test } from "bun:test"
import { readMoney } from "../../src/payments/static-qris/read-money.ts"

const read = (text: string, title = "Pembayaran diterima") => {
  const reading = readMoney(title, text)
  if (reading.kind === "clear") return reading.amount
  return reading.kind === "doubtful" ? reading.doubt : reading.kind
}

test("one amount is read in each notation that Indonesian apps write", () => {
  const notations = [
    ["Rp 15.037", "Rp15.037", "Rp. 15.037", "Rp.15.037", "rp 15037", "RP15037", "Rp15.037,00", "Rp 15037,00"],
    ["IDR 15,037.00", "IDR15,037", "IDR 15037.00", "Rp\u00a015.037", "+Rp15.037", "Rp 15.037,-", "Rp15.037."],
    ["15.037 IDR", "15.037 rupiah", "Ｒｐ １５.０３７"],
  ].flat()
  for (const notation of notations) {
    expect([notation, read(`${notation} dari BUDI via QRIS`)]).toEqual([notation, 15_037])
    expect([notation, read(`Kamu menerima ${notation}`)]).toEqual([notation, 15_037])
  }
  expect(read("Kamu menerima Rp 1.250.001 dari SARI")).toBe(1_250_001)
  expect(read("Rp 15.037 masuk")).toBe(15_037)
  expect(read("Rp 15.037", "Rp 15.037 diterima")).toBe(15_037)
})

test("more than one amount is never guessed from", () => {
  expect(read("Rp 15.037 dari BUDI. Saldo Rp 1.200.000")).toBe("several_amounts")
  expect(read("Rp 1 dari Rp 15.037")).toBe("several_amounts")
  expect(read("Rp 15.037 dari 15.038")).toBe("several_amounts")
  expect(readMoney("", "Rp 15.037, saldo Rp 20.000")).toMatchObject({ amounts: [15_037, 20_000] })
})

test("an amount that is not whole, not all there or not plain is never guessed", () => {
  const unreadable = [
    [
      "Rp 15.037,50",
      "Rp 15rb",
      "Rp 15 ribu",
      "Rp 1,5 juta",
      "Rp 15.***",
      "Rp 15.03",
      "Rp 1.5037",
      "Rp15.037K",
    ],
    ["Rp 1,234.567", "Rp 15.037.00", "Rp 123456789012345678"],
  ].flat()
  for (const text of unreadable)
    expect([text, read(`${text} dari BUDI`)]).toEqual([text, "unreadable_amount"])
})

test("words of money without an amount are for a person, other words are nobody's business", () => {
  expect(read("Pembayaran QRIS berhasil")).toBe("no_amount")
  expect(read("Kamu menerima 15.037 dari BUDI")).toBe("no_amount")
  expect(read("Rp-15.037 dari BUDI")).toBe("no_amount")
  expect(read("Jangan berikan kode 123456 kepada siapa pun", "Kode OTP")).toBe("no_money")
  expect(read("", "")).toBe("no_money")
})

test("money that goes out, back, or is only promised is never taken for money that came", () => {
  const outgoing = [
    ["Transfer ke BUDI Rp 15.037 berhasil", "Pembayaran ke TOKO Rp 15.037", "Berhasil mengirim Rp 15.037"],
    ["Debit Rp 15.037", "Rekening didebit Rp 15.037", "Tarik tunai Rp 15.037", "Refund Rp 15.037 ke BUDI"],
    ["Dana Rp 15.037 dikembalikan", "Pembayaran Rp 15.037 gagal", "Pembayaran Rp 15.037 menunggu"],
    ["BUDI meminta Rp 15.037", "Cashback Rp 15.037 menantimu", "Tagihan Rp 15.037", "You sent IDR 15,037"],
    ["-Rp15.037 TRSF E-BANKING"],
  ].flat()
  for (const text of outgoing) expect([text, read(text, "Info")]).toEqual([text, "not_incoming"])
})
