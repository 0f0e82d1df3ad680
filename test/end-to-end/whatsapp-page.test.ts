import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { startWhatsApp, type WhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { findChromium, openBrowser, openPhone } from "../support/browser.ts"
import { eventually } from "../support/eventually.ts"
import type { ShopProcess } from "../support/shop-process.ts"
import { openStall, type Stall } from "../support/stall.ts"

let browser: Browser
let stall: Stall
let whatsapp: WhatsApp
let shop: ShopProcess

beforeAll(async () => {
  const path = findChromium(process.env)
  if (!path) throw new Error("there is no Chromium: apt-get install chromium")
  browser = await openBrowser(path)
  stall = await openStall()
  whatsapp = await startWhatsApp({ number: "6281234567890" })
  shop = await stall.open(whatsapp.environment)
})

afterAll(async () => {
  await browser?.close()
  await stall?.[Symbol.asyncDispose]()
  await whatsapp?.stop()
})

test("the operator pairs on the page, which follows by itself: QR, code, connected, logged out", async () => {
  const where = `open ${shop.url}/whatsapp, or run  lapak pair`
  await eventually("it is said where to pair", () => shop.written().includes(where))
  const phone = await openPhone(browser, "dark")
  const errors: string[] = []
  const page = await phone.newPage()
  page.on("pageerror", (error) => errors.push(error.message))
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()))
  await page.goto(`${shop.url}/whatsapp`)
  await page.getByRole("img", { name: /QR/ }).waitFor()
  expect(await ask("/readyz")).toMatchObject({
    status: "degraded",
    checks: { whatsapp: { state: "degraded" } },
  })

  expect((await ask("/health")).channels).toContain("whatsapp")

  await page.getByRole("textbox").fill("0812 3456 7890")
  await page.getByRole("button", { name: "Minta kode" }).click()
  await page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/).waitFor()
  expect(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")).toBe(false)
  const offered = await ask("/whatsapp")
  expect(offered).toMatchObject({ state: "pairing", pairingCode: expect.stringMatching(/^[A-Z0-9]{8}$/) })

  await page.getByRole("textbox").fill("12")
  await page.getByRole("button", { name: /^Minta kode/ }).click()
  await page.getByText("Nomor ini belum benar").waitFor()
  expect(await page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/).count()).toBe(0)
  expect(errors.splice(0).join()).toContain("422")

  await whatsapp.scan(String(offered.qr))
  await page.getByRole("heading", { name: "WhatsApp terhubung" }).waitFor()
  expect(await ask("/whatsapp")).toEqual({ state: "open", phone: whatsapp.number })
  expect(await ask("/health")).toMatchObject({ checks: { whatsapp: { state: "ok" } } })
  expect(await (await fetch(`${shop.url}/metrics`)).text()).toContain('lapak_whatsapp_state{state="open"} 1')

  whatsapp.unlink()
  await page.getByRole("heading", { name: "Hubungkan lagi" }).waitFor()
  await page.getByRole("img", { name: /QR/ }).waitFor()
  expect(await ask("/whatsapp")).toMatchObject({ state: "logged_out" })
  expect(errors).toEqual([])
  await phone.close()
})

async function ask(address: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${shop.url}${address}`, { headers: { Accept: "application/json" } })
  const answer: unknown = await response.json()
  return Object.fromEntries(Object.entries(answer ?? {}))
}
