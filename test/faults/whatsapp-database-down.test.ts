import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { writeFigure } from "../support/figures.ts"
import { openWhatsAppStall, untilState } from "../support/whatsapp-stall.ts"

test("what is said while the database is down is handled when it is back, and buys once", async () => {
  await using stall = await openWhatsAppStall({ ownServer: true })
  const { whatsapp, postgres } = stall
  const shop = await stall.openPaired()
  await stall.sell({ units: 3 })
  const [budi, ani] = await stall.welcome(2, 10_000)
  if (!budi || !ani || !postgres) throw new Error("something is missing")
  await budi.ask(".menu")
  await postgres.signal("SIGKILL")
  const ids = await Promise.all([budi.say(".buy KOPI 1"), ani.say(".buy KOPI 1")])
  await eventually("it was tried", () => (whatsapp.delivery(ids[0] ?? "")?.deliveries ?? 0) > 0)
  await eventually("the line is ended", () => shop.written().includes("WhatsApp disconnected"))
  expect(ids.map((id) => whatsapp.delivery(id)?.settledBy)).toEqual([undefined, undefined])

  const startedAt = performance.now()
  await postgres.start()
  await Promise.all([budi, ani].map((customer) => customer.hears("payload")))
  await writeFigure("the database is back", { answeredMs: performance.now() - startedAt })
  await untilState(shop, "open")
  await eventually("everything is confirmed", () => whatsapp.waiting() === 0)
  await stall.atRest()
  expect(await stall.freeUnits()).toBe(1)
  expect([await stall.balanceOf(budi.number), await stall.balanceOf(ani.number)]).toEqual([0, 0])
  expect(await stall.faults()).toEqual([])
})
