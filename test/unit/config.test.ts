import { expect, test } from "bun:test"
import { readConfig, takesRealMoney } from "../../src/config.ts"
import { rupiah } from "../../src/shop/money.ts"
import { staticCode } from "../support/static-code.ts"

const problemsOf = (environment: Record<string, string>) => {
  const read = readConfig(environment)
  return "problems" in read ? read.problems.map(({ variable }) => variable).sort() : []
}

const configOf = (environment: Record<string, string>) => {
  const read = readConfig(environment)
  if ("problems" in read) throw new Error(`refused: ${JSON.stringify(read.problems)}`)
  return read.config
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

test("on and off may be written in any letter case", () => {
  expect(configOf({ WHATSAPP: "On", DEMO: "OFF" })).toMatchObject({ whatsapp: {}, demo: false })
  expect(configOf({ DEMO: "Yes" }).demo).toBe(true)
})

test("a variable that is set to nothing counts as absent", () => {
  expect(problemsOf({ PORT: "", DATABASE_URL: " ", MIDTRANS_SERVER_KEY: "" })).toEqual([])
})

test("what belongs together is asked for together", () => {
  expect(problemsOf({ MIDTRANS_BASE_URL: "http://127.0.0.1:1" })).toEqual(["MIDTRANS_SERVER_KEY"])
  expect(problemsOf({ GATEWAY_SECRET: "a secret of enough length" })).toEqual(["GATEWAY_URL"])
})

test("Midtrans takes QRIS, or what its own page offers when that is chosen", () => {
  const key = { MIDTRANS_SERVER_KEY: "SB-Mid-server-of-this-test" }
  expect(configOf(key).midtrans?.payment).toBe("qris")
  expect(configOf({ ...key, MIDTRANS_PAYMENT: "Snap" }).midtrans?.payment).toBe("snap")
  expect(problemsOf({ ...key, MIDTRANS_PAYMENT: "cash" })).toEqual(["MIDTRANS_PAYMENT"])
  expect(problemsOf({ MIDTRANS_PAYMENT: "snap" })).toEqual(["MIDTRANS_SERVER_KEY"])
})

test("WhatsApp is off until it is turned on, and then asks for nothing else", () => {
  expect(configOf({}).whatsapp).toBeUndefined()
  expect(configOf({ WHATSAPP: "off", WHATSAPP_PACE: "2" }).whatsapp).toBeUndefined()
  expect(configOf({ WHATSAPP: "on" }).whatsapp).toEqual({
    url: "wss://web.whatsapp.com/ws/chat",
    testRoot: undefined,
    version: undefined,
    readReceipts: false,
    answers: [],
    pacePerSecond: 1,
  })
})

test("every setting of WhatsApp is read as its operator writes it", () => {
  const { whatsapp } = configOf({
    WHATSAPP: "on",
    WHATSAPP_URL: "ws://127.0.0.1:4000/ws/chat",
    WHATSAPP_TEST_ROOT: "AB".repeat(32),
    WHATSAPP_VERSION: "2.3000.1035194821",
    WHATSAPP_READ_RECEIPTS: "on",
    WHATSAPP_ANSWERS: "groups, Own,,groups",
    WHATSAPP_PACE: "0.5",
  })
  expect(whatsapp).toEqual({
    url: "ws://127.0.0.1:4000/ws/chat",
    testRoot: "ab".repeat(32),
    version: [2, 3000, 1_035_194_821],
    readReceipts: true,
    answers: ["groups", "own"],
    pacePerSecond: 0.5,
  })
  expect(Object.isFrozen(whatsapp)).toBe(true)
})

test.each([
  ["WHATSAPP_URL", "http://127.0.0.1:4000"],
  ["WHATSAPP_URL", "wss://whatsapp.example"],
  ["WHATSAPP_URL", "wss://notwhatsapp.com"],
  ["WHATSAPP_URL", "wss://web.whatsapp.com@evil.example"],
  ["WHATSAPP_URL", "wss://user:word@web.whatsapp.com"],
  ["WHATSAPP_URL", "ws://web.whatsapp.com/ws/chat"],
  ["WHATSAPP_URL", "ws://127.0.0.1.evil.example"],
  ["WHATSAPP_URL", "ws://10.0.0.1"],
  ["WHATSAPP_URL", "web.whatsapp.com"],
  ["WHATSAPP_VERSION", "2.3000"],
  ["WHATSAPP_VERSION", "2.3000.x"],
  ["WHATSAPP_ANSWERS", "groups everyone"],
  ["WHATSAPP_READ_RECEIPTS", "sometimes"],
  ["WHATSAPP_PACE", "0"],
  ["WHATSAPP_PACE", "0.05"],
  ["WHATSAPP_PACE", "1001"],
  ["WHATSAPP_PACE", "-1"],
  ["WHATSAPP_PACE", "1e3"],
])("%s is refused as %p", (variable, value) => {
  expect(problemsOf({ WHATSAPP: "on", [variable]: value })).toEqual([variable])
})

test.each(["wss://web.whatsapp.com/ws/chat", "wss://g.whatsapp.net", "ws://localhost:1", "wss://[::1]:1/ws"])(
  "WhatsApp's own hosts and this machine are accepted: %s",
  (url) => {
    expect(problemsOf({ WHATSAPP_URL: url })).toEqual([])
  },
)

test("files are fetched from another host for a server on this machine alone", () => {
  const host = { WHATSAPP_MEDIA_HOST: "127.0.0.1:4001" }
  expect(problemsOf(host)).toEqual(["WHATSAPP_MEDIA_HOST"])
  expect(problemsOf({ ...host, WHATSAPP_URL: "wss://web.whatsapp.com/ws/chat" })).toEqual([
    "WHATSAPP_MEDIA_HOST",
  ])
  const local = { WHATSAPP: "on", WHATSAPP_URL: "ws://127.0.0.1:4000" }
  expect(configOf({ ...local, ...host }).whatsapp?.mediaHost).toBe("127.0.0.1:4001")
  for (const elsewhere of ["files.example", "127.0.0.1:4001/x", "127.0.0.1.files.example", "u@127.0.0.1"]) {
    expect(problemsOf({ ...local, WHATSAPP_MEDIA_HOST: elsewhere })).toEqual(["WHATSAPP_MEDIA_HOST"])
  }
})

test("another certificate root is taken from a server on this machine alone", () => {
  const root = { WHATSAPP_TEST_ROOT: "ab".repeat(32) }
  expect(problemsOf(root)).toEqual(["WHATSAPP_TEST_ROOT"])
  expect(problemsOf({ ...root, WHATSAPP_URL: "wss://web.whatsapp.com/ws/chat" })).toEqual([
    "WHATSAPP_TEST_ROOT",
  ])
  expect(problemsOf({ ...root, WHATSAPP_URL: "ws://127.0.0.1:4000" })).toEqual([])
  expect(problemsOf({ WHATSAPP_TEST_ROOT: "ab", WHATSAPP_URL: "ws://127.0.0.1:4000" })).toEqual([
    "WHATSAPP_TEST_ROOT",
  ])
})

test("owners' numbers are digits with the country code, with or without a plus", () => {
  const read = readConfig({ OWNER_NUMBERS: "+6281234567890, 6289876543210" })
  if (!("config" in read)) throw new Error("good numbers were refused")
  expect(read.config.ownerNumbers).toEqual(["6281234567890", "6289876543210"])
})

test("a static QRIS code is read once, with a secret, the usual apps and a maximum", () => {
  const { staticQris } = configOf({ STATIC_QRIS: ` ${staticCode()} `, LISTENER_SECRET: "listener-secret" })
  expect(staticQris).toMatchObject({ secret: "listener-secret", amountMax: rupiah(2_000_000) })
  expect(staticQris?.packages).toContain("id.dana")
  expect(configOf({}).staticQris).toBeUndefined()
  const own = configOf({
    STATIC_QRIS: staticCode(),
    LISTENER_SECRET: "listener-secret",
    LISTENER_PACKAGES: " com.bca , id.dana,",
    LISTENER_MAX: "500000",
  })
  expect(own.staticQris).toMatchObject({ packages: ["com.bca", "id.dana"], amountMax: rupiah(500_000) })
  expect(takesRealMoney(own)).toBe(true)
  expect(takesRealMoney(configOf({}))).toBe(false)
})

test("a static QRIS code that is none is refused with the reason, and needs the listener's secret", () => {
  expect(problemsOf({ STATIC_QRIS: staticCode() })).toEqual(["LISTENER_SECRET"])
  expect(problemsOf({ LISTENER_SECRET: "listener-secret" })).toEqual(["STATIC_QRIS"])
  const wrong = {
    STATIC_QRIS: staticCode().replace("JAKARTA", "JAKARTB"),
    LISTENER_SECRET: "short",
    LISTENER_PACKAGES: "not a package",
    LISTENER_MAX: "2.000.000",
  }
  expect(problemsOf(wrong)).toEqual(["LISTENER_MAX", "LISTENER_PACKAGES", "LISTENER_SECRET", "STATIC_QRIS"])
  const read = readConfig({ ...wrong, STATIC_QRIS: staticCode({ "01": "12" }) })
  expect(JSON.stringify(read)).toContain("a code for one payment")
  expect(JSON.stringify(read)).not.toContain("LAPAK UJI")
})
