import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { findChromium, openBrowser, openPhone } from "../support/browser.ts"
import { openStall, type Stall } from "../support/stall.ts"

let browser: Browser
let stall: Stall
let address: string

beforeAll(async () => {
  const path = findChromium(process.env)
  if (!path) throw new Error("there is no Chromium: apt-get install chromium")
  browser = await openBrowser(path)
  stall = await openStall()
  await stall.sell({ code: "KOPI", price: 18_000, units: 5 })
  address = (await stall.open({ DEMO: "on" })).url
})

afterAll(async () => {
  await browser?.close()
  await stall?.[Symbol.asyncDispose]()
})

test("a newcomer buys in the browser, by QRIS and from the balance, and each page turns by itself", async () => {
  const phone = await openPhone(browser, "light")
  const errors: string[] = []
  const chat = await phone.newPage()
  chat.on("pageerror", (error) => errors.push(error.message))
  chat.on("console", (message) => message.type() === "error" && errors.push(message.text()))
  await chat.goto(`${address}/try`)

  await write(chat, "halo")
  await chat.getByText("Selamat datang").waitFor()

  await write(chat, ".buy KOPI qris")
  const link = chat.locator("a[href*='/pay/']").last()
  await link.waitFor()
  const payment = await phone.newPage()
  payment.on("pageerror", (error) => errors.push(error.message))
  await payment.goto((await link.getAttribute("href")) ?? "")
  await payment.getByText("Rp 18.000").first().waitFor()
  await payment.getByRole("img", { name: /QR/ }).waitFor()
  await payment.getByRole("button", { name: /demo/i }).click()
  await payment.getByText("Pembayaran diterima").first().waitFor()
  await chat.getByText("KOPI-payload-1-secret").waitFor()

  await write(chat, ".deposit 50000")
  await chat.getByText("Isi saldo Rp 50.000").first().waitFor()
  await write(chat, ".bayar")
  await chat.getByText("Saldo bertambah Rp 50.000").waitFor()
  await write(chat, ".buy KOPI")
  await chat.getByText("KOPI-payload-2-secret").waitFor()

  expect(await widerThanTheScreen(chat)).toBe(false)
  expect(errors).toEqual([])
  await stall.atRest()
  expect(await stall.audit()).toEqual([])
  await phone.close()
})

test("a reloaded chat shows what was said, from the database", async () => {
  const phone = await openPhone(browser, "dark")
  const chat = await phone.newPage()
  await chat.goto(`${address}/try`)
  await write(chat, ".saldo")
  await chat.getByText("Saldo: ").first().waitFor()
  await chat.reload()
  await chat.getByText("Saldo: ").first().waitFor()
  expect(await widerThanTheScreen(chat)).toBe(false)
  await phone.close()
})

async function write(page: Page, text: string): Promise<void> {
  const input = page.getByRole("textbox")
  await input.fill(text)
  await input.press("Enter")
}

function widerThanTheScreen(page: Page): Promise<boolean> {
  return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
}
