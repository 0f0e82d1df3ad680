import { expect, test } from "bun:test"
import { vouchersCommands } from "../../src/conversation/desk/vouchers.ts"
import { understand } from "../../src/conversation/understand.ts"

/** What a message of the room means; the first word is the command. */
function read(text: string) {
  const [line = "", ...lines] = text.split("\n")
  const [name = "", ...words] = line.split(" ")
  const command = vouchersCommands.find((known) => known.words.includes(name))
  if (!command) throw new Error(`there is no command ${name}`)
  return command.read({ words, lines, behind: (count) => words.slice(count).join(" ") })
}

const problemOf = (text: string) => {
  const reading = read(text)
  return reading.kind === "problem" ? reading.problem : undefined
}
const askedOf = (text: string) => {
  const reading = read(text)
  return reading.kind === "asked" ? reading.asked : undefined
}

test("a voucher is made with its options in any order, in both languages, on one line or several", () => {
  const made = {
    room: "vouchers",
    kind: "create",
    code: "HEMAT10",
    discount: { percent: 10 },
    rules: {
      maxDiscount: 20_000,
      minTotal: 50_000,
      usesMax: 50,
      usesPerCustomer: 1,
      startsOn: "2026-12-01",
      endsOn: "2026-12-31",
      productCodes: ["KOPI-1", "FILM-1"],
      role: "reseller",
    },
  }
  const indonesian =
    "voucherbaru hemat10 10% maks 20rb min Rp 50.000 kuota 50 perorang 1 mulai 2026-12-01 " +
    "sampai 31/12/2026 produk kopi-1, FILM-1 reseller"
  const english =
    "newvoucher HEMAT10 10 percent\nfor reseller\nproducts KOPI-1,FILM-1,kopi-1\nuntil 31-12-2026\n" +
    "from 2026-12-01\neach 1 quota 50x\nmin 50k max 20.000"
  for (const text of [indonesian, english]) expect<unknown>(askedOf(text)).toEqual(made)
})

test("a discount is an amount or a percentage, and a category may have several words", () => {
  expect<unknown>(askedOf("voucherbaru POTONG 5rb kategori Produk Digital")).toEqual({
    room: "vouchers",
    kind: "create",
    code: "POTONG",
    discount: { amount: 5_000 },
    rules: { category: "Produk Digital" },
  })
  expect<unknown>(askedOf("voucherbaru POTONG Rp 7.500")).toMatchObject({ discount: { amount: 7_500 } })
})

test("limits are changed and taken away, the discount never", () => {
  expect<unknown>(askedOf("voucherubah HEMAT kuota 100 sampai bebas untuk semua")).toEqual({
    room: "vouchers",
    kind: "change",
    code: "HEMAT",
    rules: { usesMax: 100, endsOn: null, role: null },
  })
  expect(problemOf("voucherubah HEMAT 20% kuota 100")).toMatchObject({ kind: "discount_stays" })
  expect(problemOf("voucherubah HEMAT")).toMatchObject({ kind: "nothing_to_change" })
})

test("vouchers are listed, shown and closed by their code", () => {
  expect<unknown>(askedOf("vouchers")).toEqual({ room: "vouchers", kind: "list" })
  expect<unknown>(askedOf("vouchers hemat")).toEqual({ room: "vouchers", kind: "show", code: "HEMAT" })
  expect<unknown>(askedOf("vouchertutup hemat")).toEqual({ room: "vouchers", kind: "close", code: "HEMAT" })
  expect(problemOf("vouchertutup")).toMatchObject({ kind: "missing_code" })
  expect(problemOf("vouchers HEMAT LAGI")).toMatchObject({ kind: "too_many_words" })
})

test.each([
  ["voucherbaru", "missing_code"],
  ["voucherbaru X 10%", "malformed_code"],
  ["voucherbaru HE MAT", "bad_discount"],
  ["voucherbaru HEMAT", "missing_discount"],
  ["voucherbaru HEMAT kuota 5", "missing_discount"],
  ["voucherbaru HEMAT 0%", "percent_out_of_range"],
  ["voucherbaru HEMAT 100%", "percent_out_of_range"],
  ["voucherbaru HEMAT -5000", "bad_discount"],
  ["voucherbaru HEMAT 10% kuota", "missing_value"],
  ["voucherbaru HEMAT 10% kuota 0", "bad_value"],
  ["voucherbaru HEMAT 10% kuota sedikit", "bad_value"],
  ["voucherbaru HEMAT 10% kuota 5 kuota 6", "twice"],
  ["voucherbaru HEMAT 10% sampai 2026-02-30", "bad_value"],
  ["voucherbaru HEMAT 10% sampai besok", "bad_value"],
  ["voucherbaru HEMAT 10% untuk admin", "bad_value"],
  ["voucherbaru HEMAT 10% produk KOPI$", "bad_value"],
])("%s is not made: %s", (text, kind) => {
  expect(problemOf(text)?.kind as string).toBe(kind)
})

test("a customer chooses, looks at and drops a voucher, with the prefix alone", () => {
  expect(understand(".voucher hemat10")).toEqual({
    kind: "voucher",
    wish: { kind: "choose", code: "HEMAT10" },
  })
  expect(understand(".voucher")).toEqual({ kind: "voucher", wish: { kind: "show" } })
  for (const word of ["hapus", "remove", "BATAL"])
    expect(understand(`.voucher ${word}`)).toEqual({ kind: "voucher", wish: { kind: "drop" } })
  expect(understand(".voucher dua kata")).toMatchObject({
    kind: "invalid",
    reason: { kind: "malformed_voucher" },
  })
  expect(understand("voucher").kind).not.toBe("voucher")
})

test("a customer asks for word of a product, lists what they wait for, and waits no longer", () => {
  expect(understand(".kabari kopi")).toEqual({ kind: "restock", wish: { kind: "ask", code: "KOPI" } })
  expect(understand("notify KOPI")).toEqual({ kind: "restock", wish: { kind: "ask", code: "KOPI" } })
  expect(understand(".kabari")).toEqual({ kind: "restock", wish: { kind: "list" } })
  expect(understand(".kabari KOPI batal")).toEqual({ kind: "restock", wish: { kind: "end", code: "KOPI" } })
  expect(understand(".kabari KOPI segera")).toMatchObject({ kind: "invalid" })
})

test("a code that drops the chosen voucher is no voucher's", () => {
  for (const code of ["HAPUS", "batal", "STOP", "off", "Cancel", "REMOVE", "tidak"])
    expect([code, problemOf(`voucherbaru ${code} 10%`)?.kind]).toEqual([code, "reserved_code"])
  expect(askedOf("voucherbaru STOPKONTAK 10%")).toMatchObject({ code: "STOPKONTAK" })
})
