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

test("an own payment is never taken for money that came, however its app words it", () => {
  const own = [
    [
      "Kirim uang Rp 12.627 ke BUDI berhasil",
      "Kamu kirim Rp 20.949 ke BUDI",
      "Rp15.037 keluar dari rekening",
    ],
    ["Transfer Rp15.037 dari rekening Anda telah berhasil", "Rp15.037 terpotong dari saldo OVO"],
    ["Anda melakukan pembayaran QRIS Rp15.037", "Belanja Rp15.037 sukses", "Pembelian pulsa Rp15.037"],
    ["Pembayaran Rp15.037 ke INDOMARET berhasil", "Top up Rp15.037 ke GoPay berhasil"],
    ["BI-FAST ke 123 Rp15.037 sukses", "Kartu anda dipakai Rp15.037", "Kamu patungan Rp15.037"],
    [
      "Transfer Rp15.037 berhasil",
      "Transaksi QRIS Rp15.037 berhasil di TOKO",
      "Rp15.037 dipindahkan ke Kantong",
    ],
    ["Pembayaran QRIS Rp15.037 dari GoPay berhasil", "Transfer dari BUDI ke SITI Rp15.037"],
  ].flat()
  for (const text of own) expect([text, read(text, "DANA")]).toEqual([text, "not_incoming"])
  // A word of money that came, too, but not to us.
  const theirs = [
    ["BUDI telah menerima uang Rp15.037 dari kamu", "Rp15.037 sudah diterima BUDI"],
    ["Transfer Rp15.037 ke rekening BUDI berhasil diterima", "Pembayaran Anda Rp15.037 telah diterima"],
    ["Pembayaran Rp15.037 diterima oleh TOKO", "Your payment of IDR 15,037 was received"],
    ["Terima kasih, pembayaran Rp15.037 berhasil", "Dana Rp15.037 akan masuk ke rekening"],
    ["Pesanan baru masuk Rp15.037", "Rp15.037 belum kami terima"],
  ].flat()
  for (const text of theirs) expect([text, read(text, "DANA")]).toEqual([text, "not_incoming"])
})

test("money that came is believed in the words of the usual apps", () => {
  const came = [
    ["Transfer masuk Rp15.037 dari BUDI ke rekening xxx1234", "Pembayaran QRIS Rp15.037 dari BUDI berhasil"],
    ["Dana masuk Rp15.037 ke rekening Anda", "Kamu menerima transfer Rp15.037 dari BUDI ke akun DANA kamu"],
    ["You received IDR 15,037 from BUDI", "BUDI sent you Rp15.037", "Payment received: IDR 15,037.00"],
    ["Rp15.037 diterima dari BUDI", "Uang masuk Rp15.037", "Pembayaran dari BUDI sebesar Rp15.037"],
  ].flat()
  for (const text of came) expect([text, read(text, "DANA")]).toEqual([text, 15_037])
  const titled = [
    ["Pembayaran QRIS berhasil diterima", "Rp15.037 dari GoPay sudah masuk"],
    ["Pemasukan", "Rp15.037 dari BUDI"],
    ["Dana Masuk", "Sdr. BUDI, terdapat dana masuk sebesar Rp15.037 pada rekening 1234"],
    ["OVO", "Kamu menerima Rp15.037 dari BUDI. Terima kasih sudah menggunakan OVO"],
  ] as const
  for (const [title, text] of titled) expect([text, read(text, title)]).toEqual([text, 15_037])
})

test("whether the money came is told apart from how much it is", () => {
  const came = (text: string) => readMoney("DANA", text)
  expect(came("Pembayaran diterima")).toMatchObject({ doubt: "no_amount", isIncoming: true })
  expect(came("Kamu menerima Rp 15.037, saldo Rp 20.000")).toMatchObject({ isIncoming: true })
  expect(came("Promo QRIS, cashback Rp 10.000 dari Rp 50.000")).toMatchObject({ isIncoming: false })
  expect(came("Pembayaran QRIS berhasil")).toMatchObject({ doubt: "no_amount", isIncoming: false })
})
