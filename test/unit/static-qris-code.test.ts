import { expect, test } from "bun:test"
import { readStaticCode, writeDynamicCode } from "../../src/payments/static-qris/merchant-code.ts"
import { field, fieldsOf, staticCode, withChecksum } from "../support/static-code.ts"

const reasonOf = (text: string) => {
  const reading = readStaticCode(text)
  return reading.kind === "refused" ? reading.reason : "read"
}

test("the checksum is the one of EMVCo's own example, whose name is not in Latin letters", () => {
  const example =
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN" +
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***" +
    "0708A60086670902ME91320016A0112233449988770708123456786304A13A"
  expect(reasonOf(example)).toContain("one payment")
  expect(reasonOf(example.replace("BEIJING", "BEIJINK"))).toContain("checksum")
})

test("the static code of a counter is read, with or without the word that it is static", () => {
  expect(reasonOf(staticCode())).toBe("read")
  expect(reasonOf(staticCode({ "01": undefined }))).toBe("read")
})

test("what is no static code for rupiah is refused with the reason", () => {
  expect(reasonOf("")).toContain("checksum")
  expect(reasonOf("https://shop.example/qris")).toContain("checksum")
  expect(reasonOf(staticCode().slice(0, -1))).toContain("checksum")
  expect(reasonOf(staticCode().toLowerCase())).toContain("checksum")
  expect(reasonOf(withChecksum("hello"))).toContain("not a QRIS code")
  expect(reasonOf(withChecksum(field("01", "11") + field("00", "01")))).toContain("not a QRIS code")
  expect(reasonOf(withChecksum(staticCode().slice(0, -8) + field("59", "TWICE")))).toContain("not a QRIS")
  expect(reasonOf(staticCode({ "01": "12" }))).toContain("one payment")
  expect(reasonOf(staticCode({ "53": "702" }))).toContain("rupiah")
  expect(reasonOf(staticCode({ "53": undefined }))).toContain("rupiah")
})

test("the amount is in the dynamic code, and a tip is not", () => {
  const reading = readStaticCode(staticCode({ "54": "10000", "55": "02", "56": "500" }))
  if (reading.kind !== "read") throw new Error(reading.reason)
  const fields = fieldsOf(writeDynamicCode(reading.code, 15_037))
  expect(fields.get("54")).toBe("15037")
  expect(fields.get("01")).toBe("12")
  expect(fields.has("55") || fields.has("56")).toBe(false)
  expect(fields.get("59")).toBe("LAPAK UJI COBA")
})
