import { expect, test } from "bun:test"
import { isFromOwnPage } from "../../src/web/same-origin.ts"

const post = (headers: Record<string, string>) =>
  new Request("http://127.0.0.1:3000/try/messages", { method: "POST", headers })

test("our own page and programs without a browser may change things", () => {
  expect(isFromOwnPage(post({ "Sec-Fetch-Site": "same-origin", Origin: "null" }))).toBe(true)
  expect(isFromOwnPage(post({ Origin: "http://127.0.0.1:3000" }))).toBe(true)
  expect(isFromOwnPage(post({}))).toBe(true)
})

test("no other site may, and neither may another port of this machine", () => {
  for (const site of ["cross-site", "same-site", "none"])
    expect(isFromOwnPage(post({ "Sec-Fetch-Site": site }))).toBe(false)
  for (const origin of ["https://evil.example", "http://127.0.0.1:4000", "null", "not an origin"])
    expect(isFromOwnPage(post({ Origin: origin }))).toBe(false)
})
