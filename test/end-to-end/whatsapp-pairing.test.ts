import { expect, test } from "bun:test"
import { toBuffer } from "qrcode"
import { startWhatsApp, type WhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { newEngineFolder } from "../support/engine-folder.ts"
import { eventually } from "../support/eventually.ts"
import { writeFigure } from "../support/figures.ts"
import { type Environment, runLapak, startShop } from "../support/shop-process.ts"
import { hurried, openWhatsAppStall, pairByQr, readState, untilState } from "../support/whatsapp-stall.ts"

test("from an empty folder: paired by QR, it sells by QRIS, and is still logged in after a restart", async () => {
  await using cleanups = new AsyncDisposableStack()
  const whatsapp = await startWhatsApp()
  cleanups.defer(() => whatsapp.stop())
  const folder = newEngineFolder()
  cleanups.defer(() => folder.remove())
  const start = async () => {
    const started = await startShop(environment)
    cleanups.defer(() => started.signal("SIGKILL"))
    return started
  }
  const environment = { DATA_DIR: folder.dataDir, ...whatsapp.environment, ...hurried }
  const startedAt = performance.now()
  const shop = await start()
  await eventually("a code to scan", async () => (await readState(shop)).qr)
  const shownAt = performance.now()
  await pairByQr(shop, whatsapp)
  const figures = { openMs: shownAt - startedAt, pairMs: performance.now() - shownAt }
  await writeFigure("from an empty folder to a code, and from scanning to open", figures)

  const budi = whatsapp.customer("6281234567890")
  const menu = await budi.ask("halo")
  expect(menu.text).toContain("DEMO")
  const goods = await buyByDemo(environment, whatsapp, "KOPI-1")
  expect(await shop.close()).toBe(0)

  const again = await start()
  expect(await untilState(again, "open")).toEqual({ state: "open", phone: whatsapp.number })
  expect((await budi.ask(`.kirim ${goods.code}`)).text).toContain(goods.unit)
  expect(await again.close()).toBe(0)
  expect(whatsapp.problems()).toEqual([])
})

test("paired by a code that is typed into the phone, after a wrong one", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const shop = await stall.open()
  await eventually("a code to scan", async () => (await readState(shop)).qr)
  const asked = await fetch(`${shop.url}/whatsapp/code`, {
    method: "POST",
    headers: { Origin: new URL(shop.url).origin, "Sec-Fetch-Site": "same-origin" },
    body: new URLSearchParams({ phone: whatsapp.number }),
    redirect: "manual",
  })
  expect(asked.status).toBe(303)
  const code = await eventually("a code to type", async () => (await readState(shop)).pairingCode)
  expect(code).toMatch(/^[A-Z0-9]{8}$/)
  expect(await whatsapp.enterCode("AAAABBBB")).toBe("wrong code")
  expect(await whatsapp.enterCode(code)).toBe("paired")
  await untilState(shop, "open")

  const [payload = ""] = await stall.sell({ units: 1 })
  const [budi] = await stall.welcome(1, 10_000)
  expect((await budi?.ask(".buy KOPI 1"))?.text).toContain(payload)
  await stall.atRest()
  expect(await stall.faults()).toEqual([])
})

test("the code to pay by QRIS comes as the very picture of the code, without a link no phone could open", async () => {
  await using stall = await openWhatsAppStall({ environment: { DEMO: "on" } })
  await stall.openPaired()
  await stall.sell({ units: 2 })
  const [budi] = await stall.welcome(1, 0)
  const request = await budi?.ask(".buy KOPI 1 qris")
  const [payment] = await stall.sql<{ qr: string }[]>`select qr_string as qr from payments`
  const picture = await toBuffer(payment?.qr ?? "", { width: 512, margin: 4, errorCorrectionLevel: "M" })
  expect(request?.image?.mimeType).toBe("image/png")
  expect(request?.image?.bytes.equals(picture)).toBe(true)
  const written = [request, await budi?.ask(".status"), await budi?.ask(".buy KOPI 1 qris")]
  for (const message of written) expect(message?.text).not.toMatch(/\/pay\/|127\.0\.0\.1/)
  expect(written[2]?.text).toContain("QR yang dikirim bersama pesanannya")
  await stall.atRest()
  expect(await stall.faults()).toEqual([])
})

test("a server with forged certificates is not spoken with, and the stall stays open", async () => {
  await using stall = await openWhatsAppStall({ whatsapp: { certificate: "forged chain" } })
  const shop = await stall.open()
  await eventually("it was tried", () => shop.written().includes("WhatsApp disconnected"))
  expect(await readState(shop)).not.toHaveProperty("qr")
  expect((await fetch(`${shop.url}/readyz`)).status).toBe(200)
})

/** Pretends to pay at the shop's own machine, and returns what came for it. */
async function buyByDemo(environment: Environment, whatsapp: WhatsApp, product: string) {
  const budi = whatsapp.customer("6281234567890")
  const request = await budi.ask(`.buy ${product} qris`)
  expect((await budi.ask(".bayar")).text).toContain("di komputer toko")
  await runLapak(["chat", "--from", budi.number], environment, ".bayar\n")
  const goods = await budi.hears(/DEMO-[A-Z]/)
  const code = /LPK-[0-9A-Z]+/.exec(request.text)?.[0] ?? "no order"
  return { code, unit: /DEMO-[A-Z0-9-]+/.exec(goods.text)?.[0] ?? "no unit" }
}
