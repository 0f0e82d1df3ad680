import { expect, test } from "bun:test"
import { readCatalog } from "../../src/shop/import-catalog.ts"
import { readCustomers } from "../../src/shop/import-customers.ts"
import { rupiah } from "../../src/shop/money.ts"

const header = "code,name,price,kind,category,description,stock"
const problemOf = (row: string) => readCatalog(`${header}\n${row}\n`).problems.map(({ reason }) => reason)

test("a catalogue's rows are read with their lines, and what a file leaves out is left open", () => {
  const full = readCatalog(
    `${header}\nkopi-1, Kopi ,15000,Digital,Minum,"a\nb",\nKAOS,Kaos,95000,physical,,,7`,
  )
  expect(full.problems).toEqual([])
  expect(full.rows).toEqual([
    {
      line: 2,
      code: "KOPI-1",
      name: "Kopi",
      price: rupiah(15_000),
      kind: "digital",
      category: "Minum",
      description: "a\nb",
      stock: null,
      warrantyDays: null,
    },
    {
      line: 4,
      code: "KAOS",
      name: "Kaos",
      price: rupiah(95_000),
      kind: "physical",
      category: "",
      description: "",
      stock: 7,
      warrantyDays: null,
    },
  ])
  const short = readCatalog("kind,price,name,code\ndigital,1,x,X").rows[0]
  expect(short).toMatchObject({ category: null, description: null, stock: null })
})

test("a digital product's warranty days are read, and an empty one leaves what is known", () => {
  const read = readCatalog(
    `${header},warranty_days\nA,x,1,digital,,,,30\nB,x,1,digital,,,, 0 \nC,x,1,digital,,,,\nD,x,1,physical,,,1,0\n`,
  )
  expect(read.problems).toEqual([])
  expect(read.rows.map(({ warrantyDays }) => warrantyDays)).toEqual([30, 0, null, 0])
})

test.each([
  ["digital,,,,-1", "warranty_days must be a whole number"],
  ["digital,,,,7 hari", "warranty_days must be a whole number"],
  ["digital,,,,3651", "warranty_days must be at most 3650"],
  ["physical,,,1,7", "warranty_days must be empty or 0 for a physical product"],
])("the warranty of a row that ends with %p is refused", (end, reason) => {
  const { problems } = readCatalog(`${header},warranty_days\nA,x,1,${end}\n`)
  expect(problems).toEqual([{ line: 2, reason: expect.stringContaining(reason) }])
})

test.each(["15.000", "15,000", "Rp 15000", "1e4", "-5", "1.5", "１５", "", "15 000"])(
  "the price %p is refused, not guessed at",
  (price) => {
    expect(problemOf(`A,x,"${price}",digital,,,`)).toEqual([expect.stringContaining("price must be whole")])
  },
)

test.each([
  ["A,x,0,digital,,,", "price must be at least 1"],
  ["A,x,1000000001,digital,,,", "price must be at most"],
  ["A B,x,1,digital,,,", "code must be"],
  ["'; drop table orders;--,x,1,digital,,,", "code must be"],
  ["A,,1,digital,,,", "name is missing"],
  [`A,${"x".repeat(201)},1,digital,,,`, "name may have at most 200"],
  ["A,a\u0007b,1,digital,,,", "name must be one line"],
  ["A,x,1,service,,,", "kind must be digital or physical"],
  ["A,x,1,physical,,,-1", "stock must be a whole number"],
  ["A,x,1,physical,,,1.5", "stock must be a whole number"],
  ["A,x,1,digital,,,3", "stock must be empty for a digital product"],
  [`A,x,1,digital,${"x".repeat(61)},,`, "category may have at most 60"],
  [`A,x,1,digital,,${"x".repeat(2_001)},`, "description may have at most 2000"],
])("the row %p is refused: %s", (row, reason) => {
  expect(problemOf(row)).toEqual([expect.stringContaining(reason)])
})

test("a name of 200 characters of four bytes fits, as it does in the database", () => {
  expect(problemOf(`A,${"🙂".repeat(200)},1,digital,,,`)).toEqual([])
})

test("every bad row is reported, in the order of the file, with all that is wrong with it", () => {
  const { problems } = readCatalog(
    `${header}\nA,x,1,digital,,,\n?,,0,z,,,\nB,x,1,digital,,,,extra\na,y,1,digital,,,`,
  )
  expect(problems.map(({ line }) => line)).toEqual([3, 4, 5])
  for (const part of ["code", "name", "price", "kind"]) expect(problems[0]?.reason).toContain(part)
  expect(problems[2]?.reason).toBe("code A is there twice, first on line 2")
})

test("customers are read with their numbers in one form, and an empty balance is none", () => {
  const { rows, problems } = readCustomers("number,name,balance\n0812345678,Budi,5000\n+628123456790,,\n")
  expect(problems).toEqual([])
  expect(rows).toEqual([
    { line: 2, number: "62812345678", name: "Budi", balance: rupiah(5_000) },
    { line: 3, number: "628123456790", name: "", balance: rupiah(0) },
  ])
})

test("bad customers are refused by line, a number written in two ways too", () => {
  const { problems } = readCustomers(
    "number,name,balance\n0812345678,A,1.5\n62812345679,B,1\n0812345679,C,1\nx,D,-1",
  )
  expect(problems).toEqual([
    { line: 2, reason: expect.stringContaining("balance must be whole rupiah") },
    { line: 4, reason: "number is there twice, first on line 3" },
    { line: 5, reason: expect.stringMatching(/number must be.*; balance must be/) },
  ])
})
