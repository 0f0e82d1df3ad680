import { expect, test } from "bun:test"
import { readPhoneNumber } from "../../src/shop/phone-number.ts"

test.each([
  ["6281234567890", "6281234567890"],
  ["+6281234567890", "6281234567890"],
  ["081234567890", "6281234567890"],
  [" 0812-3456-7890 ", "6281234567890"],
  ["+62 (812) 3456.7890", "6281234567890"],
  ["+81312345678", "81312345678"],
])("the number %s is read as %s", (written, number) => {
  expect(readPhoneNumber(written)).toEqual({ number })
})

test("a number whose first 0 a spreadsheet dropped is not taken for a Japanese one", () => {
  expect(readPhoneNumber("81234567890")).toEqual({ problem: expect.stringContaining("08… or 628…") })
})

test.each(["6.28123E+12", "6,28123E+12", "6E12"])("a number shortened to %s says so", (written) => {
  expect(readPhoneNumber(written)).toEqual({ problem: expect.stringContaining("shortened by a spreadsheet") })
})

test.each([
  "",
  "+",
  "0",
  "abc",
  "12345",
  "+0812345678",
  "62812345678901234",
  "６２８１２３４５６７",
  "62812;drop",
])("%p is no number", (written) => {
  expect(readPhoneNumber(written)).toHaveProperty("problem")
})
