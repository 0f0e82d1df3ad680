import { expect, test } from "bun:test"
import { askForUnits, readStockAnswer } from "../../src/conversation/desk/stock-step.ts"
import { understand } from "../../src/conversation/understand.ts"
import { rupiah } from "../../src/shop/money.ts"

/** What an operator is understood to ask for, or the kind of what is wrong with it. */
function read(text: string): unknown {
  const intent = understand(text, ".", { role: "admin" })
  if (intent.kind === "desk_problem") return intent.problem.kind
  if (intent.kind !== "desk") return intent.kind
  const { room, ...asked } = intent.asked
  return asked
}

const kopi = {
  code: "KOPI-1",
  name: "Voucher Kopi",
  price: rupiah(18_000),
  category: "Voucher",
  description: "Satu gelas",
  kind: "digital",
  stock: 0,
}

test.each([
  ["on one line", ".produkbaru kopi-1 | Voucher Kopi | 18rb | Voucher | Satu gelas"],
  ["on one line, in English", "/newproduct KOPI-1|Voucher Kopi|Rp 18.000|Voucher|Satu gelas"],
  ["a field a line", ".produkbaru\nKOPI-1\nVoucher Kopi\n18000\nVoucher\nSatu gelas"],
  ["the code beside the command", ".produkbaru KOPI-1\nVoucher Kopi\n\n18000\nVoucher\nSatu gelas"],
])("a new product is read %s", (_, text) => {
  expect(read(text)).toEqual({ kind: "add_product", product: kopi })
})

test("category and description may be left out, and a description may have lines and bars", () => {
  expect(read(".produkbaru KOPI-1 | Voucher Kopi | 18000")).toMatchObject({
    product: { category: "", description: "" },
  })
  expect(read(".produkbaru KOPI-1 | Voucher Kopi | 18000 | | satu\ndua\u0007 | tiga")).toMatchObject({
    product: { category: "", description: "satu\ndua\ntiga" },
  })
})

test.each([
  ["KAOS-L | Kaos | 95000 | Pakaian | Katun | fisik 10", "Pakaian", "Katun", 10],
  ["KAOS-L | Kaos | 95000 | physical 3", "", "", 3],
  ["KAOS-L | Kaos | 95000 | Pakaian | Katun | 10 fisik", "Pakaian", "Katun", 10],
  ["KAOS-L | Kaos | 95000 | Pakaian | fisik: 10", "Pakaian", "", 10],
  ["KAOS-L | Kaos | 95000 | Pakaian | Katun | stok 10", "Pakaian", "Katun", 10],
  ["KAOS-L | Kaos | 95000 | Pakaian | Katun | 10 pcs", "Pakaian", "Katun", 10],
  ["KAOS-L | Kaos | 95000 | fisik | Pakaian | Katun", "Pakaian", "Katun", 0],
])("%s is a physical product", (fields, category, description, stock) => {
  expect(read(`.produkbaru ${fields}`)).toMatchObject({
    product: { kind: "physical", stock, category, description },
  })
})

test.each([
  [".produkbaru", "incomplete"],
  [".produkbaru KOPI-1 Voucher Kopi 18000", "incomplete"],
  [".produkbaru KOPI 1 | Voucher Kopi | 18000", "malformed_code"],
  [".produkbaru KOPI-1 | | 18000", "missing_name"],
  [`.produkbaru KOPI-1 | ${"x".repeat(201)} | 18000`, "name_too_long"],
  [".produkbaru KOPI-1 | Voucher Kopi | gratis", "malformed_price"],
  [".produkbaru KOPI-1 | Voucher Kopi |", "missing_price"],
  [".produkbaru KOPI-1 | Voucher Kopi | 0", "price_out_of_range"],
  [`.produkbaru KOPI-1 | Voucher Kopi | 18000 | ${"x".repeat(61)}`, "category_too_long"],
  [`.produkbaru KOPI-1 | Voucher Kopi | 18000 | x | ${"x".repeat(2_001)}`, "description_too_long"],
  [".produkbaru KAOS-L | Kaos | 95000 | fisik 1000001", "number_out_of_range"],
  [".ubah", "missing_code"],
  [".ubah KOPI-1", "unknown_field"],
  [".ubah KOPI-1 warna biru", "unknown_field"],
  [".ubah KOPI-1 nama", "missing_value"],
  [".ubah KOPI-1 garansi lama", "number_out_of_range"],
  [".ubah KOPI-1 garansi 3651", "number_out_of_range"],
  [".ubah KOPI-1 batas 0", "number_out_of_range"],
  [".ubah KOPI-1 batas 101", "number_out_of_range"],
  [".harga", "missing_code"],
  [".harga KOPI-1 reseller", "missing_price"],
  [".harga KOPI-1 0+ 5000", "malformed_tier"],
  [".harga KOPI-1 101+ 5000", "malformed_tier"],
  [".harga KOPI-1 10+ 20+ 5000", "malformed_tier"],
  [".harga KOPI-1 hapus", "base_price_stays"],
  [".harga KOPI-1 reseller hapus 5000", "too_many_words"],
  [".sembunyikan", "missing_code"],
  [".tampilkan KOPI-1 KOPI-2", "too_many_words"],
  [".harga KOPI-1 5000\nUSER:PASS", "lines_below"],
  [".sembunyikan KOPI-1\nUSER:PASS", "lines_below"],
  [".stok\nUSER:PASS", "missing_code"],
  [".stok KOPI-1 USER:PASS", "units_beside_code"],
  [".stok KOPI-1 +5\nUSER:PASS", "units_beside_code"],
  [".stok KAOS-L +9999999", "number_out_of_range"],
  [".stok hal x", "malformed_page"],
  [".stok hal 0", "malformed_page"],
  [".stok 12 USER:PASS", "units_beside_code"],
  [".ubah KOPI-1 harga 5000\nUSER:PASS", "too_many_words"],
  [".kredit 081234567890 5000 bonus\nUSER:PASS", "lines_below"],
  [".blokir 081234567890 menipu\n\nUSER:PASS", "lines_below"],
] as const)("%s is answered by %p", (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each([
  [".ubah kopi-1 nama -", { field: "name", value: "-" }],
  [".ubah kopi-1 nama Kopi Susu", { field: "name", value: "Kopi Susu" }],
  [".ubah kopi-1 kategori -", { field: "category", value: "" }],
  [".ubah kopi-1 keterangan satu\ndua", { field: "description", value: "satu\ndua" }],
  [".edit kopi-1 warranty 7 days", { field: "warrantyDays", value: 7 }],
  [".ubah kopi-1 batas 5", { field: "maxQuantity", value: 5 }],
  [".ubah kopi-1 minstok 0", { field: "lowStockAt", value: 0 }],
] as const)("%s is a change", (text, change) => {
  expect(read(text)).toEqual({ kind: "change_product", code: "KOPI-1", change })
})

test.each([
  [".harga kopi-1 15000", "", 1, 15_000],
  [".ubah kopi-1 harga 15rb", "", 1, 15_000],
  [".harga kopi-1 reseller Rp 12.000", "reseller", 1, 12_000],
  [".harga kopi-1 10+ 14000", "", 10, 14_000],
  [".price kopi-1 10+ reseller 11k", "reseller", 10, 11_000],
] as const)("%s sets a price", (text, role, minQuantity, price) => {
  expect(read(text)).toEqual({
    kind: "set_price",
    code: "KOPI-1",
    tier: { role, minQuantity },
    price: rupiah(price),
  })
})

test("emoji that are made of several signs stay whole in a product's name and description", () => {
  const name = "Paket 👨‍👩‍👧 ❤️ 1️⃣"
  expect(read(`.produkbaru A️‍-1 | ${name} | 1️⃣000 | ❤️`)).toMatchObject({
    product: { code: "A-1", name, price: 1_000, category: "❤️" },
  })
  expect(read(`.ubah A-1 nama ${name}`)).toMatchObject({ change: { field: "name", value: name } })
  expect(read(`. ubah  A-1 keterangan ${name}\n👍🏽`)).toMatchObject({ change: { value: `${name}\n👍🏽` } })
})

test("prices are shown and removed", () => {
  expect(read(".harga kopi-1")).toEqual({ kind: "show_prices", code: "KOPI-1" })
  expect(read(".harga kopi-1 reseller 10+ hapus")).toEqual({
    kind: "remove_price",
    code: "KOPI-1",
    tier: { role: "reseller", minQuantity: 10 },
  })
})

test.each([
  [".stok", { kind: "list_stock", page: 1 }],
  [".stok 2", { kind: "list_stock", page: 2, code: "2" }],
  [".stock page 3", { kind: "list_stock", page: 3 }],
  [".stok hal", { kind: "list_stock", page: 1, code: "HAL" }],
  [".stok hal +5", { kind: "count_stock", code: "HAL", count: { how: "by", amount: 5 } }],
  [".stok 12 +5", { kind: "count_stock", code: "12", count: { how: "by", amount: 5 } }],
  [".stok 12 =5", { kind: "count_stock", code: "12", count: { how: "to", amount: 5 } }],
  [".stok kopi-1", { kind: "add_units", code: "KOPI-1", lines: [] }],
  [".stok kopi-1\n\n", { kind: "add_units", code: "KOPI-1", lines: [] }],
  [".stok kopi-1\n a  b \r\n\n.c", { kind: "add_units", code: "KOPI-1", lines: [" a  b ", "", ".c"] }],
  [".stok 2\nUSER:PASS", { kind: "add_units", code: "2", lines: ["USER:PASS"] }],
  [".stok kaos +5", { kind: "count_stock", code: "KAOS", count: { how: "by", amount: 5 } }],
  [".stok kaos − 2", { kind: "count_stock", code: "KAOS", count: { how: "by", amount: -2 } }],
  [".stok kaos =10", { kind: "count_stock", code: "KAOS", count: { how: "to", amount: 10 } }],
] as const)("%j asks for stock", (text, expected) => {
  expect<unknown>(read(text)).toEqual(expected)
})

test("to a customer .stok is the catalogue still, and the other commands are unknown", () => {
  expect(understand(".stok", ".", { role: "reseller" })).toEqual({ kind: "catalogue", page: 1 })
  expect(understand(".produkbaru A | B | 1000").kind).toBe("unknown")
  expect(understand("stok KOPI-1", ".", { role: "owner" }).kind).toBe("unknown")
})

const answerTo = (text: string, role: "admin" | "customer" = "admin") =>
  readStockAnswer(askForUnits("KOPI-1"), text, { prefix: ".", role })

test.each([
  "USER:PASS",
  ".a8Zk!x:9",
  "!Qx7#pass\n/Zz-11\n.k",
  "0x9\n.b",
  "ABC-123\nmenu",
  "\n A \n\n",
  "a".repeat(501),
  "***",
  "1234",
])("asked for units, %j is some", (text) => {
  expect(answerTo(text)).toEqual({
    kind: "units",
    asked: { room: "catalogue", kind: "add_units", code: "KOPI-1", lines: text.split("\n") },
  })
})

test.each([
  [".saldo", "something_else"],
  [".stk KOPI-2\nUSER:PASS", "something_else"],
  [".stok KOPI-2\nUSER:PASS", "something_else"],
  ["0", "dropped"],
  ["menu", "something_else"],
  ["Saldo", "something_else"],
  ["1", "something_else"],
  ["halo kak", "something_else"],
  ["batal", "dropped"],
  ["Cancel.", "dropped"],
] as const)("asked for units, %j is none", (text, kind) => {
  expect(answerTo(text)).toEqual({ kind })
})

test("a message without a line, which may be a file, asks on, and whoever is no operator is asked nothing", () => {
  expect(answerTo(" \n ")).toMatchObject({ kind: "units", asked: { lines: [] } })
  expect(answerTo("USER:PASS", "customer")).toBeUndefined()
  expect(readStockAnswer(null, "USER:PASS", { prefix: ".", role: "owner" })).toBeUndefined()
  expect(readStockAnswer({ step: "stock", data: {} }, "x", { prefix: ".", role: "owner" })).toEqual({
    kind: "something_else",
  })
})
