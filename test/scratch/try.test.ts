import { expect, test } from "bun:test"
import { openDatabase } from "../../src/database/connect.ts"
import { readAccount } from "../../src/database/whatsapp-account.ts"
import { openVault } from "../../src/operations/vault.ts"
import { startWhatsApp } from "../simulators/whatsapp/start-whatsapp.ts"
import { eventually } from "../support/eventually.ts"
import { openStall } from "../support/stall.ts"

test("sells over WhatsApp", async () => {
  await using stall = await openStall()
  const whatsapp = await startWhatsApp()
  const shop = await stall.open({
    WHATSAPP: "on",
    WHATSAPP_URL: whatsapp.url,
    WHATSAPP_TEST_ROOT: whatsapp.root,
    WHATSAPP_PACE: "1000",
    LOG_LEVEL: "debug",
  })
  const vault = openVault("5e".repeat(32))
  const t0 = performance.now()
  try {
    const qr = await eventually(
      "qr",
      async () => {
        const [row] = await stall.sql<{ qr: Uint8Array | null }[]>`select qr from whatsapp_account`
        return row?.qr ? vault.open(row.qr, "whatsapp:qr") : undefined
      },
      10000,
    )
    console.log("qr", performance.now() - t0)
    await whatsapp.scan(qr)
    await eventually(
      "open",
      async () => {
        const [row] = await stall.sql<{ state: string }[]>`select state from whatsapp_account`
        return row?.state === "open"
      },
      10000,
    )
    console.log("open", performance.now() - t0)
    await stall.sell({ units: 3 })
    const [number = ""] = await stall.welcome(1, 50000)
    const budi = whatsapp.customer(number)
    const reply = await budi.ask(".saldo", 8000)
    console.log(reply)
    const goods = await budi.ask(".buy KOPI 2", 8000)
    console.log(goods)
    const t1 = performance.now()
    for (let i = 0; i < 50; i++) await budi.ask(".saldo", 8000)
    console.log("rt ms", (performance.now() - t1) / 50)
    await stall.atRest()
    console.log(
      await stall.sql`select message_id, text, user_id from inbox order by id limit 6`,
      await stall.sql`select number from users`,
    )
    console.log(await stall.audit(), whatsapp.problems())
    const t2 = performance.now()
    console.log(await shop.close(), performance.now() - t2)
  } finally {
    console.log(shop.written().slice(-6000), whatsapp.problems())
    await whatsapp.stop()
  }
}, 60000)
