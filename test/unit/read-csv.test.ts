import { expect, test } from "bun:test"
import { readCsv } from "../../src/operations/read-csv.ts"

const columns = { required: ["code", "name"], optional: ["note"] }
const read = (text: string, rowsMax = 10) => readCsv(text, columns, { rowsMax })

test("quotes, separators, line breaks, CRLF and a byte order mark are read as a spreadsheet wrote them", () => {
  const { rows, problems } = read('\uFEFFcode,name,note\r\nA,"one, ""two""","up\r\ndown"\r\nB,two,\r\n')
  expect(problems).toEqual([])
  expect(rows).toEqual([
    { line: 2, cells: { code: "A", name: 'one, "two"', note: "up\ndown" } },
    { line: 4, cells: { code: "B", name: "two", note: "" } },
  ])
})

test.each([";", "\t", ","])("the separator %p is noticed", (separator) => {
  const text = [["name", "code"].join(separator), ["one", "A"].join(separator)].join("\n")
  expect(read(text).rows).toEqual([{ line: 2, cells: { name: "one", code: "A" } }])
})

test("blank rows are left out, and the lines after them keep their numbers", () => {
  const { rows } = read("Code, NAME\n\nA,one\n,,\n \nB,two\n")
  expect(rows.map(({ line, cells }) => [line, cells.code])).toEqual([
    [3, "A"],
    [6, "B"],
  ])
})

test("a row may end early, and a quote inside a text is only a quote", () => {
  const { rows, problems } = read('code,name,note\nA,3.5" disk\n')
  expect(problems).toEqual([])
  expect(rows[0]?.cells).toEqual({ code: "A", name: '3.5" disk', note: "" })
})

test.each([
  ["", 1, "empty"],
  ["\n\n", 1, "empty"],
  ["code,name\n", 1, "no row"],
  ["code,price\nA,1", 1, "no column name"],
  ["code,name,size\nA,x,1", 1, "column size is not known"],
  ["code,name,name\nA,x,1", 1, "twice"],
  ["code,name\nA,x\nB,y,z", 3, "3 cells, the header 2"],
  ['code,name\nA,x\nB,"y\nC,z', 3, "not closed"],
])("%p is refused on line %d: %s", (text, line, reason) => {
  expect(read(text).problems).toEqual([{ line, reason: expect.stringContaining(reason) }])
})

test("more rows than are allowed are refused without being read", () => {
  const rows = Array.from({ length: 20 }, (_, place) => `C${place},x`).join("\n")
  const { problems } = read(`code,name\n${rows}`, 5)
  expect(problems).toEqual([{ line: 1, reason: expect.stringContaining("more than 5 rows") }])
})
