import { expect, test } from "bun:test"
import { readConfig } from "../../src/config.ts"

const problemsOf = (environment: Record<string, string>) => {
  const read = readConfig(environment)
  return "problems" in read ? read.problems.map(({ variable }) => variable).sort() : []
}

test("an empty environment is a working shop on this machine alone", () => {
  const read = readConfig({})
  if (!("config" in read)) throw new Error("an empty environment was refused")
  expect(read.config).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    shop: "lapak",
    demo: true,
    logLevel: "info",
  })
  expect(read.config.midtrans).toBeUndefined()
  expect(read.config.gateway).toBeUndefined()
  expect(Object.isFrozen(read.config)).toBe(true)
})

test("every wrong variable is reported at once, by its name and never by its value", () => {
  const environment = {
    PORT: "70000",
    SHOP: "Toko Saya",
    DATABASE_URL: "mysql://root:rahasia@localhost",
    LAPAK_SECRET: "rahasia-sekali",
    OWNER_NUMBERS: "0812",
    LOG_LEVEL: "loud",
    DEMO: "maybe",
    GATEWAY_URL: "https://gateway.example",
  }
  expect(problemsOf(environment)).toEqual([
    "DATABASE_URL",
    "DEMO",
    "GATEWAY_SECRET",
    "LAPAK_SECRET",
    "LOG_LEVEL",
    "OWNER_NUMBERS",
    "PORT",
    "SHOP",
  ])
  expect(JSON.stringify(readConfig(environment))).not.toContain("rahasia")
})

test("a variable that is set to nothing counts as absent", () => {
  expect(problemsOf({ PORT: "", DATABASE_URL: " ", MIDTRANS_SERVER_KEY: "" })).toEqual([])
})

test("what belongs together is asked for together", () => {
  expect(problemsOf({ MIDTRANS_BASE_URL: "http://127.0.0.1:1" })).toEqual(["MIDTRANS_SERVER_KEY"])
  expect(problemsOf({ GATEWAY_SECRET: "a secret of enough length" })).toEqual(["GATEWAY_URL"])
})

test("a connection to WhatsApp that this version does not have is refused, not ignored", () => {
  expect(problemsOf({ WHATSAPP: "on" })).toEqual(["WHATSAPP"])
})

test("owners' numbers are digits with the country code, with or without a plus", () => {
  const read = readConfig({ OWNER_NUMBERS: "+6281234567890, 6289876543210" })
  if (!("config" in read)) throw new Error("good numbers were refused")
  expect(read.config.ownerNumbers).toEqual(["6281234567890", "6289876543210"])
})
