import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Customer } from "../simulators/whatsapp/customer.ts"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openWhatsAppStall, readMetric, type WhatsAppStall } from "../support/whatsapp-stall.ts"

/** One stall for all, whose operator wants everything that is off by default. */
let stall: WhatsAppStall
let shop: ShopProcess

beforeAll(async () => {
  stall = await openWhatsAppStall({
    environment: {
      WHATSAPP_ANSWERS: "groups, status, broadcasts, own",
      WHATSAPP_READ_RECEIPTS: "on",
      WHATSAPP_VERSION: "2.3000.1012345678",
    },
  })
  shop = await stall.openPaired()
})
afterAll(() => stall[Symbol.asyncDispose]())

async function newcomer(): Promise<Customer> {
  const [customer] = await stall.welcome(1, 70_000)
  if (!customer) throw new Error("nobody came")
  return customer
}

test.each([
  ["a group", "120363000000000001@g.us"],
  ["the status", "status@broadcast"],
  ["a broadcast list", "1700000000@broadcast"],
])("what is said in %s is answered to who said it, when the setting names it", async (_, place) => {
  const budi = await newcomer()
  const said = await stall.whatsapp.say(place, budi, ".saldo")
  expect((await budi.hears("70.000")).address).toBe(budi.lid)
  await eventually("it is confirmed", () => stall.whatsapp.delivery(said)?.settledBy)
  await stall.atRest()
  expect(budi.received).toHaveLength(1)
})

test("a customer sees blue ticks, when the setting says so", async () => {
  const budi = await newcomer()
  const id = await budi.say(".saldo")
  await eventually("it is shown as read", () =>
    stall.whatsapp
      .stanzas("receipt")
      .some(({ attributes }) => attributes.type === "read" && attributes.id === id),
  )
})

test("the version that is set is the one that is announced", () => {
  expect(new Set(stall.whatsapp.versions())).toEqual(new Set(["2.3000.1012345678"]))
})

test("with an address in the world the page is closed, and says how to pair without it", async () => {
  const inTheWorld = await stall.open({ PUBLIC_URL: "https://shop.example" })
  const response = await fetch(`${inTheWorld.url}/whatsapp`, { headers: { accept: "application/json" } })
  expect(response.status).toBe(404)
  expect(await response.text()).toContain("lapak pair")
  expect(await inTheWorld.close()).toBe(0)
})

test("a crowd waits for its turn at the pace that is set, and everybody is answered", async () => {
  await stall.atRest()
  expect(await shop.close()).toBe(0)
  shop = await stall.open({ WHATSAPP_PACE: "2" })
  const crowd = await stall.welcome(10, 70_000)
  const before = await readMetric(shop, "lapak_whatsapp_pace_wait_seconds_count")
  const startedAt = performance.now()
  await Promise.all(crowd.map((customer) => customer.ask(".saldo")))
  // Five may go at once, and a turn costs three quarters of its half second at least.
  expect(performance.now() - startedAt).toBeGreaterThan(1_300)
  expect(await readMetric(shop, "lapak_whatsapp_pace_wait_seconds_count")).toBe(before + 10)
})

test("after all of that the books are right, and nothing that was printed gives anything away", async () => {
  await stall.atRest()
  expect(await stall.faults()).toEqual([])
})
