import { expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { writeFigure } from "../support/figures.ts"
import { openWhatsAppStall, readMetric, untilState } from "../support/whatsapp-stall.ts"

test.concurrent("of two processes one is connected; killed, the other takes over, and what was said is answered once", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const first = await stall.openPaired()
  const second = await stall.open()
  await stall.sell({ units: 5 })
  const [budi, ani] = await stall.welcome(2, 20_000)
  if (!budi || !ani) throw new Error("nobody came")
  await budi.ask(".buy KOPI 1")
  expect(await leases()).toEqual([1, 0])
  await untilState(second, "open")

  const killedAt = performance.now()
  await first.signal("SIGKILL")
  const goods = Promise.all([budi, ani].map((customer) => customer.hears(isAnswerTo("KOPI"))))
  await Promise.all([budi.say(".buy KOPI 1"), ani.say(".buy KOPI 1")])
  await eventually("the other is connected", () => whatsapp.connections() === 1)
  const connectedMs = performance.now() - killedAt
  await goods
  await writeFigure("killed, another takes over", { connectedMs, answeredMs: performance.now() - killedAt })
  await eventually("everything is sold", async () => (await stall.freeUnits()) === 2)
  expect(await readMetric(second, "lapak_whatsapp_lease_held")).toBe(1)
  await stall.atRest()
  expect(whatsapp.replacements()).toBe(0)
  expect([await stall.balanceOf(budi.number), await stall.balanceOf(ani.number)]).toEqual([0, 10_000])
  expect(await stall.faults()).toEqual([])

  function leases() {
    return Promise.all([first, second].map((shop) => readMetric(shop, "lapak_whatsapp_lease_held")))
  }
})

test.concurrent("closed politely, it hands the account over at once", async () => {
  await using stall = await openWhatsAppStall()
  const first = await stall.openPaired()
  const second = await stall.open()
  const [budi] = await stall.welcome(1, 20_000)
  const closedAt = performance.now()
  expect(await first.close()).toBe(0)
  expect((await budi?.ask(".saldo"))?.text).toContain("20.000")
  await writeFigure("closed, another takes over", { answeredMs: performance.now() - closedAt })
  expect(await readMetric(second, "lapak_whatsapp_lease_held")).toBe(1)
  expect(await stall.faults()).toEqual([])
})

test.concurrent("a process that freezes loses the account, and does not take it back when it wakes", async () => {
  await using stall = await openWhatsAppStall()
  const { whatsapp } = stall
  const first = await stall.openPaired()
  const second = await stall.open()
  const [budi] = await stall.welcome(1, 20_000)
  await budi?.ask(".menu")
  await first.signal("SIGSTOP")
  await eventually(
    "the other has it",
    async () => (await readMetric(second, "lapak_whatsapp_lease_held")) === 1,
  )
  await eventually("the other is connected", () => whatsapp.replacements() === 1)
  await first.signal("SIGCONT")
  await eventually(
    "the first knows",
    async () => (await readMetric(first, "lapak_whatsapp_lease_held")) === 0,
  )
  expect((await budi?.ask(".saldo"))?.text).toContain("20.000")
  expect(whatsapp.replacements()).toBe(1)
  await untilState(second, "open")
  expect(await stall.faults()).toEqual([])
})

const isAnswerTo = (code: string) => new RegExp(`${code}-payload-[2-5]`)
