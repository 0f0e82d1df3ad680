import { expect, test } from "bun:test"
import { addressOf, personOf, userOf } from "../../src/channels/whatsapp/addresses.ts"

const number = "6281200000001"
const lid = "144000000000001@lid"

test("a person told of by number and by LID is known by both, whichever comes first", () => {
  expect(personOf([`${number}@s.whatsapp.net`, lid])).toEqual({ from: number, lid })
  expect(personOf([lid, `${number}@s.whatsapp.net`])).toEqual({ from: number, lid })
})

test("a person told of by one address alone is known by that one", () => {
  expect(personOf([`${number}@s.whatsapp.net`])).toEqual({ from: number })
  expect(personOf([lid, undefined])).toEqual({ from: lid })
})

test("the device of an address makes no other person", () => {
  expect(personOf([`${number}:12@s.whatsapp.net`, "144000000000001:3@lid"])).toEqual({ from: number, lid })
})

test("the first address of its kind counts", () => {
  expect(personOf([lid, "155000000000002@lid"])).toEqual({ from: lid })
})

test.each([
  ["a group", "120363000000000001@g.us"],
  ["the status", "status@broadcast"],
  ["a newsletter", "120363000000000002@newsletter"],
  ["a number that begins with 0", "0812000000@s.whatsapp.net"],
  ["a number too long to be one", "1234567890123456@s.whatsapp.net"],
  ["letters", "someone@s.whatsapp.net"],
  ["letters under a LID", "someone@lid"],
  ["nothing", ""],
  ["no address", "6281200000001"],
])("%s is nobody", (_, address) => {
  expect(personOf([address])).toBeUndefined()
})

test("nobody is behind no address", () => {
  expect(personOf([])).toBeUndefined()
  expect(personOf([null, undefined])).toBeUndefined()
})

test("a reply goes to the address the customer is known by", () => {
  expect(addressOf(number)).toBe(`${number}@s.whatsapp.net`)
  expect(addressOf(lid)).toBe(lid)
})

test("whom an address is of does not depend on its device", () => {
  expect(userOf(`${number}:4@s.whatsapp.net`)).toBe(number)
  expect(userOf(undefined)).toBeUndefined()
})
